"""Owns the build: the recipe that turns a help centre into an output folder. Refuses to know how any step is done."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path

from jinja2 import TemplateError

from portal_builder.again import Stamps, is_as_seen
from portal_builder.build_portal import Built, Order, Task, built_portal
from portal_builder.centre import Centre, chosen_portals
from portal_builder.check import check
from portal_builder.doors import brands_door, language_door
from portal_builder.instant import instant
from portal_builder.machines.brandwide import ABOVE, files_above
from portal_builder.makings import common_makings
from portal_builder.places import WORK, alone
from portal_builder.portal_place import PortalPlace
from portal_builder.press import PressError
from portal_builder.problem import ContentError
from portal_builder.release import Pressed, Release, forgetting, read_release, write_release
from portal_builder.workers import done


def build(
    centre: Centre,
    order: Order,
    out: Path,
    now: datetime,
    tell: Callable[[Built], None] = lambda _: None,
    seen: Stamps | None = None,
) -> Release:
    """Build what is asked for, and nothing that is there already.

    `seen`: the stamps of what the centre was read from, from before that; without them the next build plans everything.
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
        task = Task(centre, order, out, now, before, common_makings(centre.root, centre.brands))
        for built, record in done(lambda portal: built_portal(task, portal), portals):
            pressed[str(built.portal)] = record
            tell(built)
        if not is_as_seen(centre.root, seen):  # what was planned may be of older files than its makings are
            for portal in portals:
                PortalPlace(centre.root, str(portal), out / str(portal)).makings.unlink(missing_ok=True)
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
