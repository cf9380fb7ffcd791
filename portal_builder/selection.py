"""Owns which text a portal shows at an instant: schedule, replacement, language, fallback. Refuses I/O and clocks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from portal_builder.article import Article
from portal_builder.brand import Brand
from portal_builder.instant import instant
from portal_builder.library import Library

_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Shown:
    """An article as one portal shows it: perhaps in another language than the portal's."""

    article: Article
    is_fallback: bool
    is_elsewhere: bool = False
    """Whether lists lead to the source language's portal instead of a page here (fallback policy `link`)."""

    def is_foreign(self, language: str) -> bool:
        """Whether its words are in another language: for want of a translation, or since that is there in name only."""
        return self.article.text_language != language


@dataclass(frozen=True)
class Selection:
    """The texts of one brand in one language at one instant."""

    library: Library
    brand: Brand
    language: str
    at: datetime

    @cached_property
    def shown(self) -> Mapping[str, Shown]:
        """Every article that is out, by id; those that name a folder included."""
        return {article_id: last for article_id, last in self._last.items() if not self.is_over(last.article)}

    @cached_property
    def withdrawn(self) -> Mapping[str, Article]:
        """The last version of every article that had a page here and has run out, by id."""
        return {
            article_id: last.article
            for article_id, last in self._last.items()
            if self.is_over(last.article) and not last.is_elsewhere and not last.article.is_index
        }

    def articles(self) -> Iterator[Shown]:
        """Every article with a page or a line in a list of its own."""
        return (shown for shown in self.shown.values() if not shown.article.is_index)

    def starts(self, article: Article) -> datetime | None:
        """When this version came out, if it says so."""
        return instant(article.publish_at, self.brand.zone) if article.publish_at else None

    def ends(self, article: Article) -> datetime | None:
        """When this version is withdrawn, if it says so."""
        return instant(article.expire_at, self.brand.zone) if article.expire_at else None

    def is_withdrawn(self, article_id: str) -> bool:
        """Whether the portal had a text of its own that has run out."""
        last = self._last.get(article_id)
        return last is not None and not last.is_fallback and self.is_over(last.article)

    @cached_property
    def _last(self) -> Mapping[str, Shown]:
        """By id."""
        picked = ((article_id, self.last(article_id)) for article_id in sorted(self.library.by_id))
        return {article_id: last for article_id, last in picked if last}

    def last(self, article_id: str) -> Shown | None:
        """The version that came out last for this portal, whether it has run out since or not."""
        own = self.started(article_id, self.language)
        if own:  # also where it has run out: a withdrawn text does not come back in another language
            return Shown(own, is_fallback=False)
        source = self.brand.source_language
        other = self.started(article_id, source) if source != self.language else None
        if other is None:
            return None
        policy = self.brand.fallback(other.kind)
        if policy == "omit" and not other.is_index:
            return None
        return Shown(other, is_fallback=True, is_elsewhere=policy == "link" and not other.is_index)

    def started(self, article_id: str, language: str) -> Article | None:
        """The version that came out last; one that waits in scheduled/ replaces the others from then on."""
        versions = self.library.by_id[article_id].get(language, ())
        started = [
            (self.starts(article) or _EVER, article.is_scheduled, article.path, article)
            for article in versions
            if article.is_for(self.brand.folder) and (self.starts(article) or _EVER) <= self.at
        ]
        return max(started, key=lambda version: version[:3])[3] if started else None

    def is_over(self, article: Article) -> bool:
        """Whether a version's time is over."""
        return article.expire_at is not None and instant(article.expire_at, self.brand.zone) <= self.at
