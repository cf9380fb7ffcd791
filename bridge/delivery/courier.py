"""Owns the way of a delivery: lease it, send it, record how it went. Refuses to lose one, whatever the sink does.

At least once: a courier that is killed between sending and recording leaves a lease that expires, and the delivery is
made again with the same Message-ID.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.inquiry import Inquiry, Lease, State
from bridge.logs import reason, trail
from bridge.outside import Outside
from bridge.replying import SkippedError
from bridge.store import Store, StoreError
from bridge.ways.ladder import GIVES_UP_AFTER, next_attempt
from bridge.ways.parcel import SinkError

LEASE = timedelta(minutes=30)
"""Longer than any sending may take, timeouts of the mail server included."""
LOOK_AGAIN = 5.0
"""Seconds between two looks at the outbox when nothing wakes the courier: `inbox retry` runs in another process."""
WATCHES_EVERY = 10.0
"""Seconds between two looks at what does not arrive: it is told within a minute."""
_FAILURES_OF_OURS = 3
"""An error that is no SinkError is a fault in this program; it comes again the same, so soon a person has to know."""

log = logging.getLogger(__name__)


def _nothing() -> None:
    """Where nobody has to be told."""


def _as_usual(_: str, __: str) -> timedelta:
    return GIVES_UP_AFTER


@dataclass(frozen=True)
class Courier:
    store: Store
    send: Callable[[Inquiry, str], None]
    outside: Outside
    told: Callable[[str, str], None] = lambda sink, outcome: None  # noqa: ARG005 -- nobody counts
    """Told of every attempt: the sink's name and the state it led to."""
    shut: Callable[[], Collection[tuple[str, str]]] = tuple
    """Sinks, by brand and name, that there is no use in trying now; what goes to them waits."""
    gives_up_after: Callable[[str, str], timedelta] = _as_usual
    """How long the sink of this name, of this brand, is tried."""
    rest: Callable[[], None] = _nothing
    """Told when there is nothing to send."""
    watch: Callable[[], None] = _nothing
    """Called from time to time: tells a person of what does not arrive."""

    def deliver_due(self, stop: threading.Event | None = None) -> int:
        """Make one attempt at everything that is due now. Returns how many."""
        made = 0
        while not (stop and stop.is_set()) and (lease := self._lease()):
            self._attempt(lease)
            made += 1
        self.rest()
        return made

    def _lease(self) -> Lease | None:
        now = self.outside.now()
        return self.store.lease(now, now + LEASE, self.outside.secret_bytes(16).hex(), shut=self.shut())

    def _attempt(self, lease: Lease) -> None:
        try:
            inquiry = self.store.inquiry(lease.receipt)
            self.send(inquiry, lease.sink)
        except SkippedError as error:
            self.told(lease.sink, "skipped")
            self.store.record(lease, "skipped", self.outside.now(), error=str(error))
            log.info("skipped %s to %s: %s", lease.receipt, lease.sink, reason(str(error)))
        except SinkError as error:
            self._failed(lease, error, self.gives_up_after(lease.sink, inquiry.brand))
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 -- one inquiry that breaks us must not stop all others
            self._failed(lease, SinkError(trail(error), permanent=lease.attempt >= _FAILURES_OF_OURS), GIVES_UP_AFTER)
        else:
            self._record(lease, None)
            log.info("delivered %s to %s at attempt %d", lease.receipt, lease.sink, lease.attempt)

    def _failed(self, lease: Lease, fault: SinkError, gives_up_after: timedelta) -> None:
        now, error = self.outside.now(), fault.message
        again = None
        if not fault.permanent:
            again = next_attempt(
                lease.attempt,
                lease.queued_at,
                now,
                self.outside.share(),
                gives_up_after=gives_up_after,
                retry_after=fault.retry_after,
            )
        self._record(lease, again, error)
        said = (lease.receipt, lease.sink, lease.attempt, reason(error))
        if again:
            log.warning("%s to %s failed at attempt %d, again at %s: %s", *said[:3], f"{again:%F %T}Z", said[3])
        else:
            log.error("%s to %s is DEAD after attempt %d: %s", *said)

    def _record(self, lease: Lease, again: datetime | None, error: str = "") -> None:
        state: State = "retry" if again else "dead" if error else "delivered"
        self.told(lease.sink, state)
        if not self.store.record(lease, state, self.outside.now(), next_at=again, error=error):
            log.warning("%s to %s took longer than its lease", lease.receipt, lease.sink)


class CourierThreads:
    """Couriers at work in the background, woken by `wake`, and a watch beside them that no slow server holds up."""

    def __init__(self, courier: Courier, threads: int = 2, watches_every: float = WATCHES_EVERY) -> None:
        self._courier, self._watches_every = courier, watches_every
        self._stop = threading.Event()
        self._work = threading.Condition()
        self._rounds = 0  # counts wakes, so that one that comes while all are busy is not missed
        self._threads = [
            threading.Thread(target=self._run, name=f"courier-{at}", daemon=True) for at in range(1, threads + 1)
        ]
        self._watching = threading.Thread(target=self._watch, name="watch", daemon=True)

    def use(self, courier: Courier) -> None:
        """What is on its way ends as it began; whatever comes next goes the new way."""
        self._courier = courier

    def start(self) -> None:
        for thread in (*self._threads, self._watching):
            thread.start()

    def wake(self) -> None:
        with self._work:
            self._rounds += 1
            self._work.notify()

    def stop(self, within: float) -> bool:
        """Let mails in progress be finished. False where one takes longer: its lease expires and it is sent again."""
        self._stop.set()
        with self._work:
            self._rounds += 1
            self._work.notify_all()
        for thread in self._threads:
            thread.join(within / len(self._threads))
        return not any(thread.is_alive() for thread in self._threads)

    def _watch(self) -> None:
        while not self._stop.wait(self._watches_every):
            try:
                self._courier.watch()
            except Exception as error:  # noqa: BLE001 -- the same
                log.error("the watch could not look: %s", trail(error))  # noqa: TRY400 -- a traceback quotes people

    def _run(self) -> None:
        seen = -1
        while not self._stop.is_set():
            with self._work:
                if seen == self._rounds:
                    self._work.wait(LOOK_AGAIN)
                seen = self._rounds
            try:
                self._courier.deliver_due(self._stop)
            except Exception as error:  # noqa: BLE001 -- a full disk passes; a courier that is gone does not come back
                log.error("the courier could not work: %s", trail(error))  # noqa: TRY400 -- a traceback quotes people
