"""Owns how often articles helped, as counts a day. Refuses to keep who said so: there is no column for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bridge.feedback import Total
from bridge.store.tables import feedback

_KEY = ("brand", "language", "article", "day", "answer")


def count(connection: sa.Connection, said: Mapping[str, Any]) -> None:
    """One more; two processes that count the same at once count two."""
    insert_ = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    first = insert_(feedback).values(**said, count=1)
    connection.execute(first.on_conflict_do_update(index_elements=_KEY, set_={"count": feedback.c.count + 1}))


def totals(connection: sa.Connection, brand: str | None, since: date | None, until: date | None) -> tuple[Total, ...]:
    """By brand, language, article and answer; both days included."""
    columns = feedback.c
    named = (columns.brand, columns.language, columns.article, columns.answer)
    query = sa.select(*named, sa.func.sum(columns.count)).group_by(*named).order_by(*named)
    if brand:
        query = query.where(columns.brand == brand)
    if since:
        query = query.where(columns.day >= since)
    if until:
        query = query.where(columns.day <= until)
    return tuple(Total(*row[:4], count=int(row[4])) for row in connection.execute(query))
