"""Owns moments as writers spell them and the instants they mean. Refuses to read a clock.

A moment without an offset is wall-clock time in each brand's zone. Where the clock skips that time, it means the
instant that it would have been without the skip (02:30 becomes 03:30); where it comes twice, the first: see the cases
in docs/schedule.md.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_MOMENT = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"\s?(?P<offset>Z|[+-]\d{2}:?\d{2})?)?"
)
_YEARS = range(2000, 2200)  # far from both ends of what datetime can hold, whatever the zone


def parse_moment(text: str) -> datetime:
    """A date (its first second), a date and time, or either with an offset; naive where no offset is written.

    Raises ValueError for anything else. `24:00` is the end of its day (ISO 8601-1:2019, 4.3.8b).

    >>> parse_moment("2026-12-01 09:00")
    datetime.datetime(2026, 12, 1, 9, 0)
    """
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    day = datetime.fromisoformat(match["date"])
    if day.year not in _YEARS:
        raise ValueError(text)
    if match["hour"] is None:
        return day
    clock = f"{match['hour']}:{match['minute']}:{match['second'] or '00'}"
    if clock == "24:00:00":
        day, clock = day + timedelta(days=1), "00:00:00"
    return datetime.fromisoformat(f"{day:%Y-%m-%d}T{clock}{(match['offset'] or '').replace('Z', '+00:00')}")


def instant(moment: datetime, zone: ZoneInfo) -> datetime:
    """What a moment means for a brand: an aware datetime in UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
