"""Owns the last look at built portals before anybody gets them: whole, and no link to nothing. Refuses to judge more.

Only what would leave a reader without a page stops a release; the rest is `haedap audit`'s. Where a page's links lead
is remembered by its time and size, so that pages that were looked at are not read again.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from portal_builder.audit.read import read_ways
from portal_builder.problem import Problem
from portal_builder.search.memory import recall, remember

_NEEDED = ("index.html", "404.html", "sitemap.xml", "search/head.json")
_FORMAT = "1"

_Seen = tuple[tuple[int, int], tuple[tuple[str, str], ...]]
"""A page's time and size, and its links with the files that they lead to."""


def faults_of(out: Path, portals: Iterable[str], memory: Path | None = None) -> tuple[Problem, ...]:
    """What is wrong with these built portals (`brand/lang`). `memory` is a folder that may be deleted at any time."""
    return tuple(
        problem
        for name in portals
        for problem in (*_missing(out, name), *_dead_links(out, name, memory / name if memory else None))
    )


def _missing(out: Path, name: str) -> Iterator[Problem]:
    for path in _NEEDED:
        file = out / name / path
        if not file.is_file() or not file.stat().st_size:
            yield Problem.at(f"{name}/{path}", 1, "publish.missing")


def _dead_links(out: Path, name: str, memory: Path | None) -> Iterator[Problem]:
    files, known = dict(_stamps(f"{out / name}")), recall(memory, _FORMAT) or {}
    seen: dict[str, _Seen] = {}
    for path, stamp in files.items():
        if path.endswith("index.html") or path == "404.html":
            is_known = path in known and known[path][0] == stamp
            seen[path] = known[path] if is_known else (stamp, read_ways(out / name, path))
            for href, target in seen[path][1]:
                if target not in files:
                    yield Problem.at(f"{name}/{path}", 1, "audit.dead_link", href=href)
    remember(memory, _FORMAT, seen)


def _stamps(folder: str, below: str = "") -> Iterator[tuple[str, tuple[int, int]]]:
    """Every file's path, with when it was written and its size."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            if entry.is_dir():
                yield from _stamps(entry.path, f"{below}{entry.name}/")
            else:
                found = entry.stat()
                yield f"{below}{entry.name}", (found.st_mtime_ns, found.st_size)
