"""Owns how one edition of a portal differs from another: pages that appear, change and go. Refuses to render either."""

from __future__ import annotations

from dataclasses import dataclass, fields

from portal_builder.edition import GONE, Edition, Page


@dataclass(frozen=True)
class PageDifference:
    """One page, and in which of its parts it is another."""

    url: str
    title: str
    parts: tuple[str, ...] = ()
    """`title`, `summary`, `text`, and names of docs/templates.md; none where the page appears or goes."""


@dataclass(frozen=True)
class Difference:
    """From one edition of a portal to another."""

    portal: str
    appear: tuple[PageDifference, ...]
    change: tuple[PageDifference, ...]
    go: tuple[PageDifference, ...]
    """Withdrawn texts among them, although a page stays that says so."""
    everywhere: tuple[str, ...]
    """What changes on every page: `nav`, `banner`."""

    @property
    def is_none(self) -> bool:
        return not (self.appear or self.change or self.go or self.everywhere)


def difference(before: Edition, after: Edition) -> Difference:
    """What a reader of the portal would notice."""
    old, new = ({page.url: page for page in edition.pages} for edition in (before, after))
    was, now = ({url for url, page in pages.items() if page.template != GONE} for pages in (old, new))
    both = [url for url in new if url in old and old[url] != new[url] and (url in was) == (url in now)]
    return Difference(
        portal=str(after.portal),
        appear=tuple(PageDifference(url, new[url].title) for url in new if url in now - was),
        change=tuple(PageDifference(url, new[url].title, _parts(old[url], new[url])) for url in both),
        go=tuple(PageDifference(url, old[url].title) for url in old if url in was - now),
        everywhere=tuple(name for name in after.view if before.view.get(name) != after.view[name]),
    )


def _parts(old: Page, new: Page) -> tuple[str, ...]:
    """What machines are told of a page follows from the rest, and is named where nothing else changed."""
    own = [field.name for field in fields(Page) if field.name != "meta"]
    named = [name for name in own if getattr(old, name) != getattr(new, name)]
    named += [name for name in {**old.meta, **new.meta} if old.meta.get(name) != new.meta.get(name)]
    return tuple(name for name in named if name != "machines") or ("machines",)
