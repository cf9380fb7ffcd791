"""Owns the portals that a release is made of: retouched where words alone changed since the last release, else built
whole. Refuses to judge them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from portal_builder.again import Asked, Said, Stamps, recall, remember
from portal_builder.build import build
from portal_builder.centre import Centre
from portal_builder.making import Built, Order
from portal_builder.release import Release, read_release
from portal_builder.retouch.retouch import retouch
from portal_builder.retouch.texts import leave


def rebuilt(centre: Centre, out: Path, at: datetime, tell: Callable[[Built], None], seen: Stamps | None) -> Release:
    """All portals as they are at an instant. `seen`: the stamps of what was read, from before that.

    Raises ContentError and PressError as a build does.
    """
    known = Asked(centre.root, ("publish", str(out)), (sys.prefix, sys.version))
    anew, release = retouch(known, recall(known), seen, at), read_release(out)
    if anew is not None and release:
        for portal in centre.portals():
            tell(Built(portal, release.portals[str(portal)].pages, is_new=str(portal) in anew))
        return release
    release = build(centre, Order(), out, at, tell)
    said = Said(dict.fromkeys(release.portals, ("", "")), "")
    record = remember(known, seen, out, (release.at, release.next_change), said)
    if record and seen:
        leave(known, record, seen, centre.library.articles, centre.changed)
    return release
