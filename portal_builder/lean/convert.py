"""Owns Markdown to HTML as MkDocs converts a page: dialect, relative links, anchors. Refuses a text with a dead link.

A conversion depends on the text, on where it stands and on the dialect, and on nothing else of a portal: that is why
portals can share it. What it links to is part of it, to be looked up in each portal.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE

from portal_builder.lean.beyond import BeyondLeanError
from portal_builder.lean.blocks import Blocks
from portal_builder.lean.config import Dialect
from portal_builder.lean.inline import Inline
from portal_builder.lean.plain import QuickWay
from portal_builder.lean.tree import Needed

_NAMES_ANCHORS = re.compile(r"<[^>]*\b(?:id|name)\s*=", re.IGNORECASE)


@dataclass(frozen=True)
class Conversion:
    """One text as HTML."""

    html: str
    toc: Sequence[Mapping[str, Any]]
    """Headings as Python-Markdown tells them."""
    anchors: Sequence[str]
    links: Sequence[tuple[str, str]]
    """The files it leads to, each with an anchor or nothing."""


class Converter:
    """Converts the texts of a dialect, one after another: plain ones quickly, unless that is not wanted."""

    def __init__(self, dialect: Dialect, *, is_quick: bool = True) -> None:
        self._dialect, self._links = dialect, _Links()
        self._quick = QuickWay(dialect) if is_quick else None

    def convert(self, text: str, source: str) -> Conversion:
        """The text of the page at this staged path."""
        return self.quickly(text, source) or self._usual.convert(text, source)

    def quickly(self, text: str, source: str) -> Conversion | None:
        """The same of a plain text, and nothing of another."""
        if self._quick is None:
            return None
        self._links.source, self._links.found = source, {}
        plain = self._quick.convert(text, self._links.address)
        return Conversion(plain.html, plain.toc, plain.anchors, [*self._links.found]) if plain else None

    @cached_property
    def _usual(self) -> _Usual:
        """Made for the first text that is not plain: to load extensions takes as long as a thousand plain texts."""
        return _Usual(self._dialect)


class _Usual:
    """Python-Markdown, without what a text has no use for."""

    def __init__(self, dialect: Dialect) -> None:
        configs = {name: _patient(dict(options)) for name, options in dialect.configs.items()}
        self._markdown = Markdown(extensions=list(dialect.extensions), extension_configs=configs)
        self._raw = _RawAnchors()
        self._tree = _Anchors()
        self._links = _Links()
        self._markdown.treeprocessors.register(Inline(self._markdown), "inline", 20)
        self._markdown.preprocessors.register(self._raw, "lean_raw_anchors", 21)
        self._markdown.treeprocessors.register(self._tree, "lean_anchors", 5)
        self._markdown.treeprocessors.register(self._links, "lean_links", 0)
        Blocks(self._markdown.parser)
        self._needed = Needed(self._markdown)

    def convert(self, text: str, source: str) -> Conversion:
        """The text of the page at this staged path."""
        self._markdown.reset()
        self._needed.text = text
        self._raw.found, self._tree.found = set(), set()
        self._links.source, self._links.found = source, {}
        html = self._markdown.convert(text)
        anchors = sorted(self._raw.found | self._tree.found)
        toc = getattr(self._markdown, "toc_tokens", [])
        return Conversion(html, toc, anchors, [*self._links.found])


def _patient(options: dict[str, Any]) -> dict[str, Any]:
    """An extension's options; an index of icons is read when the first one is looked up: few texts need it."""
    index = options.get("emoji_index")
    return options | {"emoji_index": partial(_LateIndex, index)} if callable(index) else options


class _LateIndex(Mapping[str, Any]):
    """An index that is made when it is asked."""

    def __init__(self, make: Callable[..., Mapping[str, Any]], options: object, markdown: Markdown) -> None:
        self._make = partial(make, options, markdown)

    @cached_property
    def _made(self) -> Mapping[str, Any]:
        return self._make()

    def __getitem__(self, key: str) -> Any:
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


class _RawAnchors(Preprocessor):
    """Anchors of HTML that stands in the text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        if _NAMES_ANCHORS.search(text):
            parser = _Parser()
            parser.feed(text)
            parser.close()
            self.found = parser.found
        return lines


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for name, value in attrs if value and (name == "id" or (name == "name" and tag == "a"))}


class _Anchors(Treeprocessor):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def run(self, root: Element) -> None:
        for element in root.iter():
            if anchor := element.get("id"):
                self.found.add(anchor)
            if element.tag == "a" and (anchor := element.get("name")):
                self.found.add(anchor)


class _Links(Treeprocessor):
    """Links to files become links to their pages."""

    def __init__(self) -> None:
        super().__init__()
        self.source = ""
        self.found: dict[tuple[str, str], None] = {}

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.tag in ("a", "img"):
                key = "href" if element.tag == "a" else "src"
                url = element.get(key)
                if url is None:
                    raise BeyondLeanError(self.source)
                element.set(key, self.address(url))

    def address(self, url: str) -> str:
        """An address in the text, as it is on the page."""
        if url[:1] == "#" and url[1:] and url.isprintable():
            self.found[self.source, url[1:]] = None
            return url
        scheme, netloc, path, query, anchor = urlsplit(url)
        if scheme or netloc or url.startswith(("/", "\\")) or AMP_SUBSTITUTE in url:
            return url
        if not path:
            if anchor:
                self.found[self.source, anchor] = None
            return url
        target = posixpath.normpath(posixpath.join(posixpath.dirname(self.source), unquote(path)).lstrip("/"))
        self.found[target, anchor] = None
        return urlunsplit(("", "", relative(address(target), address(self.source)), query, anchor))


@lru_cache(maxsize=2**14)
def address(source: str) -> str:
    """Where a staged file lies in the portal, as an address; the home page is `./`."""
    if not source.endswith(".md"):
        return quote(source)
    folder, _, name = source.removesuffix(".md").rpartition("/")
    path = folder if name == "index" else f"{folder}/{name}" if folder else name
    return quote(f"{path or '.'}/")


def relative(url: str, other: str) -> str:
    """One address as seen from another; both below the portal's root."""
    folder, _, name = other.rpartition("/")
    here, there = _parts(folder if "." in name else other), _parts(url)
    common = next((at for at, (one, two) in enumerate(zip(here, there, strict=False)) if one != two), None)
    if common is None:
        common = min(len(here), len(there))
    path = "/".join((*[".."] * (len(here) - common), *there[common:])) or "."
    return f"{path}/" if url.endswith("/") else path


@lru_cache(maxsize=2**14)
def _parts(path: str) -> tuple[str, ...]:
    path = posixpath.normpath(path if path.startswith("/") else f"/{path}")[1:]
    return tuple(path.split("/")) if path else ()
