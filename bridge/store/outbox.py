"""Owns the outbox: which delivery is due, who has it in hand, how it ended. Refuses to know what is delivered.

The same statements on both engines: PostgreSQL skips rows that another courier has just taken (`SKIP LOCKED`), SQLite
has one writer, which leaves the words away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bridge.inquiry import REPLY, Lease, State
from bridge.store.alarms import add, detail_of_dead
from bridge.store.tables import deliveries, inquiries, purge_log

_INSERT = sa.insert(deliveries)


def queue(connection: sa.Connection, receipt: str, sinks: Iterable[str], at: datetime, *, held: bool) -> None:
    """One delivery a sink, due at once, or held until a person releases it."""
    state: State = "held" if held else "queued"
    own = {"receipt": receipt, "state": state, "attempts": 0, "error": "", "lease": None}
    times = {"queued_at": at, "next_at": None if held else at, "settled_at": None}
    if rows := [own | times | {"sink": sink} for sink in sinks]:
        connection.execute(_INSERT, rows)


def lease(
    connection: sa.Connection, now: datetime, until: datetime, token: str, shut: Collection[tuple[str, str]]
) -> Lease | None:
    """Take the delivery that has waited longest; an expired lease is due like a retry.

    Those to sinks that are `shut` (brand and name) stay as they are.
    """
    columns = deliveries.c
    due = sa.select(deliveries).where(columns.next_at <= now).order_by(columns.next_at, columns.id).limit(1)
    if shut:
        due = due.where(~sa.or_(*(_goes_to(brand, sink) for brand, sink in shut)))
    row = connection.execute(due.with_for_update(skip_locked=True)).mappings().first()
    if row is None:
        return None
    attempt = row["attempts"] + 1
    taken = {"state": "sending", "next_at": until, "lease": token, "attempts": attempt}
    connection.execute(sa.update(deliveries).where(columns.id == row["id"]).values(taken))
    return Lease(row["id"], token, row["receipt"], row["sink"], attempt, row["queued_at"])


def _goes_to(brand: str, sink: str) -> sa.ColumnElement[bool]:
    """To a sink, or to one recipient of it."""
    named = sa.or_(deliveries.c.sink == sink, deliveries.c.sink.startswith(f"{sink}:", autoescape=True))
    own = sa.exists().where(inquiries.c.receipt == deliveries.c.receipt, inquiries.c.brand == brand)
    return sa.and_(named, own)


def attempt(connection: sa.Connection, receipt: str, sink: str) -> int:
    """At which attempt a delivery is, the present one included."""
    columns = deliveries.c
    query = sa.select(columns.attempts).where(columns.receipt == receipt, columns.sink == sink)
    return connection.scalar(query) or 1


def record(
    connection: sa.Connection, lease: Lease, state: State, at: datetime, next_at: datetime | None, error: str
) -> bool:
    """How an attempt ended. False where the lease had expired and another courier holds the delivery."""
    values: dict[str, Any] = {"state": state, "next_at": next_at, "error": error, "lease": None}
    values["settled_at"] = None if next_at else at
    held = sa.and_(deliveries.c.id == lease.delivery, deliveries.c.lease == lease.token)
    recorded = connection.execute(sa.update(deliveries).where(held).values(values)).rowcount == 1
    if recorded and state == "dead" and lease.sink != REPLY:  # in one transaction: nothing is given up unseen
        add(connection, "dead", lease.receipt, detail_of_dead(lease.sink, error), at)
    return recorded


def release(connection: sa.Connection, now: datetime) -> int:
    query = sa.update(deliveries).where(deliveries.c.state == "sending")
    return connection.execute(query.values(next_at=now, lease=None, state="retry")).rowcount


def retry(connection: sa.Connection, receipt: str | None, now: datetime) -> int:
    columns = deliveries.c
    # After an outage customers have no use for automatic replies that are hours late; the team wants every inquiry.
    chosen = columns.sink != REPLY if receipt is None else columns.receipt == receipt
    waiting = sa.and_(chosen, columns.state.in_(("dead", "retry", "queued")))
    # Due since it was queued: `now` is the time of another process than the courier's, whose clock may be behind.
    values = {"state": "queued", "attempts": 0, "queued_at": now, "next_at": columns.queued_at, "settled_at": None}
    return connection.execute(sa.update(deliveries).where(waiting).values(values)).rowcount


@dataclass(frozen=True)
class Depth:
    """How much there is, for whoever watches."""

    by_state: Mapping[str, int]
    oldest_due: datetime | None
    inquiries: int
    purged_at: datetime | None


def depth(connection: sa.Connection) -> Depth:
    columns = deliveries.c
    states = connection.execute(sa.select(columns.state, sa.func.count()).group_by(columns.state))
    oldest = sa.select(sa.func.min(columns.next_at)).where(columns.state.in_(("queued", "retry")))
    return Depth(
        {state: number for state, number in states},  # noqa: C416 -- rows are no pairs to a type checker
        connection.scalar(oldest),
        connection.scalar(sa.select(sa.func.count()).select_from(inquiries)) or 0,
        connection.scalar(sa.select(sa.func.max(purge_log.c.at))),
    )


def count(connection: sa.Connection, state: State) -> int:
    query = sa.select(sa.func.count()).select_from(deliveries).where(deliveries.c.state == state)
    return connection.scalar(query) or 0
