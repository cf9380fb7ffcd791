"""Owns making a long queue: one inquiry taken in as usual, then copied inside the database. Refuses PostgreSQL."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bridge.store import open_store
from bridge.testing import sample_inquiry

_COUNTED = "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?) "
_RECEIPT = "printf('%04d-%04d-000', n / 10000, n % 10000)"


def fill(file: Path, many: int) -> None:
    """A SQLite inbox with so many inquiries queued for `smtp`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(open_store(file)) as store:
        store.accept(sample_inquiry(files=()), ["smtp"], None)
    with closing(sqlite3.connect(file)) as database, database:
        for table, left_out in (("inquiries", ""), ("deliveries", "id")):
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})") if row[1] != left_out]
            values = [_RECEIPT if column == "receipt" else column for column in columns]
            database.execute(
                f"{_COUNTED} INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608 -- names of our own tables
                f"SELECT {', '.join(values)} FROM {table}, number WHERE receipt = '0000-0000-000'",
                (many - 1,),
            )
