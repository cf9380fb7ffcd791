"""Owns folders of HTML pages, whatever made them. Refuses the menus, heads and feet of a site."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from portal_builder.importing.markup import TooMuchError, attribute, markdown_of, soup_of
from portal_builder.importing.model import (
    Haul,
    ImportedArticle,
    ImportedFolder,
    Source,
    clean,
    loss,
    slug_of,
    split_web,
)
from portal_builder.importing.reading import files_below, text_of
from portal_builder.problem import ContentError, Problem

_MAIN = ("main article", "main", "article", "[role=main]", "#content", "#main", ".article-body", ".content", "body")
_AROUND = ("nav", "header", "footer", "aside", "[role=navigation]", ".breadcrumbs", ".breadcrumb")
_NAMED = re.compile(r"(?P<stem>.+)[._](?P<language>[a-z]{2}(-[a-zA-Z]{2})?)")


@dataclass(frozen=True)
class _Page:
    """One file, and what it says of itself."""

    place: str
    path: str
    """Its place without language and `index.html`: what translations share."""
    is_index: bool
    language: str
    title: str
    summary: str
    keywords: tuple[str, ...]
    body: str
    canonical: str
    is_empty: bool


def _recognises(path: Path) -> int:
    if path.is_file():
        return 2 if path.suffix.lower() in {".html", ".htm"} else 0
    return 1 if next(files_below(path, ".html", ".htm"), None) else 0


def _read(path: Path) -> Haul:
    pages: list[_Page] = []
    problems: list[Problem] = []
    found = [(path, path.name)] if path.is_file() else list(files_below(path, ".html", ".htm"))
    for file, place in found:
        try:
            pages.append(_page(text_of(file, place), place))
        except TooMuchError:
            problems.append(loss(place, "import.too_much"))
        except ContentError as error:
            problems += error.problems
    if not found:
        problems.append(loss(path.name, "import.nothing"))
    if problems:
        raise ContentError(problems)
    return _haul(path if path.is_dir() else path.parent, pages)


def _page(text: str, place: str) -> _Page:
    soup = soup_of(text)
    html = soup.find("html")
    language = attribute(html, "lang") if html else ""
    path, is_index, named = _path(place, language)
    main = next(filter(None, (soup.select_one(where) for where in _MAIN)), soup)
    title = _title(soup, main)
    for around in main.select(", ".join(_AROUND)):
        around.decompose()
    link = soup.select_one("link[rel=canonical]")
    return _Page(
        place,
        path,
        is_index,
        named or language,
        title,
        _meta(soup, "description"),
        tuple(filter(None, map(clean, _meta(soup, "keywords").split(",")))),
        main.decode_contents(),
        attribute(link, "href") if link else "",
        is_empty=not title and not main.get_text(strip=True),
    )


def _path(place: str, language: str) -> tuple[str, bool, str]:
    """The path that translations share, whether it is a folder's own page, and the language that a name says."""
    stem = posixpath.splitext(place)[0]
    parts = stem.split("/")
    first, named = language.lower(), ""
    if len(parts) > 1 and first and parts[0].lower().replace("_", "-") in {first, first.partition("-")[0]}:
        named, parts = parts[0], parts[1:]
    elif match := _NAMED.fullmatch(parts[-1]):
        named, parts[-1] = match["language"], match["stem"]
    is_index = parts[-1].lower() == "index"
    return "/".join(parts[:-1] if is_index else parts), is_index, named


def _title(soup: BeautifulSoup, main: Tag) -> str:
    """The heading of the page, taken out of its text; else what the window is called, without the site's name."""
    heading = main.find("h1")
    if heading and (words := clean(heading.get_text(" "))):
        heading.decompose()
        return words
    window = soup.find("title")
    return re.split(r"\s+[|·–—-]\s+", clean(window.get_text()))[0] if window else ""


def _meta(soup: BeautifulSoup, name: str) -> str:
    tag = soup.find("meta", attrs={"name": re.compile(f"^{name}$", re.IGNORECASE)})
    return clean(attribute(tag, "content")) if tag else ""


def _haul(root: Path, pages: list[_Page]) -> Haul:
    parents = {posixpath.dirname(page.path) for page in pages if page.path}
    lists = [page for page in pages if page.is_index and page.path in parents | {""}]
    texts = [page for page in pages if page not in lists and not page.is_empty]
    losses: list[Problem] = [loss(page.place, "import.list_page") for page in lists]
    losses += [loss(page.place, "import.empty") for page in pages if page.is_empty and page not in lists]
    articles = [_article(page, losses) for page in texts]
    hosts = frozenset(split_web(page.canonical)[0] for page in pages) - {""}
    return Haul(root, tuple(articles), tuple(_folders(articles, lists)), tuple(losses), hosts)


def _article(page: _Page, losses: list[Problem]) -> ImportedArticle:
    try:
        converted = markdown_of(page.body)
    except TooMuchError:
        raise ContentError([loss(page.place, "import.too_much")]) from None
    losses += [loss(page.place, key, name=name) for key, name in converted.losses]
    canonical = split_web(page.canonical)[1]
    top, _, inner = page.path.partition("/")
    name = posixpath.basename(page.path)
    return ImportedArticle(
        key=page.path,
        place=page.place,
        language=page.language,
        title=page.title or name,
        text=converted.text,
        slug=slug_of(name),
        folder=top if inner else "",
        summary=page.summary,
        keywords=page.keywords,
        addresses=tuple(dict.fromkeys(filter(None, (canonical, page.place)))),
    )


def _folders(articles: list[ImportedArticle], lists: list[_Page]) -> Iterator[ImportedFolder]:
    """Each first folder is a category, called as its own page calls itself."""
    for key in sorted({article.folder for article in articles} - {""}):
        own = [page for page in lists if page.path == key]
        titles = {page.language: page.title for page in own if page.title} or {"": key.replace("-", " ")}
        summaries = {page.language: page.summary for page in own}
        places = [page.place for page in own] + [posixpath.dirname(page.place) for page in own]
        yield ImportedFolder(key, slug_of(key, "category"), titles, summaries, None, tuple(places))


SOURCE = Source(_recognises, _read)
