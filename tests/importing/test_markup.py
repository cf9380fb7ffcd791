"""HTML becomes Markdown that reads the same, whatever stands in it, and no file leaves the help centre."""

from __future__ import annotations

import re
import tempfile
from html import escape
from pathlib import Path

import markdown
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from portal_builder.importing.markup import markdown_of
from portal_builder.importing.model import Haul, ImportedArticle
from portal_builder.importing.placing import Wish
from portal_builder.importing.writing import carry_out, plan_import
from portal_builder.library import Library, load_library

WISH = Wish("faq", "ko", ("ko", "en"))
EXTENSIONS = [
    "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables",
    "pymdownx.caret", "pymdownx.details", "pymdownx.keys", "pymdownx.mark", "pymdownx.superfences", "pymdownx.tasklist",
]  # fmt: skip  # those of mkdocs.yml that read text
SIGNS = "*_`#>-+=~^[](){}<>|!?:.&\\\"'"
PIECES = st.text(st.sampled_from("가나다abc123 " + SIGNS), min_size=1, max_size=12)
INLINE = st.sampled_from(["", "b", "i", "code", "span"])
BLOCK = st.sampled_from(["p", "li", "h2", "blockquote", "td"])


def words(html: str) -> str:
    """The letters of a page, which is what no conversion may lose; signs may be spaced anew."""
    return "".join(re.findall(r"\w", BeautifulSoup(html, "html.parser").get_text()))


@given(st.lists(st.tuples(BLOCK, INLINE, PIECES), min_size=1, max_size=5))
def test_every_word_of_a_page_is_read_on_the_new_one(pieces: list[tuple[str, str, str]]) -> None:
    """Text of any signs, in any blocks: rendered again, every letter is there, in order, and no tag came of text."""
    around = {"li": ("<ul><li>", "</li></ul>"), "td": ("<table><tr><td>", "</td></tr></table>")}
    html = ""
    for block, inline, text in pieces:
        before, after = around.get(block, (f"<{block}>", f"</{block}>"))
        inner = f"<{inline}>{escape(text)}</{inline}>" if inline else escape(text)
        html += before + inner + after
    converted = markdown_of(html).text
    again = markdown.markdown(converted, extensions=EXTENSIONS)
    assert words(again) == words(html), converted
    assert "<script" not in again


@given(
    st.lists(
        st.tuples(st.text(max_size=20), st.text(max_size=20), st.sampled_from(["", "ko", "en-us", "../ko", "\0"])),
        max_size=6,
    )
)
def test_the_writer_never_leaves_content_and_what_it_writes_can_be_read(texts: list[tuple[str, str, str]]) -> None:
    """Keys, titles, slugs of any letters: files lie below content/faq/, and each that is shown is an article."""
    articles = tuple(
        ImportedArticle(f"{number}/{slug}", slug, tag, title, title, slug, addresses=(title, slug))
        for number, (title, slug, tag) in enumerate(texts)
    )
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "centre"
        (root / "content").mkdir(parents=True)
        plan = plan_import(Haul(root, articles), WISH, Library((), {}))
        outcome = carry_out(root, plan, is_dry=False)
        files = {file for file in Path(folder).rglob("*") if file.is_file()}
        assert files == {root / path for path in outcome.written}
        assert all(file.is_relative_to(root / "content/faq") for file in files)
        library, problems = load_library(root)
        assert not problems
        assert len(library.articles) == len(files)


def test_signs_beside_links_and_entities_stay_signs() -> None:
    """What tries of thousands of texts had found: a mark before a link, half an entity, half a definition."""
    for html in (
        "<p>좋아요!<a href='x.html'>여기</a></p>",
        "<p>&amp;#1</p>",
        "<p>[]:1</p>",
        "<p>[안내]: 글</p>",
        "<p><b>1</b>{#2}</p>",
    ):
        again = markdown.markdown(markdown_of(html).text, extensions=EXTENSIONS)
        assert words(again) == words(html)
        assert "<img" not in again


def test_what_markdown_cannot_say_is_said() -> None:
    """Each loss once, and its words stay."""
    html = "<table><tr><td colspan=2>가<ul><li>나</li></ul></td></tr></table><form><input><p>다</p></form><svg></svg>"
    converted = markdown_of(html + "<video><source src='https://v.example/a.mp4'></video>")
    assert [key for key, _ in converted.losses] == ["import.embed", "import.drawing", "import.form", "import.table"]
    for word in ("가", "나", "다", "https://v.example/a.mp4"):
        assert word in converted.text


def test_code_lists_and_folds_read_as_they_did() -> None:
    """Nested lists by four spaces, a fence longer than what it holds, `<details>` as a question that unfolds."""
    html = (
        "<ol><li>하나<ul><li>둘</li></ul><pre><code class='language-py'>``` x</code></pre></li></ol>"
        "<details><summary>왜요?</summary><p>그래서요</p></details>"
    )
    text = markdown_of(html).text
    assert "1.  하나\n    -   둘" in text
    assert "    ````py\n    ``` x\n    ````" in text
    assert '??? question "왜요?"\n\n    그래서요' in text
