"""Owns a portal's lists for machines: the sitemap and the Atom feed of its notices. Refuses pages that are no entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from portal_builder.edition import Page
from portal_builder.machines.head import is_entry
from portal_builder.machines.publisher import FEED, Publisher
from portal_builder.plain import opening

SITEMAP = "sitemap.xml"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
_ATOM = "http://www.w3.org/2005/Atom"
_NEVER = "1970-01-01T00:00:00+00:00"
"""When a feed without entries was last changed: Atom wants an instant, and the build's own would change every build."""
_ENTRIES = 50


Entry: TypeAlias = "tuple[str, str | None, tuple[tuple[str, str], ...]]"
"""A page's address, when its text was last changed, and its translations by language."""


def entries(pages: Iterable[Page]) -> Iterator[Entry]:
    """Every page to lead people to."""
    for page in pages:
        if is_entry(page):
            machines = page.meta["machines"]
            others = tuple((other["code"], other["url"]) for other in machines["translations"])
            yield machines["canonical"], page.meta.get("updated_iso"), others


def sitemap(pages: Iterable[Entry]) -> str:
    """The pages for crawlers (sitemaps.org)."""
    root = Element("urlset", {"xmlns": _SITEMAP, "xmlns:xhtml": _XHTML})
    for address, updated, others in pages:
        url = SubElement(root, "url")
        SubElement(url, "loc").text = address
        if updated:
            SubElement(url, "lastmod").text = updated
        for code, other in others:
            SubElement(url, "xhtml:link", {"rel": "alternate", "hreflang": code, "href": other})
    return _xml(root)


def sitemap_index(addresses: Iterable[str]) -> str:
    """One sitemap that names others."""
    root = Element("sitemapindex", {"xmlns": _SITEMAP})
    for address in addresses:
        SubElement(SubElement(root, "sitemap"), "loc").text = address
    return _xml(root)


def feed(pages: Iterable[Page], publisher: Publisher, title: str) -> str:
    """The portal's notices, the newest first (RFC 4287). It is there without any, too: readers ask for it again.

    An entry's id is the address its brand publishes it at. It does not change with the build, its host or the text.
    """
    notices = [page for page in pages if page.meta["kind"] == "notices" and _is_news(page)]
    notices.sort(key=lambda page: (page.meta["published_iso"] or page.meta["updated_iso"], page.url), reverse=True)
    root = Element("feed", {"xmlns": _ATOM, "xml:lang": publisher.language})
    SubElement(root, "id").text = f"{publisher.lasting}notices/"
    SubElement(root, "title").text = f"{publisher.centre}: {title}"
    SubElement(root, "updated").text = max((page.meta["updated_iso"] for page in notices), default=_NEVER)
    SubElement(root, "link", {"rel": "self", "type": "application/atom+xml", "href": publisher.address(FEED)})
    SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": publisher.root})
    SubElement(SubElement(root, "author"), "name").text = publisher.name
    for page in notices[:_ENTRIES]:
        root.append(_entry(page, publisher))
    return _xml(root)


def _is_news(page: Page) -> bool:
    return page.template == "article.html" and is_entry(page) and bool(page.meta.get("updated_iso"))


def _entry(page: Page, publisher: Publisher) -> Element:
    entry = Element("entry")
    SubElement(entry, "id").text = publisher.lasting + quote(page.url)
    SubElement(entry, "title").text = page.title
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": publisher.address(page.url)})
    if published := page.meta.get("published_iso"):
        SubElement(entry, "published").text = published
    SubElement(entry, "updated").text = page.meta["updated_iso"]
    if page.meta.get("severity"):
        SubElement(entry, "category", {"term": page.meta["severity"]})
    SubElement(entry, "summary").text = page.summary or opening(page.text)
    return entry


def _xml(root: Element) -> str:
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'
