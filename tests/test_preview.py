"""The preview shows what a build would make, page by page, and reads no more again than what changed."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal_builder.build import build
from portal_builder.build_portal import Order
from portal_builder.centre import Portal, load_centre
from portal_builder.check import check
from portal_builder.dense import dense
from portal_builder.look import product_templates
from portal_builder.previewed import Previewed
from portal_builder.project import bytes_of
from portal_builder.reread import Reread
from support import SMALL, article, write_tree

SITES = Path(__file__).parent / "sites"
AT = datetime(2026, 12, 1, tzinfo=UTC)
BASE = "http://127.0.0.1:8000"
TEXT = "content/faq/billing/refund.ko.md"
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"
FILES = {
    **SMALL,
    "content/faq/billing/other.ko.md": article("다른 글", "[환불](refund.ko.md#방법)"),
    "content/faq/billing/a.svg": SVG,
}


@pytest.mark.parametrize("case", ["guided", "schedule-after"])
def test_everything_looked_at_is_what_a_build_makes(case: str, tmp_path: Path) -> None:
    """Each file of each portal: old addresses, the page for unknown ones, the search once it is asked for."""
    root = tmp_path / "centre"
    shutil.copytree(SITES / case, root, ignore=shutil.ignore_patterns("build", "golden"))
    build(load_centre(root), Order(at=AT, base=BASE), tmp_path / "site", AT)
    previewed = Previewed(root, BASE, AT, lambda: AT)
    compared = 0
    for portal in previewed.centre().portals():
        folder = tmp_path / "site" / str(portal)
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            path = file.relative_to(folder).as_posix()
            if path == "404.html":
                assert previewed.lost(portal) == file.read_text("utf-8")
            elif path.endswith("index.html"):
                assert previewed.page(portal, path.removesuffix("index.html")) == file.read_text("utf-8"), path
            else:
                content = previewed.file(portal, path)
                assert content is not None, path
                assert bytes_of(content) == file.read_bytes(), path
            compared += 1
        assert previewed.page(portal, "no/such/page/") is None
        assert previewed.file(portal, "no/such.txt") is None
    assert compared > 40


@pytest.mark.parametrize(
    ("path", "text"),
    {
        "another title and text": (TEXT, article("새 제목", "새 글")),
        "a picture that nobody showed": (TEXT, article(body="![그림](a.svg)")),
        "a picture that is not there": (TEXT, article(body="![그림](b.svg)")),
        "another language than its name says": (
            TEXT,
            article("Refunds", "How we pay you back what you have paid us. " * 9),
        ),
        "a key that nobody knows": (TEXT, article(sumary="x")),
        "nothing any more": (TEXT, ""),
        "a text that was not there": ("content/faq/a.ko.md", article("새 글")),
        "one that waits": ("scheduled/faq/billing/refund.ko.md", article("나중", publish_at="2027-01-01")),
        "an editor's file beside it": ("content/faq/billing/.refund.ko.md.swp", "x"),
    }.values(),
    ids=str,
)
def test_what_is_read_again_is_what_reading_everything_gives(path: str, text: str, tmp_path: Path) -> None:
    """Articles, their files and their problems, without a look at any other file."""
    whole = load_centre(write_tree(tmp_path, FILES))
    write_tree(tmp_path, {path: text})
    again, fresh = Reread(whole).after(whole, [tmp_path / path]), load_centre(tmp_path)
    assert again is not None
    assert again.library == fresh.library
    assert again.problems == fresh.problems
    assert check(again) == check(fresh)
    assert again.brands is whole.brands


def test_a_text_that_is_gone_or_put_in_place_is_one(tmp_path: Path) -> None:
    """As editors save: the old file becomes a copy beside the new one, and goes."""
    whole = load_centre(write_tree(tmp_path, FILES))
    (tmp_path / TEXT).rename(tmp_path / f"{TEXT}~")
    reread, paths = Reread(whole), [tmp_path / TEXT, tmp_path / f"{TEXT}~", tmp_path / "content/faq/billing/4913"]
    without = reread.after(whole, paths)
    assert without is not None
    assert without.library == load_centre(tmp_path).library
    write_tree(tmp_path, {TEXT: article("새 제목")})
    again = reread.after(without, paths)
    assert again is not None
    assert again.library == load_centre(tmp_path).library


def test_what_may_touch_more_than_a_text_is_left_to_reading_everything(tmp_path: Path) -> None:
    """A folder, a brand, a picture that is shown, a text of which a brand says parts differently."""
    own = {"themes/daon/sections/faq/billing/other.ko.md": "## 방법\n\n다온의 방법\n"}
    whole = load_centre(write_tree(tmp_path, {**FILES, TEXT: article(body="![그림](a.svg)"), **own}))
    for path in ("content/faq/billing", "content/faq/billing/a.svg", "themes/daon/brand.yml", "mkdocs.yml"):
        assert Reread(whole).after(whole, [tmp_path / path]) is None, path
    assert Reread(whole).after(whole, [tmp_path / "content/faq/billing/other.ko.md"]) is None
    shutil.rmtree(tmp_path / "content/faq")
    assert Reread(whole).after(whole, [tmp_path / "content/faq"]) is None


def test_an_edit_is_shown_by_every_page_that_names_it(tmp_path: Path) -> None:
    """The text's own page and the lists; problems between files come with the look over everything."""
    root = write_tree(tmp_path, FILES)
    previewed = Previewed(root, BASE, AT, lambda: AT)
    portal = Portal("daon", "ko")
    assert "환불" in (previewed.page(portal, "faq/billing/") or "")
    write_tree(root, {TEXT: article("돌려받기", "[없는 곳](gone.ko.md)")})
    previewed.version.grow(frozenset({root / TEXT}))
    for url in ("faq/billing/refund/", "faq/billing/", "all/"):
        assert "돌려받기" in (previewed.page(portal, url) or ""), url
    assert previewed.problems()[0] == ()
    number = previewed.shown
    previewed.look_over()
    assert {problem.key for problem in previewed.problems()[0]} >= {"link.article"}
    assert previewed.version.wait_beyond(number, 0).changed <= number  # told, and nothing is loaded again


def test_templates_lose_only_room() -> None:
    """What stood apart still does, and no tag is lost."""
    for file in product_templates().rglob("*.html"):
        text = file.read_text("utf-8")
        assert dense(text).split() == text.split() or "".join(dense(text).split()) == "".join(text.split()), file.name
        assert "<pre" not in text, file.name
