"""Owns the portals that a release is made of: as they are where nothing changed since the last one, retouched where
words alone did, else built. Refuses to judge them, and to load what builds before that is known."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from portal_builder.again import Asked, Said, Stamps, answer, recall, remember
from portal_builder.publishing.late import LateCentre
from portal_builder.release import Release, read_release

Tell: TypeAlias = Callable[[str, int], None]
"""Of a portal that is another one now, by `brand/lang`, how many pages it has."""


def rebuilt(centre: LateCentre, out: Path, at: datetime, tell: Tell, seen: Stamps | None) -> Release:
    """All portals as they are at an instant. `seen`: the stamps of what was read, from before that.

    Raises ContentError and PressError as a build does.
    """
    known = Asked(centre.root, ("publish", str(out)), (sys.prefix, sys.version))
    anew = _retouched(known, seen, at)
    release = None if anew is None else read_release(out)
    if anew is None or release is None:
        return _built(centre, known, out, at, tell, seen)
    for name in anew:
        tell(name, release.portals[name].pages)
    return release


def _retouched(known: Asked, seen: Stamps | None, at: datetime) -> tuple[str, ...] | None:
    """The portals that are other ones now; None where it takes a whole build."""
    record = recall(known)
    if answer(record, at, seen) is not None:
        return ()
    from portal_builder.retouch.retouch import retouch  # noqa: PLC0415 -- only where something changed

    return retouch(known, record, seen, at)


def _built(
    centre: LateCentre, known: Asked, out: Path, at: datetime, tell: Tell, seen: Stamps | None
) -> Release:  # fmt: skip  # one line of arguments
    from portal_builder.build import build  # noqa: PLC0415 -- only where more than words changed
    from portal_builder.build_portal import Order  # noqa: PLC0415 -- as above
    from portal_builder.retouch.texts import leave  # noqa: PLC0415 -- as above

    whole = centre.whole
    release = build(whole, Order(), out, at, lambda one: tell(str(one.portal), one.pages) if one.is_new else None, seen)
    said = Said({str(portal): ("", "") for portal in whole.portals()}, "")
    record = remember(known, seen, out, (release.at, release.next_change), said)
    if record and seen:
        leave(known, record, seen, whole.library.articles, whole.changed)
    return release
