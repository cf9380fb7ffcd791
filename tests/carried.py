"""Owns carrying out `haedap build` in this process as the command does: answered, retouched, or built whole."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from portal_builder.again import Asked, Said, Stamps, asked, recall, remember, stamps
from portal_builder.build import build
from portal_builder.build_portal import Order
from portal_builder.centre import load_centre
from portal_builder.history import committed
from portal_builder.retouch.retouch import retouch
from portal_builder.retouch.texts import leave

LATER = 10**10
"""Nanoseconds: what was just written has settled."""


def command(root: Path) -> Asked:
    found = asked(["build", "--root", str(root)], {}, is_terminal=False)
    assert found
    return found


def seen(root: Path) -> Stamps | None:
    return stamps(root, time.time_ns() + LATER)


def whole(root: Path, at: datetime) -> None:
    """Everything is read."""
    before, centre, out = seen(root), load_centre(root, committed(root)), root / "build/site"
    release = build(centre, Order(), out, at, seen=before)
    said = Said({name: (f"{name} new\n", f"{name} same\n") for name in release.portals}, "done\n")
    record = remember(command(root), before, out, (release.at, release.next_change), said)
    assert before
    assert record
    leave(command(root), record, before, centre.library.articles, centre.changed)


def is_retouched(root: Path, at: datetime) -> bool:
    """Whether an edit was one of words alone; what is built then is the whole where it was not."""
    known = command(root)
    said = retouch(known, recall(known), seen(root), at)
    if said is None:
        whole(root, at)
    return said is not None


def output(root: Path, folder: str = "build/site") -> dict[str, bytes]:
    """What is deployed."""
    out = root / folder
    return {
        file.relative_to(out).as_posix(): file.read_bytes()
        for file in out.rglob("*")
        if file.is_file() and ".haedap" not in file.parts
    }
