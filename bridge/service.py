"""Owns opening all parts of the service over one data folder, in order, and closing them. Refuses HTTP."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from bridge.centre import Centre
from bridge.datafolder import DataFolder
from bridge.delivery.alarms import Watch, warn_of_silence
from bridge.delivery.courier import Courier, CourierThreads
from bridge.delivery.dispatch import connect_sinks, connect_tellers
from bridge.files.rooms import Folder, Room
from bridge.files.vault import Vault
from bridge.intake.intake import Intake
from bridge.intake.kept import Kept
from bridge.metrics import Metrics
from bridge.outside import Outside, Steady
from bridge.ratelimit import Counters
from bridge.replies.mail import ReplyMails
from bridge.replies.plans import ReplyPlans
from bridge.replies.sending import HandOver, Replies
from bridge.screening.proof import Proofs
from bridge.screening.screener import Screener
from bridge.screening.tokens import Tokens
from bridge.settings import Settings
from bridge.store import DiskError, Store, open_store
from bridge.ways.equipment import equip
from bridge.ways.links import Links

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
    tokens: Tokens
    proofs: Proofs
    outside: Outside
    secret: str
    metrics: Metrics
    vault: Vault
    links: Links
    counters: Counters


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
    counters: Counters = field(default_factory=Counters)

    def courier(self, settings: Settings) -> Courier:
        """SettingsError where a sink lacks a setting."""
        secret = self.secret(settings)

        def replies(hand_over: HandOver) -> Replies:
            mails = ReplyMails(self.centre.root, Tokens(secret, self.outside))
            return Replies(self.centre, self.store, mails, secret, hand_over, self.outside)

        equipment = equip(settings, secret, self.store, self.outside)
        dispatch = connect_sinks(self.centre, self.vault, self.store.attempt, equipment, replies)
        tellers = connect_tellers(self.centre, equipment)
        watch = Watch(self.store, self.centre, tellers, dispatch.shut_because, self.outside)
        warn_of_silence(self.centre)
        return Courier(
            self.store,
            dispatch.send,
            self.outside,
            told=self.metrics.attempted,
            shut=dispatch.shut,
            gives_up_after=dispatch.gives_up_after,
            rest=dispatch.rest,
            watch=watch.look,
        )

    def service(self, settings: Settings, wake: Callable[[], None]) -> Service:
        """What the web application works with; `wake` is told of every inquiry taken in."""
        secret = self.secret(settings)
        kept = Kept(self.rooms.kept, secret, self.outside)
        kept.sweep()
        tokens, proofs = Tokens(secret, self.outside), Proofs(secret, self.outside)
        screener = Screener(self.store, tokens, proofs, self.outside)
        plans = ReplyPlans(self.centre, secret)
        intake = Intake(self.centre, self.store, self.vault, kept, screener, plans, self.outside, wake)
        return Service(
            centre=self.centre,
            settings=settings,
            store=self.store,
            intake=intake,
            tokens=tokens,
            proofs=proofs,
            outside=self.outside,
            secret=secret,
            metrics=self.metrics,
            vault=self.vault,
            links=Links(secret, timedelta(days=settings.link_days)),
            counters=self.counters,
        )

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
