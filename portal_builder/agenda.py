"""Owns what happens next: which text begins, takes another's place or ends, when, and in which portal. Refuses clocks.

An instant counts only where a portal's choice of texts changes. The end of a version that was replaced before is
nothing, nor is one in a language that the portal never shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal

from portal_builder.article import Article
from portal_builder.brand import Brand
from portal_builder.instant import instant
from portal_builder.library import Library
from portal_builder.selection import Selection, Shown

_BEFORE = timedelta(microseconds=1)
"""Moments are written in seconds: nothing lies between this and its instant."""
Event = Literal["begins", "replaces", "ends"]


@dataclass(frozen=True, order=True)
class Change:
    """One text that begins, takes another's place, or ends in one portal."""

    at: datetime
    brand: str
    language: str
    """The portal's; the text's own may be another one where it stands in for a translation."""
    article: str
    event: Event
    path: str
    """The file that begins, or that ends."""
    title: str
    """As written."""

    @property
    def portal(self) -> str:
        return f"{self.brand}/{self.language}"


@dataclass(frozen=True)
class Agenda:
    """Everything that is due in these portals: brands, each in the languages that are built."""

    library: Library
    portals: tuple[tuple[Brand, str], ...]

    @cached_property
    def _touched(self) -> dict[datetime, dict[str, set[str]]]:
        """By instant and brand the ids of which a version begins or ends there."""
        found: dict[datetime, dict[str, set[str]]] = {}
        for brand in {brand.folder: brand for brand, _ in self.portals}.values():
            for article in self.library.articles:
                for moment in (article.publish_at, article.expire_at) if article.is_for(brand.folder) else ():
                    if moment:
                        at = instant(moment, brand.zone)
                        found.setdefault(at, {}).setdefault(brand.folder, set()).add(article.id)
        return found

    @cached_property
    def _folders(self) -> dict[str, set[str]]:
        """The ids of the articles whose folder or kind each folder is."""
        found: dict[str, set[str]] = {}
        for article in self.library.articles:
            if not article.is_index:
                found.setdefault(article.folder, set()).add(article.id)
                found.setdefault(article.kind, set()).add(article.id)
        return found

    def changes_at(self, at: datetime) -> tuple[Change, ...]:
        """Everything that changes at this very instant."""
        touched = self._touched.get(at, {})
        found = (
            change
            for brand, language in self.portals
            for article_id in touched.get(brand.folder, ())
            for change in self._changes(brand, language, article_id, at)
        )
        return tuple(sorted(found))

    def after(self, at: datetime, until: datetime | None = None) -> Iterator[tuple[Change, ...]]:
        """Everything that changes later than `at` (and not later than `until`), instant by instant."""
        for due in sorted(due for due in self._touched if due > at and (until is None or due <= until)):
            if changes := self.changes_at(due):
                yield changes

    def next_change(self, at: datetime) -> datetime | None:
        """The first instant after `at` at which any of these portals changes."""
        return next((changes[0].at for changes in self.after(at)), None)

    def _changes(self, brand: Brand, language: str, article_id: str, at: datetime) -> Iterator[Change]:
        before = self._seen(Selection(self.library, brand, language, at - _BEFORE), article_id)
        after = self._seen(Selection(self.library, brand, language, at), article_id)
        if before == after:
            return
        event: Event = "ends" if after is None else "replaces" if before else "begins"
        if shown := after or before:
            article = shown.article
            yield Change(at, brand.folder, language, article_id, event, article.path, article.meta.title)

    def _seen(self, selection: Selection, article_id: str) -> Shown | None:
        """What the portal shows of a text; the name of a folder is shown while something lies in it."""
        last = selection.last(article_id)
        if last is None or selection.is_over(last.article):
            return None
        if last.article.is_index and not self._has_folder(selection, last.article):
            return None
        return last

    def _has_folder(self, selection: Selection, index: Article) -> bool:
        ids = self._folders.get(index.folder, ())
        return any((last := selection.last(one)) and not selection.is_over(last.article) for one in ids)
