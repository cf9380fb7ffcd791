"""Owns what a finished portal leaves for the next pressing: which file was made of what. Refuses to be needed.

A file whose makings are the same, and which nobody has touched since, is linked into the new portal instead of being
made again. The new portal may be made of the last but one, which has most of those links already. As both share files,
none is ever written into: what is another one is put in its place. The record may be deleted at any time; one that does
not fit is no record.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from portal_builder.search.memory import recall as memory
from portal_builder.search.memory import remember

_FORMAT = "1"
Stamp: TypeAlias = "tuple[int, ...]"
"""When a file was written, and its size; nothing where there is none. A cache that is restored leaves both."""


@dataclass
class Kept:
    """The files of the portal as it was, in `folder`, and those of the one that is being made."""

    record: Path | None = None
    folder: Path | None = None
    before: dict[str, tuple[str, Stamp, Any]] = field(default_factory=dict)
    """By path: of what it was made, its stamp, and what else is to be known of it."""
    now: dict[str, tuple[str, Stamp | None, Any]] = field(default_factory=dict)
    """The same of the new portal, without a stamp where a file is another one."""
    amends: bool = False
    """Whether the new portal is made of one that lies in its folder already; else that folder is empty."""
    differs: frozenset[str] | None = None
    """Where that one is known to differ from the portal as it was."""

    def reuse(self, path: str, makings: str, site: str) -> Any:
        """Put the file into the new portal, if it is there and was made of the same; what is known of it, else None."""
        entry = self.before.get(path)
        if entry is None or self.folder is None or entry[0] != makings:
            return None
        source, target = f"{self.folder}/{path}", f"{site}/{path}"
        if stamp(source) != entry[1]:
            return None
        is_linked = (self.amends and stamp(target) == entry[1]) or _linked(source, target)
        self.now[path] = makings, entry[1] if is_linked else None, entry[2]
        return entry[2]

    def carry(self, site: str) -> bool:
        """Put every file into the new portal; False where one is not as it was left."""
        if any(stamp(f"{self.folder}/{path}") != entry[1] for path, entry in self.before.items()):
            return False
        for path in self.before if self.differs is None else self.differs:
            if path in self.before:
                self.reuse(path, self.before[path][0], site)
            else:
                _take_away(f"{site}/{path}")
        self.now = dict(self.before) | self.now
        return bool(self.before)

    def put(self, path: str, data: bytes, site: str) -> None:
        """A file that is known by its bytes."""
        makings = hashlib.blake2b(data, digest_size=16).hexdigest()
        if self.reuse(path, makings, site) is None:
            write(f"{site}/{path}", data)
            self.note(path, makings, [])

    def note(self, path: str, makings: str, known: Any) -> None:
        """A file that was made anew."""
        self.now[path] = makings, None, known

    def clean(self, site: Path) -> None:
        """Take away what the portal had that the new one is made of, and what has no place in that."""
        if self.amends:
            _clean(f"{site}", {f"{site}/{path}" for path in self.now})

    def leave(self, site: Path, made_in: Path | None = None) -> None:
        """Record the new portal, which lies in this folder now. The old one lies where it was made; where there was
        none, the new one is put there as well, for the next portal to be made of."""
        if self.record is None:
            return
        entries = {
            path: (makings, mark or stamp(f"{site}/{path}"), known) for path, (makings, mark, known) in self.now.items()
        }
        remember(self.record, _FORMAT, entries)
        if self.amends and made_in and made_in.exists() and self.before:
            changed = (
                path for path in self.before.keys() | entries.keys() if self.before.get(path) != entries.get(path)
            )
            remember(_differing(made_in), _of(self.record), [*changed])
        elif self.amends and made_in and not made_in.exists() and _doubled(site, made_in):
            remember(_differing(made_in), _of(self.record), [])


def recall(record: Path, folder: Path, made_in: Path | None = None) -> Kept:
    """What is known of the portal in this folder; where the next one is made of one that lies where it is made, also
    what differs there. That is told once: whoever makes a portal there may be interrupted, and leave anything."""
    before, differs = memory(record, _FORMAT), None
    if made_in:
        differs = memory(_differing(made_in), _of(record))
        _differing(made_in).unlink(missing_ok=True)
    known = before if isinstance(before, dict) else {}
    return Kept(record, folder, known, amends=bool(made_in), differs=None if differs is None else frozenset(differs))


def _differing(made_in: Path) -> Path:
    return made_in.with_name("differs")


def _of(record: Path) -> str:
    """Portals that are built for several folders are made in the same place."""
    return f"{_FORMAT} {record.name}"


def _linked(source: str, target: str) -> bool:
    """The same file at another place; False where it is a copy, on another disk."""
    make_room(target)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        return False
    return True


def write(file: str, data: bytes) -> None:
    """A new file, whatever is there."""
    try:
        _write_new(file, data)
    except OSError:
        make_room(file)
        _write_new(file, data)


def _write_new(file: str, data: bytes) -> None:
    with open(file, "xb") as target:  # noqa: PTH123 -- thousands of them
        target.write(data)


def make_room(file: str) -> None:
    """Take away what is there, or stands in the way: what was a file may be a folder now, and the other way round."""
    folder = os.path.dirname(file)  # noqa: PTH120 -- thousands of them
    try:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103 -- as above
    except (FileExistsError, NotADirectoryError):
        for above in (Path(folder), *Path(folder).parents):
            if above.is_symlink() or above.is_file():
                above.unlink()
                break
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103 -- as above
    try:
        os.unlink(file)  # noqa: PTH108 -- as above
    except FileNotFoundError:
        pass
    except OSError:
        shutil.rmtree(file)


def _doubled(folder: Path, other: Path) -> bool:
    """The same files at another place, where they can be the very same."""
    try:
        shutil.copytree(folder, other, copy_function=os.link)
    except (OSError, shutil.Error):  # another disk
        shutil.rmtree(other, ignore_errors=True)
        return False
    return True


def _take_away(file: str) -> None:
    """A file, and folders that hold nothing else."""
    make_room(file)
    with suppress(OSError):  # something else lies there
        os.removedirs(os.path.dirname(file))  # noqa: PTH120 -- as above


def _clean(folder: str, wanted: set[str]) -> bool:
    """Whether anything is left in a folder when all else has been taken away."""
    is_used = False
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                is_used |= _clean(entry.path, wanted)
            elif entry.path in wanted:
                is_used = True
            else:
                os.unlink(entry.path)  # noqa: PTH108 -- thousands of them
    if not is_used:
        os.rmdir(folder)  # noqa: PTH106 -- as above
    return is_used


def stamp(file: str) -> Stamp:
    """What changes when a file is written to or replaced; not its links, which do not change it."""
    try:
        found = os.lstat(file)  # thousands of them, and a Path costs more than the call
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size
