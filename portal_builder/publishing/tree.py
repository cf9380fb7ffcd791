"""Owns the files that readers are to get, and writing them into a folder: as hard links where nothing changed.

Refuses to change what it reads, and to write into any file: what is another one is put in its place.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal_builder.lean.kept import Stamp, make_room, stamp
from portal_builder.publishing.looked import Files, FileSet, files_below


@dataclass(frozen=True)
class Laid:
    """Files as they were left in a folder."""

    folder: Path
    digests: FileSet
    stamps: Files

    def same_as(self, digests: FileSet) -> Files:
        """The stamps of those that hold what is asked for."""
        asked = digests.keys() & self.digests.keys()
        same = {path for path in asked if self.digests[path] == digests[path]}
        return {path: mark for path, mark in self.stamps.items() if path in same}

    def below(self, folder: str) -> Laid:
        """Only what lies below a folder, seen from there; all of it for an empty name."""
        inner = self.folder / folder, _below(self.digests, folder), _below(self.stamps, folder)
        return Laid(*inner) if folder else self


NOTHING = Laid(Path(), {}, {})


@dataclass(frozen=True)
class Tree:
    """Files of a folder, and small ones made for the release."""

    folder: Path
    digests: FileSet
    """Of all of them."""
    made: Mapping[str, bytes] = field(default_factory=dict)
    """Those that lie in no folder yet."""

    @property
    def digest(self) -> str:
        """Of every path and byte."""
        lines = (f"{path}\0{digest}\n" for path, digest in sorted(self.digests.items()))
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def content(self, path: str) -> bytes:
        return self.made[path] if path in self.made else (self.folder / path).read_bytes()

    def with_files(self, files: Mapping[str, bytes]) -> Tree:
        """The same with these laid over it."""
        more = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
        return Tree(self.folder, {**self.digests, **more}, {**self.made, **files})

    def without(self, folder: str) -> Tree:
        """All but what lies below folders of this name."""
        kept = {path: digest for path, digest in self.digests.items() if folder not in path.split("/")}
        return Tree(self.folder, kept, {path: content for path, content in self.made.items() if path in kept})

    def below(self, folder: str) -> Tree:
        """Only what lies below a folder, seen from there; all of it for an empty name."""
        return Tree(self.folder / folder, _below(self.digests, folder), _below(self.made, folder)) if folder else self

    def write(self, folder: Path, before: Laid = NOTHING) -> Files:
        """Make a folder hold these files and no others; when each was written.

        What `before` has is the very same file there, as long as nobody wrote to that. Quickest is a folder that
        holds most of these already, as one of the releases before does.
        """
        there, same = files_below(folder), before.same_as(self.digests)
        for path in there.keys() - self.digests.keys():
            _take_away(folder / path)
        laid = {path: mark for path, mark in same.items() if there.get(path) == mark}
        folders, copied = set[str](), list[str]()
        for path in sorted(self.digests.keys() - laid.keys()):
            target = f"{folder}/{path}"
            _make_room(target, folders, is_taken=path in there)
            if path in same and _link(f"{before.folder}/{path}", same[path], target):
                laid[path] = same[path]
            else:
                laid[path] = self._copy(path, target)
                copied.append(target)
        for target in copied:  # at the end: a disk takes three times as long where each is waited for in turn
            _sync(target)
        return laid

    def _copy(self, path: str, target: str) -> Stamp:
        """A copy, never a link: the next build may write into its own file again."""
        if os.path.isdir(target):  # noqa: PTH112 -- thousands of them; an empty folder, which is no file's
            make_room(target)
        with open(target, "xb") as opened:  # noqa: PTH123 -- as above
            if path in self.made:
                opened.write(self.made[path])
            else:
                with (self.folder / path).open("rb") as source:
                    shutil.copyfileobj(source, opened, 1 << 20)
        return stamp(target)


def _sync(file: str) -> None:
    """Wait until a file is on the disk."""
    opened = os.open(file, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _link(old: str, mark: Stamp, new: str) -> bool:
    """Whether a file could be put at another place as well, being as it was left."""
    if stamp(old) != mark:
        return False
    try:
        os.link(old, new)
    except OSError:  # another file system, or one without links
        return False
    return True


def _make_room(file: str, made: set[str], *, is_taken: bool) -> None:
    """A folder for a file, and nothing in its place."""
    if is_taken:
        os.unlink(file)  # noqa: PTH108 -- thousands of them
    else:
        _make_folder(file.rpartition("/")[0], made)


def _make_folder(folder: str, made: set[str]) -> None:
    """Those above it too, where they are not known to be there."""
    if folder and folder not in made:
        _make_folder(folder.rpartition("/")[0], made)
        with suppress(FileExistsError):
            os.mkdir(folder)  # noqa: PTH102 -- thousands of them
        made.add(folder)


def _take_away(file: Path) -> None:
    """A file, and folders that hold nothing else."""
    file.unlink()
    with suppress(OSError):  # something else lies there
        os.removedirs(file.parent)


def _below(files: Mapping[str, Any], folder: str) -> dict[str, Any]:
    start = f"{folder}/"
    return {path.removeprefix(start): value for path, value in files.items() if path.startswith(start)}
