"""Owns looking at files without reading them: which lie below a folder, with their stamps. Only one whose digest is not
known by its stamp is read. Refuses to change any.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from portal_builder.lean.kept import Stamp, stamp
from portal_builder.search.memory import recall, remember

Files: TypeAlias = Mapping[str, Stamp]
"""When each file was written, and its size, by path."""
FileSet: TypeAlias = Mapping[str, str]
"""SHA-256 in hex by path."""
_FORMAT = "1"


def files_below(folder: Path) -> Files:
    """Every file of a folder, in its folders too; nothing where there is none."""
    return _add(f"{folder}", "", {}) if folder.is_dir() else {}


def built_files(out: Path, brands: Iterable[str]) -> Mapping[str, Files]:
    """What readers are to get: the files of each portal, by `brand/lang`, and of each folder above the portals.

    What begins with a dot there is a portal on its way in or out; what lies beside the brands is somebody else's.
    """
    found: dict[str, Files] = {"": _beside(out)}
    for brand in brands:
        found[brand] = _beside(out / brand)
        found |= {f"{brand}/{entry.name}": files_below(entry) for entry in _seen(out / brand) if entry.is_dir()}
    return found


def digests_of(out: Path, found: Mapping[str, Files], memory: Path | None = None) -> FileSet:
    """Of all these files, by path below `out`. `memory` is a file that may be deleted at any time."""
    known: Mapping[str, Mapping[str, tuple[Stamp, str]]] = recall(memory, _FORMAT) or {}
    seen = {folder: _digests(out / folder, files, known.get(folder, {})) for folder, files in found.items()}
    if seen != known:
        remember(memory, _FORMAT, seen)
    return {
        f"{folder}/{path}" if folder else path: digest
        for folder, files in seen.items()
        for path, (_, digest) in files.items()
    }


def _digests(folder: Path, files: Files, known: Mapping[str, tuple[Stamp, str]]) -> dict[str, tuple[Stamp, str]]:
    nothing: tuple[Stamp, str] = ((), "")
    return {
        path: before if (before := known.get(path, nothing))[0] == mark else (mark, _digest(folder / path))
        for path, mark in files.items()
    }


def _beside(folder: Path) -> Files:
    return {entry.name: stamp(f"{entry}") for entry in _seen(folder) if entry.is_file()}


def _seen(folder: Path) -> Iterator[Path]:
    return (entry for entry in sorted(folder.glob("*")) if not entry.name.startswith("."))


def _add(folder: str, start: str, found: dict[str, Stamp]) -> dict[str, Stamp]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                _add(entry.path, f"{start}{entry.name}/", found)
            else:
                one = entry.stat(follow_symlinks=False)
                found[start + entry.name] = one.st_mtime_ns, one.st_size
    return found


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
