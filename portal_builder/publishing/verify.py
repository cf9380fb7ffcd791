"""Owns the last look at built portals before anybody gets them: whole, and no link to nothing. Refuses to judge more.

Only what would leave a reader without a page stops a release; the rest is `haedap audit`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from portal_builder.audit.read import read_portal
from portal_builder.problem import Problem

_NEEDED = ("index.html", "404.html", "sitemap.xml", "search/head.json")


def faults_of(out: Path, portals: Iterable[str]) -> tuple[Problem, ...]:
    """What is wrong with these built portals (`brand/lang`)."""
    return tuple(problem for name in portals for problem in (*_missing(out, name), *_dead_links(out, name)))


def _missing(out: Path, name: str) -> Iterator[Problem]:
    for path in _NEEDED:
        file = out / name / path
        if not file.is_file() or not file.stat().st_size:
            yield Problem.at(f"{name}/{path}", 1, "publish.missing")


def _dead_links(out: Path, name: str) -> Iterator[Problem]:
    portal = read_portal(out / name, name)
    for page in portal.pages.values():
        for href in sorted({link.href for link in page.links if link.target and link.target not in portal.files}):
            yield Problem.at(page.file, 1, "audit.dead_link", href=href)
