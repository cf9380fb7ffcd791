"""Owns what stands where texts were: redirects from old addresses, and word of what has run out. Refuses their text."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from portal_builder.article import Article, OldAddress
from portal_builder.edition import GONE, MOVED, Page
from portal_builder.pages.context import Context

_Ways = list[tuple[OldAddress, dict[str, Any]]]


def redirects(context: Context, taken: Collection[str]) -> Iterator[Page]:
    """Old addresses lead on, as long as no page has them now; anchors of theirs too, perhaps elsewhere."""
    moved: dict[str, _Ways] = {}
    for shown in context.selection.articles():
        for old in shown.article.meta.redirect_from:
            moved.setdefault(old.path, []).append((old, context.shelves.entry(shown)))
    for path, ways in moved.items():
        if f"{path}/" not in taken:
            yield _redirect(context, path, ways)


def _redirect(context: Context, path: str, ways: _Ways) -> Page:
    whole = next((entry for old, entry in ways if not old.anchor), ways[0][1])
    anchors = [
        {"anchor": old.anchor, "url": f"{entry['url']}#{old.to}" if old.to else entry["url"]}
        for old, entry in ways
        if old.anchor
    ]
    meta = context.meta("redirect") | {"target": whole["url"], "anchors": anchors}
    return Page(f"{path}.md", MOVED, whole["title"], meta=meta)


def withdrawn(context: Context) -> Iterator[Page]:
    """At the address of a text that has run out: that it has, and where to go next. Nothing of the text itself."""
    for article in context.selection.withdrawn.values():
        is_listed = article.folder in context.resolver.folders
        meta = context.meta(article.kind) | {
            "is_entry": False,
            "instead": _instead(context, article),
            "category": context.folder_link(article.folder) if is_listed else None,
        }
        yield Page(f"{article.id}.md", GONE, context.words.say("gone.title"), meta=meta)


def _instead(context: Context, article: Article) -> dict[str, Any] | None:
    """What the writer names instead, or what is named instead of that one where it has run out as well."""
    passed: set[str] = set()
    while article.meta.instead and article.meta.instead not in passed:
        passed.add(article.meta.instead)
        if shown := context.selection.shown.get(article.meta.instead):
            return context.shelves.entry(shown)
        article = context.selection.withdrawn.get(article.meta.instead, article)
    return None
