"""Owns the database: inquiries, their files, and the outbox of deliveries. SQL is spoken in this folder alone.

`accept` returns when the inquiry would survive a power cut. A further subject (budgets, retention, alarms) is a file of
its own here, over `Database.transaction` and `Database.reading`; its tables stand in `tables.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bridge.doors import Door
from bridge.inquiry import UNSCREENED, Alarm, Consent, Entry, Inquiry, Late, Lease, Screening, State, StoredFile, Way
from bridge.store import alarms, doors, inquiries, outbox, turns
from bridge.store.blobs import Blobs
from bridge.store.engines import CorruptError, Database, StoreError, VersionError, open_database
from bridge.store.tables import secrets

__all__ = ["CorruptError", "Database", "Store", "StoreError", "VersionError", "open_store"]


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
    ) -> bool:
        """Record an inquiry, its consents and one delivery a sink, all or nothing.

        False, and nothing recorded, where its key or its receipt number is taken already.
        """

        def record(connection: sa.Connection) -> None:
            inquiries.insert(connection, inquiry, key, screening, consents)
            outbox.queue(connection, inquiry.receipt, sinks, inquiry.received_at, held=bool(screening.held))

        try:
            self.database.write(record)
        except IntegrityError:
            return False
        return True

    def receipt_for(self, brand: str, form: str, key: str) -> str | None:
        """The receipt number that a form filled in once has got already."""
        with self.database.reading() as connection:
            return inquiries.receipt_for(connection, brand, form, key)

    def lease(
        self, now: datetime, until: datetime, token: str, *, shut: Collection[tuple[str, str]] = ()
    ) -> Lease | None:
        """Take the delivery that has waited longest, or None where none is due; to sinks that are shut, none is."""
        return self.database.write(lambda connection: outbox.lease(connection, now, until, token, shut))

    def way(self, receipt: str, sink: str) -> Way:
        with self.database.reading() as connection:
            return outbox.way(connection, receipt, sink)

    def record(
        self, lease: Lease, state: State, at: datetime, *, next_at: datetime | None = None, error: str = ""
    ) -> bool:
        """How an attempt ended. False where the lease had expired and another courier holds the delivery."""
        return self.database.write(lambda connection: outbox.record(connection, lease, state, at, next_at, error))

    def release(self, now: datetime) -> int:
        """Make every leased delivery due. Only for whoever knows that no courier is running."""
        return self.database.write(lambda connection: outbox.release(connection, now))

    def retry(self, receipt: str, now: datetime) -> int:
        """Put what was not delivered, and is not on its way just now, at the foot of the ladder, due at once."""
        return self.database.write(lambda connection: outbox.retry(connection, receipt, now))

    def inquiry(self, receipt: str) -> Inquiry:
        """One that is known to be there: KeyError where it is not."""
        if entry := self.entry(receipt):
            return entry.inquiry
        raise KeyError(receipt)

    def entry(self, receipt: str) -> Entry | None:
        with self.database.reading() as connection:
            return inquiries.entry(connection, receipt)

    def entries(self, *, state: State | None = None, brand: str | None = None, limit: int = 50) -> tuple[Entry, ...]:
        """The newest first."""
        with self.database.reading() as connection:
            return inquiries.entries(connection, state=state, brand=brand, limit=limit)

    def count(self, state: State) -> int:
        """How many deliveries are in a state."""
        with self.database.reading() as connection:
            return outbox.count(connection, state)

    def known_files(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that belong to an inquiry."""
        with self.database.reading() as connection:
            return inquiries.known_files(connection, ids)

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
