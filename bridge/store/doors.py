"""Owns which doors refused us, as rows of `disabled_sinks`; a door is no sink of one brand, so `brand` is empty.

Refuses to know what a door leads to.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import sqlalchemy as sa

from bridge.store.tables import disabled_sinks
from bridge.ways.doors import Door

_ANY = ""


def doors(connection: sa.Connection) -> Mapping[str, Door]:
    rows = connection.execute(sa.select(disabled_sinks).where(disabled_sinks.c.brand == _ANY)).mappings()
    return {row["sink"]: Door(at=row["at"], **json.loads(row["why"])) for row in rows}


def note(connection: sa.Connection, name: str, door: Door) -> None:
    forget(connection, name)
    why = json.dumps({"refusals": door.refusals, "why": door.why}, ensure_ascii=False)
    connection.execute(sa.insert(disabled_sinks), {"brand": _ANY, "sink": name, "at": door.at, "why": why})


def forget(connection: sa.Connection, name: str | None) -> int:
    """One, or all of them."""
    query = sa.delete(disabled_sinks).where(disabled_sinks.c.brand == _ANY)
    return connection.execute(query if name is None else query.where(disabled_sinks.c.sink == name)).rowcount
