"""Texts that claim another language than they are in: what pages and machines then say, and judging once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal_builder.centre import Portal, load_centre
from portal_builder.edition import Edition, Page
from portal_builder.plan import plan
from portal_builder.tongues.claims import MEMORY
from support import SMALL, article, haedap, write_tree

KOREAN = "주문한 물건을 받지 못했을 때에는 주문 내역에서 배송 상태를 먼저 확인해 주세요. " * 3
ENGLISH = "Please look at the state of your order first, and write to us if it has not arrived after three days. " * 2
RUSSIAN = "Пожалуйста, сначала проверьте состояние заказа и напишите нам, если он не пришёл за три дня. " * 2
AT = datetime(2026, 12, 1, tzinfo=UTC)
FILES = {
    **SMALL,
    "content/faq/a/copied.ko.md": article("배송", KOREAN),
    "content/faq/a/copied.en.md": article("배송 안내", KOREAN),
    "content/faq/a/right.ko.md": article("배송", KOREAN),
    "content/faq/a/right.en.md": article("Delivery", ENGLISH),
    "content/faq/a/alone.en.md": article("배송 안내", KOREAN),
    "content/faq/a/russian.ko.md": article("배송", KOREAN),
    "content/faq/a/russian.en.md": article("Доставка", RUSSIAN),
}


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    return write_tree(tmp_path, FILES)


def edition(root: Path, language: str) -> Edition:
    return plan(load_centre(root), Portal("daon", language), AT)


def page(found: Edition, name: str) -> Page:
    return next(one for one in found.pages if one.source == f"faq/a/{name}.md")


def test_a_text_in_name_only_says_what_it_is(centre: Path) -> None:
    """Readers get a notice, and its own language on text and line; machines the address where it is at home."""
    english = edition(centre, "en")
    copied = page(english, "copied")
    assert copied.meta["text_language"] == "ko"
    assert "Korean" in copied.meta["fallback"]
    assert copied.meta["machines"]["canonical"] == "https://help.daon.example/ko/faq/a/copied/"
    assert copied.meta["machines"]["robots"] is None
    (part,) = page(english, "index").meta["sections"]
    languages = {entry["url"]: entry["language"] for entry in part["entries"]}
    assert languages["faq/a/copied/"] == "ko"
    assert languages["faq/a/right/"] == "en"


def test_nothing_claims_it_as_a_translation(centre: Path) -> None:
    """No hreflang from either side, and no line in sitemap, feed, llms.txt; the true translation beside it has all."""
    for language in ("ko", "en"):
        found = edition(centre, language)
        for name in ("copied", "russian"):
            assert not page(found, name).meta["machines"].get("translations"), (language, name)
        assert page(found, "right").meta["machines"]["translations"]
    said = edition(centre, "en").files
    for file in ("sitemap.xml", "llms.txt"):
        assert "faq/a/right" in said[file]
        for name in ("copied", "russian", "alone"):
            assert f"faq/a/{name}" not in said[file], (file, name)


def test_one_that_is_at_home_nowhere_names_no_other_address(centre: Path) -> None:
    """A canonical address must lead to a page; a language nobody knows is tagged as that, and given no name."""
    english = edition(centre, "en")
    alone, russian = page(english, "alone"), page(english, "russian")
    assert (alone.meta["text_language"], alone.meta["machines"]["canonical"]) == ("ko", None)
    assert (russian.meta["text_language"], russian.meta["machines"]["canonical"]) == ("und", None)
    assert russian.meta["fallback"] is None
    assert russian.meta["machines"]["robots"] is None


def test_the_built_page_has_the_language_it_is_in(centre: Path) -> None:
    run = haedap("build", "--root", centre, "--at", "2026-12-01")
    assert run.returncode == 0, run.stderr
    html = (centre / "build/site/daon/en/faq/a/copied/index.html").read_text("utf-8")
    assert '<div class="text" lang="ko">' in html
    assert 'class="fallback"' in html
    assert 'hreflang="ko"' not in html.partition("</head>")[0]


def test_check_hints_at_it_and_stops_nothing(centre: Path) -> None:
    run = haedap("check", "--root", centre, "--json")
    assert run.returncode == 0, run.stderr
    hints = {
        (one["path"], one["key"]) for one in json.loads(run.stdout) if "language" in one["key"] or "name" in one["key"]
    }
    assert hints == {
        ("content/faq/a/copied.en.md", "audit.in_name_only"),
        ("content/faq/a/alone.en.md", "audit.in_name_only"),
        ("content/faq/a/russian.en.md", "audit.in_no_known_language"),
    }


def test_each_text_is_judged_once(centre: Path) -> None:
    """What was judged is remembered by what the text says; the memory may be broken, and forgets what is gone."""
    first = load_centre(centre).library.articles
    memory = centre / MEMORY
    ((version, known),) = json.loads(memory.read_text("utf-8")).items()
    assert sorted(known.values())[-2:] == ["ko", "und"]
    marked = dict.fromkeys(known, "vi")
    memory.write_text(json.dumps({version: marked}), "utf-8")
    assert {one.looks_like for one in load_centre(centre).library.articles} == {"vi"}, "the memory was not asked"
    for broken in ("", "[]", '{"another version": {}}', json.dumps({version: []})):
        memory.write_text(broken, "utf-8")
        assert load_centre(centre).library.articles == first
    (centre / "content/faq/a/alone.en.md").write_text(article("Alone", ENGLISH * 2), "utf-8")
    assert {one.path: one.looks_like for one in load_centre(centre).library.articles}["content/faq/a/alone.en.md"] == ""
    ((_, known),) = json.loads(memory.read_text("utf-8")).items()
    assert sorted(known.values())[-2:] == ["ko", "und"]


def test_a_centre_that_cannot_be_written_to_is_read_all_the_same(centre: Path) -> None:
    (centre / "build").write_text("no folder", "utf-8")
    assert any(one.looks_like == "ko" for one in load_centre(centre).library.articles)
