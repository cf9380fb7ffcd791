"""Owns what one indexing leaves for the next, as a file that may be deleted at any time. Refuses to be needed.

A file is of one version of the search, replaced as a whole, and as large as some times the texts of its portal. What it
holds never changes what is made: without it that is made of the whole.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import get_ident
from typing import Any

_FORMAT = 3
_SUM = 4
"""Bytes that say whether the others are whole."""
_SETTLED = 50_000_000
"""Nanoseconds: a file that changed so shortly before it was remembered may have changed again without a trace."""

Stamp = tuple[int, int, int, int]


def place(folder: Path) -> str:
    """A name for what was indexed into a folder: portals do not share their memory."""
    return hashlib.blake2b(str(folder.resolve()).encode(), digest_size=6).hexdigest()


def recall(file: Path | None, key: str) -> Any:
    """What was remembered under this key, or None."""
    try:
        data = file.read_bytes() if file else b""
        if zlib.crc32(data[_SUM:]).to_bytes(_SUM, "big") != data[:_SUM]:
            return None
        value = marshal.loads(memoryview(data)[_SUM:])  # noqa: S302 -- our own cache, and whole
        return value[2] if isinstance(value, tuple) and value[:2] == (_FORMAT, key) else None
    except (OSError, ValueError, EOFError, TypeError, MemoryError):
        return None


def remember(file: Path | None, key: str, value: Any) -> None:
    """Leave plain values for the next indexing; of two builds at once the last one's stay, whole."""
    if file is None:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{os.getpid()}-{get_ident()}")
    data = marshal.dumps((_FORMAT, key, value))
    with fresh.open("wb") as target:
        target.writelines((zlib.crc32(data).to_bytes(_SUM, "big"), data))
    fresh.replace(file)


def stamp(file: str) -> Stamp:
    """What changes when a file is written to or replaced, without reading it."""
    found = os.stat(file)  # noqa: PTH116 -- thousands of them, and a Path costs more than the call
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def trusted(file: Path | None, stamps: Mapping[str, tuple[Stamp, Any]]) -> Iterable[tuple[str, tuple[Stamp, Any]]]:
    """Those stamps that were settled when this memory was written: a later change has another stamp."""
    try:
        limit = file.stat().st_mtime_ns - _SETTLED if file else 0
    except OSError:
        return ()
    return ((name, entry) for name, entry in stamps.items() if entry[0][1] < limit)
