"""Owns what the service does by itself beside its work, each thing when it is due. Refuses to let one that fails stop
the others, or the service."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from bridge.logs import trail
from bridge.records.retention import Purge, Rules
from bridge.store import Store
from bridge.store.retention import last_row, newest

TICK = 2.0
"""Seconds between two looks."""
PURGE_AT = time(3, 30)
"""At night, in the zone of the first brand."""
NIGHTLY = "nightly"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chore:
    name: str
    every: float
    """Seconds."""
    run: Callable[[], None]


def purging(
    purge: Purge, rules: Callable[[], Rules], store: Store, now: Callable[[], datetime], zone: tzinfo
) -> Sequence[Chore]:
    """Deleting every night, and taking off the disk what a command beside us has deleted."""
    cleaned = [0]

    def nightly() -> None:
        last = last_row(store.database, NIGHTLY)
        if last is None or last.at < due_before(now(), zone):
            purge.run(rules(), now(), NIGHTLY)

    def clean() -> None:
        number = newest(store.database)
        if number > cleaned[0] and purge.clean():
            cleaned[0] = number

    return (Chore("purge", 60, nightly), Chore("clean", 30, clean))


def due_before(now: datetime, zone: tzinfo) -> datetime:
    """The last moment at which a nightly purge was due."""
    local = now.astimezone(zone)
    due = local.replace(hour=PURGE_AT.hour, minute=PURGE_AT.minute, second=0, microsecond=0)
    return due if due <= local else due - timedelta(days=1)


@contextmanager
def kept_up(chores: Sequence[Chore], monotonic: Callable[[], float]) -> Iterator[None]:
    """The chores at work in the background until the end of the block."""
    stop = threading.Event()

    def work() -> None:
        due = {chore.name: 0.0 for chore in chores}
        while not stop.is_set():
            for chore in chores:
                if due[chore.name] <= monotonic():
                    _do(chore)
                    due[chore.name] = monotonic() + chore.every
            stop.wait(TICK)

    thread = threading.Thread(target=work, name="keeper", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(5)


def _do(chore: Chore) -> None:
    try:
        chore.run()
    except Exception as error:  # noqa: BLE001 -- it is tried again; the service goes on meanwhile
        log.error("%(chore)s failed: %(trail)s", {"chore": chore.name, "trail": trail(error)})  # noqa: TRY400 -- a traceback quotes people
