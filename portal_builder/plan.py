"""Owns the plan of a portal: from everything that was read to one Edition. Refuses I/O, clocks and randomness.

Read `plan` from top to bottom: it is the table of contents of a portal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain

from portal_builder.centre import Centre, Portal
from portal_builder.edition import Edition, Page
from portal_builder.flow import FOLDER
from portal_builder.library import Asset
from portal_builder.machines.head import with_head
from portal_builder.machines.lists import SITEMAP, entries, feed, sitemap
from portal_builder.machines.publisher import FEED
from portal_builder.machines.twins import llms, twins
from portal_builder.pages.article import article_page, articles
from portal_builder.pages.contact import contact, flows, forms
from portal_builder.pages.context import Context
from portal_builder.pages.left_behind import redirects, withdrawn
from portal_builder.pages.lists import all_articles, home, lists, search
from portal_builder.resolve import CONTACT

OURS = frozenset({CONTACT, "all", "static", "search", "assets", "sitemap.xml", "404.html", FEED, "llms.txt", FOLDER})
"""Addresses of a portal that no kind may have."""


def plan(centre: Centre, portal: Portal, at: datetime, base: str | None = None) -> Edition:
    """The edition of one portal at one instant. The same arguments give the same edition.

    `base` replaces the brand's own address, for a portal that is looked at on another host: `<base>/<brand>/`.
    """
    return edition(Context(centre, centre.brands[portal.brand], portal.language, at, base))


def edition(context: Context) -> Edition:
    """The whole portal."""
    pages = [
        home(context),
        *lists(context),
        *articles(context),
        contact(context),
        *forms(context),
        *flows(context),
        all_articles(context),
        search(context),
        *withdrawn(context),
    ]
    pages += redirects(context, {page.url for page in pages})
    told = tuple(_told(context, page) for page in pages)
    return replace(_frame(context), pages=told, assets=dict(assets(context)), files=_files(context, told))


def glimpse(context: Context, url: str) -> Edition:
    """The portal with no page but the one at this address, where that can be planned without the others."""
    shown = context.selection.shown.get(url.removesuffix("/"))
    single = {"": home, f"{CONTACT}/": contact, "all/": all_articles, "all/search/": search}
    page: Page | None
    if shown and not shown.article.is_index and not shown.is_elsewhere:
        page = article_page(context, shown)
    elif url in single:
        page = single[url](context)
    else:  # each made when it is its turn
        several = chain(forms(context), flows(context), lists(context), withdrawn(context))
        page = next((one for one in several if one.url == url), None)
    return replace(_frame(context), pages=(_told(context, page),) if page else ())


def _frame(context: Context) -> Edition:
    portal = Portal(context.brand.folder, context.language)
    return Edition(portal, context.publisher.root, context.view["name"], context.view, pages=(), assets={})


def _told(context: Context, page: Page) -> Page:
    return with_head(context.translations.added(page), context.publisher)


def _files(context: Context, pages: tuple[Page, ...]) -> dict[str, str]:
    """What lies beside the pages for machines."""
    publisher = context.publisher
    return {
        SITEMAP: sitemap(entries(pages)),
        FEED: feed(pages, publisher, context.shelves.name_of("notices")),
        "llms.txt": llms(pages, publisher, context.sections, context.contact_link()),
        **dict(twins(pages, publisher)),
    }


def assets(context: Context) -> Iterator[tuple[str, Asset]]:
    for shown in context.selection.shown.values():
        has_page = not shown.article.is_index or shown.article.folder in context.resolver.folders
        if has_page and not shown.is_elsewhere:
            yield from context.library.shown_by(shown.article)
