"""Owns one portal of a build: planned, made, and put in its place. Refuses to do what need not be done.

What would be planned of the same as before is not planned, what was planned to be the same is not made.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from portal_builder.centre import Centre, Portal
from portal_builder.edition import Edition
from portal_builder.engines import LEAN, engines_version, marks, press_with
from portal_builder.instant import instant
from portal_builder.lean.kept import Kept, recall
from portal_builder.makings import Common, keep_makings, portal_makings, recalled_makings
from portal_builder.pages.context import Context
from portal_builder.places import AMENDING, CONVERSIONS
from portal_builder.plan import edition
from portal_builder.portal_place import PortalPlace
from portal_builder.project import Project
from portal_builder.release import Pressed, Release, portal_digest, swap_in
from portal_builder.retouch.noted import note
from portal_builder.search.pages import documents_of
from portal_builder.search.version import search_version
from portal_builder.search.write import made_index
from portal_builder.stage import project_of


@dataclass(frozen=True)
class Order:
    """What is to be built."""

    portals: tuple[str, ...] = ()
    """`brand/lang` or `brand`; all where none is named."""
    at: datetime | None = None
    """The instant to show; without offset wall-clock time in each brand's zone; now where none is given."""
    base: str | None = None
    """Begins every address instead of the brand's own url."""
    engine: str = LEAN
    """Which engine makes the HTML; both make the same."""


@dataclass(frozen=True)
class Built:
    """What became of one portal."""

    portal: Portal
    pages: int
    is_new: bool
    """False where the output was already what it would become."""
    left: str = ""
    """Why the portal was left to the slower engine, where it was."""


@dataclass(frozen=True)
class Task:
    """What all portals of one build have in common."""

    centre: Centre
    order: Order
    out: Path
    now: datetime
    before: Release | None
    common: Common

    def context(self, portal: Portal) -> Context:
        brand, at = self.centre.brands[portal.brand], self.order.at
        return Context(
            self.centre, brand, portal.language, instant(at, brand.zone) if at else self.now, self.order.base
        )


def built_portal(task: Task, portal: Portal) -> tuple[Built, Pressed]:
    """One portal in its place, and its record."""
    place = PortalPlace(task.centre.root, str(portal), task.out / str(portal))
    last, context = _last(task.before, place), task.context(portal)
    makings = portal_makings(context, task.common)
    if last and recalled_makings(place.makings, last.digest) == makings:
        return Built(portal, last.pages, is_new=False), last
    built, record = _planned(task, context, place, last)
    keep_makings(place.makings, record.digest, makings)
    return built, record


def _planned(task: Task, context: Context, place: PortalPlace, last: Pressed | None) -> tuple[Built, Pressed]:
    """The portal by its plan."""
    planned = edition(context)
    project = project_of(task.centre, planned)
    versions = engines_version(), search_version()
    digest = portal_digest(project.digest, *versions)
    if last and last.digest == digest:
        return Built(planned.portal, last.pages, is_new=False), last
    kept, left = recall(place.pages, place.target, place.site), list[str]()
    conversions = task.centre.root / CONVERSIONS
    site = press_with(task.order.engine, project, place.stage, conversions, kept, left.append)
    finish(task.centre, planned, project, site, place.target, kept)
    kept.clean(site)
    swap_in(site, place.target, is_old_kept=True)
    kept.leave(place.target, site)
    (place.search / AMENDING).unlink(missing_ok=True)
    if kept.amends:  # else the reference engine made it, and makes it whole every time
        note(place.plan, context, planned, project, versions, digest)
    record = Pressed(digest, len(planned.pages), task.now, planned.gone, planned.redirects)
    return Built(planned.portal, record.pages, is_new=True, left="".join(left)), record


def _last(before: Release | None, place: PortalPlace) -> Pressed | None:
    """The record of the portal that lies there, if one does. Raises FileExistsError where something else does."""
    target = place.target
    if target.is_dir() and any(target.iterdir()) and not (target / "sitemap.xml").is_file():
        raise FileExistsError(errno.EEXIST, "this folder holds something that is no portal", str(target))
    return before.portals.get(place.name) if before and (target / "index.html").is_file() else None


def finish(
    centre: Centre, edition: Edition, project: Project, site: Path, target: Path, kept: Kept | None = None
) -> Path:
    """Add to the engine's HTML what lies beside it, and what is made of it: the search. It will lie in `target`."""
    portal, kept = edition.portal, kept or Kept()
    for path, text in edition.files.items():
        kept.put(path, text.encode(), f"{site}")
    synonyms, cache = centre.synonyms.get(portal, ()), PortalPlace(centre.root, str(portal), target).search
    documents = documents_of(edition, site, cache, marks(project))
    for name, data in made_index(documents, portal.language, site / "search", synonyms, cache).items():
        kept.put(f"search/{name}", data, f"{site}")
    return site
