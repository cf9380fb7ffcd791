"""Owns opening all parts of the service over one data folder, in order, and closing them. Refuses HTTP."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bridge.centre import Centre
from bridge.courier import Courier, CourierThreads
from bridge.datafolder import DataFolder
from bridge.dispatch import connect_sinks
from bridge.intake import Intake
from bridge.kept import Kept
from bridge.metrics import Metrics
from bridge.outside import Outside, Steady
from bridge.rooms import Folder, Room
from bridge.settings import Settings
from bridge.store import DiskError, Store, open_store
from bridge.vault import Vault

STOPS_WITHIN = 8.0
"""Seconds that mails in progress are given when the service stops."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Service:
    """What the web application works with."""

    centre: Centre
    settings: Settings
    store: Store
    intake: Intake
    secret: str
    metrics: Metrics


@dataclass(frozen=True)
class Rooms:
    """Where files lie: those of inquiries, and those of forms that were not sent yet."""

    attachments: Room
    kept: Room


@dataclass(frozen=True)
class Base:
    """The data folder, opened by the one process that may."""

    centre: Centre
    data: DataFolder
    store: Store
    rooms: Rooms
    vault: Vault
    outside: Outside
    metrics: Metrics = field(default_factory=Metrics)

    def courier(self, settings: Settings) -> Courier:
        """SettingsError where a sink lacks a setting."""
        dispatch = connect_sinks(self.centre, settings, self.vault)
        return Courier(self.store, dispatch.send, self.outside, self.metrics.attempted)

    def service(self, settings: Settings, wake: Callable[[], None]) -> Service:
        """What the web application works with; `wake` is told of every inquiry taken in."""
        kept = Kept(self.rooms.kept, self.secret(settings), self.outside)
        kept.sweep()
        intake = Intake(self.centre, self.store, self.vault, kept, self.outside, wake)
        return Service(self.centre, settings, self.store, intake, kept.secret, self.metrics)

    def secret(self, settings: Settings) -> str:
        """What signs: as set, else made once and kept where every process of this service finds it."""
        if settings.secret:
            return settings.secret.get_secret_value()
        if self.store.database.is_shared:
            return self.store.secret("signing", self.outside.secret_bytes(32).hex())
        return self.data.secret(self.outside.secret_bytes)


def rooms_of(data: DataFolder, store: Store, outside: Outside) -> Rooms:
    """On the disk of the one machine, or in the database that several share."""
    if store.database.is_shared:
        return Rooms(store.blobs("attachment", outside.now), store.blobs("kept", outside.now))
    return Rooms(Folder(data.attachments), Folder(data.kept, durable=False))


@contextmanager
def open_base(centre: Centre, data: DataFolder, outside: Outside, where: Path | str | None = None) -> Iterator[Base]:
    """The database `where` says, else the data folder's. LockedError where another process has this folder already."""
    data.prepare()
    with ExitStack() as stack:
        if not isinstance(where, str):
            stack.enter_context(data.lock())
        store = open_store(where or data.database)
        stack.callback(store.close)
        if store.database.is_shared and isinstance(outside.now, Steady):
            outside = replace(outside, now=Steady(store.database.now()))  # all machines keep the time of the database
        rooms = rooms_of(data, store, outside)
        vault = Vault(rooms.attachments, outside)
        # The lock says that no courier runs: what one had in its hands when it was killed is due again now. A database
        # that is shared knows of no such moment; there a lease has to expire.
        taken_up = 0 if store.database.is_shared else store.release(outside.now())
        swept = vault.sweep(store.known_files)
        log.info("%s; %d taken up again, %d leftovers swept", store.database.version, taken_up, swept)
        base = Base(centre, data, store, rooms, vault, outside)
        base.metrics.watch(store, outside.now)
        try:
            yield base
        except KeyboardInterrupt:
            if not store.database.failed.is_set():
                raise
        if store.database.failed.is_set():
            raise DiskError


@contextmanager
def running(courier: Courier) -> Iterator[CourierThreads]:
    """The courier at work in the background until the end of the block."""
    threads = CourierThreads(courier)
    threads.start()
    try:
        yield threads
    finally:
        if not threads.stop(STOPS_WITHIN):
            log.warning("a mail in progress takes too long; it is sent again at the next start")
