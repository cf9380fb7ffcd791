"""Owns the files that readers are to get, and writing them again as hard links where nothing changed.

Refuses to change what it reads. Only the folders of brands are taken: what else lies beside them is somebody else's.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

FileSet: TypeAlias = Mapping[str, str]
"""SHA-256 in hex by path."""

_NONE: FileSet = {}


@dataclass(frozen=True)
class Tree:
    """Files of a built folder, and small ones made for the release."""

    sources: Mapping[str, Path | bytes]
    digests: FileSet

    @property
    def digest(self) -> str:
        """Of every path and byte."""
        lines = (f"{path}\0{digest}\n" for path, digest in sorted(self.digests.items()))
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def with_files(self, files: Mapping[str, bytes]) -> Tree:
        """The same with these laid over it."""
        more = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
        return Tree({**self.sources, **files}, {**self.digests, **more})

    def without(self, folder: str) -> Tree:
        """All but what lies below folders of this name."""
        kept = [path for path in self.digests if folder not in path.split("/")]
        return Tree({path: self.sources[path] for path in kept}, {path: self.digests[path] for path in kept})

    def below(self, folder: str) -> Tree:
        """Only what lies below a folder, seen from there; all of it for an empty name."""
        if not folder:
            return self
        start = f"{folder}/"
        inner = {path: path.removeprefix(start) for path in self.digests if path.startswith(start)}
        return Tree(
            {short: self.sources[path] for path, short in inner.items()},
            {short: self.digests[path] for path, short in inner.items()},
        )

    def write(self, folder: Path, before: Path | None = None, known: FileSet = _NONE) -> int:
        """Write every file below an empty folder, as a link to `before` where that holds the same; how many are new."""
        made: set[Path] = set()
        new = 0
        for path, digest in sorted(self.digests.items()):
            target = folder / path
            if target.parent not in made:
                target.parent.mkdir(parents=True, exist_ok=True)
                made.add(target.parent)
            if before is None or known.get(path) != digest or not _link(before / path, target):
                _copy(self.sources[path], target)
                new += 1
        return new


def read_tree(out: Path, brands: Iterable[str]) -> Tree:
    """Everything below the folders of these brands, and the files above them."""
    sources: dict[str, Path | bytes] = {}
    for file in sorted(out.iterdir()):
        if file.is_file() and not file.name.startswith("."):
            sources[file.name] = file
    for brand in brands:
        sources |= {file.relative_to(out).as_posix(): file for file in _visible(out / brand)}
    return Tree(sources, {path: _digest(file) for path, file in sources.items() if isinstance(file, Path)})


def read_release(site: Path, digests: FileSet) -> Tree:
    """A release that was made before, as it was recorded."""
    return Tree({path: site / path for path in digests}, digests)


def _visible(folder: Path) -> Iterator[Path]:
    """Files below a brand's folder; what begins with a dot there is a portal on its way in or out."""
    for entry in sorted(folder.iterdir()) if folder.is_dir() else ():
        if entry.is_file() and not entry.name.startswith("."):
            yield entry
        elif entry.is_dir() and not entry.name.startswith("."):
            yield from (file for file in sorted(entry.rglob("*")) if file.is_file())


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _link(old: Path, new: Path) -> bool:
    try:
        os.link(old, new)
    except OSError:  # gone, another file system, or one without links
        return False
    return True


def _copy(source: Path | bytes, target: Path) -> None:
    """A copy, never a link: the next build may write into its own file again."""
    with target.open("wb") as opened:
        if isinstance(source, bytes):
            opened.write(source)
        else:
            with source.open("rb") as from_file:
                shutil.copyfileobj(from_file, opened, 1 << 20)
        opened.flush()
        os.fsync(opened.fileno())
