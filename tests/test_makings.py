"""What a portal is known by before it is planned: an edit makes it another of those portals alone that it can touch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from carried import command, is_retouched, seen, whole

from portal_builder.again import Said, remember
from portal_builder.build import build
from portal_builder.build_portal import Order, Task
from portal_builder.centre import load_centre
from portal_builder.history import committed
from portal_builder.makings import Makings, common_makings, portal_makings, recalled_makings
from portal_builder.portal_place import PortalPlace
from portal_builder.release import read_release
from support import BRAND, FORM, SMALL, article, write_tree

NOW, LATER = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 9, tzinfo=UTC)
ONDAM = BRAND.replace("다온", "온담").replace("daon", "ondam").replace("[ko, en]", "[ko]")
PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
FILES: Mapping[str, str | bytes] = {
    **SMALL,
    "themes/ondam/brand.yml": ONDAM,
    "content/faq/billing/shared.ko.md": article("함께", "글 ![](seen.svg)"),
    "content/faq/billing/own.ko.md": article("우리", "![](own.svg)\n\n글", brand="[ondam]"),
    "content/faq/billing/long.ko.md": article("긴 글", "배송과 교환, 회원과 혜택을 다루는 글입니다.\n\n" * 40),
    "content/faq/billing/own.svg": PICTURE,
    "content/faq/billing/seen.svg": PICTURE,
    "content/faq/billing/unseen.svg": PICTURE,
    "scheduled/faq/billing/own.ko.md": article("새 우리", brand="[ondam]", publish_at="2026-12-05"),
}
DAON, ONE = {"daon/ko", "daon/en"}, {"ondam/ko"}
EVERY = DAON | ONE
OTHER = PICTURE.replace(b"9", b"8")
EDITS: tuple[tuple[str, str | bytes, set[str]], ...] = (
    ("themes/daon/brand.yml", BRAND.replace("1f6f54", "1f6f99"), DAON),
    ("themes/ondam/templates/article.html", '{% extends "_base/article.html" %}', ONE),
    ("themes/ondam/sections/faq/billing/shared.ko.md", "## 우리\n\n글\n", ONE),
    ("themes/ondam/static/__pycache__/odd.js", "1", ONE),
    ("themes/ondam/synonyms.ko.yml", "- [환불, 반품]\n", ONE),
    ("themes/_base/templates/article.html", '{% extends "_base/article.html" %}', EVERY),
    ("themes/_base/static/more.css", "p{}", EVERY),
    ("themes/lumi/brand.yml", ONDAM.replace("ondam", "lumi"), EVERY),
    ("content/faq/billing/shared.ko.md", article("함께", "글 ![](seen.svg)\n\n## 더"), EVERY),
    ("content/faq/billing/shared.en.md", article("Shared"), EVERY),
    ("content/faq/billing/own.ko.md", article("우리", "글\n\n## 더", brand="[ondam]"), ONE),
    ("content/faq/billing/new.ko.md", article("새 글", brand="[daon]"), DAON),
    ("content/faq/billing/seen.svg", OTHER, EVERY),
    ("content/faq/billing/own.svg", OTHER, ONE),
    ("content/faq/billing/unseen.svg", OTHER, set()),
    ("content/replies/ack.ko.md", "글", set()),
    ("content/README.md", "글", set()),
    ("content/forms/inquiry.yml", FORM.replace("문의", "질문"), EVERY),
    ("content/flows/first.yml", "title: 처음\n", EVERY),
    ("i18n/ko.yml", "article.related: 함께 보기\n", EVERY),
    ("i18n/synonyms.ko.yml", "- [환불, 반품]\n", EVERY),
)


def made_of(root: Path, at: datetime = NOW) -> dict[str, Makings]:
    """Of each portal there is."""
    centre = load_centre(root, committed(root))
    task = Task(centre, Order(), root / "build/site", at, None, common_makings(root, centre.brands))
    return {str(portal): portal_makings(task.context(portal), task.common) for portal in centre.portals()}


def touched(before: Mapping[str, Makings], after: Mapping[str, Makings]) -> set[str]:
    return {name for name, makings in before.items() if after[name] != makings}


@pytest.mark.parametrize(("path", "content", "portals"), EDITS, ids=[path for path, *_ in EDITS])
def test_an_edit_makes_others_of_those_portals_that_it_can_touch(
    path: str, content: str | bytes, portals: set[str], tmp_path: Path
) -> None:
    root = write_tree(tmp_path, FILES)
    before = made_of(root)
    write_tree(root, {path: content})
    assert touched(before, made_of(root)) == portals


def test_time_touches_the_portals_of_what_comes_out(tmp_path: Path) -> None:
    root = write_tree(tmp_path, FILES)
    assert touched(made_of(root), made_of(root, LATER)) == ONE


def test_a_build_leaves_what_the_next_one_would_plan_of(tmp_path: Path) -> None:
    """After one of everything, and after one of words alone in a text that only some portals show."""
    root = write_tree(tmp_path, FILES)
    whole(root, NOW)
    assert left(root) == made_of(root)
    write_tree(root, {"content/faq/billing/own.ko.md": article("우리", "![](own.svg)\n\n다른 글", brand="[ondam]")})
    assert is_retouched(root, NOW)
    assert left(root) == made_of(root)


def test_what_is_written_while_it_is_built_is_planned_the_next_time(tmp_path: Path) -> None:
    """It was read before that; nothing that is left may say that it was the other."""
    root = write_tree(tmp_path, FILES)
    whole(root, NOW)
    before, centre = seen(root), load_centre(root)
    write_tree(root, {"themes/ondam/brand.yml": ONDAM.replace("1f6f54", "aa0000")})
    build(centre, Order(), root / "build/site", NOW, seen=before)
    assert remember(command(root), before, root / "build/site", (NOW, None), Said({}, "")) is None
    whole(root, NOW)
    assert "aa0000" in (root / "build/site/ondam/ko/static/brand.css").read_text("utf-8")


def left(root: Path) -> dict[str, Makings | None]:
    out = root / "build/site"
    release = read_release(out)
    assert release
    places = {name: PortalPlace(root, name, out / name) for name in release.portals}
    return {name: recalled_makings(place.makings, release.portals[name].digest) for name, place in places.items()}


def test_portals_of_one_centre_are_told_apart(tmp_path: Path) -> None:
    made = made_of(write_tree(tmp_path, FILES))
    assert len({makings.frame for makings in made.values()}) == len(made)
    assert made.keys() == EVERY
