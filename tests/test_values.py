"""The small values everything stands on: YAML as text, moments, links, hours, colours, file names."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal_builder.answers import clean_file_name
from portal_builder.article import FrontMatter, read_article
from portal_builder.hours import Week, grouped
from portal_builder.instant import instant, parse_moment
from portal_builder.library import picture_box
from portal_builder.links import anchors, headings, links_of, prose_of, relink, spaced_links, without_code
from portal_builder.look import DARK_PAGE, LIGHT_PAGE, READABLE, contrast, readable
from portal_builder.schema import Strict, read_model
from portal_builder.yamlfile import read_yaml
from support import article

HEADS = (
    b"\x89PNG\r\n\x1a\n",
    b"GIF89a",
    b"\xff\xd8\xff\xe0",
    b"RIFF\0\0\0\0WEBPVP8 ",
    b"<svg ",
    b"<?xml ",
    b"II*\0",
    b"\0\0\0\x1cftypavif",
)
"""How pictures begin."""
SEOUL = ZoneInfo("Asia/Seoul")
NEW_YORK = ZoneInfo("America/New_York")


class Shop(Strict):
    hours: Week = ((),) * 7
    version: str = ""
    code: int = 0
    open_now: bool = False


def shop(text: str) -> Shop:
    value, problems = read_model(Shop, read_yaml(text, "x.yml"))
    assert value is not None, problems
    return value


def test_yaml_traps_mean_what_was_written() -> None:
    """10:00 is a time, 1.10 a text, 010 the number ten, no the truth value; none of them is guessed."""
    value = shop("hours: {mon: 10:00-19:00}\nversion: 1.10\ncode: 010\nopen_now: no\n")
    assert value.hours[0] == ((time(10), time(19)),)
    assert (value.version, value.code, value.open_now) == ("1.10", 10, False)


def test_norwegian_is_a_language() -> None:
    """`language: no` is not false."""
    found, problems = read_article(article(language="no"), "content/faq/x.no.md")
    assert found is not None, problems
    assert found.language == "no"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("2026-12-01", datetime(2026, 12, 1, tzinfo=SEOUL)),
        ("2026-12-01 09:00", datetime(2026, 12, 1, 9, tzinfo=SEOUL)),
        ("2026-12-01T09:00:30", datetime(2026, 12, 1, 9, 0, 30, tzinfo=SEOUL)),
        ("2026-12-01 09:00+00:00", datetime(2026, 12, 1, 9, tzinfo=UTC)),
        ("2026-12-01 09:00 -0500", datetime(2026, 12, 1, 14, tzinfo=UTC)),
        ("2026-12-01T09:00Z", datetime(2026, 12, 1, 9, tzinfo=UTC)),
        ("2026-12-31 24:00", datetime(2027, 1, 1, tzinfo=SEOUL)),
    ],
)
def test_moments_mean_wall_clock_time_unless_they_say_otherwise(text: str, meaning: datetime) -> None:
    """Each spelling of the documentation, in a brand's zone."""
    value, problems = read_model(FrontMatter, read_yaml(f"title: x\npublish_at: {text}\n", "x.md"))
    assert value is not None, problems
    assert instant(value.publish_at, SEOUL) == meaning


@pytest.mark.parametrize(
    "text", ["10:00", "2026-12-01 9:00", "2026-13-01", "1.12.2026", "2026-12", "0001-01-01", "soon"]
)
def test_other_spellings_are_refused(text: str) -> None:
    """A clear error instead of a guess."""
    with pytest.raises(ValueError, match=r".*"):
        parse_moment(text)


def test_a_time_that_daylight_saving_skips_or_repeats() -> None:
    """The skipped 02:30 is 03:30; the repeated 01:30 is the first of the two."""
    assert instant(parse_moment("2026-03-08 02:30"), NEW_YORK) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert instant(parse_moment("2026-11-01 01:30"), NEW_YORK) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@given(st.text())
def test_reading_never_fails(text: str) -> None:
    """Whatever a file holds, it is an article or a problem."""
    found, problems = read_article(text, "content/faq/x.ko.md")
    assert found is not None or problems


@given(st.text("[]()!<> ab.md\n`#{}\"'\\", max_size=60))
def test_relinking_to_the_same_place_changes_nothing(text: str) -> None:
    """Links are found with their exact places."""
    assert relink(text, links_of(text), lambda link: link.destination).replace("<", "").replace(
        ">", ""
    ) == text.replace("<", "").replace(">", "")


