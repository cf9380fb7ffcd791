"""Owns which texts of scheduled/ have become current, and what has to move so that readers see no difference.

A version that has begun for all of its brands and is shown takes the place in content/. One that has begun and is shown
nowhere can never come back, and goes. What some brand still needs stays, and why is said. Refuses to touch a file:
see folding.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from portal_builder.article import LABEL, Article
from portal_builder.brand import Brand
from portal_builder.centre import Centre
from portal_builder.instant import instant
from portal_builder.library import Library, used_paths
from portal_builder.selection import Selection

_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, order=True)
class Staying:
    """A text that is shown and cannot move yet."""

    path: str
    why: str
    """Its message's key is `fold.<why>`."""
    other: str
    """The file that is in the way."""


@dataclass(frozen=True)
class Fold:
    """What to do, in this order: a stop in between leaves every text with what it shows."""

    pictures: tuple[tuple[str, str], ...]
    """From and to: pictures and attachments that come along."""
    texts: tuple[tuple[str, str], ...]
    removed: tuple[str, ...]
    """Versions whose time is past, and pictures in scheduled/ that nothing shows any more."""
    staying: tuple[Staying, ...]

    @property
    def touched(self) -> tuple[str, ...]:
        """Every file that this changes."""
        moved = (path for pair in (*self.pictures, *self.texts) for path in pair)
        return tuple(dict.fromkeys((*moved, *self.removed)))


def fold_at(centre: Centre, at: datetime) -> Fold:
    """What has become current at an instant, and what that makes superfluous."""
    state = _State(centre.library, tuple(centre.brands.values()), at)
    moving: list[Article] = []
    staying: list[Staying] = []
    for languages in centre.library.by_id.values():
        for versions in languages.values():
            ready = [version for version in versions if version.is_scheduled and state.is_current(version)]
            newest = max(ready, key=state.begins, default=None)
            for version in ready:
                reason = state.hindrance(version, versions, newest)
                staying += [reason] if reason else []
                moving += [] if reason else [version]
    past = [article for article in centre.library.articles if state.is_past(article)]
    homes = {article.path: _home(article) for article in moving}
    pictures = {source: target for article in moving for source, target in _pictures(centre.library, article)}
    return Fold(
        pictures=tuple(sorted(pictures.items())),
        texts=tuple(sorted(homes.items())),
        removed=(*_replaced(past, moving), *sorted(_orphans(centre.library, past) - pictures.keys())),
        staying=tuple(sorted(staying)),
    )


@dataclass(frozen=True)
class _State:
    """Every version at one instant."""

    library: Library
    brands: Sequence[Brand]
    at: datetime

    def begins(self, article: Article) -> datetime:
        """When its last brand begins to show it."""
        starts = (instant(article.publish_at, brand.zone) for brand in self._of(article) if article.publish_at)
        return max(starts, default=_EVER)

    def is_current(self, article: Article) -> bool:
        """Whether it has begun everywhere and is the last one somewhere: shown, or withdrawn."""
        return self._has_begun(article) and self._is_last(article)

    def is_past(self, article: Article) -> bool:
        return self._has_begun(article) and not self._is_last(article)

    def hindrance(self, article: Article, versions: Iterable[Article], newest: Article | None) -> Staying | None:
        """What keeps a current version from its place."""
        if newest is not None and newest is not article:
            return Staying(article.path, "place", newest.path)
        for other in versions:
            if not other.is_scheduled and not self.is_past(other):
                return Staying(article.path, "brands", other.path)
        clash = next(self._clashes(article), None)
        return Staying(article.path, "picture", clash) if clash else None

    def _clashes(self, article: Article) -> Iterator[str]:
        """Texts of content/ whose own picture of the same name would become this version's."""
        for path in used_paths(article):
            new, old = (self.library.assets.get(f"{tree}/{path}") for tree in ("scheduled", "content"))
            if new and old and new.digest != old.digest:
                users = (one for one in self.library.articles if not one.is_scheduled and path in used_paths(one))
                yield from (one.path for one in users if not self.is_past(one))

    def _of(self, article: Article) -> list[Brand]:
        return [brand for brand in self.brands if article.is_for(brand.folder)]

    def _has_begun(self, article: Article) -> bool:
        return bool(self._of(article)) and self.begins(article) <= self.at

    def _is_last(self, article: Article) -> bool:
        last = (
            Selection(self.library, brand, article.language, self.at).started(article.id, article.language)
            for brand in self._of(article)
        )
        return any(one is article for one in last)


def _home(article: Article) -> str:
    """`scheduled/faq/refund@december.ko.md` belongs to `content/faq/refund.ko.md`."""
    path = PurePosixPath(article.path.partition("/")[2])
    name, mark, rest = path.name.partition(LABEL)
    ending = rest[rest.rindex(f".{article.language}.") :] if f".{article.language}." in rest else ".md"
    return f"content/{path.with_name(name + ending if mark else name)}"


def _pictures(library: Library, article: Article) -> Iterator[tuple[str, str]]:
    for path in used_paths(article):
        if f"scheduled/{path}" in library.assets:
            yield f"scheduled/{path}", f"content/{path}"


def _replaced(past: Iterable[Article], moving: Iterable[Article]) -> Iterator[str]:
    """Past versions that no moving file overwrites: of scheduled/ all, of content/ those under another name."""
    homes = {(article.id, article.language): _home(article) for article in moving}
    for article in past:
        home = homes.get((article.id, article.language))
        if article.is_scheduled or (home and home != article.path):
            yield article.path


def _orphans(library: Library, past: Sequence[Article]) -> set[str]:
    """Files of scheduled/ that were past versions' alone."""
    gone = {article.path for article in past}
    waiting = (article for article in library.articles if article.is_scheduled and article.path not in gone)
    kept = {path for article in waiting for path in used_paths(article)}
    left = {path for article in past if article.is_scheduled for path in used_paths(article)} - kept
    return {f"scheduled/{path}" for path in left if f"scheduled/{path}" in library.assets}
