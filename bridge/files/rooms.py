"""Owns where bytes of files lie: a folder, or whatever else keeps them under a name. Refuses to know whose they are.

A room is asked to keep bytes under a name nobody can guess, and to give them back. The folder is the one for a single
machine; `bridge/store/blobs.py` is the one that several machines see alike.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

from bridge.datafolder import sync_folder

CHUNK = 256 * 1024
"""Bytes that are in memory at once."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Room(Protocol):
    def put(self, name: str, stream: Readable) -> None:
        """Keep everything the stream gives, or nothing. `settle` is called after the last one of several."""

    def settle(self) -> None:
        """Return when what was put would survive a power cut."""

    def open(self, name: str) -> IO[bytes]:
        """FileNotFoundError where there is nothing of this name."""

    def discard(self, names: Iterable[str]) -> None: ...

    def before(self, moment: datetime) -> list[str]:
        """What was put before a moment."""

    def size(self) -> int:
        """Bytes altogether."""


@dataclass(frozen=True)
class Folder:
    """A room on this machine's disk. One that is not durable skips fsync: what it holds is missed by nobody."""

    path: Path
    durable: bool = True

    def put(self, name: str, stream: Readable) -> None:
        part = self.path / f"{name}.part"
        try:
            with part.open("xb") as target:
                while chunk := stream.read(CHUNK):
                    target.write(chunk)
                if self.durable:
                    target.flush()
                    os.fsync(target.fileno())
            part.rename(self.path / name)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    def settle(self) -> None:
        if self.durable:
            sync_folder(self.path)

    def open(self, name: str) -> IO[bytes]:
        return (self.path / name).open("rb")

    def discard(self, names: Iterable[str]) -> None:
        for name in names:
            (self.path / name).unlink(missing_ok=True)

    def before(self, moment: datetime) -> list[str]:
        return [name for name, stat in self._files() if stat.st_mtime < moment.timestamp()]

    def size(self) -> int:
        return sum(stat.st_size for _, stat in self._files())

    def _files(self) -> Iterator[tuple[str, os.stat_result]]:
        for file in self.path.iterdir():
            with suppress(FileNotFoundError):  # swept meanwhile
                yield file.name, file.stat()
