"""Owns what is held, what was let go, what came before: used tokens, texts that many send. Refuses to judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bridge.store.tables import deliveries, inquiries, used_tokens


def are_used(connection: sa.Connection, tokens: Iterable[str]) -> frozenset[str]:
    query = sa.select(used_tokens.c.token).where(used_tokens.c.token.in_(list(tokens)))
    return frozenset(connection.scalars(query))


def use(connection: sa.Connection, tokens: Mapping[str, datetime], now: datetime) -> None:
    """IntegrityError where one was used meanwhile. What nobody can use any more is forgotten."""
    if tokens:
        connection.execute(sa.delete(used_tokens).where(used_tokens.c.expires_at < now))
        rows = [{"token": token, "expires_at": until} for token, until in tokens.items()]
        connection.execute(sa.insert(used_tokens), rows)


def senders_of(connection: sa.Connection, content_hash: str, since: datetime) -> frozenset[str]:
    """From which addresses the same text has come."""
    columns = inquiries.c
    query = sa.select(columns.email).distinct()
    found = connection.scalars(query.where(columns.content_hash == content_hash, columns.received_at > since).limit(20))
    return frozenset(address.lower() for address in found)


def held(connection: sa.Connection, receipt: str) -> tuple[str, ...]:
    """Why an inquiry waits; none where it does not, or was let go."""
    columns = inquiries.c
    reasons = connection.scalar(
        sa.select(columns.held).where(columns.receipt == receipt, columns.released_at.is_(None))
    )
    return tuple(reasons or ())


def confirm(connection: sa.Connection, receipt: str, reason: str, now: datetime) -> bool:
    """Strike out one reason. True where it was the last one, so that the inquiry is on its way now."""
    reasons = held(connection, receipt)
    left = [one for one in reasons if one != reason]
    if len(left) == len(reasons):
        return False
    here = inquiries.c.receipt == receipt
    connection.execute(sa.update(inquiries).where(here).values(held=left or None))
    return not left and _set_off(connection, receipt, now) > 0


def release(connection: sa.Connection, receipt: str, now: datetime) -> int:
    """A person lets it go on, whatever the reasons were. Returns how many deliveries are due now."""
    waiting = sa.and_(inquiries.c.receipt == receipt, inquiries.c.held.is_not(None), inquiries.c.released_at.is_(None))
    connection.execute(sa.update(inquiries).where(waiting).values(released_at=now))
    return _set_off(connection, receipt, now)


def verify(connection: sa.Connection, receipt: str, now: datetime) -> bool:
    """The customer has shown that the address is theirs. False where they had before."""
    fresh = sa.and_(inquiries.c.receipt == receipt, inquiries.c.verified_at.is_(None))
    return connection.execute(sa.update(inquiries).where(fresh).values(verified_at=now)).rowcount == 1


def _set_off(connection: sa.Connection, receipt: str, now: datetime) -> int:
    waiting = sa.and_(deliveries.c.receipt == receipt, deliveries.c.state == "held")
    due: dict[str, Any] = {"state": "queued", "queued_at": now, "next_at": now}
    return connection.execute(sa.update(deliveries).where(waiting).values(due)).rowcount
