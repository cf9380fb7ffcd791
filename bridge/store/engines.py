"""Owns the connections: SQLite in a file or PostgreSQL at an address, opened, brought up to date, and their faults.

Refuses to differ above this file. SQLite has one connection that writes (a pool of one is its lock) and readers that
cannot write; PostgreSQL has as many as there are threads, in any number of processes.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError

from bridge.store.grouped import GroupCommit, Result, Work
from bridge.store.migrations import NewerError, head, migrate, revision

_CORRUPT = ("malformed", "not a database")
_FAILED = "disk I/O error"


class StoreError(Exception):
    """The database cannot be read or written now: full, locked, gone. Nothing was recorded."""


class CorruptError(StoreError):
    """The database file is damaged. Waiting does not help."""


class DiskError(StoreError):
    """The disk has refused to make a commit durable."""


class VersionError(StoreError):
    """The database has the shape of another version of the program."""


@dataclass(frozen=True)
class Database:
    """Where the store's tables are. Whoever needs SQL asks for a connection here, inside `bridge/store/`."""

    writer: sa.Engine
    reader: sa.Engine
    group: GroupCommit | None = None
    """Where there is one connection that writes, its commits are shared."""
    failed: threading.Event = field(default_factory=threading.Event)
    """Set when the disk has refused to make a commit durable. From then on nothing is written until a new start, which
    reads what the disk really holds: asking again can be answered with a yes that is not true."""

    @property
    def is_shared(self) -> bool:
        """Whether several processes, on several machines, may work with it at once."""
        return self.writer.dialect.name == "postgresql"

    @property
    def version(self) -> str:
        """Of the engine, for logs."""
        if not self.is_shared:
            return f"SQLite {sqlite3.sqlite_version}"
        with self.reading() as connection:
            return f"PostgreSQL {connection.scalar(sa.text('SHOW server_version'))}"

    def write(self, work: Work[Result]) -> Result:
        """As `transaction`, for work that may share a commit with that of other threads."""
        with self._writing():
            if self.group:
                return self.group.write(work)
            with self.writer.begin() as connection:
                return work(connection)

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """All or nothing. IntegrityError where something is there already, StoreError where it cannot be done now."""
        with self._writing(), self.writer.begin() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if self.failed.is_set():
            raise DiskError
        try:
            with _faults():
                yield
        except DiskError:
            self.failed.set()
            raise

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        with _faults(), self.reader.connect() as connection:
            yield connection

    def now(self) -> datetime:
        """What the server takes the time to be. Only where there is one."""
        with self.reading() as connection:
            moment: datetime = connection.execute(sa.text("SELECT now()")).scalar_one()
        return moment

    def clean(self) -> bool:
        """Take what was deleted off the disk: SQLite's log is emptied, PostgreSQL's dead rows are given up.

        Only for an owner. False where somebody is reading just now: ask again later.
        """
        if self.is_shared:
            with _faults(), self.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(sa.text("VACUUM inquiries, files, deliveries, consents, blobs, blob_parts"))
            return True
        with _faults(), self.writer.connect() as connection:
            raw: Any = connection.connection.driver_connection  # a checkpoint cannot stand inside a transaction
            try:
                busy, *_ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.Error as error:
                raise StoreError(type(error).__name__) from error
        return not busy

    def close(self) -> None:
        self.reader.dispose()
        self.writer.dispose()


def open_database(where: Path | str, *, owner: bool) -> Database:
    """A file is SQLite, an address PostgreSQL. An owner takes the steps that are missing, a guest asks for them."""
    database = _sqlite(where, owner=owner) if isinstance(where, Path) else _postgresql(where)
    try:
        with _faults():
            _prepare(database, owner=owner)
    except BaseException:
        database.close()
        raise
    return database


def _prepare(database: Database, *, owner: bool) -> None:
    try:
        if owner:
            with database.writer.begin() as connection:
                migrate(connection)
            return
        with database.reader.connect() as connection:
            now = revision(connection)
    except NewerError as error:
        raise VersionError(str(error)) from None
    if now != head():
        raise VersionError(str(now))


@contextmanager
def _faults() -> Iterator[None]:
    """The engine's errors become ours. None quotes a statement: its values are a customer's."""
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise _kind(error)(type(error.orig).__name__) from error
    except sa.exc.TimeoutError as error:
        raise StoreError(type(error).__name__) from error


def _kind(error: DBAPIError) -> type[StoreError]:
    if not isinstance(error.orig, sqlite3.DatabaseError):
        return StoreError
    said = str(error.orig)
    if any(words in said for words in _CORRUPT):
        return CorruptError
    return DiskError if _FAILED in said else StoreError


def _postgresql(address: str) -> Database:
    try:
        url = sa.make_url(address).set(drivername="postgresql+psycopg")
        # A server that was restarted, or a network that forgot us, costs one look before each use.
        engine = sa.create_engine(url, pool_size=5, max_overflow=15, pool_timeout=30, pool_pre_ping=True)
    except ArgumentError:
        raise StoreError("HAEDAP_DATABASE is no address") from None
    sa.event.listen(engine, "connect", _prepare_session)
    return Database(engine, engine)


def _prepare_session(connection: Any, _: object) -> None:
    """A server that is set to answer before a commit is durable does not do so to us."""
    connection.execute(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
    )
    connection.commit()


def _sqlite(file: Path, *, owner: bool) -> Database:
    """A guest never checkpoints: SQLite before 3.51.3 can lose a commit where two connections race for that."""
    url = sa.URL.create("sqlite", database=str(file))
    writer = sa.create_engine(url, pool_size=1, max_overflow=0, pool_timeout=30)
    sa.event.listen(writer, "connect", _prepare_owner if owner else _prepare_guest)
    sa.event.listen(writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    reader = sa.create_engine(url)
    sa.event.listen(reader, "connect", _prepare_reader)
    return Database(writer, reader, GroupCommit(writer))


def _prepare_owner(connection: Any, _: object) -> None:
    _pragmas(connection, "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000")
    _pragmas(connection, "secure_delete=ON")  # what is deleted is overwritten with zeros


def _prepare_guest(connection: Any, _: object) -> None:
    _pragmas(connection, "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "wal_autocheckpoint=0")
    _pragmas(connection, "secure_delete=ON")


def _prepare_reader(connection: Any, _: object) -> None:
    _pragmas(connection, "query_only=ON", "busy_timeout=10000", "wal_autocheckpoint=0")


def _pragmas(connection: Any, *pragmas: str) -> None:
    connection.isolation_level = None  # sqlite3 begins transactions late by itself; the engine's event begins them
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


def copy_sqlite(source: Path, target: Path) -> None:
    """The database as it is at one moment, while another process writes to it."""
    with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as ours:
        ours.execute("PRAGMA wal_autocheckpoint=0")
        with closing(sqlite3.connect(target)) as copy:
            try:
                ours.backup(copy)
            except sqlite3.DatabaseError as error:
                kind = CorruptError if any(words in str(error) for words in _CORRUPT) else StoreError
                raise kind(type(error).__name__) from error
