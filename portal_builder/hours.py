"""Owns when people answer: business hours by weekday, holidays, days that differ. Refuses to know what time it is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice, pairwise
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator

from portal_builder.schema import custom, listed

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_GROUPS = {"daily": range(7), "weekdays": range(5), "weekend": range(5, 7)}
_FAR = 731
"""Days to look ahead: a brand that is closed for two years has no date to promise."""
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–~]\s*(\d{1,2}):(\d{2})")

Span: TypeAlias = tuple[time, time]
"""From opening to closing, on one day; a closing time of 24:00 is written 00:00."""
Spans: TypeAlias = tuple[Span, ...]
"""A day's hours in order; none of them touches another. A closed day has none."""


def _spans(value: object) -> Spans:
    """`09:30-12:00, 13:00-17:30`, a list of such, or `closed`."""
    if isinstance(value, tuple):
        return value
    parts = listed(value)
    if parts is None or [str(part).lower() for part in _parts(parts)] == ["closed"]:
        return ()
    spans = tuple(_span(str(part)) for part in _parts(parts))
    for (_, closing), (opening, _) in pairwise(spans):
        if closing == time(0) or opening <= closing:
            raise custom("spans")
    return spans


def _parts(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _span(value: str) -> Span:
    match = _SPAN.fullmatch(value.strip())
    try:
        opening, closing = _clock(match, 1), _clock(match, 3)
    except (TypeError, ValueError):
        raise custom("span") from None
    if closing <= opening and closing != time(0):
        raise custom("span")
    return opening, closing


def _clock(match: re.Match[str] | None, group: int) -> time:
    if match is None:
        raise ValueError
    hour, minute = int(match[group]), int(match[group + 1])
    return time(0) if (hour, minute) == (24, 0) else time(hour, minute)


def _week(value: object) -> object:
    """`{mon-fri: 09:30-17:30, sat: closed}` as seven days, Monday first; a day not named is closed."""
    if not isinstance(value, Mapping):
        return value
    week: list[Spans] = [()] * 7
    for days, spans in value.items():
        for day in _days(str(days)):
            week[day] = _spans(spans)
    return tuple(week)


def _days(name: str) -> range:
    if name in _GROUPS:
        return _GROUPS[name]
    first, _, last = name.partition("-")
    if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
        raise custom("days")
    return range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)


def _day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise custom("day") from None


Week = Annotated[tuple[Spans, ...], BeforeValidator(_week)]
"""Seven days, Monday first."""
DaySpans = Annotated[Spans, BeforeValidator(_spans)]
Day = Annotated[date, BeforeValidator(_day)]
Days = Annotated[tuple[Day, ...], BeforeValidator(listed)]


CLOSED: tuple[Spans, ...] = ((),) * 7


def grouped(week: tuple[Spans, ...]) -> tuple[tuple[int, int, Spans], ...]:
    """Runs of days with the same hours: (first day, last day, spans), Monday is 0.

    >>> nine = ((time(9), time(18)),)
    >>> [(a, b) for a, b, _ in grouped((nine,) * 5 + ((), ()))]
    [(0, 4), (5, 6)]
    """
    runs: list[tuple[int, int, Spans]] = []
    for day, spans in enumerate(week):
        if runs and runs[-1][2] == spans:
            runs[-1] = (runs[-1][0], day, spans)
        else:
            runs.append((day, day, spans))
    return tuple(runs)


@dataclass(frozen=True)
class Calendar:
    """A brand's working time, day by day."""

    week: tuple[Spans, ...]
    holidays: Collection[date]
    overrides: Mapping[date, Spans]
    zone: tzinfo

    @property
    def is_known(self) -> bool:
        """Whether there are any hours at all; a brand that gives none is not closed for ever."""
        return any(self.week)

    def spans(self, day: date) -> Spans:
        """The hours of one day: an override says more than a holiday, a holiday more than the week."""
        if day in self.overrides:
            return self.overrides[day]
        return () if day in self.holidays else self.week[day.weekday()]

    def after_business_days(self, moment: datetime, count: int) -> date | None:
        """The day that ends so many business days; the day of the moment itself is not counted, as in Korean law
        (Civil Act, Art. 157). None where no such day comes within two years."""
        return next(islice(self._business_days(moment), count - 1, None), None)

    def _business_days(self, moment: datetime) -> Iterator[date]:
        today = moment.astimezone(self.zone).date()
        for ahead in range(1, _FAR):
            if self.spans(day := today + timedelta(days=ahead)):
                yield day

    def after_open_hours(self, moment: datetime, hours: int) -> datetime | None:
        """The moment at which so many hours of working time are over. None where that takes longer than two years."""
        left = timedelta(hours=hours)
        for opening, closing in self._open_from(moment):
            if left <= closing - opening:
                return (opening + left).astimezone(self.zone)
            left -= closing - opening
        return None

    def _open_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """What is left of the working time after a moment, in UTC: a day of a clock change has other hours."""
        now, today = moment.astimezone(UTC), moment.astimezone(self.zone).date()
        for ahead in range(_FAR):
            day = today + timedelta(days=ahead)
            for opening, closing in self.spans(day):
                last = day + timedelta(days=1) if closing == time(0) else day
                start, end = self._at(day, opening), self._at(last, closing)
                if end > now:
                    yield max(start, now), end

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)
