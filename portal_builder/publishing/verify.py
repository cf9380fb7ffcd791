"""Owns the last look at built portals before anybody gets them: whole, and no link to nothing. Refuses to judge more.

Only what would leave a reader without a page stops a release; the rest is `haedap audit`'s. Pages that were found to be
right are remembered by time and size, and where the links of all of them lead, so that they are not read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from portal_builder.audit.read import read_ways
from portal_builder.problem import Problem
from portal_builder.publishing.looked import Files
from portal_builder.search.memory import recall, remember

_NEEDED = ("index.html", "404.html", "sitemap.xml", "search/head.json")
_FORMAT = "2"


def faults_of(
    out: Path, portals: Iterable[str], found: Mapping[str, Files], memory: Path | None = None
) -> tuple[Problem, ...]:
    """What is wrong with these built portals (`brand/lang`), of whose files these were found. `memory` is a folder that
    may be deleted at any time."""
    return tuple(
        problem
        for name in portals
        for problem in (
            *_missing(name, found.get(name, {})),
            *_dead_links(out / name, name, found.get(name, {}), memory / name if memory else None),
        )
    )


def _missing(name: str, files: Files) -> Iterator[Problem]:
    for path in _NEEDED:
        if path not in files or not files[path][-1]:
            yield Problem.at(f"{name}/{path}", 1, "publish.missing")


def _dead_links(folder: Path, name: str, files: Files, memory: Path | None) -> tuple[Problem, ...]:
    """Only pages that are other ones are read, as long as everything is there that the others lead to."""
    pages = {path: mark for path, mark in files.items() if path.endswith("index.html") or path == "404.html"}
    nothing: tuple[Files, frozenset[str]] = {}, frozenset()
    known, targets = recall(memory, _FORMAT) or nothing
    if not targets <= files.keys():
        known, targets = nothing
    ways = [(path, *way) for path, mark in pages.items() if known.get(path) != mark for way in read_ways(folder, path)]
    dead = [Problem.at(f"{name}/{path}", 1, "audit.dead_link", href=href) for path, href, to in ways if to not in files]
    if not dead and pages != known:
        remember(memory, _FORMAT, (pages, targets.union(to for _, _, to in ways)))
    return tuple(sorted(dead))
