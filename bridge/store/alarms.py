"""Owns what a person has to be told, and what there is to tell of: deliveries given up, or failing for long.

Refuses wording, and to decide who is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from bridge.inquiry import REPLY, Alarm, Late
from bridge.store.tables import alarms, deliveries, inquiries

_STANDING = ("late", "shut")
"""Kinds that last as long as what they tell of."""
_MOST = 500


def add(connection: sa.Connection, kind: str, subject: str, detail: str, at: datetime) -> None:
    connection.execute(sa.insert(alarms), {"kind": kind, "subject": subject, "detail": detail, "at": at})


def one_at_a_time(connection: sa.Connection) -> None:
    """Two processes that look at the same moment would both find that nobody knows yet. SQLite has one writer."""
    connection.execute(sa.text("LOCK TABLE alarms IN SHARE ROW EXCLUSIVE MODE"))


def stand(connection: sa.Connection, kind: str, found: Sequence[tuple[str, str]], at: datetime) -> None:
    """Subjects and details of a lasting kind, as they are now: new ones are told, those that are over go."""
    rows = connection.execute(sa.select(alarms.c.id, alarms.c.subject).where(alarms.c.kind == kind)).all()
    known, now = {row.subject for row in rows}, {subject for subject, _ in found}
    for subject, detail in found:
        if subject not in known:
            add(connection, kind, subject, detail, at)
    over = [row.id for row in rows if row.subject not in now]
    if over:
        connection.execute(sa.delete(alarms).where(alarms.c.id.in_(over)))


def untold(connection: sa.Connection, brands: Collection[str]) -> tuple[Alarm, ...]:
    """Of these brands. What was not tried yet comes first: one who cannot be told holds up no other."""
    columns = (alarms.c.id, alarms.c.kind, alarms.c.subject, alarms.c.detail, alarms.c.at, alarms.c.attempts)
    brand = sa.select(inquiries.c.brand).where(inquiries.c.receipt == alarms.c.subject).scalar_subquery()
    theirs = sa.or_(
        brand.in_(brands),
        alarms.c.subject.in_(brands),
        *(alarms.c.subject.startswith(f"{name}/", autoescape=True) for name in brands),
    )
    query = sa.select(*columns, brand.label("brand")).where(alarms.c.told_at.is_(None), theirs)
    query = query.order_by(alarms.c.attempts, alarms.c.id)
    rows = connection.execute(query.limit(_MOST)).mappings()
    return tuple(Alarm(**{**row, "brand": row["brand"] or row["subject"].partition("/")[0]}) for row in rows)


def claim(connection: sa.Connection, alarm: Alarm) -> bool:
    """Whether it is ours to tell at this attempt: another process may be at it."""
    own = sa.and_(alarms.c.id == alarm.id, alarms.c.attempts == alarm.attempts, alarms.c.told_at.is_(None))
    return connection.execute(sa.update(alarms).where(own).values(attempts=alarm.attempts + 1)).rowcount == 1


def told(connection: sa.Connection, ids: Iterable[int], at: datetime) -> None:
    connection.execute(sa.update(alarms).where(alarms.c.id.in_(list(ids))).values(told_at=at))


def late(connection: sa.Connection, before: datetime) -> tuple[Late, ...]:
    """By brand and sink, what failed and is not delivered though it came before a moment."""
    columns = deliveries.c
    query = (
        sa.select(
            inquiries.c.brand,
            columns.sink,
            sa.func.count().label("count"),
            sa.func.min(columns.queued_at, type_=columns.queued_at.type).label("since"),
            sa.func.max(columns.error).label("error"),
        )
        .join(inquiries, inquiries.c.receipt == columns.receipt)
        .where(columns.next_at.is_not(None), columns.queued_at <= before, columns.error != "", columns.sink != REPLY)
        .group_by(inquiries.c.brand, columns.sink)
        .order_by(inquiries.c.brand, columns.sink)
    )
    return tuple(Late(**row) for row in connection.execute(query).mappings())


def needs_attention(connection: sa.Connection) -> bool:
    """Whether a person has to look: something was given up, or does not arrive."""
    dead = sa.exists().where(deliveries.c.state == "dead", deliveries.c.sink != REPLY)
    standing = sa.exists().where(alarms.c.kind.in_(_STANDING))
    return bool(connection.scalar(sa.select(sa.or_(dead, standing))))


def detail_of_dead(sink: str, error: str) -> str:
    return f"{sink}\n{error}"
