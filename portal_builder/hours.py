"""Owns when people answer: business hours by weekday, holidays, days that differ. Refuses to know what time it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, TypeAlias

from pydantic import BeforeValidator

from portal_builder.schema import custom, listed

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_GROUPS = {"daily": range(7), "weekdays": range(5), "weekend": range(5, 7)}
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–~]\s*(\d{1,2}):(\d{2})")

Span: TypeAlias = tuple[time, time]
"""From opening to closing, on one day; a closing time of 24:00 is written 00:00."""


def _span(value: object) -> Span | None:
    """`09:30-17:30`, or `closed`."""
    if isinstance(value, tuple) or value is None:
        return value
    if str(value).strip().lower() == "closed":
        return None
    match = _SPAN.fullmatch(str(value).strip())
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
    """`{mon-fri: 09:30-17:30, sat: closed}` as seven spans, Monday first; a day not named is closed."""
    if not isinstance(value, Mapping):
        return value
    week: list[Span | None] = [None] * 7
    for days, span in value.items():
        for day in _days(str(days)):
            week[day] = _span(span)
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


Week = Annotated[tuple[Span | None, ...], BeforeValidator(_week)]
"""Seven days, Monday first; None is closed."""
DaySpan = Annotated[Span | None, BeforeValidator(_span)]
Day = Annotated[date, BeforeValidator(_day)]
Days = Annotated[tuple[Day, ...], BeforeValidator(listed)]


def grouped(week: tuple[Span | None, ...]) -> tuple[tuple[int, int, Span | None], ...]:
    """Runs of days with the same hours: (first day, last day, span), Monday is 0.

    >>> nine = (time(9), time(18))
    >>> [(a, b) for a, b, _ in grouped((nine,) * 5 + (None, None))]
    [(0, 4), (5, 6)]
    """
    runs: list[tuple[int, int, Span | None]] = []
    for day, span in enumerate(week):
        if runs and runs[-1][2] == span:
            runs[-1] = (runs[-1][0], day, span)
        else:
            runs.append((day, day, span))
    return tuple(runs)
