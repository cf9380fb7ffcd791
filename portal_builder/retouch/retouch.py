"""Owns a build after which some articles say the same in other words: the recipe, from what changed to a new release.
Refuses to know how a page is made, and does nothing where anything else may have changed.

Nothing is read but those texts: no brand, no form, no other article. A full build would find them as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from jinja2 import TemplateError

from portal_builder.again import EVER, Asked, Record, Stamps, is_rest_known, remember
from portal_builder.catalogue import Catalogue, load_catalogues
from portal_builder.face import body_of
from portal_builder.lean.beyond import BeyondLeanError
from portal_builder.makings import keep_makings, recalled_makings
from portal_builder.places import alone
from portal_builder.portal_place import PortalPlace
from portal_builder.release import Release, forgetting, read_release, write_release
from portal_builder.retouch.noted import NotedPage, noted_page
from portal_builder.retouch.portal import Known, Retouched, TouchesMoreError, known_portal, retouched
from portal_builder.retouch.texts import Reworded, leave_again, reworded
from portal_builder.tongues.judge import Tongues

_TOUCHES_MORE = (
    TouchesMoreError, BeyondLeanError, TemplateError, OSError, ValueError, LookupError, TypeError, AttributeError,
)  # fmt: skip  # a list of names
"""Whatever goes wrong here goes wrong in a full build too, which has words for it."""


def retouch(known: Asked, record: Record | None, seen: Stamps | None, now: datetime) -> tuple[str, ...] | None:
    """Carry out a command that was carried out before: the portals (`brand/lang`) that are other ones now; None where
    it takes a full build."""
    if record is None or seen is None or record.begins == EVER or not record.is_right(now):
        return None  # what is built for another instant than now knows other dates
    try:
        return _retouch(known, record, seen, now)
    except _TOUCHES_MORE:
        return None


def _retouch(known: Asked, record: Record, seen: Stamps, now: datetime) -> tuple[str, ...] | None:
    changes = reworded(known, record, seen) if is_rest_known(record, seen, known.root) else None
    if changes is None or any(changed > now for changed in changes.dates.values()):
        return None
    with alone(known.root):
        release = read_release(record.out)
        if release is None or not record.is_right(now):
            return None
        portals = [
            known_portal(PortalPlace(known.root, name, record.out / name), release.portals[name].digest)
            for name in record.said.portals
        ]
        shown = {portal.name: [*_shown(portal, changes.texts)] for portal in portals}
        _refuse_other_languages(known.root, changes.texts, [page for pages in shown.values() for page, _ in pages])
        ready = [retouched(portal, shown[portal.name], changes.dates) for portal in portals if shown[portal.name]]
        _put_out(record.out, replace(release, at=now), ready, now)
        _keep_makings(portals, {one.known.name: one.noted.digest for one in ready}, changes)
        after = remember(known, seen, record.out, (record.begins, record.ends), record.said, record.contents)
        if after:
            leave_again(known, after, changes.known)
    return tuple(one.known.name for one in ready)


def _shown(portal: Known, texts: Mapping[str, str]) -> Iterator[tuple[NotedPage, str]]:
    """The pages of a portal that show one of these texts."""
    for path, text in texts.items():
        if path in portal.noted.bound:
            raise TouchesMoreError(path)
        if path in portal.noted.places:
            yield noted_page(portal.place.plan, portal.noted, path), text


def _refuse_other_languages(root: Path, texts: Mapping[str, str], pages: Iterable[NotedPage]) -> None:
    """A text that turns out to be in another language than before is another one in lists and translations, too."""
    known = {page.path: page for page in pages}
    tongues = Tongues(_LateCatalogues(root))
    for path, text in texts.items():
        page = known[path]
        if tongues.judge(page.told + body_of(text), page.language).other != page.looks_like:
            raise TouchesMoreError(path)


def _put_out(out: Path, release: Release, ready: Iterable[Retouched], now: datetime) -> None:
    """The new portals in their places; one that is interrupted is recorded as none."""
    ready, portals = [*ready], dict(release.portals)
    write_release(out, forgetting(release, [one.known.name for one in ready]))
    for one in ready:
        one.swap()
        portals[one.known.name] = replace(portals[one.known.name], digest=one.noted.digest, built_at=now)
    write_release(out, replace(release, portals=portals))


def _keep_makings(portals: Iterable[Known], new: Mapping[str, str], changes: Reworded) -> None:
    """What the portals are made of now, those with other digests than before among them: a whole build knows them."""
    for portal in portals:
        digest = portal.noted.digest
        if was := recalled_makings(portal.place.makings, digest):
            keep_makings(portal.place.makings, new.get(portal.name, digest), was.reworded(changes.words))


class _LateCatalogues(Mapping[str, Catalogue]):
    """The words of every language, read when a text in Latin letters asks for them."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @cached_property
    def _read(self) -> Mapping[str, Catalogue]:
        return load_catalogues(self._root).catalogues

    def __getitem__(self, language: str) -> Catalogue:
        return self._read[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)
