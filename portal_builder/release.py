"""Owns what lies in an output folder: finished portals, swapped in whole, and their record in `.haedap/release.json`.
Refuses to build."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

_RECORD = Path(".haedap/release.json")


@dataclass(frozen=True)
class Pressed:
    """One portal as it was last rendered."""

    digest: str
    """Of the staged project and the engine."""
    pages: int
    built_at: datetime
    gone: tuple[str, ...]
    """Portal-relative addresses of withdrawn texts: a host that can answers with 410. No titles."""
    redirects: Mapping[str, str]
    """Old addresses and where they lead, portal-relative or absolute."""


@dataclass(frozen=True)
class Release:
    """What lies in an output folder."""

    at: datetime
    """The instant whose texts it shows."""
    next_change: datetime | None
    """When it will be out of date by itself."""
    base: str | None
    """What its addresses begin with, where that was not each brand's own url."""
    portals: Mapping[str, Pressed]
    """By `brand/lang`."""


def read_release(out: Path) -> Release | None:
    """The record of an output folder; None where there is none that can be read (then everything is built anew)."""
    try:
        record = json.loads((out / _RECORD).read_text("utf-8"))
        return Release(
            at=datetime.fromisoformat(record["at"]),
            next_change=datetime.fromisoformat(record["next_change"]) if record["next_change"] else None,
            base=record["base"],
            portals={
                name: Pressed(
                    digest=portal["digest"],
                    pages=portal["pages"],
                    built_at=datetime.fromisoformat(portal["built_at"]),
                    gone=tuple(portal["gone"]),
                    redirects=dict(portal["redirects"]),
                )
                for name, portal in record["portals"].items()
            },
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def portal_digest(project: str, engines: str, search: str) -> str:
    """What a portal depends on: the project, the engines, and the search."""
    return hashlib.sha256(f"{project} {engines} search={search}".encode()).hexdigest()


def forgetting(release: Release, portals: Iterable[str]) -> Release:
    """The record without these portals: whatever lies there now is built anew."""
    gone = set(portals)
    return replace(release, portals={name: kept for name, kept in release.portals.items() if name not in gone})


def write_release(out: Path, release: Release) -> None:
    """Replace the record in one step."""
    file = out / _RECORD
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(release), default=_iso, indent=2), "utf-8")
    fresh.replace(file)


def swap_in(site: Path, out: Path, *, is_old_kept: bool = False) -> None:
    """Put a finished portal where the old one is, with two renames: a reader finds the old one or the new one.

    The old one takes its place where it is kept: the next portal is made of it.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    shutil.move(site, out)
    if is_old_kept and old.exists():
        with suppress(OSError):  # another disk
            old.rename(site)
    shutil.rmtree(old, ignore_errors=True)


def _iso(value: object) -> str:
    assert isinstance(value, datetime)  # noqa: S101 -- the only type of a release that JSON does not know
    return value.isoformat()
