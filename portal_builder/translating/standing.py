"""Owns how each translation stands by brand and language: current, stale, missing ... Refuses I/O and clocks.

A translation stands to the text that readers of the brand's source language see at the same instant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from portal_builder.article import Article
from portal_builder.brand import Brand
from portal_builder.library import Library
from portal_builder.selection import Selection
from portal_builder.translating.digest import source_digest

State = Literal["current", "stale", "unstamped", "in_name_only", "missing", "orphan"]
STATES: tuple[State, ...] = ("current", "stale", "unstamped", "in_name_only", "missing", "orphan")
"""`unstamped`: nobody has said which text it was made from. `orphan`: there is no source to it (any more)."""

Speaks = Callable[[Article], bool]
"""Whether a text is in the language that its file's name claims."""


@dataclass(frozen=True, order=True)
class Standing:
    """One article in one language of one brand."""

    brand: str
    language: str
    article: str
    state: State
    path: str | None = None
    """The translation's file."""
    source: str | None = None
    """The file of the text it should say."""
    owner: str | None = None
    made_from: str | None = None
    """The digest that the translation names."""


def standings(library: Library, brands: Iterable[Brand], at: datetime, speaks: Speaks) -> Iterator[Standing]:
    """Every article that a reader of the source language or of the other one could see, brand by brand."""
    for brand in brands:
        source = Selection(library, brand, brand.source_language, at)
        for language in brand.languages[1:]:
            yield from _of_portal(source, Selection(library, brand, language, at), speaks)


def _of_portal(source: Selection, portal: Selection, speaks: Speaks) -> Iterator[Standing]:
    for article_id in sorted(source.shown.keys() | portal.shown.keys()):
        original, shown = source.shown.get(article_id), portal.shown.get(article_id)
        own = shown.article if shown and not shown.is_fallback else None
        if own is None and (original is None or portal.is_withdrawn(article_id)):
            continue  # a text that has run out in this language was withdrawn on purpose
        first = original.article if original else None
        owners = (text.meta.owner for text in (own, first) if text and text.meta.owner)
        yield Standing(
            brand=portal.brand.folder,
            language=portal.language,
            article=article_id,
            state=_state(first, own, speaks),
            path=own.path if own else None,
            source=first.path if first else None,
            owner=next(owners, None),
            made_from=own.meta.translates if own else None,
        )


def _state(source: Article | None, own: Article | None, speaks: Speaks) -> State:
    if own is None:
        return "missing"
    if not speaks(own):
        return "in_name_only"
    if source is None:
        return "orphan"
    if own.meta.translates is None:
        return "unstamped"
    return "current" if own.meta.translates == source_digest(source) else "stale"


def counted(found: Iterable[Standing]) -> Mapping[tuple[str, str], Counter[State]]:
    """The matrix: by brand and language, how many texts stand how."""
    matrix: dict[tuple[str, str], Counter[State]] = {}
    for one in found:
        matrix.setdefault((one.brand, one.language), Counter())[one.state] += 1
    return matrix


def share_current(counts: Counter[State]) -> float:
    """How much of what readers of the source language have is there and current, in percent."""
    wanted = counts.total() - counts["orphan"]
    return 100 * counts["current"] / wanted if wanted else 100.0
