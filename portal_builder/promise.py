"""Owns the one sentence that says when an inquiry is answered. Refuses to know what time it is: it is told.

The form, the receipt page and the automatic reply say the same sentence, because all of them ask here.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue
from portal_builder.localised import near_day, with_clock

_DAYS = ("promise.business_days", "promise.business_days_by")
_HOURS = ("promise.hours", "promise.hours_by")
_OPEN_HOURS = ("promise.open_hours", "promise.open_hours_by")


def promise(brand: Brand, words: Catalogue, received_at: datetime | None = None) -> str:
    """When an inquiry is answered; with the moment it came in also by which day. Empty where nothing is promised.

    A portal is built once and read for days, so its pages say no day by themselves.
    """
    given, is_known = brand.file.promise, brand.calendar.is_known
    if given.business_days:
        day = brand.calendar.after_business_days(received_at, given.business_days) if is_known and received_at else None
        return _said(words, _DAYS, given.business_days, near_day(day, words.language) if day else "")
    if given.hours:
        due = _due(brand, received_at, given.hours) if received_at else None
        by = _moment(due, brand, words.language) if due else ""
        return _said(words, _OPEN_HOURS if is_known else _HOURS, given.hours, by)
    return ""


def _due(brand: Brand, received_at: datetime, hours: int) -> datetime | None:
    """Working hours where the brand has any, else hours of the clock; a little late is said as the next full minute."""
    calendar = brand.calendar
    if not calendar.is_known:
        due: datetime | None = (received_at + timedelta(hours=hours)).astimezone(brand.zone)
    else:
        due = calendar.after_open_hours(received_at, hours)
    return due + timedelta(minutes=1) if due and (due.second or due.microsecond) else due


def _said(words: Catalogue, keys: tuple[str, str], count: int, by: str) -> str:
    bare, dated = keys
    return words.say(dated, count=count, by=by) if by else words.say(bare, count=count)


def _moment(due: datetime, brand: Brand, language: str) -> str:
    """In another language the reader may be in another zone."""
    said = with_clock(near_day(due.date(), language), due, language)
    return said if language == brand.source_language else f"{said} {due:%Z}"
