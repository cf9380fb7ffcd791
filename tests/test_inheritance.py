"""One shared article, several brands: blocks, sections and pictures of their own, and who is touched by an edit."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal_builder.centre import Portal, load_centre
from portal_builder.check import check
from portal_builder.inheritance.blocks import blocks_of, lines_for, text_for
from portal_builder.inheritance.sections import outer_sections, with_sections
from portal_builder.plan import plan
from portal_builder.stage import project_of
from support import BRAND, SMALL, article, haedap, write_tree

AT = datetime(2026, 12, 1, tzinfo=UTC)
SHARED = "content/faq/billing/refund.ko.md"
TEXT = """\
처음

<!-- brand: daon -->
다온만 [문의](../../forms/inquiry.yml)
<!-- /brand -->
<!-- brand: not daon -->
다온 밖
<!-- /brand -->

## 기간

카드는 <!-- brand: lumi -->닷새<!-- /brand --><!-- brand: not lumi -->사흘<!-- /brand -->입니다.

```
<!-- brand: code -->
```

### 더

셋

## 문의

![그림](images/a.svg)
"""
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='{0}' height='{0}'/>"
FILES: dict[str, str | bytes] = {
    **SMALL,
    "themes/lumi/brand.yml": BRAND.replace("daon", "lumi").replace("[ko, en]", "[ko]"),
    "themes/third/brand.yml": BRAND.replace("daon", "third").replace("[ko, en]", "[ko]"),
    SHARED: article("환불", TEXT),
    "content/faq/billing/images/a.svg": SVG.format(10),
    "content/faq/billing/other.ko.md": article("다른 글", "모두에게", brand="[daon, lumi]"),
}


def text_of(root: Path, brand: str) -> str:
    centre = load_centre(root)
    assert check(centre) == ()
    page = plan(centre, Portal(brand, "ko"), AT).page("faq/billing/refund/")
    assert page
    return page.text


def problems(root: Path) -> list[tuple[str, int, str]]:
    return [(one.path, one.line, one.key) for one in check(load_centre(root))]


# -- blocks ------------------------------------------------------------------------------------------------------


def test_a_block_is_read_by_its_brands_alone(tmp_path: Path) -> None:
    """By name, by exclusion, within a sentence; marks leave no trace and code is left alone."""
    root = write_tree(tmp_path, FILES)
    daon, lumi, third = (text_of(root, brand) for brand in ("daon", "lumi", "third"))
    assert "다온만" in daon
    assert "다온만" not in lumi
    assert [("다온 밖" in text) for text in (daon, lumi, third)] == [False, True, True]
    assert "카드는 닷새입니다." in lumi
    assert "카드는 사흘입니다." in daon
    for text in (daon, lumi, third):
        assert "/brand" not in text
        assert text.count("brand: ") == 1
        assert "<!-- brand: code -->" in text


def test_lines_stay_where_they_are_for_problems() -> None:
    """What is gone leaves its lines empty where lines are counted, and nothing where the text is read."""
    assert lines_for(TEXT, "lumi").count("\n") == TEXT.count("\n")
    assert text_for(TEXT, "daon").startswith("처음\n\n다온만")
    assert blocks_of("no blocks <!-- a comment -->") == ((), ())


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("하나\n<!-- brand: daon -->\n둘", 6, "block.open"),
        ("하나\n<!-- /brand -->", 6, "block.close"),
        ("<!-- brand: daon -->\n<!-- brand: lumi -->\n<!-- /brand -->", 6, "block.nested"),
        ("<!-- brand: -->\n<!-- /brand -->", 5, "block.nobody"),
        ("<!-- brand: doan -->\n<!-- /brand -->", 5, "article.brand_unknown"),
        ("<!-- brand: third -->\n<!-- /brand -->", 5, "block.brand"),
        ("<!-- brand: daon -->\n\n[x](nothing.md)\n<!-- /brand -->", 7, "link.article"),
        ("<!-- brand: lumi -->\n{{ brand.nothing }}\n<!-- /brand -->", 6, "term.unknown"),
    ],
)
def test_a_wrong_block_is_named_with_its_line(tmp_path: Path, text: str, line: int, key: str) -> None:
    name = "content/faq/billing/wrong.ko.md"
    root = write_tree(tmp_path, {**FILES, name: article("글", text, brand="[daon, lumi]").replace("\n\n", "\n", 1)})
    assert set(problems(root)) == {(name, line, key)}


def test_a_block_may_link_to_what_its_brand_alone_has(tmp_path: Path) -> None:
    """A link that only lumi's readers see has to lead somewhere for lumi alone."""
    own = {"content/faq/billing/own.ko.md": article("루미 글", brand="lumi")}
    link = "<!-- brand: lumi -->\n[루미](own.ko.md)\n<!-- /brand -->\n"
    root = write_tree(tmp_path, {**FILES, **own, SHARED: article("환불", link)})
    assert "[루미](own.md)" in text_of(root, "lumi")
    write_tree(root, {SHARED: article("환불", link.replace("lumi", "daon"))})
    assert [key for _, _, key in problems(root)] == ["link.brand"]


