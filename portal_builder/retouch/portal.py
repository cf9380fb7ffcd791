"""Owns one portal in which some articles say the same in other words: its new folder, made of the old one. Refuses
whatever might touch more than those articles' pages; the whole portal is built then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from portal_builder.edition import Page
from portal_builder.face import body_of
from portal_builder.inheritance.blocks import text_for
from portal_builder.lean.engine import makings_of, page_bytes, page_file, redrawn
from portal_builder.lean.kept import Kept, recall, write
from portal_builder.lean.shared import Shared
from portal_builder.links import led, links_of, with_terms
from portal_builder.machines.head import with_head
from portal_builder.machines.lists import SITEMAP, Entry, entries, sitemap
from portal_builder.machines.twins import twins
from portal_builder.places import AMENDING, CONVERSIONS
from portal_builder.platforms import with_names
from portal_builder.portal_place import PortalPlace
from portal_builder.project import BESIDE, Project, digest_of, digest_of_file
from portal_builder.release import portal_digest, swap_in
from portal_builder.retouch.noted import Noted, NotedPage, keep, recalled, templates_of
from portal_builder.search.amend import amended_index
from portal_builder.search.pages import read_page, sources_of
from portal_builder.zones import zone_of


class TouchesMoreError(Exception):
    """More than some articles' pages is another one, or cannot be known to be the same."""


@dataclass(frozen=True)
class Known:
    """A portal as it was built."""

    place: PortalPlace
    noted: Noted

    @property
    def name(self) -> str:
        return self.place.name


@dataclass(frozen=True)
class Retouched:
    """A portal that is ready to take the old one's place."""

    known: Known
    noted: Noted
    kept: Kept

    def swap(self) -> None:
        """Put it there."""
        place = self.known.place
        swap_in(place.site, place.target, is_old_kept=True)
        self.kept.leave(place.target, place.site)
        keep(place.plan, self.noted)
        (place.search / AMENDING).unlink(missing_ok=True)


def known_portal(place: PortalPlace, digest: str) -> Known:
    """The portal of this digest that lies at a place."""
    noted = recalled(place.plan)
    if noted is None or noted.digest != digest:
        raise TouchesMoreError(place.name)
    return Known(place, noted)


def retouched(known: Known, texts: Iterable[tuple[NotedPage, str]], changed: Mapping[str, datetime]) -> Retouched:
    """The portal with these articles' new texts, changed when it is said by their paths.

    Raises TouchesMoreError, or what a full build will have words for.
    """
    noted = known.noted
    kept = _as_it_was(known)
    publisher = noted.publishes
    zone = zone_of(noted.zone)
    pages = [
        with_head(page.page(_worded(page, text, noted.brand), changed.get(page.path), zone, noted.language), publisher)
        for page, text in texts
    ]
    html = {page.url: _drawn(known, page, kept) for page in pages}
    sheets, files = dict(noted.sheets), dict(noted.files)
    sheets |= {page.source: page.sheet.digest for page in pages}
    listed = _listed(noted.entries, pages)
    lists = [(SITEMAP, sitemap(listed))] if listed != noted.entries else []
    for path, text in [*lists, *twins(pages, publisher)]:
        kept.put(path, text.encode(), f"{known.place.site}")
        files[f"{BESIDE}/{path}"] = digest_of_file(text.encode())
    _index(known, pages, html, kept)
    if kept.differs is None:
        kept.clean(known.place.site)
    digest = portal_digest(digest_of(noted.frame, sheets, files), *noted.versions)
    return Retouched(known, replace(noted, digest=digest, sheets=sheets, files=files, entries=listed), kept)


def _as_it_was(known: Known) -> Kept:
    """The new portal, as yet the same as the old one."""
    kept = recall(known.place.pages, known.place.target, known.place.site)
    known.place.site.mkdir(parents=True, exist_ok=True)
    if not kept.carry(f"{known.place.site}"):
        raise TouchesMoreError(known.name)  # somebody wrote to it
    return kept


def _listed(known: Iterable[Entry], pages: Iterable[Page]) -> tuple[Entry, ...]:
    """The sitemap's lines, with those of these pages."""
    new = {entry[0]: entry for entry in entries(pages)}
    return tuple(new.get(entry[0], entry) for entry in known)


def _worded(page: NotedPage, text: str, brand: str) -> str:
    """An article's new text as it is staged in this portal."""
    body = text_for(body_of(text), brand)
    links = links_of(body)
    if len(links) != len(page.ways):
        raise TouchesMoreError(page.source)
    return with_names(with_terms(led(body, links, page.ways), page.terms.get), page.devices.__getitem__)


def _drawn(known: Known, page: Page, kept: Kept) -> str:
    """The page's HTML, put into the new portal; others lead to its anchors, and it leads to files that are there."""
    noted, path = known.noted, page_file(page.source)
    project = Project(noted.settings, noted.base, {page.source: page.sheet}, {})
    shared = Shared(known.place.root / CONVERSIONS, noted.versions[0])
    html, (anchors, links) = redrawn(project, templates_of(known.place.plan, noted), page.source, shared)
    before = kept.before[path][2]
    if (anchors, [*map(tuple, links)]) != (frozenset(before[0]), [*map(tuple, before[1])]):
        raise TouchesMoreError(page.source)
    write(f"{known.place.site}/{path}", page_bytes(html))
    kept.note(path, makings_of(f"{noted.versions[0]} {noted.frame}", page.sheet), before)
    return html


def _index(known: Known, pages: list[Page], html: Mapping[str, str], kept: Kept) -> None:
    """The search knows the new words. What it learned is ahead of the portal until that is in its place: whoever finds
    it so after a crash makes both whole."""
    place, language = known.place, known.noted.language
    if (place.search / AMENDING).exists():
        raise TouchesMoreError(place.name)
    documents = [read_page(html[source.url], source) for source in sources_of(pages, language)]
    (place.search / AMENDING).touch()
    amended = amended_index(documents, place.target / "search", language, place.search) if documents else None
    if documents and amended is None:
        raise TouchesMoreError(place.name)
    for name, data in amended.files.items() if amended else ():
        kept.put(f"search/{name}", data, f"{place.site}")
    for name in amended.gone if amended else ():
        del kept.now[f"search/{name}"]
        (place.site / "search" / name).unlink()
