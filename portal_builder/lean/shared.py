"""Owns what conversions are kept between builds: one file each, named by what it was made of. Refuses to be needed.

A name says everything that a conversion depends on, so an entry is never out of date: branches, CI runs and builds at
the same time may share the folder, and it may be deleted at any time. Entries are written whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from portal_builder.lean.compiled import Compiled, installed
from portal_builder.lean.config import Dialect
from portal_builder.lean.convert import Conversion

TEMPLATES = "templates"
"""The folder beside the conversions that keeps templates as programs."""
AT_MOST = 256_000_000
"""Bytes of conversions that are kept: some tens of thousands of articles."""


class Shared:
    """The conversions below a folder, and beside them the templates as programs; without one, nothing is kept."""

    def __init__(self, folder: Path | None, version: str) -> None:
        self._folder, self._version, self._grown = folder, version, False
        self.compiled = _compiled(folder.with_name(TEMPLATES), version) if folder else None

    def get(self, dialect: Dialect, source: str, text: str, convert: Callable[[], Conversion]) -> Conversion:
        """The conversion of a text at its place: the kept one, or a new one, which is kept."""
        if self._folder is None:
            return convert()
        name = hashlib.sha256(f"{self._version}\0{dialect.digest}\0{source}\0{text}".encode()).hexdigest()
        file = f"{self._folder}/{name[:2]}/{name}"
        conversion = _read(file)
        if conversion is None:
            conversion = _kept(convert(), file)
            self._grown = True
        return conversion

    def trim(self, at_most: int = AT_MOST) -> None:
        """Where something was added, forget what was not used for longest, until this many bytes are left."""
        if not self._folder or not self._grown:
            return
        self._grown = False
        found = sorted(_entries(self._folder), reverse=True)
        total = 0
        for _, size, file in found:
            total += size
            if total > at_most:
                with suppress(OSError):  # another build forgets the same
                    os.unlink(file)  # noqa: PTH108 -- thousands of them


@lru_cache(maxsize=4)
def _compiled(folder: Path, version: str) -> Compiled:
    """The same for all portals, which share the templates they have loaded."""
    return Compiled(folder, version, installed())


def _entries(folder: Path) -> Iterator[tuple[int, int, str]]:
    """When each was used last, its size and its path."""
    for shelf in os.scandir(folder):
        for entry in os.scandir(shelf.path) if shelf.is_dir() else ():
            with suppress(OSError):
                found = entry.stat()
                yield found.st_mtime_ns, found.st_size, entry.path


def _read(file: str) -> Conversion | None:
    try:
        with open(file, encoding="utf-8") as kept:  # noqa: PTH123 -- thousands of them
            html, toc, anchors, links = json.load(kept)
        os.utime(file)
        return Conversion(html, toc, anchors, [(target, anchor) for target, anchor in links])
    except (OSError, ValueError, TypeError):
        return None


def _kept(conversion: Conversion, file: str) -> Conversion:
    fresh = f"{file}.{os.getpid()}"
    value = [conversion.html, conversion.toc, conversion.anchors, conversion.links]
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()  # at once: `dump` writes word by word
    try:
        _write(fresh, data)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(file), exist_ok=True)  # noqa: PTH103, PTH120 -- thousands of them
        _write(fresh, data)
    os.replace(fresh, file)  # noqa: PTH105 -- thousands of them
    return conversion


def _write(file: str, data: bytes) -> None:
    with open(file, "wb") as target:  # noqa: PTH123 -- thousands of them
        target.write(data)
