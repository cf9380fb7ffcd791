"""Owns whose turn it is where a rule hands inquiries out one by one. Refuses to know to whom."""

from __future__ import annotations

import sqlalchemy as sa

from bridge.store.tables import turns


def take(connection: sa.Connection, brand: str, rule: str) -> int:
    """The turn that is due, counted from 0; the next caller gets the next one."""
    own = sa.and_(turns.c.brand == brand, turns.c.rule == rule)
    moved = connection.execute(sa.update(turns).where(own).values(position=turns.c.position + 1))
    if moved.rowcount == 0:
        connection.execute(sa.insert(turns), {"brand": brand, "rule": rule, "position": 1})
        return 0
    return (connection.scalar(sa.select(turns.c.position).where(own)) or 1) - 1


def due(connection: sa.Connection, brand: str, rule: str) -> int:
    """The turn that is due, without taking it."""
    own = sa.and_(turns.c.brand == brand, turns.c.rule == rule)
    return connection.scalar(sa.select(turns.c.position).where(own)) or 0
