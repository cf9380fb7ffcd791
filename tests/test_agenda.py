"""What is due: named exactly where something changes, for the portals it changes in, in every form it is asked for."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from icalendar import Calendar

from portal_builder.catalogue import load_tool_words
from portal_builder.centre import Centre, load_centre
from portal_builder.check import check
from portal_builder.ics import calendar
from support import BRAND, SMALL, article, haedap, write_tree

NOW = datetime(2026, 12, 1, tzinfo=UTC)
A = "content/faq/orders/x.ko.md"
LATER = "scheduled/faq/orders/x{}.ko.md"


def centre(root: Path, files: dict[str, str]) -> Centre:
    found = load_centre(write_tree(root, {**SMALL, **files}))
    assert check(found) == ()
    return found


def due(found: Centre) -> list[tuple[str, str, str]]:
    """`(instant, portal, event)` of everything that is due."""
    return [
        (f"{change.at:%m-%d %H:%M}", change.portal, change.event)
        for changes in found.agenda.after(NOW)
        for change in changes
    ]


def test_several_replacements_wait_and_take_turns(tmp_path: Path) -> None:
    """Each begins at its own instant in every portal that shows the text; the last one's end is the article's."""
    files = {
        A: article("one", expire_at="2026-12-20"),
        LATER.format(""): article("two", publish_at="2026-12-05"),
        LATER.format("@b"): article("three", publish_at="2026-12-07 09:00", expire_at="2026-12-10"),
    }
    both = ("daon/en", "daon/ko")
    assert due(centre(tmp_path, files)) == [
        *(("12-04 15:00", portal, "replaces") for portal in both),
        *(("12-07 00:00", portal, "replaces") for portal in both),
        *(("12-09 15:00", portal, "ends") for portal in both),
    ]  # and not 20 December: the first version was replaced before it ran out


def test_a_translation_concerns_its_own_portal_alone(tmp_path: Path) -> None:
    """An English version takes the place of the Korean text that stood in for it; the Korean portal keeps its own."""
    files = {A: article("one"), "content/faq/orders/x.en.md": article("One", publish_at="2026-12-05")}
    assert due(centre(tmp_path, files)) == [("12-04 15:00", "daon/en", "replaces")]


def test_what_a_brand_never_shows_is_nothing(tmp_path: Path) -> None:
    """A language it does not speak, another brand's text, what its policy leaves out, the name of an empty folder."""
    files = {
        "themes/daon/brand.yml": BRAND.replace("[ko, en]", "[ko]"),
        "themes/lumi/brand.yml": BRAND.replace("daon", "lumi") + "fallback: omit\n",
        "content/faq/orders/x.en.md": article("en", publish_at="2026-12-05"),
        "content/faq/orders/y.ko.md": article("ko", brand="lumi", publish_at="2026-12-06"),
        "content/guides/index.ko.md": article("guides", publish_at="2026-12-07"),
    }
    assert due(centre(tmp_path, files)) == [("12-04 15:00", "lumi/en", "begins"), ("12-05 15:00", "lumi/ko", "begins")]


def test_brands_in_two_zones_change_at_two_instants(tmp_path: Path) -> None:
    """Nine in the morning comes later in New York."""
    files = {
        "themes/daon/brand.yml": BRAND.replace("[ko, en]", "[ko]"),
        "themes/lumi/brand.yml": BRAND.replace("[ko, en]", "[ko]").replace("Asia/Seoul", "America/New_York"),
        A: article(publish_at="2026-12-05 09:00"),
    }
    assert due(centre(tmp_path, files)) == [
        ("12-05 00:00", "daon/ko", "begins"),
        ("12-05 14:00", "lumi/ko", "begins"),
    ]


