"""Owns the build: the recipe that turns a help centre into an output folder. Refuses to know how any step is done."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import TemplateError

from portal_builder.centre import Centre, Portal, chosen_portals
from portal_builder.check import check
from portal_builder.doors import brands_door, language_door
from portal_builder.edition import Edition
from portal_builder.engines import LEAN, engines_version, marks, press_with
from portal_builder.instant import instant
from portal_builder.lean.kept import Kept, recall
from portal_builder.machines.brandwide import ABOVE, files_above
from portal_builder.pages.context import Context
from portal_builder.places import AMENDING, CONVERSIONS, PAGES, PLANS, SEARCH, SITE, WORK, alone
from portal_builder.plan import edition
from portal_builder.press import PressError
from portal_builder.problem import ContentError
from portal_builder.project import Project
from portal_builder.release import (
    Pressed,
    Release,
    forgetting,
    portal_digest,
    read_release,
    swap_in,
    write_release,
)
from portal_builder.retouch.noted import note
from portal_builder.search.memory import place
from portal_builder.search.pages import documents_of
from portal_builder.search.version import search_version
from portal_builder.search.write import made_index
from portal_builder.stage import project_of
from portal_builder.workers import done


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


def build(
    centre: Centre, order: Order, out: Path, now: datetime, tell: Callable[[Built], None] = lambda _: None
) -> Release:
    """Build what is asked for, and nothing that is there already.

    Raises ContentError with every problem before anything is written, PressError where the engine stops.
    """
    problems = check(centre)
    if problems:
        raise ContentError(problems)
    portals = chosen_portals(centre, order.portals)
    out.mkdir(parents=True, exist_ok=True)
    with alone(centre.root):
        before = read_release(out)
        pressed = dict(before.portals) if before else {}
        doors = _doors(centre, order.base)
        if before:  # a build that is interrupted must not leave a portal that is recorded as another one
            write_release(out, forgetting(before, map(str, portals)))
        for built, record in done(lambda portal: _build_portal(centre, order, portal, out, now, before), portals):
            pressed[str(built.portal)] = record
            tell(built)
        _remove_gone(centre, out, pressed)
        _write_doors(doors, out, pressed)
        for path, text in files_above(centre, order.base, sorted(pressed)).items():
            (out / path).write_text(text, "utf-8")
        release = Release(
            at=_at(centre, order, now),
            next_change=centre.next_change(_at(centre, order, now)),
            base=order.base,
            portals={name: pressed[name] for name in sorted(pressed)},
        )
        write_release(out, release)
    return release


def _build_portal(
    centre: Centre, order: Order, portal: Portal, out: Path, now: datetime, before: Release | None
) -> tuple[Built, Pressed]:
    at = instant(order.at, centre.brands[portal.brand].zone) if order.at else now
    context = Context(centre, centre.brands[portal.brand], portal.language, at, order.base)
    planned = edition(context)
    project = project_of(centre, planned)
    versions = engines_version(), search_version()
    digest = portal_digest(project.digest, *versions)
    target = out / str(portal)
    if target.is_dir() and any(target.iterdir()) and not (target / "sitemap.xml").is_file():
        raise FileExistsError(errno.EEXIST, "this folder holds something that is no portal", str(target))
    last = before.portals.get(str(portal)) if before else None
    if last and last.digest == digest and (target / "index.html").is_file():
        return Built(portal, last.pages, is_new=False), last
    stage, conversions = centre.root / WORK / str(portal), centre.root / CONVERSIONS
    kept = recall(centre.root / PAGES / place(target), target, stage / SITE)
    left: list[str] = []
    site = press_with(order.engine, project, stage, conversions, kept, left.append)
    finish(centre, planned, project, site, target, kept)
    kept.clean(site)
    swap_in(site, target, is_old_kept=True)
    kept.leave(target, site)
    (centre.root / SEARCH / place(target) / AMENDING).unlink(missing_ok=True)
    if kept.amends:  # else the reference engine made it, and makes it whole every time
        note(centre.root / PLANS / place(target), context, planned, project, versions, digest)
    record = Pressed(digest, len(planned.pages), now, planned.gone, planned.redirects)
    return Built(portal, record.pages, is_new=True, left="".join(left)), record


def finish(
    centre: Centre, edition: Edition, project: Project, site: Path, target: Path, kept: Kept | None = None
) -> Path:
    """Add to the engine's HTML what lies beside it, and what is made of it: the search. It will lie in `target`."""
    portal, kept = edition.portal, kept or Kept()
    for path, text in edition.files.items():
        kept.put(path, text.encode(), f"{site}")
    synonyms, cache = centre.synonyms.get(portal, ()), centre.root / SEARCH / place(target)
    documents = documents_of(edition, site, cache, marks(project))
    for name, data in made_index(documents, portal.language, site / "search", synonyms, cache).items():
        kept.put(f"search/{name}", data, f"{site}")
    return site


def _at(centre: Centre, order: Order, now: datetime) -> datetime:
    """One instant for the record: the earliest that any brand was built at."""
    moments = [instant(order.at, brand.zone) for brand in centre.brands.values()] if order.at else [now]
    return min(moments, default=now)


def _remove_gone(centre: Centre, out: Path, pressed: dict[str, Pressed]) -> None:
    """Take out portals that this folder was built with once and that are no more."""
    gone = pressed.keys() - {str(portal) for portal in centre.portals()}
    for name in gone:
        shutil.rmtree(out / name, ignore_errors=True)
        shutil.rmtree(centre.root / WORK / name, ignore_errors=True)
        del pressed[name]
    for brand in _brands(gone) - _brands(pressed):
        for name in ("index.html", *ABOVE):
            (out / brand / name).unlink(missing_ok=True)
        if (out / brand).is_dir() and not any((out / brand).iterdir()):
            (out / brand).rmdir()


def _doors(centre: Centre, base: str | None) -> dict[str, str]:
    """The pages above the portals by brand, and above all brands under the empty name."""
    try:
        doors = {folder: language_door(centre, brand, base) for folder, brand in centre.brands.items()}
        return doors | {"": brands_door(centre)}
    except TemplateError as error:
        raise PressError(centre.root / "themes", (f"door.html, brands.html: {error}",)) from error


def _write_doors(doors: Mapping[str, str], out: Path, pressed: Iterable[str]) -> None:
    brands = _brands(pressed)
    for folder in brands | ({""} if brands == doors.keys() - {""} else set()):
        (out / folder / "index.html").write_text(doors[folder], "utf-8")


def _brands(names: Iterable[str]) -> set[str]:
    return {name.partition("/")[0] for name in names}
