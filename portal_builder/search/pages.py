"""Owns reading a pressed portal: the articles and guided answers that customers will see, as documents. Refuses to know
how it is pressed.

Whether an article may be found, and by which keywords, is what its front matter says; everything else is read from the
finished HTML.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal_builder.search.document import Document
from portal_builder.search.memory import Stamp, place, recall, remember, stamp, trusted
from portal_builder.search.version import search_version

if TYPE_CHECKING:  # what an edition is made of takes longer to load than a portal to index
    from portal_builder.edition import Edition, Page

_TITLE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)
_LEAD = re.compile(r'<p class="lead">(.*?)</p>', re.DOTALL)
_TEXT = re.compile(r'<div class="text"[^>]*>')
_DIV = re.compile(r"<(/?)div\b[^>]*>")
_HEADING = re.compile(r"<h[2-6][^>]*>(.*?)</h[2-6]>", re.DOTALL)
_SILENT = re.compile(r'<(script|style|svg|template)\b.*?</\1>|<a class="headerlink".*?</a>|<!--.*?-->', re.DOTALL)
_INLINE = re.compile(r"</?(?:a|abbr|b|code|del|em|i|ins|kbd|mark|s|small|span|strong|sub|sup|u)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


_Known = tuple[tuple[Any, ...], tuple[Any, ...]]
"""What was known of a page and what was read, as plain values."""


@dataclass(frozen=True)
class Source:
    """What is known of a page before it is read."""

    id: str
    url: str
    language: str
    keywords: tuple[str, ...] = ()
    title: str = ""
    """Where the page shows none."""
    platforms: tuple[str, ...] = ()
    """The devices that it is for, in words; they stand behind its title."""


def documents_of(
    edition: Edition, folder: Path, cache: Path | None = None, marks: Mapping[str, Stamp] | None = None
) -> list[Document]:
    """The articles of an edition as they stand in the folder it was pressed into."""
    return read_pages(sources_of(edition.pages, edition.portal.language), folder, cache, marks)


def read_pages(
    sources: Iterable[Source], folder: Path, cache: Path | None = None, marks: Mapping[str, Stamp] | None = None
) -> list[Document]:
    """Finished pages as documents; with a cache those are opened that were written since.

    `marks` say of a page, by its staged path, what its bytes depend on; without them its file's stamp has to do.
    """
    file, root = cache / f"{place(folder)}.pages" if cache else None, os.fspath(folder)
    key = search_version()
    known = dict(trusted(file, recall(file, key) or {}))
    seen: dict[str, tuple[Stamp, _Known]] = {}
    documents = []
    for source in sources:
        path = f"{root}/{source.url}index.html"
        mark = marks[f"{source.id}.md"] if marks else stamp(path)
        named = (source.id, source.url, source.language, source.keywords, source.title, source.platforms)
        before = known.get(path)
        if before and before[0] == mark and before[1][0] == named:
            document, seen[path] = Document(*before[1][1]), before
        else:
            document = read_page(Path(path).read_text("utf-8"), source)
            seen[path] = mark, (named, tuple(document.__dict__.values()))
        documents.append(document)
    if seen.keys() != known.keys() or any(known[path] is not entry for path, entry in seen.items()):
        remember(file, key, seen)
    return documents


def sources_of(pages: Iterable[Page], language: str) -> Iterable[Source]:
    """Those of a portal's pages that may be found."""
    for page in pages:
        if page.template in {"article.html", "flow.html"} and not page.meta.get("search", {}).get("exclude"):
            yield _source(page, language)


def _source(page: Page, language: str) -> Source:
    keywords = tuple(page.meta.get("search", {}).get("keywords", ()))
    name, own = page.source.removesuffix(".md"), page.meta.get("text_language")
    return Source(name, page.url, own or language, keywords, page.title, tuple(page.meta.get("platforms", ())))


def read_page(html: str, source: Source) -> Document:
    """One finished page as a document."""
    text = _SILENT.sub(" ", _text_of(html))
    title, lead = _TITLE.search(html), _LEAD.search(html)
    devices = f" ({', '.join(source.platforms)})" if source.platforms else ""
    return Document(
        id=source.id,
        url=source.url,
        title=(plain(title[1]) if title else source.title) + devices,
        text=f"{plain(lead[1])} {plain(text)}".strip() if lead else plain(text),
        kind=source.id.partition("/")[0],
        headings=tuple(plain(heading) for heading in _HEADING.findall(text)),
        keywords=source.keywords,
        language=source.language,
    )


def _text_of(source: str) -> str:
    """What stands inside the article's text, whatever it nests."""
    start = _TEXT.search(source)
    if start is None:
        return ""
    depth = 1
    for tag in _DIV.finditer(source, start.end()):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return source[start.end() : tag.start()]
    return source[start.end() :]


def plain(markup: str) -> str:
    """Text without markup: a word may be partly bold, but a cell of a table ends one.

    >>> plain("<p><b>환불</b>은 &lt;3일&gt;</p><p>안에</p>")
    '환불은 <3일> 안에'
    """
    return " ".join(unescape(_TAG.sub(" ", _INLINE.sub("", markup))).split())
