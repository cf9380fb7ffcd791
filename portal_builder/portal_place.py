"""Owns where one portal lies, and where a build leaves what the next one can use of it. Refuses to read any."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from portal_builder.places import MAKINGS, PAGES, PLANS, SEARCH, SITE, WORK
from portal_builder.search.memory import place


@dataclass(frozen=True)
class PortalPlace:
    """Of one portal."""

    root: Path
    name: str
    """`brand/lang`."""
    target: Path
    """Where it lies when it is finished. What is left of portals that lie elsewhere is kept apart."""

    @property
    def stage(self) -> Path:
        """Where it is made."""
        return self.root / WORK / self.name

    @property
    def site(self) -> Path:
        """What becomes of it there."""
        return self.stage / SITE

    @property
    def makings(self) -> Path:
        return self._left(MAKINGS)

    @property
    def pages(self) -> Path:
        return self._left(PAGES)

    @property
    def plan(self) -> Path:
        return self._left(PLANS)

    @property
    def search(self) -> Path:
        return self._left(SEARCH)

    def _left(self, kind: str) -> Path:
        return self.root / kind / place(self.target)
