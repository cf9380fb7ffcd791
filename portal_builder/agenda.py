"""Owns what happens next: which text begins or ends for which brand at the next instant. Refuses to read a clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from portal_builder.article import Article
from portal_builder.brand import Brand
from portal_builder.centre import Centre
from portal_builder.instant import instant


@dataclass(frozen=True)
class Change:
    """One text that begins, replaces another, or ends."""

    at: datetime
    brand: str
    article: str
    language: str
    event: str
    """`begins`, `replaces` or `ends`."""
    path: str


def next_changes(centre: Centre, at: datetime) -> tuple[Change, ...]:
    """Everything that is due at the first instant after `at` at which anything is due."""
    due = centre.next_change(at)
    if due is None:
        return ()
    changes = (
        change
        for brand in centre.brands.values()
        for article in centre.library.articles
        if article.is_for(brand.folder)
        for change in _changes(centre, brand, article)
    )
    return tuple(sorted((change for change in changes if change.at == due), key=lambda c: (c.brand, c.path, c.event)))


def _changes(centre: Centre, brand: Brand, article: Article) -> Iterator[Change]:
    if article.publish_at:
        begins = instant(article.publish_at, brand.zone)
        event = "replaces" if _has_older(centre, brand, article, begins) else "begins"
        yield Change(begins, brand.folder, article.id, article.language, event, article.path)
    if article.expire_at:
        ends = instant(article.expire_at, brand.zone)
        yield Change(ends, brand.folder, article.id, article.language, "ends", article.path)


def _has_older(centre: Centre, brand: Brand, article: Article, begins: datetime) -> bool:
    versions = centre.library.by_id[article.id].get(article.language, ())
    return any(
        other is not article
        and other.is_for(brand.folder)
        and (other.publish_at is None or instant(other.publish_at, brand.zone) < begins)
        for other in versions
    )
