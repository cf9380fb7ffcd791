"""Owns a file of named parts, of which few are read and few are replaced. Refuses to know what they hold, and to give
out damaged ones.

What is replaced is put behind the others, and a new table of contents behind that; once half of the file is of no use,
it is written anew. A file that was cut, or that two wrote to at once, is no file or lacks parts: sums tell.
"""

from __future__ import annotations

import marshal
import os
import struct
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import get_ident

_END = struct.Struct(">QQI8s")
"""Closes a file: where its table of contents is, how long it is, its sum, and that it is one of these."""
_MAGIC = b"haedap-1"
_SPARE = 2
"""So many times what is of use a file may be."""


class DamagedError(ValueError):
    """A part is not there, or not whole."""


class Parts:
    """A file that was opened: what it held then, whatever happens to it."""

    def __init__(self, file: Path) -> None:
        """Raises DamagedError where the file is none of these."""
        self._file = file
        try:
            self._source = os.open(file, os.O_RDONLY)
        except OSError as error:
            raise DamagedError(file) from error
        try:
            self._size = os.fstat(self._source).st_size
            at, size, total, magic = _END.unpack(self._read(max(0, self._size - _END.size), _END.size))
            table = self._read(at, size)
            if magic != _MAGIC or zlib.crc32(table) != total:
                raise DamagedError(file)
            self._places: dict[str, tuple[int, int, int]] = marshal.loads(table)  # noqa: S302 -- our own cache, and whole
        except (OSError, OverflowError, struct.error) as error:
            raise DamagedError(file) from error

    def __del__(self) -> None:
        if hasattr(self, "_source"):
            os.close(self._source)

    def _read(self, at: int, size: int) -> bytes:
        if at + size > self._size:
            raise DamagedError(self._file)
        return os.pread(self._source, size, at)

    def get(self, name: str) -> bytes:
        """Raises DamagedError where there is no such part, or not all of it."""
        at, size, total = self._places.get(name, (0, 0, 1))
        data = self._read(at, size)
        if zlib.crc32(data) != total:
            raise DamagedError(name)
        return data

    def replace(self, parts: Mapping[str, bytes], gone: Iterable[str] = ()) -> None:
        """Put some parts in the place of others; some go."""
        places = dict(self._places)
        for name in gone:
            places.pop(name, None)
        at = self._size
        for name, data in parts.items():
            places[name] = at, len(data), zlib.crc32(data)
            at += len(data)
        if at > _SPARE * sum(size for _, size, _ in places.values()):
            write_parts(self._file, {name: parts[name] if name in parts else self.get(name) for name in places})
            return
        with self._file.open("r+b") as target:
            target.seek(self._size)
            target.writelines((*parts.values(), *_closing(places, at)))


def write_parts(file: Path, parts: Mapping[str, bytes]) -> None:
    """A new file of parts in the place of the old one, whole at any time."""
    places, at = {}, 0
    for name, data in parts.items():
        places[name] = at, len(data), zlib.crc32(data)
        at += len(data)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.{os.getpid()}-{get_ident()}")
    with fresh.open("wb") as target:
        target.writelines((*parts.values(), *_closing(places, at)))
    fresh.replace(file)


def _closing(places: Mapping[str, tuple[int, int, int]], at: int) -> tuple[bytes, bytes]:
    table = marshal.dumps(dict(places))
    return table, _END.pack(at, len(table), zlib.crc32(table), _MAGIC)
