"""Owns the recipe of a release: build, verify, put on the shelf, make current. Refuses to know how any step is done.

prepare(...)   everything that takes time; nothing that a reader could notice
reveal(...)    one rename; readers get the new release from then on
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from portal_builder.again import Stamps
from portal_builder.places import DIGESTS, LOOKED_AT, RIGHT
from portal_builder.problem import ContentError
from portal_builder.publishing.hostfiles import host_files, ways_of
from portal_builder.publishing.late import LateCentre
from portal_builder.publishing.looked import built_files, digests_of
from portal_builder.publishing.rebuilt import Tell, rebuilt
from portal_builder.publishing.shelf import Published, Shelf
from portal_builder.publishing.tree import Tree
from portal_builder.publishing.verify import faults_of
from portal_builder.release import Release
from portal_builder.search.memory import recall, remember

OUT = "build/publish"
_FORMAT = "1"
"""Where portals are built for publishing, below the root: a folder of its own, since `haedap build --at` shows the
future in `build/site`."""
MARKER = ".well-known/haedap.json"
"""Which release a host shows, at the top and beside each brand's door."""


@dataclass(frozen=True)
class Prepared:
    """A release that is finished, and that nobody can see."""

    making: Path
    record: Published


def prepare(
    centre: LateCentre,
    shelf: Shelf,
    at: datetime,
    tell: Tell = lambda _, __: None,
    seen: Stamps | None = None,
) -> Prepared | None:
    """Build the portals as they are at `at`, and put them on the shelf; None where readers have all of it already.

    `seen`: the stamps of what the centre was read from, from before that; with them, words alone cost little.
    The shelf is held by the caller. Raises ContentError, PressError and OSError; readers notice nothing of these.
    """
    began = time.monotonic()
    out = centre.root / OUT
    current = shelf.current()
    release = rebuilt(centre, out, at, tell, seen)
    right = recall(centre.root / RIGHT, _FORMAT) or {} if current else {}
    changed = [name for name, one in release.portals.items() if right.get(name) != one.digest]
    found = built_files(out, sorted({name.partition("/")[0] for name in release.portals}))
    if faults := faults_of(out, changed, found, centre.root / LOOKED_AT):
        (out / ".haedap/release.json").unlink()  # so that the next run looks at all of it again
        raise ContentError(faults)
    remember(centre.root / RIGHT, _FORMAT, {name: one.digest for name, one in release.portals.items()})
    tree = Tree(out, digests_of(out, found, centre.root / DIGESTS)).with_files(_withdrawn(release))
    planned = due(current, at)
    if current and tree.digest == current.digest and not planned and not shelf.is_pinned:
        shelf.note_next(current, release.next_change)
        return None
    record = _record(shelf, release, tree, at, planned)
    whole = tree.with_files(markers(centre, record) | _nginx(centre, record, tree))
    making = shelf.make(whole, record)
    return Prepared(making, replace(record, took=round(time.monotonic() - began, 3)))


def reveal(shelf: Shelf, prepared: Prepared, now: datetime, keep: int) -> Published:
    """Make a prepared release current, and remove those that are too old."""
    record = replace(prepared.record, published=now)
    shelf.reveal(prepared.making, record)
    shelf.unpin()
    shelf.thin_out(keep)
    return record


def due(current: Published | None, at: datetime) -> datetime | None:
    """The planned instant that a release of `at` fulfils, where one was due."""
    if current is None or current.next_change is None or current.next_change > at:
        return None
    return current.next_change


def _record(shelf: Shelf, release: Release, tree: Tree, at: datetime, planned: datetime | None) -> Published:
    return Published(
        number=shelf.next_number(),
        at=at,
        published=at,
        planned=None if shelf.is_pinned else planned,  # somebody went back: what was due meanwhile was late on purpose
        next_change=release.next_change,
        digest=tree.digest,
        pages=sum(portal.pages for portal in release.portals.values()),
        gone=tuple(f"{name}/{path}" for name, one in release.portals.items() for path in one.gone),
        redirects={
            f"{name}/{old}": new if "://" in new or new.startswith("/") else f"{name}/{new}"
            for name, one in release.portals.items()
            for old, new in one.redirects.items()
        },
    )


def markers(centre: LateCentre, record: Published) -> dict[str, bytes]:
    """What tells from outside how old the texts are. It does not tell when the next ones come: that is nobody's yet."""
    text = json.dumps({"release": record.number, "at": record.at.isoformat()}) + "\n"
    return {f"{folder}{MARKER}": text.encode() for folder in ("", *(f"{brand}/" for brand in centre.brands))}


def _nginx(centre: LateCentre, record: Published, tree: Tree) -> dict[str, bytes]:
    """What moved and what is gone, beside each brand's door, for the server block of the brand to include."""
    return {
        f"{folder}/{path}": content
        for folder, brand in centre.brands.items()
        for path, content in host_files("nginx", ways_of(record, folder, brand.file.url), tree).items()
    }


def _withdrawn(release: Release) -> dict[str, bytes]:
    """What `haedap-bridge serve --site` reads in a folder of portals: the addresses that it answers with 410."""
    gone = {name: {"gone": list(one.gone)} for name, one in release.portals.items()}
    return {".haedap/release.json": json.dumps({"portals": gone}, indent=1).encode()}
