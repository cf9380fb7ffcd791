"""Owns the bytes of attachments: durable before anyone is told so, under random names. Refuses customers' names."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from bridge.datafolder import sync_folder
from bridge.outside import Outside

LEFTOVER_AFTER = timedelta(hours=24)
_CHUNK = 256 * 1024


@dataclass(frozen=True)
class Stored:
    """Bytes that would survive a power cut."""

    id: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Vault:
    folder: Path
    outside: Outside

    def put(self, stream: IO[bytes]) -> Stored:
        """Copy a stream to disk: written, fsynced, renamed. Call `settle` after the last one."""
        name = self.outside.secret_bytes(16).hex()
        part = self.folder / f"{name}.part"
        digest, size = hashlib.sha256(), 0
        try:
            with part.open("xb") as target:
                while chunk := stream.read(_CHUNK):
                    target.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
                target.flush()
                os.fsync(target.fileno())
            part.rename(self.folder / name)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return Stored(name, size, digest.hexdigest())

    def settle(self) -> None:
        """Make the new names durable."""
        sync_folder(self.folder)

    def read(self, name: str) -> bytes:
        return (self.folder / name).read_bytes()

    def discard(self, names: Iterable[str]) -> None:
        for name in names:
            (self.folder / name).unlink(missing_ok=True)

    def sweep(self, known: Callable[[list[str]], set[str]]) -> int:
        """Remove what a crash left between writing files and recording their inquiry. Returns how many."""
        old = [file.name for file in files_before(self.folder, self.outside.now() - LEFTOVER_AFTER)]
        orphans = set(old) - known(old)
        self.discard(orphans)
        return len(orphans)


def files_before(folder: Path, moment: datetime) -> list[Path]:
    """The files last written before a moment; one that goes away meanwhile is none."""
    found = []
    for file in folder.iterdir():
        try:
            if file.stat().st_mtime < moment.timestamp():
                found.append(file)
        except FileNotFoundError:
            continue
    return found
