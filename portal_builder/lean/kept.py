"""Owns what a finished portal leaves for the next pressing: which file was made of what. Refuses to be needed.

A file whose makings are the same, and which nobody has touched since, is linked into the new portal instead of being
made again. The record may be deleted at any time; one that does not fit is no record.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Kept:
    """The files of the portal as it was, in `folder`, and those of the one that is being made."""

    record: Path | None = None
    folder: Path | None = None
    before: dict[str, tuple[str, list[int], Any]] = field(default_factory=dict)
    """By path: of what it was made, its stamp, and what else is to be known of it."""
    now: dict[str, tuple[str, Any]] = field(default_factory=dict)

    def reuse(self, path: str, makings: str, site: str) -> Any:
        """Put the file into the new portal, if it is there and was made of the same; what is known of it, else None."""
        entry = self.before.get(path)
        if entry is None or self.folder is None or entry[0] != makings:
            return None
        source, target = f"{self.folder}/{path}", f"{site}/{path}"
        if stamp(source) != entry[1]:
            return None
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120 -- thousands of them
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)
        self.now[path] = makings, entry[2]
        return entry[2]

    def note(self, path: str, makings: str, known: Any) -> None:
        """A file that was made anew."""
        self.now[path] = makings, known

    def leave(self, site: Path) -> None:
        """Record the new portal, which lies in this folder now."""
        if self.record is None:
            return
        entries = {path: (makings, stamp(f"{site}/{path}"), known) for path, (makings, known) in self.now.items()}
        self.record.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.record.with_name(f"{self.record.name}.{os.getpid()}")
        fresh.write_text(json.dumps(entries, ensure_ascii=False, separators=(",", ":")), "utf-8")
        fresh.replace(self.record)


def recall(record: Path, folder: Path) -> Kept:
    """What is known of the portal in this folder."""
    try:
        entries = json.loads(record.read_text("utf-8"))
        before = {path: (makings, mark, known) for path, (makings, mark, known) in entries.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        before = {}
    return Kept(record, folder, before)


def stamp(file: str) -> Sequence[int]:
    """What changes when a file is written to or replaced; not its links, which do not change it."""
    try:
        found = os.stat(file)  # noqa: PTH116 -- thousands of them, and a Path costs more than the call
    except OSError:
        return []
    return [found.st_mtime_ns, found.st_size, found.st_ino]
