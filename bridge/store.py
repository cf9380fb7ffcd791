"""Owns the database: inquiries, their files, and the outbox of deliveries. The only module that speaks SQL.

`accept` returns when the inquiry would survive a power cut: SQLite in WAL mode with synchronous=FULL, one connection
that writes (the engine's pool of one is its lock), readers that cannot write. Only `open_store` is SQLite's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from bridge.inquiry import STATES, Answer, Delivery, Entry, Inquiry, Lease, State, StoredFile, Tag


class StoreError(Exception):
    """The database cannot be read or written now: full, locked, gone. Nothing was recorded."""


class _Utc(sa.types.TypeDecorator[datetime]):
    """An aware instant; SQLite keeps no offset, so it holds UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        return value.replace(tzinfo=UTC) if value else None


_metadata = sa.MetaData()

_inquiries = sa.Table(
    "inquiries",
    _metadata,
    sa.Column("receipt", sa.String(13), primary_key=True),
    sa.Column("brand", sa.String(60), nullable=False),
    sa.Column("language", sa.String(20), nullable=False),
    sa.Column("form", sa.String(60), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("received_at", _Utc, nullable=False, index=True),
    sa.Column("email", sa.String(320), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("page", sa.Text, nullable=False),
    sa.Column("answers", sa.JSON, nullable=False),
    sa.Column("tags", sa.JSON, nullable=False),
    sa.Column("idempotency_key", sa.String(100)),
    sa.UniqueConstraint("brand", "form", "idempotency_key"),  # many NULLs are no duplicates
)

_files = sa.Table(
    "files",
    _metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("receipt", sa.ForeignKey(_inquiries.c.receipt, ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("field", sa.String(40), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
)

_deliveries = sa.Table(
    "deliveries",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("receipt", sa.ForeignKey(_inquiries.c.receipt, ondelete="CASCADE"), nullable=False),
    sa.Column("sink", sa.String(60), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("queued_at", _Utc, nullable=False),
    sa.Column("next_at", _Utc),  # when an attempt is due; while sending: when the lease expires; settled: none
    sa.Column("settled_at", _Utc),
    sa.Column("lease", sa.String(32)),
    sa.Column("error", sa.Text, nullable=False),
    sa.UniqueConstraint("receipt", "sink"),
)
sa.Index("deliveries_due", _deliveries.c.next_at, sqlite_where=_deliveries.c.next_at.is_not(None))


@dataclass(frozen=True)
class Store:
    """Every method is one transaction. Instants come from the caller."""

    writer: sa.Engine
    reader: sa.Engine

    def accept(self, inquiry: Inquiry, sinks: Iterable[str], key: str | None) -> bool:
        """Record an inquiry and one delivery a sink, all or nothing.

        False, and nothing recorded, where its key or its receipt number is taken already.
        """
        row = _row(inquiry) | {"idempotency_key": key}
        files = [asdict(file) | {"receipt": inquiry.receipt, "position": at} for at, file in enumerate(inquiry.files)]
        deliveries = [_queued(inquiry.receipt, sink, inquiry.received_at) for sink in sinks]
        try:
            with self._transaction() as connection:
                connection.execute(sa.insert(_inquiries), row)
                for table, rows in ((_files, files), (_deliveries, deliveries)):
                    if rows:
                        connection.execute(sa.insert(table), rows)
        except IntegrityError:
            return False
        return True

    def receipt_for(self, brand: str, form: str, key: str) -> str | None:
        """The receipt number that a form filled in once has got already."""
        columns = _inquiries.c
        query = sa.select(columns.receipt).where(
            columns.brand == brand, columns.form == form, columns.idempotency_key == key
        )
        with self._reading() as connection:
            receipt: str | None = connection.scalar(query)
        return receipt

    def lease(self, now: datetime, until: datetime, token: str) -> Lease | None:
        """Take the delivery that has waited longest, by compare-and-set; an expired lease is due like a retry."""
        columns = _deliveries.c
        due = sa.select(_deliveries).where(columns.next_at <= now).order_by(columns.next_at, columns.id).limit(1)
        with self._transaction() as connection:
            row = connection.execute(due).mappings().first()
            if row is None:
                return None
            claimed = connection.execute(
                sa.update(_deliveries)
                .where(columns.id == row["id"], columns.next_at == row["next_at"], columns.attempts == row["attempts"])
                .values(state="sending", next_at=until, lease=token, attempts=row["attempts"] + 1)
            )
        if claimed.rowcount != 1:  # another courier got there first
            return None
        return Lease(row["id"], token, row["receipt"], row["sink"], row["attempts"] + 1, row["queued_at"])

    def record(
        self, lease: Lease, state: State, at: datetime, *, next_at: datetime | None = None, error: str = ""
    ) -> bool:
        """How an attempt ended. False where the lease had expired and another courier holds the delivery."""
        values: dict[str, Any] = {"state": state, "next_at": next_at, "error": error, "lease": None}
        values["settled_at"] = None if next_at else at
        with self._transaction() as connection:
            held = sa.and_(_deliveries.c.id == lease.delivery, _deliveries.c.lease == lease.token)
            return connection.execute(sa.update(_deliveries).where(held).values(values)).rowcount == 1

    def release(self, now: datetime) -> int:
        """Make every leased delivery due. Only for whoever knows that no courier is running."""
        query = sa.update(_deliveries).where(_deliveries.c.state == "sending")
        with self._transaction() as connection:
            return connection.execute(query.values(next_at=now, lease=None, state="retry")).rowcount

    def retry(self, receipt: str, now: datetime) -> int:
        """Put what was not delivered, and is not on its way just now, at the foot of the ladder, due at once."""
        columns = _deliveries.c
        waiting = sa.and_(columns.receipt == receipt, columns.state.in_(("dead", "retry", "queued")))
        values = {"state": "queued", "attempts": 0, "queued_at": now, "next_at": now, "settled_at": None}
        with self._transaction() as connection:
            return connection.execute(sa.update(_deliveries).where(waiting).values(values)).rowcount

    def inquiry(self, receipt: str) -> Inquiry:
        """One that is known to be there: KeyError where it is not."""
        if entry := self.entry(receipt):
            return entry.inquiry
        raise KeyError(receipt)

    def entry(self, receipt: str) -> Entry | None:
        return next(iter(self._entries(sa.select(_inquiries).where(_inquiries.c.receipt == receipt))), None)

    def entries(self, *, state: State | None = None, brand: str | None = None, limit: int = 50) -> tuple[Entry, ...]:
        """The newest first."""
        query = sa.select(_inquiries).order_by(_inquiries.c.received_at.desc(), _inquiries.c.receipt).limit(limit)
        if brand:
            query = query.where(_inquiries.c.brand == brand)
        if state:
            of_inquiry = sa.select(_deliveries.c.receipt).where(_deliveries.c.receipt == _inquiries.c.receipt)
            more_urgent = STATES[: STATES.index(state)]
            query = query.where(
                sa.exists(of_inquiry.where(_deliveries.c.state == state)),
                ~sa.exists(of_inquiry.where(_deliveries.c.state.in_(more_urgent))),
            )
        return self._entries(query)

    def count(self, state: State) -> int:
        """How many deliveries are in a state."""
        query = sa.select(sa.func.count()).select_from(_deliveries).where(_deliveries.c.state == state)
        with self._reading() as connection:
            return connection.scalar(query) or 0

    def known_files(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that belong to an inquiry."""
        found: set[str] = set()
        with self._reading() as connection:
            for start in range(0, len(ids), 500):  # databases bound the number of parameters
                query = sa.select(_files.c.id).where(_files.c.id.in_(ids[start : start + 500]))
                found.update(connection.scalars(query))
        return found

    def close(self) -> None:
        self.reader.dispose()
        self.writer.dispose()

    def _entries(self, query: sa.Select[Any]) -> tuple[Entry, ...]:
        with self._reading() as connection:
            rows = connection.execute(query).mappings().all()
            receipts = [row["receipt"] for row in rows]
            files = _grouped(connection, sa.select(_files).order_by(_files.c.position), _files, receipts)
            ways = _grouped(connection, sa.select(_deliveries).order_by(_deliveries.c.id), _deliveries, receipts)
        return tuple(_entry(row, files.get(row["receipt"], ()), ways.get(row["receipt"], ())) for row in rows)

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        try:
            with self.writer.begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except (DBAPIError, sa.exc.TimeoutError) as error:
            raise StoreError(type(error).__name__) from error

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        try:
            with self.reader.connect() as connection:
                yield connection
        except (DBAPIError, sa.exc.TimeoutError) as error:
            raise StoreError(type(error).__name__) from error


def open_store(file: Path, *, owner: bool = True) -> Store:
    """The store of a data folder. `owner` is whoever holds the folder's lock: it makes the tables and checkpoints.

    A guest beside it never checkpoints: SQLite before 3.51.3 can lose a commit where two connections race for that.
    """
    writer = sa.create_engine(f"sqlite:///{file}", pool_size=1, max_overflow=0, pool_timeout=30)
    sa.event.listen(writer, "connect", _prepare_owner if owner else _prepare_guest)
    sa.event.listen(writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    reader = sa.create_engine(f"sqlite:///{file}")
    sa.event.listen(reader, "connect", _prepare_reader)
    store = Store(writer, reader)
    if owner:
        try:
            _metadata.create_all(writer)
        except DBAPIError as error:
            raise StoreError(str(error.orig)) from error
    return store


def _prepare_owner(connection: Any, _: object) -> None:
    _pragmas(connection, "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000")


def _prepare_guest(connection: Any, _: object) -> None:
    _pragmas(connection, "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "wal_autocheckpoint=0")


def _prepare_reader(connection: Any, _: object) -> None:
    _pragmas(connection, "query_only=ON", "busy_timeout=10000", "wal_autocheckpoint=0")


def _pragmas(connection: Any, *pragmas: str) -> None:
    connection.isolation_level = None  # sqlite3 begins transactions late by itself; the engine's event begins them
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


_COPIED = ("receipt", "brand", "language", "form", "title", "received_at", "email", "subject", "page")


def _row(inquiry: Inquiry) -> dict[str, Any]:
    row = {name: getattr(inquiry, name) for name in _COPIED}
    answers = [asdict(answer) for answer in inquiry.answers]
    return row | {"answers": answers, "tags": [asdict(tag) for tag in inquiry.tags]}


def _queued(receipt: str, sink: str, at: datetime) -> dict[str, Any]:
    state: State = "queued"
    times = {"queued_at": at, "next_at": at, "settled_at": None}
    return {"receipt": receipt, "sink": sink, "state": state, "attempts": 0, "error": "", "lease": None, **times}


_Rows = Mapping[str, list[sa.RowMapping]]


def _grouped(connection: sa.Connection, query: sa.Select[Any], table: sa.Table, receipts: Sequence[str]) -> _Rows:
    """The rows of these inquiries, by receipt."""
    grouped: dict[str, list[sa.RowMapping]] = {}
    for start in range(0, len(receipts), 500):
        chunk = query.where(table.c.receipt.in_(receipts[start : start + 500]))
        for row in connection.execute(chunk).mappings():
            grouped.setdefault(row["receipt"], []).append(row)
    return grouped


def _entry(row: sa.RowMapping, files: Iterable[sa.RowMapping], ways: Iterable[sa.RowMapping]) -> Entry:
    inquiry = Inquiry(
        **{name: row[name] for name in _COPIED},
        answers=tuple(_answer(tree) for tree in row["answers"]),
        tags=tuple(Tag(**tree) for tree in row["tags"]),
        files=tuple(StoredFile(**_named(StoredFile, file)) for file in files),
    )
    return Entry(inquiry, tuple(Delivery(**_named(Delivery, way)) for way in ways))


def _named(kind: type[StoredFile | Delivery], row: sa.RowMapping) -> dict[str, Any]:
    return {field.name: row[field.name] for field in fields(kind)}


def _answer(tree: Mapping[str, Any]) -> Answer:
    return Answer(tree["name"], tree["type"], tree["label"], tuple(tree["values"]), tuple(tree["shown"]))