def test_links_in_code_are_left_alone() -> None:
    """Only what a reader can follow is a link."""
    text = "`[a](b.md)` [c](d.md)\n```\n[e](f.md)\n```\n    !!! note\n        [g](h.md)\n"
    assert [link.destination for link in links_of(text)] == ["d.md", "h.md"]


def test_a_picture_within_a_link_is_both() -> None:
    """Each of the two destinations can be changed alone."""
    text = "[![x](a.svg)](b.md)"
    changed = relink(text, links_of(text), lambda link: None if link.destination == "b.md" else "c.svg")
    assert changed == "![x](c.svg)"


def test_anchors_are_those_of_the_engine() -> None:
    """Korean headings keep their words; a second one of the same name is numbered; a given id wins."""
    text = "## 환불 안내\n\n## 환불 안내\n\n## **카드** `결제`\n\n## Wi-Fi {#wifi}\n"
    assert [anchor for _, anchor in anchors(text)] == ["환불-안내", "환불-안내_1", "카드-결제", "wifi"]


def test_days_with_the_same_hours_stand_together() -> None:
    """Monday to Friday in one line."""
    assert [run[:2] for run in grouped(shop("hours: {mon-fri: 09:00-18:00, sat: 09:00-12:00}").hours)] == [
        (0, 4),
        (5, 5),
        (6, 6),
    ]


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), st.sampled_from([LIGHT_PAGE, DARK_PAGE]))
def test_links_can_be_read_in_every_brand_colour(colour: str, page: str) -> None:
    """Whatever colour a brand has, the shade used for text reaches 4.5:1."""
    assert contrast(readable(colour, page), page) >= READABLE


@given(st.text(max_size=300))
def test_file_names_are_safe_and_short(name: str) -> None:
    """No path, no control or direction characters, never empty, at most 120 characters."""
    cleaned = clean_file_name(name)
    assert 1 <= len(cleaned) <= 120
    assert not set(cleaned) & set('/\\:*?"<>|\r\n\t\u2028\u202e')


@pytest.mark.parametrize("name", ["사업자등록증.pdf", "보고서 v2.docx", "受付 控え.png"])
def test_file_names_in_other_scripts_survive(name: str) -> None:
    """What customers call their files is kept."""
    assert clean_file_name(name) == name


@given(st.one_of(st.binary(max_size=200), st.sampled_from(HEADS).flatmap(lambda head: st.binary().map(head.__add__))))
def test_a_broken_picture_has_no_size_and_stops_nothing(content: bytes) -> None:
    """Whatever lies in a file: its size in pixels, or none."""
    box = picture_box(content)
    assert box is None or min(box) > 0


def test_code_and_links_are_found_where_plain_patterns_find_them() -> None:
    """The patterns begin with their mark for speed; these say the same in the plain order."""
    code = re.compile(r"(?<!`)(`+)(?!`)(?:[^`]|(?!\1)`+)*?(?<!`)\1(?!`)")
    link = re.compile(r"(?<!!)\[(?:[^\[\]]|!?\[[^\[\]]*\])*\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)")
    heading = re.compile(r"^(#{1,6})[ \t]+.+?[ \t]*#*[ \t]*$", re.MULTILINE)
    spaced = re.compile(r"\]\(\s*([^()<>\"'\s]+(?:[ \t]+[^()<>\"'\s]+)+)\s*\)")
    dice = random.Random(8)  # noqa: S311 -- the same texts on every run
    found = 0
    for _ in range(20_000):
        text = "".join(dice.choices("``` a", k=dice.randint(1, 12)))
        assert without_code(text) == code.sub(lambda match: " " * len(match[0]), text), text
        text = "".join(dice.choices(["[", "]", "](", "!", "a", ")"], k=dice.randint(3, 12)))
        spans = [one.whole for one in links_of(text) if not one.is_image]
        assert spans == [match.span() for match in link.finditer(text)], text
        text = "".join(dice.choices("## \n\ta", k=dice.randint(3, 16)))
        assert [level for level, _ in headings(text)] == [len(match[1]) for match in heading.finditer(text)], text
        text = "".join(dice.choices(["](", ")", "a", " ", "`", "<!--", "-->", "\n```\n", "(", "](a b)"], k=9))
        assert [name for _, name in spaced_links(text)] == spaced.findall(prose_of(text)), text
        found += len(spans)
    assert found > 100
