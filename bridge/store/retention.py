"""Owns deleting: which inquiries are over, taking them out with all that belongs to them, and the log that proves it.

Refuses to know forms and rules: it is told how long. What is left is a tombstone, and a row of the log whose proof
covers the one before, so that no row can be changed or left out unseen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from bridge.inquiry import SETTLED
from bridge.store.engines import Database
from bridge.store.tables import alarms, deliveries, files, inquiries, purge_log, tombstones

HELD_BACK = "held_back"
"""Of a verdict, of a count in the log, and of an alarm."""
BATCH = 200
"""Inquiries of one transaction: taking in waits no longer than that."""
_MOST = 500

Counts = Mapping[str, int | str]


@dataclass(frozen=True)
class Standing:
    """What decides whether an inquiry may go."""

    receipt: str
    brand: str
    form: str
    received_at: datetime
    retention_days: int | None
    closed_at: datetime | None
    settled_at: datetime | None
    """When the last of its deliveries ended; none where it has none."""
    waiting: int
    """Deliveries that have not reached their sink."""
    held: int
    """Those of them that a person has to release."""


@dataclass(frozen=True)
class LogRow:
    id: int
    at: datetime
    action: str
    counts: Counts
    proof: str


def standings(connection: Connection, before: datetime, after: tuple[datetime, str] | None) -> list[Standing]:
    """The oldest inquiries received before a moment, a batch; `after` is the last one of the batch before."""
    received, receipt = inquiries.c.received_at, inquiries.c.receipt
    query = _standing().where(received <= before).order_by(received, receipt).limit(BATCH)
    if after:
        query = query.where(sa.or_(received > after[0], sa.and_(received == after[0], receipt > after[1])))
    return [Standing(*row) for row in connection.execute(query)]


def standing_of(connection: Connection, receipts: Sequence[str]) -> list[Standing]:
    """Those of the receipt numbers that are there."""
    found: list[Standing] = []
    for start in range(0, len(receipts), _MOST):
        query = _standing().where(inquiries.c.receipt.in_(receipts[start : start + _MOST]))
        found += [Standing(*row) for row in connection.execute(query)]
    return found


def _standing() -> sa.Select[Any]:
    ways = _ways().subquery()
    columns = inquiries.c
    return sa.select(
        columns.receipt,
        columns.brand,
        columns.form,
        columns.received_at,
        columns.retention_days,
        columns.closed_at,
        ways.c.settled_at,
        sa.func.coalesce(ways.c.waiting, 0),
        sa.func.coalesce(ways.c.held, 0),
    ).join(ways, ways.c.receipt == columns.receipt, isouter=True)


def _ways() -> sa.Select[Any]:
    """By inquiry, how far its deliveries are. An automatic reply counts for nothing: the team has the inquiry."""
    columns = deliveries.c
    waiting, held = columns.state.not_in(SETTLED), columns.state == "held"
    return (
        sa.select(
            columns.receipt,
            sa.func.max(columns.settled_at).label("settled_at"),
            sa.func.sum(sa.case((waiting, 1), else_=0)).label("waiting"),
            sa.func.sum(sa.case((held, 1), else_=0)).label("held"),
        )
        .where(columns.sink != "reply")
        .group_by(columns.receipt)
    )


def remove(connection: Connection, gone: Sequence[tuple[Standing, str]], at: datetime) -> list[str]:
    """Delete inquiries, each for its reason, and put a tombstone for each. Returns the ids of their files."""
    receipts = [standing.receipt for standing, _ in gone]
    ids: list[str] = []
    for start in range(0, len(receipts), _MOST):
        chunk = receipts[start : start + _MOST]
        ids += connection.scalars(sa.select(files.c.id).where(files.c.receipt.in_(chunk)))
        connection.execute(sa.delete(inquiries).where(inquiries.c.receipt.in_(chunk)))
    if gone:
        rows = [
            {"receipt": one.receipt, "brand": one.brand, "form": one.form, "received_at": _day(one.received_at)}
            | {"purged_at": at, "why": why}
            for one, why in gone
        ]
        connection.execute(sa.insert(tombstones), rows)
    return ids


def remove_files(connection: Connection, done: Mapping[str, datetime], now: datetime) -> list[str]:
    """Delete the files of inquiries that are done with, where a file's own days are over. Returns their ids."""
    columns = files.c
    ids: list[str] = []
    receipts = list(done)
    for start in range(0, len(receipts), _MOST):
        chosen = sa.select(columns.id, columns.receipt, columns.retention_days).where(
            columns.receipt.in_(receipts[start : start + _MOST]), columns.retention_days.is_not(None)
        )
        rows = connection.execute(chosen).all()
        ids += [row.id for row in rows if done[row.receipt] + timedelta(days=row.retention_days) <= now]
    if ids:
        connection.execute(sa.delete(files).where(columns.id.in_(ids)))
    return ids


