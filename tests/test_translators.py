"""Work for translators: what goes out as Markdown or XLIFF, what comes back, and what does not."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result
from test_history import git

from portal_builder.article import read_article
from portal_builder.cli import main
from portal_builder.translating.faithful import unfaithful
from portal_builder.translating.segments import blocks_of, joined
from support import SMALL, article, write_tree

KO, EN = "content/faq/billing/refund.ko.md", "content/faq/billing/refund.en.md"
SOURCE = """\
{{ brand.app }}에서 **취소**합니다. [다른 글](other.ko.md#기간)

## 기간 {#time}

- 카드는 `3` 일
- 현금은 하루

```sh
echo 그대로

exit
```

<!-- brand: daon -->

다온만의 글

<!-- /brand -->
"""
ENGLISH = """\
Cancel **it** in {{ brand.app }}. [Another](other.en.md#period)

## Time {#time}

- Cards `3` days
- Cash one day

```sh
echo 그대로

exit
```

<!-- brand: daon -->

Daon alone

<!-- /brand -->
"""
FILES = {
    **SMALL,
    KO: article("환불", SOURCE, summary="한 줄", order="3", owner="billing"),
    "content/faq/billing/other.ko.md": article("다른 글", "## 기간\n\n글"),
    "content/faq/billing/other.en.md": article("Another", "## Period\n\nText"),
}
XLF = "{urn:oasis:names:tc:xliff:document:1.2}"


def haedap(*arguments: object) -> Result:
    """The command as a person would run it, in this process: there are a hundred of them here."""
    return CliRunner().invoke(main, list(map(str, arguments)), env={"HAEDAP_LANG": "en"}, prog_name="haedap")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_tree(tmp_path / "centre", FILES)
    assert haedap("i18n", "stamp", "--root", root).exit_code == 0
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    return root


def todo(root: Path, *options: str) -> Path:
    folder = root.parent / "work"
    run = haedap("i18n", "todo", folder, "--root", root, "--language", "en", *options)
    assert run.exit_code == 0, run.stderr
    return folder


def take(root: Path, folder: Path, *options: str) -> tuple[int, str]:
    run = haedap("i18n", "take", folder, "--root", root, *options)
    return run.exit_code, run.stdout + run.stderr


def english(body: str = ENGLISH, title: str = "Refunds") -> str:
    return article(title, body, summary="One line", order="3", owner="billing")


def states(root: Path) -> dict[str, str]:
    told = json.loads(haedap("i18n", "status", "--json", "--root", root).stdout)
    return {one["article"]: one["state"] for one in told["texts"]}


# -- Markdown ----------------------------------------------------------------------------------------------------


def test_what_goes_out_and_comes_back_as_markdown(root: Path) -> None:
    """Only what is missing or stale; untouched it is not taken, done it is, stamped with what went out."""
    folder = todo(root)
    assert [one["path"] for one in json.loads((folder / "work.json").read_text())["texts"]] == [EN]
    assert (folder / "originals" / KO).read_text() == FILES[KO]
    assert take(root, folder) == (0, f"not translated yet: {EN}\n")
    assert not (root / EN).exists()
    (folder / EN).write_text(english())
    assert take(root, folder) == (0, f"taken: {EN}\n")
    assert states(root) == {"faq/billing/refund": "current", "faq/billing/other": "current"}
    assert "Cancel **it**" in (root / EN).read_text()
    assert haedap("check", "--root", root).exit_code == 0


def test_a_stale_text_goes_out_with_what_changed(root: Path) -> None:
    """The translation as it is, and the words that changed; left as it is, it is not stamped."""
    write_tree(root, {EN: english()})
    haedap("i18n", "stamp", "--root", root)
    git(root, "add", ".")
    git(root, "commit", "-qm", "second")
    write_tree(root, {KO: FILES[KO].replace("하루", "이틀")})
    folder = todo(root)
    assert "[-하루-]{+이틀+}" in (folder / "changes" / f"{EN}.txt").read_text()
    assert (folder / EN).read_text() == (root / EN).read_text()
    assert take(root, folder)[1].startswith("not translated yet")
    assert states(root)["faq/billing/refund"] == "stale"
    (folder / EN).write_text((folder / EN).read_text().replace("one day", "two days"))
    assert take(root, folder)[0] == 0
    assert states(root)["faq/billing/refund"] == "current"


def test_a_source_that_changed_meanwhile_leaves_the_translation_stale(root: Path) -> None:
    """It is stamped with what the translator saw, never with what nobody translated."""
    folder = todo(root)
    write_tree(root, {KO: FILES[KO].replace("하루", "이틀")})
    (folder / EN).write_text(english())
    assert "so it is stale" in take(root, folder)[1]
    assert states(root)["faq/billing/refund"] == "stale"


def test_newer_work_is_never_overwritten_unasked(root: Path) -> None:
    """Somebody else translated it meanwhile: theirs stays until a person says otherwise."""
    folder = todo(root)
    (folder / EN).write_text(english())
    write_tree(root, {EN: english(title="Somebody else's")})
    code, said = take(root, folder)
    assert code == 1
    assert "was changed here" in said
    assert "Somebody else's" in (root / EN).read_text()
    assert take(root, folder, "--overwrite")[0] == 0
    assert "Somebody else's" not in (root / EN).read_text()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{{ brand.app }}", "the app", "the term {{ brand.app }} of the source is missing"),
        ("Daon alone", "Daon alone {{ brand.name }}", "the term {{ brand.name }} is not in the source"),
        ("[Another](other.en.md#period)", "Another", "the link to other.md is missing"),
        ("other.en.md", "another.en.md", "the link to another.md is not in the source"),
        ("## Time {#time}", "### Time {#time}", "the headings are not those"),
        ("{#time}", "", "the headings are not those"),
        ("<!-- /brand -->", "", "the mark `<!-- /brand -->` is missing"),
        ("brand: daon", "brand: dawn", "the mark `<!-- brand: dawn -->` is not in the source"),
        ("```sh\necho 그대로\n\nexit\n```\n", "", "blocks of code"),
        ("title: Refunds", "titel: Refunds", "Did you mean title"),
        ("- Cash one day", "- 현금은 하루", "en.md:13: this is still the source: - 현금은 하루"),
    ],
)
def test_what_has_lost_something_is_not_taken(root: Path, old: str, new: str, said: str) -> None:
    """Terms, links, headings and their anchors, brand marks, code, front matter: each by its name, nothing written."""
    folder = todo(root)
    (folder / EN).write_text(english().replace(old, new))
    code, told = take(root, folder)
    assert code == 1
    assert said in told
    assert not (root / EN).exists()


def test_the_list_cannot_lead_outside(root: Path) -> None:
    """What comes back from elsewhere may be forged: only articles of this help centre are written."""
    folder = todo(root)
    told = json.loads((folder / "work.json").read_text())
    for path in ("../outside.en.md", "content/../../outside.en.md", "themes/daon/x.en.md", "/outside.en.md"):
        told["texts"][0]["path"] = path
        (folder / "work.json").write_text(json.dumps(told))
        assert take(root, folder) == (0, "")


def test_owners_and_brands_choose(root: Path) -> None:
    """A name that nobody has is said; where nothing is to be done no folder is made; one that holds something stays."""
    folder = root.parent / "work"
    slips = (("--owner", "biling"), ("--brand", "doan"), ("--language", "eng"))
    for option, name in slips:
        wrong = haedap("i18n", "todo", folder, "--root", root, "--language", "en", option, name)
        assert wrong.exit_code == 2
        assert f"`{name}`" in wrong.stderr
    assert haedap("i18n", "status", "--root", root, "--language", "eng").exit_code == 2
    assert "double curly braces" in (todo(root, "--owner", "billing") / "README.md").read_text()
    again = haedap("i18n", "todo", folder, "--root", root, "--language", "en")
    assert again.exit_code == 2
    assert haedap("i18n", "take", root, "--root", root).exit_code == 2
    (folder / EN).write_text(english())
    assert take(root, folder)[0] == 0
    nothing = haedap("i18n", "todo", root.parent / "more", "--root", root, "--language", "en")
    assert nothing.exit_code == 0
    assert not (root.parent / "more").exists()


@pytest.mark.parametrize(
    ("lost", "key"),
    [
        ("| 2 | b |\n", "take.rows"),
        ("2. zwei\n", "take.steps"),
        ("- Punkt\n", "take.points"),
        ('??? question "?"\n', "take.boxes"),
    ],
)
def test_no_row_step_point_or_box_is_lost(lost: str, key: str) -> None:
    """A table has its rows, a list its steps or points; what looks like one in code, or is a line, is none."""
    text = "| x | y |\n|---|---|\n| 2 | b |\n\n1. eins\n2. zwei\n\n- - -\n\n- Punkt\n- **fett**\n\n"
    text += '??? question "?"\n    ja\n\n~~~\n1. Code\n~~~\n'
    source, whole, less = (
        read_article(article("Text", said), "content/faq/a.de.md")[0]
        for said in (text, text.replace("1. Code", "Code"), text.replace(lost, ""))
    )
    assert source
    assert whole
    assert less
    assert list(unfaithful(source, whole)) == []
    assert [problem.key for problem in unfaithful(source, less)] == [key]


# -- XLIFF -------------------------------------------------------------------------------------------------------


def units(file: Path) -> tuple[ET.ElementTree[ET.Element], dict[str, ET.Element]]:
    tree = ET.parse(file)  # noqa: S314 -- our own file
    return tree, {str(unit.get("id")): unit for unit in tree.iter(f"{XLF}trans-unit")}


def translate(file: Path, said: dict[str, str]) -> None:
    """As a translator's program does: targets filled in, everything else kept."""
    tree, found = units(file)
    for unit in found.values():
        source, target = unit.findtext(f"{XLF}source", ""), unit.find(f"{XLF}target")
        if target is None:
            target = ET.SubElement(unit, f"{XLF}target")
        target.text = target.text or said.get(source, "")
    ET.register_namespace("", XLF.strip("{}"))  # as translators' programs write it
    tree.write(file, "utf-8", xml_declaration=True)


def test_xliff_goes_by_blocks_and_comes_back_whole(root: Path) -> None:
    """Code and marks are no units; what comes back is the text with its code, its order and its other keys."""
    folder = todo(root, "--format", "xliff")
    file = folder / f"{EN}.xlf"
    _, found = units(file)
    sources = [unit.findtext(f"{XLF}source", "") for unit in found.values()]
    assert sources[:3] == ["환불", "한 줄", SOURCE.partition("\n")[0]]
    assert not any("echo" in one or "<!--" in one for one in sources)
    assert take(root, folder) == (0, f"not translated yet: {EN}\n")
    pairs = {one.text: other.text for one, other in zip(blocks_of(SOURCE), blocks_of(ENGLISH), strict=True)}
    translate(file, {**pairs, "환불": 'Refunds: "all"', "한 줄": "One line"})
    assert take(root, folder) == (0, f"taken: {EN}\n")
    text = (root / EN).read_text()
    assert text.endswith(f"\n{ENGLISH}")
    assert 'title: "Refunds: \\"all\\""\n' in text
    assert "owner: billing\n" in text
    assert states(root)["faq/billing/refund"] == "current"


def test_xliff_knows_what_did_not_change(root: Path) -> None:
    """Of a stale text only the changed block is empty; what is filled in completes the rest."""
    write_tree(root, {EN: english()})
    haedap("i18n", "stamp", "--root", root)
    git(root, "add", ".")
    git(root, "commit", "-qm", "second")
    write_tree(root, {KO: FILES[KO].replace("하루", "이틀")})
    folder = todo(root, "--format", "xliff")
    _, found = units(folder / f"{EN}.xlf")
    empty = [unit.findtext(f"{XLF}source", "") for unit in found.values() if not unit.findtext(f"{XLF}target")]
    assert empty == ["- 카드는 `3` 일\n- 현금은 이틀"]
    translate(folder / f"{EN}.xlf", {empty[0]: "- Cards `3` days\n- Cash two days"})
    assert take(root, folder)[0] == 0
    head, text = (root / EN).read_text().split("---\n\n", 1)
    assert text == ENGLISH.replace("one day", "two days")
    assert head.splitlines()[1:5] == ['title: "Refunds"', 'summary: "One line"', "order: 3", "owner: billing"]
    assert states(root)["faq/billing/refund"] == "current"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<source>환불</source>", "<source>다른 글</source>", "the units are not those"),
        ("</xliff>", "", "cannot be read as XLIFF"),
        ('<target state="needs-translation"/>', "<target>a<x id='1'/>b</target>", "cannot be read as XLIFF"),
    ],
)
def test_a_broken_xliff_is_refused(root: Path, old: str, new: str, said: str) -> None:
    """Another source, no XML, markup of a program's own in the text."""
    folder = todo(root, "--format", "xliff")
    file = folder / f"{EN}.xlf"
    file.write_text(file.read_text().replace(old, new))
    code, told = take(root, folder)
    assert code == 1
    assert said in told


def test_blocks_make_up_the_text() -> None:
    """Nothing is lost between blocks; inline code on both sides of an empty line is no block of code."""
    for text in (SOURCE, ENGLISH, "", "one", "a `b`\n\n`c` d\n\n\n\ne\n", "    indented\n\ntext"):
        assert joined(blocks_of(text), {}) == text
    assert [block.text for block in blocks_of("a `b`\n\n`c` d")] == ["a `b`", "`c` d"]
    assert [block.is_words for block in blocks_of("`c`\n\n---\n\n글")] == [False, False, True]
