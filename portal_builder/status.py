"""Owns the comparison of what is built with what would be built now. Refuses to build or to write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from portal_builder.centre import Centre
from portal_builder.engines import engines_version
from portal_builder.plan import plan
from portal_builder.release import portal_digest, read_release
from portal_builder.search.version import search_version
from portal_builder.stage import project_of


@dataclass(frozen=True)
class PortalState:
    portal: str
    state: str
    """`current`, `changed` (since it was built) or `missing`."""
    pages: int
    built_at: datetime | None


@dataclass(frozen=True)
class Review:
    """A text whose review date has passed."""

    path: str
    owner: str
    review_by: date


def portal_states(centre: Centre, out: Path, now: datetime) -> tuple[PortalState, ...]:
    """Each portal, and whether building it now would change it."""
    release = read_release(out)
    states: list[PortalState] = []
    for portal in centre.portals():
        record = release.portals.get(str(portal)) if release else None
        if release is None or record is None or not (out / str(portal) / "index.html").is_file():
            states.append(PortalState(str(portal), "missing", 0, None))
            continue
        edition = plan(centre, portal, now, release.base)
        digest = portal_digest(project_of(centre, edition).digest, engines_version(), search_version())
        state = "current" if digest == record.digest else "changed"
        states.append(PortalState(str(portal), state, record.pages, record.built_at))
    return tuple(states)


def reviews_due(centre: Centre, now: datetime) -> tuple[Review, ...]:
    zones: Mapping[str, date] = {brand.folder: now.astimezone(brand.zone).date() for brand in centre.brands.values()}
    today = max(zones.values(), default=now.date())
    return tuple(
        Review(article.path, article.meta.owner or "-", article.meta.review_by)
        for article in centre.library.articles
        if article.meta.review_by and article.meta.review_by < today
    )
