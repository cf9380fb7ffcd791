"""Owns attachments: durable before anyone is told so, under random names. Refuses customers' names."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bridge.files.rooms import Readable, Room
from bridge.outside import Outside

LEFTOVER_AFTER = timedelta(hours=24)


@dataclass(frozen=True)
class Stored:
    """Bytes that would survive a power cut."""

    id: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Vault:
    room: Room
    outside: Outside

    def put(self, stream: Readable) -> Stored:
        """Keep what a stream gives. Call `settle` after the last one."""
        name, measured = self.outside.secret_bytes(16).hex(), _Measured(stream)
        self.room.put(name, measured)
        return Stored(name, measured.size, measured.digest.hexdigest())

    def settle(self) -> None:
        """Make the new names durable."""
        self.room.settle()

    def read(self, name: str) -> bytes:
        with self.room.open(name) as stream:
            return stream.read()

    def discard(self, names: Iterable[str]) -> None:
        self.room.discard(names)

    def sweep(self, known: Callable[[list[str]], set[str]]) -> int:
        """Remove what a crash left between writing files and recording their inquiry. Returns how many."""
        old = self.room.before(self.outside.now() - LEFTOVER_AFTER)
        orphans = set(old) - known(old)
        self.discard(orphans)
        return len(orphans)


@dataclass
class _Measured:
    """A stream that is measured while somebody else reads it."""

    stream: Readable
    size: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def read(self, size: int, /) -> bytes:
        chunk = self.stream.read(size)
        self.digest.update(chunk)
        self.size += len(chunk)
        return chunk
