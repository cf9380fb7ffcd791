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

from portal_builder.lean.kept import Stamp, stamp
from portal_builder.publishing.looked import Files, FileSet, files_below


@dataclass(frozen=True)
class Laid:
    """Files as they were left in a folder."""

    folder: Path
    digests: FileSet
    stamps: Files

    def stamp(self, path: str, digest: str) -> Stamp:
        """That of a file of these bytes; nothing where there is none."""
        return self.stamps.get(path, ()) if self.digests.get(path) == digest else ()

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
        there = files_below(folder)
        for path in there.keys() - self.digests.keys():
            _take_away(folder / path)
        laid, folders = dict[str, Stamp](), set[str]()
        for path, digest in self.digests.items():
            mark = before.stamp(path, digest)
            if not mark or there.get(path) != mark:
                _make_room(folder, path, folders, is_taken=path in there)
                mark = _linked(f"{before.folder}/{path}", mark, f"{folder}/{path}") or self._copied(path, folder / path)
            laid[path] = mark
        return laid

    def _copied(self, path: str, target: Path) -> Stamp:
        """A copy, never a link: the next build may write into its own file again."""
        with target.open("xb") as opened:
            if path in self.made:
                opened.write(self.made[path])
            else:
                with (self.folder / path).open("rb") as source:
                    shutil.copyfileobj(source, opened, 1 << 20)
            opened.flush()
            os.fsync(opened.fileno())
        return stamp(f"{target}")


def _linked(old: str, mark: Stamp, new: str) -> Stamp:
    """The stamp of a file that is at another place as well now; nothing where it cannot be, or somebody wrote to it."""
    if not mark or stamp(old) != mark:
        return ()
    try:
        os.link(old, new)
    except OSError:  # another file system, or one without links
        return ()
    return mark


def _make_room(top: Path, path: str, made: set[str], *, is_taken: bool) -> None:
    """A folder for a file below this one, and nothing in its place."""
    folder = path.rpartition("/")[0]
    if is_taken:
        (top / path).unlink()
    elif folder not in made:
        (top / folder).mkdir(parents=True, exist_ok=True)
        made.add(folder)


def _take_away(file: Path) -> None:
    """A file, and folders that hold nothing else."""
    file.unlink()
    with suppress(OSError):  # something else lies there
        os.removedirs(file.parent)


def _below(files: Mapping[str, Any], folder: str) -> dict[str, Any]:
    start = f"{folder}/"
    return {path.removeprefix(start): value for path, value in files.items() if path.startswith(start)}