# -- sections ----------------------------------------------------------------------------------------------------

OWN = "themes/daon/sections/faq/billing/refund.ko.md"


def test_a_section_is_replaced_by_its_heading(tmp_path: Path) -> None:
    """With everything below it, up to the next heading of its level; the other brands read what they did."""
    own = "## 기간\n\n다온은 **당일**입니다. [다른 글](other.ko.md), {{ brand.app }} ![b](images/b.svg)\n"
    files = {**FILES, OWN: own, "content/faq/billing/images/b.svg": SVG.format(30)}
    root = write_tree(tmp_path, files)
    daon, lumi = text_of(root, "daon"), text_of(root, "lumi")
    assert "다온은 **당일**입니다. [다른 글](other.md), 다온 앱 ![b](images/b.svg){ width=30 height=30 }" in daon
    assert "사흘" not in daon
    assert "셋" not in daon
    assert daon.index("당일") < daon.index("## 문의")
    assert "닷새" in lumi
    assert "셋" in lumi
    assets = plan(load_centre(root), Portal("daon", "ko"), AT).assets
    assert "faq/billing/images/b.svg" in assets
    assert "faq/billing/images/b.svg" not in plan(load_centre(root), Portal("lumi", "ko"), AT).assets


def test_sections_are_found_by_their_anchors() -> None:
    """One's own anchor counts; headings in code are none."""
    text = "## One {#first}\n\na\n\n```\n## Not\n```\n\n### Inner\n\nb\n\n## Two\n\nc\n"
    assert [section.anchor for section in outer_sections(text)] == ["first", "two"]
    assert with_sections(text, {"inner": "### Inner\n\nB"}).count("B") == 1
    assert with_sections(text, {"first": "## Erstes {#first}\n\nA", "two": "## Two\n\nC"}) == (
        "## Erstes {#first}\n\nA\n\n## Two\n\nC\n\n"
    )


@pytest.mark.parametrize(
    ("name", "text", "line", "key"),
    [
        (OWN, "## 기한\n\n글\n", 1, "section.heading"),
        (OWN, "## 기간\n\n글\n\n## 없음\n", 5, "section.heading"),
        (OWN, "앞글\n\n## 기간\n", 1, "section.heading_first"),
        (OWN, "글\n", 1, "section.heading_first"),
        (OWN.replace("refund", "refnud"), "## 기간\n", 1, "section.article"),
        (OWN.replace("daon", "third").replace("refund", "other"), "## x\n", 1, "section.article"),
        (OWN, "## 기간\n\n[x](nothing.ko.md)\n", 3, "link.article"),
        (OWN, "## 기간\n\n{{ brand.nothing }}\n", 3, "term.unknown"),
        ("themes/daon/pictures/faq/billing/images/c.svg", SVG.format(1), 1, "section.picture"),
    ],
)
def test_what_nobody_would_see_is_named(tmp_path: Path, name: str, text: str, line: int, key: str) -> None:
    """A heading or article that is not there (any more), a link within a section, a picture that no text shows."""
    root = write_tree(tmp_path, {**FILES, name: text})
    assert problems(root) == [(name, line, key)]


