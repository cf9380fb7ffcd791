"""Owns bytes of files inside the database: a room that every machine sees alike, in the same backup as the inquiries.

Refuses whole files in memory while they are written: a file is many rows.
"""

from __future__ import annotations

import errno
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import IO

import sqlalchemy as sa

from bridge.files.rooms import CHUNK, Readable
from bridge.store.engines import Database
from bridge.store.tables import blob_parts, blobs


@dataclass(frozen=True)
class Blobs:
    """A room (see `bridge/files/rooms.py`). Each file is one transaction, so what was put is durable at once."""

    database: Database
    kind: str
    """Whose room it is: rooms of several kinds share the tables."""
    now: Callable[[], datetime]

    def put(self, name: str, stream: Readable) -> None:
        with self.database.transaction() as connection:
            connection.execute(sa.insert(blobs), {"id": name, "kind": self.kind, "at": self.now()})
            position = 0
            while chunk := stream.read(CHUNK):
                connection.execute(sa.insert(blob_parts), {"blob": name, "position": position, "bytes": chunk})
                position += 1

    def settle(self) -> None:
        """Nothing is left to do: `put` has committed."""

    def open(self, name: str) -> IO[bytes]:
        ours = sa.select(blobs.c.id).where(blobs.c.id == name, blobs.c.kind == self.kind)
        parts = sa.select(blob_parts.c.bytes).where(blob_parts.c.blob == name).order_by(blob_parts.c.position)
        with self.database.reading() as connection:
            if connection.scalar(ours) is None:
                raise FileNotFoundError(errno.ENOENT, "no such file in the database", name)
            return io.BytesIO(b"".join(connection.scalars(parts)))

    def discard(self, names: Iterable[str]) -> None:
        if named := list(names):
            with self.database.transaction() as connection:
                connection.execute(sa.delete(blobs).where(blobs.c.id.in_(named), blobs.c.kind == self.kind))

    def before(self, moment: datetime) -> list[str]:
        query = sa.select(blobs.c.id).where(blobs.c.kind == self.kind, blobs.c.at < moment)
        with self.database.reading() as connection:
            return list(connection.scalars(query))

    def size(self) -> int:
        lengths = sa.select(sa.func.sum(sa.func.length(blob_parts.c.bytes)))
        query = lengths.join_from(blob_parts, blobs).where(blobs.c.kind == self.kind)
        with self.database.reading() as connection:
            return connection.scalar(query) or 0
