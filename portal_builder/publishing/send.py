"""Owns bringing a release to its targets, and the record of which has which. Refuses to know how any of them works."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from portal_builder.brand import Brand
from portal_builder.publishing.hostfiles import host_files, ways_of
from portal_builder.publishing.parcel import Parcel, Sent, TargetError, inherited, secrets
from portal_builder.publishing.settings import Target
from portal_builder.publishing.shelf import Published, Shelf
from portal_builder.publishing.tree import Tree


@dataclass(frozen=True)
class Delivery:
    """What became of one release at one target."""

    target: str
    release: int
    sent: Sent | None
    """None where it did not arrive."""
    error: str = ""


def release_at(shelf: Shelf, target: str) -> int | None:
    """Which release a target has, as far as we know."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return int(json.loads(_note(shelf, target).read_text("utf-8"))["release"])
    return None


def waiting(shelf: Shelf, targets: tuple[Target, ...], record: Published) -> tuple[Target, ...]:
    """The targets that do not have this release yet."""
    return tuple(target for target in targets if release_at(shelf, target.name) != record.number)


def deliver(
    shelf: Shelf, targets: tuple[Target, ...], record: Published, brands: Mapping[str, Brand], now: datetime
) -> Iterator[Delivery]:
    """Bring one release to each target. Where one refuses, the others get it all the same, and it is asked again the
    next time: its note says nothing of the release."""
    for target in targets:
        _note(shelf, target.name).unlink(missing_ok=True)  # half a release is none
        try:
            sent: Sent = target.module.send(target.options, pack(shelf, target, record, brands))
        except TargetError as error:
            yield Delivery(target.name, record.number, None, str(error))
            continue
        note = json.dumps({"release": record.number, "at": now.isoformat()})
        _note(shelf, target.name).write_text(note, "utf-8")
        yield Delivery(target.name, record.number, sent)


def pack(shelf: Shelf, target: Target, record: Published, brands: Mapping[str, Brand]) -> Parcel:
    """A release as this target is to show it, with what its host is told in the host's own files."""
    brand = target.options.brand
    laid = shelf.laid(record.number).below(brand or "")
    tree = Tree(laid.folder, laid.digests).without(".haedap")
    if not tree.digests:
        raise TargetError(f"release {record.number} holds nothing of {brand or 'any brand'}")
    ways = ways_of(record, brand or "", brands[brand].file.url if brand else "/")
    environment = secrets(target.module.SECRETS, inherited())
    desk = shelf.folder / "targets" / target.name
    desk.mkdir(parents=True, exist_ok=True)
    whole = tree.with_files(host_files(target.module.host_of(target.options), ways, tree))
    return Parcel(record, whole, ways.redirects, desk, environment, laid)


def _note(shelf: Shelf, target: str) -> Path:
    return shelf.folder / "targets" / f"{target}.json"
