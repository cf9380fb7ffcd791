"""Owns the database: inquiries, their files, and the outbox of deliveries. SQL is spoken in this folder alone.

`accept` returns when the inquiry would survive a power cut. A further subject (budgets, retention, alarms) is a file of
its own here, over `Database.transaction` and `Database.reading`; its tables stand in `tables.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bridge.feedback import Total
from bridge.inquiry import UNSCREENED, Alarm, Consent, Entry, Inquiry, Late, Lease, Screening, State, StoredFile
from bridge.replying import ReplyPlan
from bridge.store import alarms, doors, feedback, inquiries, outbox, replies, turns
from bridge.store import screening as screened
from bridge.store.blobs import Blobs
from bridge.store.engines import CorruptError, Database, DiskError, StoreError, VersionError, copy_sqlite, open_database
from bridge.store.tables import files, secrets
from bridge.store.tables import inquiries as inquiries_table
from bridge.ways.doors import Door

__all__ = [
    "CorruptError",
    "Database",
    "DiskError",
    "Store",
    "StoreError",
    "VersionError",
    "copy_database",
    "open_store",
]


@dataclass(frozen=True)
class Store:
    """Every method is one transaction. Instants come from the caller."""

    database: Database

    def accept(
        self,
        inquiry: Inquiry,
        sinks: Iterable[str],
        key: str | None,
        *,
        screening: Screening = UNSCREENED,
        consents: Iterable[Consent] = (),
        reply: ReplyPlan | None = None,
        tokens: Mapping[str, datetime] | None = None,
    ) -> bool:
        """Record an inquiry, its consents and one delivery a sink, all or nothing; what is held gets no reply.

        False, and nothing recorded, where its key or its receipt number is taken already, or one of its tokens used.
        """
        now = inquiry.received_at

        def record(connection: sa.Connection) -> None:
            inquiries.insert(connection, inquiry, key, screening, consents)
            outbox.queue(connection, inquiry.receipt, sinks, now, held=bool(screening.held))
            screened.use(connection, tokens or {}, now)
            if reply and not screening.held:
                replies.queue(connection, inquiry.receipt, reply, now)

        try:
            self.database.write(record)
        except IntegrityError:
            return False
        return True

    def receipt_for(self, brand: str, form: str, key: str, since: datetime | None = None) -> str | None:
        """The receipt number that a form filled in once has got already; with `since` only if that was later."""
        with self.database.reading() as connection:
            return inquiries.receipt_for(connection, brand, form, key, since)

    def used_tokens(self, tokens: Iterable[str]) -> frozenset[str]:
        """Those of the tokens that came with an inquiry already."""
        with self.database.reading() as connection:
            return screened.are_used(connection, tokens)

    def senders_of(self, content_hash: str, since: datetime) -> frozenset[str]:
        """From which mail addresses the same text has come."""
        with self.database.reading() as connection:
            return screened.senders_of(connection, content_hash, since)

    def held(self, receipt: str) -> tuple[str, ...]:
        """Why an inquiry is held; none where it is not."""
        with self.database.reading() as connection:
            return screened.held(connection, receipt)

    def confirm(self, receipt: str, reason: str, now: datetime, reply: ReplyPlan | None) -> bool:
        """The customer has done what was asked. True where nothing holds the inquiry any more."""
        with self.database.transaction() as connection:
            on_its_way = screened.confirm(connection, receipt, reason, now)
            if on_its_way and reply:
                replies.queue(connection, receipt, reply, now)
            return on_its_way

    def let_go(self, receipt: str, now: datetime) -> int:
        """A person sends on what is held; no reply goes with it. Returns how many deliveries are due now."""
        with self.database.transaction() as connection:
            return screened.release(connection, receipt, now)

    def verify(self, receipt: str, now: datetime) -> bool:
        """The address is the customer's own. False where that was known."""
        with self.database.transaction() as connection:
            return screened.verify(connection, receipt, now)

    def suppress(self, address_hash: str, reason: str, now: datetime) -> None:
        """No automatic reply goes there any more."""
        with self.database.transaction() as connection:
            replies.suppress(connection, address_hash, reason, now)

    def is_suppressed(self, address_hash: str) -> bool:
        with self.database.reading() as connection:
            return replies.is_suppressed(connection, address_hash)

    def open_breakers(self, now: datetime) -> Mapping[str, str]:
        """Why replies are stopped, by brand."""
        with self.database.reading() as connection:
            return replies.open_breakers(connection, now)

    def lease(
        self, now: datetime, until: datetime, token: str, *, shut: Collection[tuple[str, str]] = ()
    ) -> Lease | None:
        """Take the delivery that has waited longest, or None where none is due; to sinks that are shut, none is."""
        return self.database.write(lambda connection: outbox.lease(connection, now, until, token, shut))

    def attempt(self, receipt: str, sink: str) -> int:
        with self.database.reading() as connection:
            return outbox.attempt(connection, receipt, sink)

    def record(
        self, lease: Lease, state: State, at: datetime, *, next_at: datetime | None = None, error: str = ""
    ) -> bool:
        """How an attempt ended. False where the lease had expired and another courier holds the delivery."""
        return self.database.write(lambda connection: outbox.record(connection, lease, state, at, next_at, error))

    def release(self, now: datetime) -> int:
        """Make every leased delivery due. Only for whoever knows that no courier is running."""
        return self.database.write(lambda connection: outbox.release(connection, now))

    def retry(self, receipt: str | None, now: datetime) -> int:
        """Put what was not delivered, and is not on its way just now, at the foot of the ladder, due at once.

        Without a receipt number that is everything the team has not got yet.
        """
        return self.database.write(lambda connection: outbox.retry(connection, receipt, now))

    def inquiry(self, receipt: str) -> Inquiry:
        """One that is known to be there: KeyError where it is not."""
        if entry := self.entry(receipt):
            return entry.inquiry
        raise KeyError(receipt)

    def entry(self, receipt: str, of_form: tuple[str, str] | None = None) -> Entry | None:
        """With a brand and its form, only one of theirs: another's is as if it were not there, in time as well."""
        with self.database.reading() as connection:
            return inquiries.entry(connection, receipt, of_form)

    def entries(
        self, *, state: State | None = None, brand: str | None = None, held: bool = False, limit: int = 50
    ) -> tuple[Entry, ...]:
        """The newest first; with `held` only what waits to be released."""
        with self.database.reading() as connection:
            return inquiries.entries(connection, state=state, brand=brand, held=held, limit=limit)

    def count(self, state: State) -> int:
        """How many deliveries are in a state."""
        with self.database.reading() as connection:
            return outbox.count(connection, state)

    def depth(self) -> outbox.Depth:
        with self.database.reading() as connection:
            return outbox.depth(connection)

    def ping(self) -> None:
        """StoreError where nothing can be written just now."""
        with self.database.transaction() as connection:
            connection.execute(sa.select(1))

    def known_files(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that belong to an inquiry."""
        with self.database.reading() as connection:
            return inquiries.known_files(connection, ids)

    def consents(self, receipt: str) -> tuple[Consent, ...]:
        """What the customer was told and ticked."""
        with self.database.reading() as connection:
            return inquiries.consents_of(connection, receipt)

    def done(self, receipt: str, at: datetime) -> bool:
        """A person says that an inquiry is done with; its retention begins. False where nobody has this number."""
        with self.database.transaction() as connection:
            return inquiries.close(connection, receipt, at)

    def file(self, id_: str) -> StoredFile | None:
        with self.database.reading() as connection:
            return inquiries.file(connection, id_)

    # -- what a person has to be told --

    def untold(self, brands: Collection[str]) -> tuple[Alarm, ...]:
        """What nobody of these brands has been told yet."""
        with self.database.reading() as connection:
            return alarms.untold(connection, brands)

    def stand(self, kind: str, found: Sequence[tuple[str, str]], at: datetime) -> None:
        """Subjects and details of a lasting trouble, as they are now."""
        with self.database.transaction() as connection:
            if self.database.is_shared:
                alarms.one_at_a_time(connection)
            alarms.stand(connection, kind, found, at)

    def claim(self, alarm: Alarm) -> bool:
        with self.database.transaction() as connection:
            return alarms.claim(connection, alarm)

    def told(self, ids: Iterable[int], at: datetime) -> None:
        with self.database.transaction() as connection:
            alarms.told(connection, ids, at)

    def late(self, before: datetime) -> tuple[Late, ...]:
        with self.database.reading() as connection:
            return alarms.late(connection, before)

    def needs_attention(self) -> bool:
        with self.database.reading() as connection:
            return alarms.needs_attention(connection)

    # -- doors that refused us, and turns --

    def doors(self) -> Mapping[str, Door]:
        with self.database.reading() as connection:
            return doors.doors(connection)

    def note_door(self, name: str, door: Door) -> None:
        with suppress(IntegrityError), self.database.transaction() as connection:  # another process was first
            doors.note(connection, name, door)

    def forget_door(self, name: str | None) -> None:
        """One, or all of them: a person says that it is worth another try."""
        with self.database.transaction() as connection:
            doors.forget(connection, name)

    def take_turn(self, brand: str, rule: str) -> int:
        for _ in range(2):  # two processes may both be the first to take one
            with suppress(IntegrityError), self.database.transaction() as connection:
                return turns.take(connection, brand, rule)
        return 0

    def turn(self, brand: str, rule: str) -> int:
        with self.database.reading() as connection:
            return turns.due(connection, brand, rule)

    # -- whether articles helped --

    def count_feedback(self, brand: str, language: str, article: str, day: date, answer: str) -> None:
        """One reader more has said this of an article."""
        said = {"brand": brand, "language": language, "article": article, "day": day, "answer": answer}
        self.database.write(lambda connection: feedback.count(connection, said))

    def feedback(
        self, brand: str | None = None, since: date | None = None, until: date | None = None
    ) -> tuple[Total, ...]:
        """How often each answer was given, both days included."""
        with self.database.reading() as connection:
            return feedback.totals(connection, brand, since, until)

    # -- bytes and secrets --

    def blobs(self, kind: str, now: Callable[[], datetime]) -> Blobs:
        """A room for files inside the database."""
        return Blobs(self.database, kind, now)

    def secret(self, name: str, made: str) -> str:
        """The secret all processes share under a name: `made` at the first call, the same for ever after."""
        with suppress(IntegrityError), self.database.transaction() as connection:
            connection.execute(sa.insert(secrets), {"name": name, "value": made})
        with self.database.reading() as connection:
            value: str = connection.execute(sa.select(secrets.c.value).where(secrets.c.name == name)).scalar_one()
        return value

    def close(self) -> None:
        self.database.close()


def open_store(where: Path | str, *, owner: bool = True) -> Store:
    """The store in a SQLite file, or at the address of a PostgreSQL database.

    `owner` is whoever serves or works: it brings the tables up to date, and in SQLite it alone checkpoints.
    """
    return Store(open_database(where, owner=owner))


def copy_database(source: Path, target: Path) -> tuple[int, list[str]]:
    """A SQLite file as it is at one moment, synced; how many inquiries it holds, and the names of their files."""
    copy_sqlite(source, target)
    store = open_store(target, owner=False)
    try:
        with store.database.reading() as connection:
            many = connection.scalar(sa.select(sa.func.count()).select_from(inquiries_table)) or 0
            return many, list(connection.scalars(sa.select(files.c.id)))
    finally:
        store.close()
