"""Owns what is due as a calendar that calendar programs can subscribe to (RFC 5545). Refuses to know what is due."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby

from icalendar import Calendar, Event

from portal_builder.agenda import Change
from portal_builder.catalogue import Catalogue

_PRODUCT = "-//Haedap//haedap next//EN"


def calendar(changes: Iterable[Change], made: datetime, words: Catalogue) -> bytes:
    """One event for each text that begins, takes another's place or ends at one instant, whatever portals it is in.

    An event keeps its id as long as file, instant and kind of change stay the same, so a calendar that is read again
    moves nothing that did not move.
    """
    book = Calendar.new(prodid=_PRODUCT, name=words.say("calendar.name"))
    for (at, event, path), group in groupby(sorted(changes, key=_text), key=_text):
        book.add_component(_event(at, event, path, list(group), made, words))
    return bytes(book.to_ical())


def _text(change: Change) -> tuple[datetime, str, str]:
    return change.at, change.event, change.path


def _event(at: datetime, kind: str, path: str, group: Sequence[Change], made: datetime, words: Catalogue) -> Event:
    first = group[0]
    portals = ", ".join(change.portal for change in group)
    event = Event()
    name = f"{at.isoformat()} {kind} {path}"
    event.add("uid", f"{hashlib.sha256(name.encode()).hexdigest()[:32]}@haedap")
    event.add("dtstamp", made.astimezone(UTC))
    event.add("dtstart", at.astimezone(UTC))
    event.add("summary", words.say(f"calendar.{kind}", title=first.title))
    event.add("description", f"{portals}\n{first.article}\n{path}")
    event.add("categories", [kind])
    event.add("transp", "TRANSPARENT")  # nobody is busy because a text comes out
    return event
