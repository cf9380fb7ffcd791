"""The answer-time promise: counted in the brand's own working time, and said alike wherever a customer reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal_builder.brand import Brand, BrandFile
from portal_builder.catalogue import load_catalogues
from portal_builder.hours import Calendar
from portal_builder.promise import promise
from portal_builder.schema import read_model
from portal_builder.yamlfile import read_yaml
from support import BRAND, REPOSITORY

SEOUL = ZoneInfo("Asia/Seoul")
WORDS = load_catalogues(REPOSITORY).catalogues
HOURS = """\
hours: {mon-fri: "09:30-12:00, 13:00-17:30"}
holidays: [2026-12-25, 2027-01-01]
overrides: {2026-12-31: 09:30-12:00, 2026-12-26: 09:30-12:00, 2026-12-24: closed}
"""


def brand(text: str) -> Brand:
    source = read_yaml(BRAND + text, "brand.yml")
    file, problems = read_model(BrandFile, source)
    assert file is not None, problems
    return Brand("daon", file, source)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL).astimezone(UTC)


@pytest.mark.parametrize(
    ("received", "days", "by"),
    [
        ("2026-11-20 10:00", 1, "11월 23일 (월)"),  # Friday in the morning
        ("2026-11-20 23:59", 1, "11월 23일 (월)"),  # and late in the evening
        ("2026-11-21 12:00", 1, "11월 23일 (월)"),  # Saturday
        ("2026-11-23 00:01", 1, "11월 24일 (화)"),  # the day itself never counts
        ("2026-11-20 10:00", 3, "11월 25일 (수)"),
        ("2026-12-23 10:00", 1, "12월 26일 (토)"),  # over a day closed by hand and a holiday, to a Saturday that works
        ("2026-12-30 10:00", 1, "12월 31일 (목)"),  # half a day is a day
        ("2026-12-31 10:00", 1, "1월 4일 (월)"),
    ],
)
def test_business_days_leave_out_what_is_closed(received: str, days: int, by: str) -> None:
    """Weekends, holidays and days closed by hand are skipped; days opened by hand count."""
    said = promise(brand(f"{HOURS}promise: {{business_days: {days}}}\n"), WORDS["ko"], seoul(received))
    assert said == f"영업일 기준 {days}일 이내, {by}까지 답변드려요."


@pytest.mark.parametrize(
    ("received", "hours", "by"),
    [
        ("2026-11-20 10:00", 2, "11월 20일 (금) 오후 12:00"),
        ("2026-11-20 10:00", 3, "11월 20일 (금) 오후 2:00"),  # the lunch break is not counted
        ("2026-11-20 12:30", 1, "11월 20일 (금) 오후 2:00"),
        ("2026-11-20 16:30", 4, "11월 23일 (월) 오후 1:30"),  # an hour on Friday, 2.5 before lunch, 0.5 after it
        ("2026-11-21 03:00", 1, "11월 23일 (월) 오전 10:30"),
        ("2026-12-31 11:00", 2, "1월 4일 (월) 오전 10:30"),
    ],
)
def test_hours_are_hours_of_work(received: str, hours: int, by: str) -> None:
    """Nobody is promised an answer in the middle of the night or of lunch."""
    said = promise(brand(f"{HOURS}promise: {{hours: {hours}}}\n"), WORDS["ko"], seoul(received))
    assert said == f"운영 시간 기준 {hours}시간 이내, {by}까지 답변드려요."


def test_a_brand_without_hours_counts_by_the_clock() -> None:
    """And names no business day, because it has said none."""
    at = seoul("2026-11-20 16:30")
    assert (
        promise(brand("promise: {hours: 24}\n"), WORDS["en"], at)
        == "We answer within 24 hours (by Sat, Nov 21, 4:30\u202fPM KST)."
    )
    assert promise(brand("promise: {business_days: 1}\n"), WORDS["en"], at) == "We answer within 1 business day."
    assert promise(brand(""), WORDS["en"], at) == ""


def test_a_page_that_is_built_once_names_no_day() -> None:
    """The sentence is the same, without what will be wrong tomorrow; every language has both."""
    shop = brand(f"{HOURS}promise: {{business_days: 1}}\n")
    assert promise(shop, WORDS["ko"]) == "영업일 기준 1일 이내에 답변드려요."
    assert promise(shop, WORDS["en"], seoul("2026-11-20 10:00")) == "We answer within 1 business day (by Mon, Nov 23)."
    assert promise(shop, WORDS["ja"], seoul("2026-11-20 10:00")) == "1営業日以内、11月23日(月)までにお答えします。"


def test_a_brand_that_closes_for_good_promises_no_day() -> None:
    """No day within two years: none is named, and nothing hangs."""
    shop = Calendar(((),) * 7, (), {}, SEOUL)
    assert shop.after_business_days(seoul("2026-11-20 10:00"), 1) is None
    assert shop.after_open_hours(seoul("2026-11-20 10:00"), 1) is None


SPANS = st.sampled_from(
    [(), ((time(9), time(18)),), ((time(9), time(12)), (time(13), time(18))), ((time(20), time(0)),)]
)
WEEKS = st.tuples(*[SPANS] * 7).filter(any)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- Hypothesis adds the zone


@given(WEEKS, MOMENTS, st.integers(1, 40), st.sampled_from(["Asia/Seoul", "America/New_York"]))
def test_what_is_promised_lies_within_working_time(
    week: tuple[tuple[tuple[time, time], ...], ...], moment: datetime, hours: int, zone: str
) -> None:
    """For any week, also across a change of clocks: the end is at work, exactly so much work lies before it."""
    shop = Calendar(week, (), {}, ZoneInfo(zone))
    due = shop.after_open_hours(moment, hours)
    assert due is not None
    worked = sum((min(end, due) - start for start, end in shop._open_from(moment) if start < due), timedelta())
    assert worked == timedelta(hours=hours)
    day = shop.after_business_days(moment, 1)
    assert day is not None
    assert day > moment.astimezone(ZoneInfo(zone)).date()
    assert shop.spans(day)


def test_an_override_wins_over_a_holiday() -> None:
    """A holiday on which somebody works after all is written as an override."""
    day = date(2026, 12, 25)
    nine = ((time(9), time(10)),)
    assert Calendar(((),) * 7, {day}, {day: nine}, SEOUL).spans(day) == nine
