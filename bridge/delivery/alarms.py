"""Owns telling a person, on a second channel, what does not arrive: given up, failing for long, not tried any more.

Refuses to stay silent where telling fails: it is tried again until somebody knows. What is told holds receipt numbers
and names of sinks, nothing a customer wrote.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bridge.centre import Centre
from bridge.inquiry import Alarm, Late, route_of
from bridge.logs import trail
from bridge.outside import Outside
from bridge.sinks import Teller
from bridge.store import Store
from bridge.ways.parcel import Notice, SinkError
from bridge.wording import one_line, without_addresses
from portal_builder.brand import Brand

LATE_AFTER = timedelta(minutes=15)
"""A server that asks to come back later (greylisting) is no trouble before."""
_BATCH = timedelta(seconds=45)
"""Two notices to one brand are at least so far apart: ten thousand dead mails make a few notices, not ten thousand."""
_SHOWN = 20
_KINDS = frozenset({"dead", "late", "shut", "breaker"})
"""For these there is a sentence."""
_STEP, _SLOW_STEP, _SLOW_AFTER = timedelta(minutes=1), timedelta(minutes=15), 30

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Watch:
    """Looks at the outbox, and tells."""

    store: Store
    centre: Centre
    tellers: Mapping[str, Sequence[Teller]]
    """By brand."""
    shut: Callable[[], Mapping[tuple[str, str], str]]
    outside: Outside
    _told: dict[str, datetime] = field(default_factory=dict)
    """When each brand was told last."""
    _looking: threading.Lock = field(default_factory=threading.Lock)

    def look(self) -> None:
        """Find what lasts, tell what is new."""
        with self._looking:
            now, shut = self.outside.now(), self.shut()
            late = [one for one in self.store.late(now - LATE_AFTER) if (one.brand, route_of(one.sink)) not in shut]
            self.store.stand("late", [_standing(one) for one in late], now)
            self.store.stand("shut", [(f"{brand}/{sink}", why) for (brand, sink), why in sorted(shut.items())], now)
            told = [brand for brand, tellers in self.tellers.items() if tellers]
            for brand, alarms in _by_brand(self.store.untold(told)).items():
                self._tell_brand(brand, [alarm for alarm in alarms if _is_due(alarm, now)], now)

    def _tell_brand(self, folder: str, alarms: Sequence[Alarm], now: datetime) -> None:
        brand, tellers = self.centre.brands.get(folder), self.tellers.get(folder, ())
        last = self._told.get(folder)
        if not alarms or not brand or (last and timedelta() <= now - last < _BATCH):
            return
        ours = [alarm for alarm in alarms if self.store.claim(alarm)]
        if not ours:
            return
        self._told[folder] = now
        notice = self._notice(brand, ours, now)
        if sum(_was_told(teller, notice) for teller in tellers):
            self.store.told([alarm.id for alarm in ours], self.outside.now())

    def _notice(self, brand: Brand, alarms: Sequence[Alarm], now: datetime) -> Notice:
        words = self.centre.source_words(brand)
        name = brand.say(brand.file.name, words.language)
        lines = [words.say(f"mail.alarm.{_said_as(alarm)}", **_values(alarm)) for alarm in alarms[:_SHOWN]]
        if len(alarms) > _SHOWN:
            lines.append(words.say("mail.alarm.more", count=len(alarms) - _SHOWN))
        lines += ["", words.say("mail.alarm.help")]
        title = words.say("mail.alarm.subject", brand=name, count=len(alarms))
        return Notice(f"alarm-{alarms[0].id}-{alarms[-1].id}", alarms[0].kind, brand, title, tuple(lines), now)


def _was_told(teller: Teller, notice: Notice) -> bool:
    try:
        teller.tell(notice)
    except SinkError as error:
        log.error("an alarm could not be told: %s", without_addresses(error.message))  # noqa: TRY400 -- no traceback
        return False
    except Exception as error:  # noqa: BLE001 -- the other ways to tell are tried all the same
        log.error("an alarm could not be told: %s", trail(error))  # noqa: TRY400 -- a traceback quotes people
        return False
    return True


def _standing(late: Late) -> tuple[str, str]:
    return f"{late.brand}/{late.sink}", f"{late.count}\n{late.error}"


def _said_as(alarm: Alarm) -> str:
    """Whoever else has something to tell gives it in words of their own."""
    return alarm.kind if alarm.kind in _KINDS else "other"


def _values(alarm: Alarm) -> Mapping[str, object]:
    first, _, rest = alarm.detail.partition("\n")
    sink = alarm.subject.partition("/")[2]
    if alarm.kind == "dead":
        return {"receipt": alarm.subject, "sink": first, "error": without_addresses(rest)}
    if alarm.kind == "late":
        return {"count": int(first), "sink": sink, "error": without_addresses(rest), "minutes": _minutes(LATE_AFTER)}
    return {"sink": sink, "error": without_addresses(alarm.detail)}


def _minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)


def _by_brand(alarms: Iterable[Alarm]) -> Mapping[str, Sequence[Alarm]]:
    grouped: dict[str, list[Alarm]] = {}
    for alarm in alarms:
        grouped.setdefault(alarm.brand, []).append(alarm)
    return grouped


def _is_due(alarm: Alarm, now: datetime) -> bool:
    """At once, then every minute, after half an hour every quarter of one; never given up."""
    fast, slow = min(alarm.attempts, _SLOW_AFTER), max(alarm.attempts - _SLOW_AFTER, 0)
    return now >= alarm.at + fast * _STEP + slow * _SLOW_STEP


def warn_of_silence(centre: Centre) -> None:
    """At start: who would not be told of trouble."""
    for folder, routes in centre.alarms.items():
        if not routes:
            log.warning("%s has no bridge.alarm: nobody is told where its inquiries do not arrive", one_line(folder))
