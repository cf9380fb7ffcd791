"""Owns the database: inquiries, their files, and the outbox of deliveries. SQL is spoken in this folder alone.

`accept` returns when the inquiry would survive a power cut. A further subject (budgets, retention, alarms) is a file of
its own here, over `Database.transaction` and `Database.reading`; its tables stand in `tables.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bridge.inquiry import UNSCREENED, Consent, Entry, Inquiry, Lease, Screening, State
from bridge.store import inquiries, outbox
from bridge.store.blobs import Blobs
from bridge.store.engines import CorruptError, Database, DiskError, StoreError, VersionError, copy_sqlite, open_database
from bridge.store.tables import files, secrets
from bridge.store.tables import inquiries as inquiries_table

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

    def lease(self, now: datetime, until: datetime, token: str) -> Lease | None:
        """Take the delivery that has waited longest, or None where none is due."""
        return self.database.write(lambda connection: outbox.lease(connection, now, until, token))

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
