"""Owns the budgets of automatic replies, whom none may reach, and the breaker. Refuses to know how a reply looks.

A reply is decided in the transaction that records its inquiry: so no number of processes, restarts or attempts sends
one more than the budgets allow, and the receipt page knows whether one comes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bridge.inquiry import REPLY
from bridge.replying import (
    ADDRESS_PAUSE,
    BREAKER_STAYS_OPEN,
    DAY,
    HOUR,
    PER_ADDRESS_AND_DAY,
    PER_DOMAIN_AND_HOUR,
    WEEK,
    ReplyPlan,
    allowed_in_an_hour,
)
from bridge.store.tables import alarms, breakers, deliveries, replies_sent, suppressed

_sent = replies_sent.c
_ONE_AT_A_TIME = 4_127_316
"""PostgreSQL's name for the lock that deciders take; SQLite has one writer anyway."""


def queue(connection: sa.Connection, receipt: str, plan: ReplyPlan, now: datetime) -> None:
    """A delivery to the sink `reply`: due now, or skipped with the reason."""
    why = plan.skip or _refusal(connection, plan, now)
    times: dict[str, Any] = {"queued_at": now, "next_at": None if why else now, "settled_at": now if why else None}
    own = {"receipt": receipt, "sink": REPLY, "state": "skipped" if why else "queued", "attempts": 0, "error": why}
    connection.execute(sa.insert(deliveries), own | times)
    if not why:
        row = {"address_hash": plan.address_hash, "domain": plan.domain, "brand": plan.brand, "at": now}
        connection.execute(sa.insert(replies_sent), row)


def is_suppressed(connection: sa.Connection, address_hash: str) -> bool:
    return bool(_count(connection, suppressed, suppressed.c.address_hash == address_hash))


def suppress(connection: sa.Connection, address_hash: str, reason: str, now: datetime) -> None:
    if not is_suppressed(connection, address_hash):
        connection.execute(sa.insert(suppressed), {"address_hash": address_hash, "reason": reason, "at": now})


def open_breakers(connection: sa.Connection, now: datetime) -> dict[str, str]:
    """Why, by brand. A breaker closes by itself; where the flood goes on, it opens again."""
    query = sa.select(breakers.c.brand, breakers.c.why).where(breakers.c.opened_at > now - BREAKER_STAYS_OPEN)
    return {brand: why for brand, why in connection.execute(query)}  # noqa: C416 -- rows are no pairs to the checker


def _refusal(connection: sa.Connection, plan: ReplyPlan, now: datetime) -> str:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    if is_suppressed(connection, plan.address_hash):
        return "suppressed"
    same = _sent.address_hash == plan.address_hash
    if _since(connection, now - ADDRESS_PAUSE, same) or _since(connection, now - DAY, same) >= PER_ADDRESS_AND_DAY:
        return "address_budget"
    if not plan.is_freemail and _since(connection, now - HOUR, _sent.domain == plan.domain) >= PER_DOMAIN_AND_HOUR:
        return "domain_budget"
    return _brand_refusal(connection, plan.brand, now)


def _brand_refusal(connection: sa.Connection, brand: str, now: datetime) -> str:
    ours = _sent.brand == brand
    is_open = brand in open_breakers(connection, now)
    allowed = allowed_in_an_hour(_since(connection, now - WEEK, ours), breaker_open=is_open)
    if _since(connection, now - HOUR, ours) < allowed:
        return ""
    if not is_open:
        _open_breaker(connection, brand, f"{allowed} replies within an hour", now)
    return "brand_budget"


def _open_breaker(connection: sa.Connection, brand: str, why: str, now: datetime) -> None:
    connection.execute(sa.delete(breakers).where(breakers.c.brand == brand))
    connection.execute(sa.insert(breakers), {"brand": brand, "opened_at": now, "why": why})
    alarm = {"kind": "breaker", "subject": brand, "detail": why, "at": now, "attempts": 0}
    connection.execute(sa.insert(alarms), alarm)


def _since(connection: sa.Connection, moment: datetime, which: sa.ColumnElement[bool]) -> int:
    return _count(connection, replies_sent, _sent.at > moment, which)


def _count(connection: sa.Connection, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(table).where(*where)) or 0
