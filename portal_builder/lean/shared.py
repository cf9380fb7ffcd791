"""Owns what conversions are kept between builds: one file each, named by what it was made of. Refuses to be needed.

A name says everything that a conversion depends on, so an entry is never out of date: branches, CI runs and builds at
the same time may share the folder, and it may be deleted at any time. Entries are written whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

from portal_builder.lean.config import Dialect
from portal_builder.lean.convert import Conversion


class Shared:
    """The conversions below a folder; without one, nothing is kept."""

    def __init__(self, folder: Path | None, version: str) -> None:
        self._folder, self._version = folder, version

    def get(self, dialect: Dialect, source: str, text: str, convert: Callable[[], Conversion]) -> Conversion:
        """The conversion of a text at its place: the kept one, or a new one, which is kept."""
        if self._folder is None:
            return convert()
        name = hashlib.sha256(f"{self._version}\0{dialect.digest}\0{source}\0{text}".encode()).hexdigest()
        file = f"{self._folder}/{name[:2]}/{name}"
        return _read(file) or _kept(convert(), file)


def _read(file: str) -> Conversion | None:
    try:
        with open(file, encoding="utf-8") as kept:  # noqa: PTH123 -- thousands of them
            html, toc, anchors, links = json.load(kept)
        return Conversion(html, toc, anchors, [(target, anchor) for target, anchor in links])
    except (OSError, ValueError, TypeError):
        return None


def _kept(conversion: Conversion, file: str) -> Conversion:
    fresh = f"{file}.{os.getpid()}"
    value = [conversion.html, conversion.toc, conversion.anchors, conversion.links]
    os.makedirs(os.path.dirname(file), exist_ok=True)  # noqa: PTH103, PTH120 -- thousands of them
    with open(fresh, "w", encoding="utf-8") as target:  # noqa: PTH123 -- thousands of them
        json.dump(value, target, ensure_ascii=False, separators=(",", ":"))
    os.replace(fresh, file)  # noqa: PTH105 -- thousands of them
    return conversion