def test_the_calendar_is_one_that_programs_read(tmp_path: Path) -> None:
    """Parsed back: an event a text and instant, with an id that stays; awkward titles and long lines survive."""
    title = "쉼표, 반점; 줄\\n 그리고 " + "긴 제목 " * 30
    files = {A: article(f"'{title}'", publish_at="2026-12-05", expire_at="2026-12-06")}
    found = centre(tmp_path, files)
    changes = [change for group in found.agenda.after(NOW) for change in group]
    words = load_tool_words("ko")
    made = [calendar(changes, at, words) for at in (NOW, datetime(2026, 12, 2, tzinfo=UTC))]
    assert all(len(line) <= 75 for line in made[0].split(b"\r\n"))
    first, second = (Calendar.new(subcomponents=Calendar.from_ical(one).events) for one in made)
    assert [str(event["uid"]) for event in first.events] == [str(event["uid"]) for event in second.events]
    begins, ends = first.events
    assert str(begins["summary"]) == f"나옴: {title.strip()}"
    assert begins.start == datetime(2026, 12, 4, 15, tzinfo=UTC)
    assert ends.start == datetime(2026, 12, 5, 15, tzinfo=UTC)
    assert "daon/en, daon/ko" in str(begins["description"])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {
        A: article("한 글", summary="요약"),
        LATER.format(""): article("새 글", summary="요약", publish_at="2026-12-05 09:00"),
        "content/notices/now.ko.md": article("점검", pinned="true", severity="outage", publish_at="2026-12-05 09:00"),
        "content/notices/old.ko.md": article("옛 공지", publish_at="2026-11-01", expire_at="2026-12-05 09:00"),
    }
    return write_tree(tmp_path, {**SMALL, **files})


def test_the_commands_say_what_is_due(root: Path) -> None:
    """next, schedule and their JSON agree; --portal and --until narrow the view."""
    following = json.loads(haedap("next", "--root", root, "--at", "2026-12-01", "--json").stdout)
    listed = json.loads(haedap("schedule", "--root", root, "--at", "2026-12-01", "--json").stdout)
    assert listed == [following]
    assert {(one["article"], one["event"]) for one in following["changes"]} == {
        ("faq/orders/x", "replaces"),
        ("notices/now", "begins"),
        ("notices/old", "ends"),
    }
    said = haedap("schedule", "--root", root, "--at", "2026-12-01", "--portal", "daon/ko").stdout
    assert "2026-12-05 09:00 (Asia/Seoul), in 4 days" in said
    assert "daon/ko: notices/now comes out (content/notices/now.ko.md)" in said
    assert "daon/en" not in said
    assert "Nothing" in haedap("schedule", "--root", root, "--at", "2026-12-01", "--until", "2026-12-04").stdout
    ics = haedap("next", "--root", root, "--at", "2026-12-01", "--ics").stdout
    assert ics.count("BEGIN:VEVENT") == 3


def test_diff_says_what_appears_changes_and_goes(root: Path) -> None:
    """Between two instants, by portal and page, and what changes on every page; the same instant twice: nothing."""
    run = haedap("diff", "--root", root, "--at", "2026-12-05 08:59", "--at", "2026-12-05 09:00", "--json")
    (korean,) = [one for one in json.loads(run.stdout) if one["portal"] == "daon/ko"]
    assert [page["url"] for page in korean["appear"]] == ["notices/now/"]
    assert [page["url"] for page in korean["go"]] == ["notices/old/"]
    changed = {page["url"]: page["parts"] for page in korean["change"]}
    assert changed["faq/orders/x/"][0] == "title"
    assert changed["notices/"] == ["sections"]
    assert korean["everywhere"] == ["banner"]
    said = haedap("diff", "--root", root, "--at", "2026-12-05 08:59", "--at", "2026-12-05 09:00").stdout
    assert "- notices/old/  옛 공지" in said
    assert "every page: banner" in said
    same = haedap("diff", "--root", root, "--at", "2026-12-05 09:00", "--at", "2026-12-05 09:01")
    assert same.stdout == "Nothing changes between these instants.\n"
    assert haedap("diff", "--root", root, *(["--at", "2026-12-05"] * 3)).returncode == 2