def test_a_replaced_section_is_replaced_in_every_language(tmp_path: Path) -> None:
    """English readers of this brand would else read what it took back in Korean."""
    english = {SHARED.replace(".ko", ".en"): article("Refunds", "## Time\n\n3 days")}
    root = write_tree(tmp_path, {**FILES, **english, OWN: "## 기간\n\n당일\n"})
    assert problems(root) == [(OWN, 1, "section.untranslated")]
    write_tree(root, {OWN.replace(".ko", ".en"): "## Time\n\nThe same day\n"})
    assert problems(root) == []


# -- pictures ----------------------------------------------------------------------------------------------------


def test_a_picture_of_the_brand_takes_the_place_of_the_shared_one(tmp_path: Path) -> None:
    """In its portals alone, with its own width and height."""
    root = write_tree(tmp_path, {**FILES, "themes/lumi/pictures/faq/billing/images/a.svg": SVG.format(77)})
    assert "width=77" in text_of(root, "lumi")
    assert "width=10" in text_of(root, "daon")
    asset = plan(load_centre(root), Portal("lumi", "ko"), AT).assets["faq/billing/images/a.svg"]
    assert "themes/lumi/pictures" in asset.file.as_posix()


# -- who is touched ----------------------------------------------------------------------------------------------


def digests(root: Path) -> dict[str, str]:
    centre = load_centre(root)
    assert check(centre) == ()
    return {str(portal): project_of(centre, plan(centre, portal, AT)).digest for portal in centre.portals()}


@pytest.mark.parametrize(
    ("path", "old", "new", "touched"),
    [
        (SHARED, "처음", "첫머리", {"daon/ko", "daon/en", "lumi/ko", "third/ko"}),
        (SHARED, "다온만", "오직 다온", {"daon/ko", "daon/en"}),
        (SHARED, "닷새", "엿새", {"lumi/ko"}),
        (SHARED, "카드는 ", "카드는  ", {"daon/ko", "daon/en", "lumi/ko", "third/ko"}),
        ("content/faq/billing/other.ko.md", "모두에게", "둘에게", {"daon/ko", "daon/en", "lumi/ko"}),
        ("themes/third/sections/faq/billing/refund.ko.md", "당일", "내일", {"third/ko"}),
        ("themes/third/pictures/faq/billing/images/a.svg", "77", "78", {"third/ko"}),
        ("content/faq/billing/images/a.svg", "10", "11", {"daon/ko", "daon/en", "lumi/ko"}),
        ("themes/third/brand.yml", "다온 앱", "셋째 앱", set()),
    ],
)
def test_an_edit_touches_exactly_the_portals_that_show_it(
    tmp_path: Path, path: str, old: str, new: str, touched: set[str]
) -> None:
    """daon/en shows the Korean text for want of an English one. A term that no text uses touches nobody."""
    own: dict[str, str | bytes] = {
        "themes/third/sections/faq/billing/refund.ko.md": "### 더\n\n당일\n",
        "themes/third/pictures/faq/billing/images/a.svg": SVG.format(77),
    }
    root = write_tree(tmp_path, {**FILES, **own})
    before = digests(root)
    (root / path).write_text((root / path).read_text("utf-8").replace(old, new), "utf-8")
    assert {name for name, digest in digests(root).items() if before[name] != digest} == touched


def test_status_names_the_portals_an_edit_touches(tmp_path: Path) -> None:
    """After a build nothing is to do; after an edit in one brand's block that brand alone."""
    root = write_tree(tmp_path, FILES)
    assert haedap("build", "--root", root).returncode == 0
    (root / SHARED).write_text((root / SHARED).read_text("utf-8").replace("닷새", "엿새"), "utf-8")
    told = json.loads(haedap("status", "--json", "--root", root).stdout)
    assert [portal["portal"] for portal in told["portals"] if portal["state"] == "changed"] == ["lumi/ko"]