def append(connection: Connection, at: datetime, action: str, counts: Counts) -> LogRow:
    """Write a row of the log; its instant is later than that of every row before."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("LOCK TABLE purge_log IN EXCLUSIVE MODE"))
    last = _last(connection)
    number = last.id + 1 if last else 1
    row = LogRow(number, at, action, counts, _proof(last.proof if last else "", number, at, action, counts))
    connection.execute(
        sa.insert(purge_log).values(id=number, at=at, action=action, counts=dict(counts), proof=row.proof)
    )
    return row


def next_instant(connection: Connection, now: datetime) -> datetime:
    """Now, or the smallest step after the last row of the log, so that each row has its own tombstones."""
    last = _last(connection)
    return max(now, last.at + timedelta(microseconds=1)) if last else now


def log_rows(connection: Connection) -> Iterator[LogRow]:
    rows = connection.execute(sa.select(purge_log).order_by(purge_log.c.id))
    return (LogRow(row.id, row.at, row.action, row.counts, row.proof) for row in rows)


def verify(connection: Connection) -> tuple[int, str]:
    """How many rows of the log hold, and what is wrong with the next one: nothing, `changed`, `missing`,
    `tombstones`."""
    before, count = "", 0
    for row in log_rows(connection):
        if row.id != count + 1:
            return count, "missing"
        if row.proof != _proof(before, row.id, row.at, row.action, row.counts):
            return count, "changed"
        if row.counts.get("tombstones", _digest(())) != _digest(_buried(connection, row.at)):
            return count, "tombstones"
        before, count = row.proof, row.id
    return count, ""


def alarm_held_back(connection: Connection, by_brand: Mapping[str, int], at: datetime) -> None:
    """What is past its time and undelivered has to be told to a person: once a brand, and again when it grows."""
    columns = alarms.c
    rows = connection.execute(sa.select(columns.id, columns.subject, columns.detail).where(columns.kind == HELD_BACK))
    known = {row.subject: row for row in rows}
    for brand, count in by_brand.items():
        row = known.pop(f"{brand}/purge", None)
        if row and int(row.detail.partition(" ")[0]) >= count:
            continue
        if row:
            connection.execute(sa.delete(alarms).where(columns.id == row.id))
        detail = f"{count} past their time and never delivered: haedap-bridge inbox retry, or inbox close"
        values = {"kind": HELD_BACK, "subject": f"{brand}/purge", "detail": detail, "at": at, "attempts": 0}
        connection.execute(sa.insert(alarms).values(values))
    if over := [row.id for row in known.values()]:
        connection.execute(sa.delete(alarms).where(columns.id.in_(over)))


def last_row(database: Database, action: str) -> LogRow | None:
    with database.reading() as connection:
        return _last(connection, action)


def newest(database: Database) -> int:
    """The number of the last row of the log; 0 while there is none."""
    with database.reading() as connection:
        last = _last(connection)
    return last.id if last else 0


def counts_of(gone: Sequence[tuple[Standing, str]], file_count: int) -> dict[str, int | str]:
    """What the log says of a batch: how many, for which reasons, and a digest of their receipt numbers."""
    reasons = [why for _, why in gone]
    by_reason = {why: reasons.count(why) for why in sorted(set(reasons))}
    return {
        "inquiries": len(gone),
        "files": file_count,
        **by_reason,
        "tombstones": _digest(one.receipt for one, _ in gone),
    }


def _last(connection: Connection, action: str = "") -> LogRow | None:
    query = sa.select(purge_log).order_by(purge_log.c.id.desc()).limit(1)
    if action:
        query = query.where(purge_log.c.action == action)
    row = connection.execute(query).first()
    return LogRow(row.id, row.at, row.action, row.counts, row.proof) if row else None


def _buried(connection: Connection, at: datetime) -> Iterable[str]:
    return connection.scalars(sa.select(tombstones.c.receipt).where(tombstones.c.purged_at == at))


def _digest(receipts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(receipts)).encode("ascii")).hexdigest()


def _proof(before: str, number: int, at: datetime, action: str, counts: Counts) -> str:
    said = json.dumps([before, number, at.astimezone(UTC).isoformat(), action, counts], sort_keys=True)
    return hashlib.sha256(said.encode("ascii")).hexdigest()


def _day(moment: datetime) -> datetime:
    """A tombstone says the day, not the second."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
