"""Owns what an importer hands over: articles and folders as values. Refuses to know where they came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from portal_builder.problem import Problem

_SLUG_LENGTH = 60
_ADDRESS_LENGTH = 180
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
"""What no YAML reader takes, and no reader sees."""


@dataclass(frozen=True)
class ImportedArticle:
    """One text in one language as its source had it, its body already Markdown."""

    key: str
    """Translations share it."""
    place: str
    """How the source names it: a path below the source, or a file and a number. What is reported begins with it."""
    language: str
    """As the source writes it (`en-us`); empty where it does not say."""
    title: str
    text: str
    slug: str
    folder: str = ""
    """The key of its ImportedFolder; empty for a text without a category."""
    summary: str = ""
    keywords: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    order: int | None = None
    is_pinned: bool = False
    publish_at: str = ""
    addresses: tuple[str, ...] = ()
    """Paths it had on the old site, decoded, without a slash before; with one behind where links count from there."""
    hidden_because: str = ""
    """Why nobody may read it yet: the key of the message, for a draft or a text for some readers only."""


@dataclass(frozen=True)
class ImportedFolder:
    """A category: what it is called in each language, and where it stood."""

    key: str
    slug: str
    titles: Mapping[str, str]
    summaries: Mapping[str, str] = field(default_factory=dict)
    order: int | None = None
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Haul:
    """Everything one source has."""

    root: Path
    """The folder that pictures and files may be taken from, and nothing outside of it."""
    articles: tuple[ImportedArticle, ...]
    folders: tuple[ImportedFolder, ...] = ()
    losses: tuple[Problem, ...] = ()
    hosts: frozenset[str] = frozenset()
    """Names of the old site: links there are links within it."""
    shelves: tuple[str, ...] = ("",)
    """Folders below the root whose files the old site served at its top."""
    canonical: Callable[[str], str] = lambda path: path
    """The one form of an address that has several."""


@dataclass(frozen=True)
class Source:
    """One kind of help centre that can be brought over."""

    recognises: Callable[[Path], int]
    """0 for no, 1 for perhaps, 2 for certainly."""
    read: Callable[[Path], Haul]
    """Raises ContentError for what cannot be read."""


def loss(place: str, key: str, /, **values: object) -> Problem:
    """Something that did not come over as it was, and what to do about it."""
    return Problem.at(clean(place), 1, key, **values)


def clean(text: str) -> str:
    """A text in one line of composed letters, without what cannot be seen.

    >>> clean(" a\\x00  b ")
    'a b'
    """
    return re.sub(r"\s+", " ", clean_text(text)).strip()


def clean_text(text: str) -> str:
    """The same with its lines kept."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _CONTROL.sub("", lines))


def slug_of(title: str, otherwise: str = "page") -> str:
    """A name for a file and an address: letters of any script, digits and hyphens.

    >>> slug_of("환불은 언제 되나요? (카드/계좌)")
    '환불은-언제-되나요-카드-계좌'
    """
    words = re.sub(r"[^\w]+|_+", "-", clean(title).lower())
    return unicodedata.normalize("NFC", words).strip("-")[:_SLUG_LENGTH].strip("-") or otherwise


def split_web(address: str) -> tuple[str, str]:
    """The host of an address on the web and its path, decoded, without slashes around it; nothing of any other.

    >>> split_web("https://Acme.example/hc/ko/%EA%B8%80/"), split_web("글.html"), split_web("http://[")
    (('acme.example', 'hc/ko/글'), ('', ''), ('', ''))
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return (parts.netloc.lower(), unquote(parts.path).strip("/")) if parts.scheme in {"http", "https"} else ("", "")


def address_of(path: str) -> str:
    """An old path as `redirect_from` takes it: no slashes around it, no `index.html` at its end; empty if too long."""
    short = re.sub(r"(^|/)index\.(html?|md)$", "", clean(path).strip("/"))
    return short if len(short) <= _ADDRESS_LENGTH else ""
