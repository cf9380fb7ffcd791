"""Owns whether what was due is out: the texts' instants against what a shelf or a host shows. Refuses to publish.

It needs nothing but the texts and the mark that each host shows, so it works from another machine than the one that
publishes: who is asleep cannot say so.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin

from portal_builder.brand import Brand
from portal_builder.centre import Centre
from portal_builder.instant import instant
from portal_builder.publishing.publish import MARKER
from portal_builder.publishing.shelf import Shelf

_SECONDS = 20
_AT_MOST = 100_000


@dataclass(frozen=True)
class Shown:
    """What a place shows."""

    place: str
    brands: tuple[Brand, ...]
    at: datetime | None
    """The instant whose texts it shows; None where it does not say."""
    why: str = ""
    """Why it does not."""


@dataclass(frozen=True)
class Overdue:
    """One instant that passed, and whose texts are not out."""

    place: str
    brand: str
    due: datetime
    late: timedelta
    texts: tuple[str, ...]
    """Paths of the writers' files."""


def shown_on(shelf: Shelf, brands: Iterable[Brand]) -> Shown:
    """What readers of this machine get."""
    current = shelf.current()
    return Shown(str(shelf.folder), tuple(brands), current.at if current else None)


def shown_at(url: str, brands: Iterable[Brand]) -> Shown:
    """What a host shows, by its mark."""
    address = urljoin(url if url.endswith("/") else f"{url}/", MARKER)
    request = urllib.request.Request(address, headers={"Cache-Control": "no-cache"})  # noqa: S310 -- a person's or brand.yml's
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 -- the same
            at = datetime.fromisoformat(json.loads(answer.read(_AT_MOST))["at"])
        return Shown(url, tuple(brands), at if at.tzinfo else None)
    except (OSError, ValueError, KeyError, TypeError) as error:
        why = f"{error.code} {error.reason}" if isinstance(error, urllib.error.HTTPError) else str(error)
        return Shown(url, tuple(brands), None, f"{address}: {why}")


def overdue(centre: Centre, shown: Shown, now: datetime, grace: timedelta) -> Iterator[Overdue]:
    """Every instant between what is shown and now, from the moment on at which somebody could have published it."""
    for brand in shown.brands:
        waiting: dict[datetime, set[str]] = {}
        since: dict[datetime, datetime] = {}
        for due, path in _boundaries(centre, brand):
            if (shown.at is None or shown.at < due) and due <= now:
                written = max(due, centre.changed.get(path, due))  # a text may be written for an instant that is past
                waiting.setdefault(due, set()).add(path)
                since[due] = min(written, since.get(due, written))
        for due in sorted(waiting):
            if (late := now - since[due]) > grace:
                yield Overdue(shown.place, brand.folder, due, late, tuple(sorted(waiting[due])))


def _boundaries(centre: Centre, brand: Brand) -> Iterator[tuple[datetime, str]]:
    for article in centre.library.articles:
        if article.is_for(brand.folder):
            for moment in (article.publish_at, article.expire_at):
                if moment:
                    yield instant(moment, brand.zone), article.path
