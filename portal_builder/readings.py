"""Owns what articles were read to be, kept between commands, so that one that has not changed is not parsed again.
Refuses to be needed: the folder may be deleted at any time, and shared between branches and CI runs.

A file is known by its stamp; where that is another one, by its text. What is kept of articles lies in some files of
plain values, each opened by a digest of itself and of the code that reads articles; what does not fit is read anew.
An article that has a fault is never kept.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pydantic
import yaml
from pymdownx.__meta__ import __version__ as slugs

from portal_builder.article import Article, FrontMatter, OldAddress, Search
from portal_builder.face import Face
from portal_builder.links import Link
from portal_builder.yamlfile import YamlFile

READINGS = "build/cache/articles"
"""Where it is kept, below the root."""
_SHELVES = 32
_SETTLED = 50_000_000
"""Nanoseconds: a file that changed so shortly before it was remembered may have changed again without a trace."""
_READERS = ("article.py", "face.py", "instant.py", "hours.py", "links.py", "readings.py", "schema.py", "yamlfile.py")
_DIGEST = 16

Stamp = tuple[int, int, int, int]
Entry = tuple[Stamp, bytes, tuple[Any, ...]]
"""When the file was read, the digest of its text, and the article as plain values."""


class Readings:
    """What is known of the articles of one help centre."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._before: dict[int, dict[str, Entry]] = {}
        self._settled: dict[int, int] = {}
        self._now: dict[int, dict[str, Entry]] = {}
        self._changed: set[int] = set()

    def by_stamp(self, file: Path, path: str) -> tuple[Stamp | None, Article | None]:
        """The file's stamp, and the article in it where nobody has written to it since it was read."""
        stamp = _stamp(file)
        shelf = _shelf(path)
        entry = self._shelf(shelf).get(path)
        if stamp is None or entry is None or entry[0] != stamp or stamp[1] >= self._settled[shelf]:
            return stamp, None
        self._now.setdefault(shelf, {})[path] = entry
        return stamp, _article(path, entry[2])

    def by_text(self, stamp: Stamp | None, path: str, text: str) -> Article | None:
        """The article that a text at this place is, where it has been read before."""
        shelf = _shelf(path)
        entry = self._shelf(shelf).get(path)
        if stamp is None or entry is None or entry[1] != _digest(text.encode()):
            return None
        self._note(shelf, path, (stamp, *entry[1:]))
        return _article(path, entry[2])

    def keep(self, stamp: Stamp | None, article: Article) -> None:
        """An article that was read; `stamp` is from before that."""
        plain = _plain(article)
        if stamp is not None and plain is not None:
            self._note(_shelf(article.path), article.path, (stamp, article.face.whole, plain))

    def leave(self) -> None:
        """Keep it for the next command, as far as it is another one; where that cannot be written, do without."""
        for shelf in range(_SHELVES):
            now = self._now.get(shelf, {})
            if shelf in self._changed or now.keys() != self._shelf(shelf).keys():
                with suppress(OSError, ValueError):
                    self._write(shelf, marshal.dumps(now))

    def _note(self, shelf: int, path: str, entry: Entry) -> None:
        self._now.setdefault(shelf, {})[path] = entry
        self._changed.add(shelf)

    def _write(self, shelf: int, data: bytes) -> None:
        file = self._folder / f"{shelf:02}"
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(_digest(_version() + data) + data)
        fresh.replace(file)

    def _shelf(self, shelf: int) -> dict[str, Entry]:
        if shelf not in self._before:
            self._before[shelf], self._settled[shelf] = _recall(self._folder / f"{shelf:02}")
        return self._before[shelf]


def _recall(file: Path) -> tuple[dict[str, Entry], int]:
    """What a file holds, and which stamps had settled when it was written."""
    try:
        settled, data = file.stat().st_mtime_ns - _SETTLED, file.read_bytes()
    except OSError:
        return {}, 0
    if data[:_DIGEST] != _digest(_version() + data[_DIGEST:]):
        return {}, 0
    return marshal.loads(data[_DIGEST:]), settled  # noqa: S302 -- our own cache, and whole


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_DIGEST).digest()


@cache
def _version() -> bytes:
    """Changes with every line of what reads articles."""
    digest = hashlib.blake2b(f"{sys.version} {pydantic.VERSION} {yaml.__version__} {slugs}".encode())
    for name in _READERS:
        digest.update((Path(__file__).parent / name).read_bytes())
    return digest.digest()


def _shelf(path: str) -> int:
    return hashlib.blake2b(path.encode("utf-8", "surrogateescape"), digest_size=1).digest()[0] % _SHELVES


def _stamp(file: Path) -> Stamp | None:
    try:
        found = os.stat(file)  # noqa: PTH116 -- thousands of them, and a Path costs more than the call
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def _plain(article: Article) -> tuple[Any, ...] | None:
    """An article as values that a file can hold; None where it has others."""
    source, meta = article.source, article.meta
    told = {name: _packed(getattr(meta, name)) for name in meta.model_fields_set}
    links = [(*vars(link).values(),) for link in article.links]
    front, found = (source.tree, dict(source.lines)), (article.anchors, links)
    if source.problems:
        return None
    return (
        article.id,
        article.language,
        article.text,
        article.first_line,
        tuple(article.face),
        told,
        front,
        found,
    )


def _article(path: str, plain: tuple[Any, ...]) -> Article:
    article_id, language, text, first_line, face, told, (tree, lines), (anchors, links) = plain
    meta = _blank().model_copy(update={name: _unpacked(value) for name, value in told.items()})
    source = YamlFile(path, tree, lines)
    article = Article(article_id, language, meta, text, path, first_line, source, face=Face(*face))
    article.__dict__.update(anchors=anchors, links=tuple(Link(*link) for link in links))  # what it would find
    return article


@cache
def _blank() -> FrontMatter:
    """Every key as it is where a writer leaves it out."""
    return FrontMatter.model_construct()


def _packed(value: Any) -> Any:
    """Plain values as they are, others as a list of what they are and of what: no plain value is a list."""
    if isinstance(value, datetime):
        return ["datetime", value.isoformat()]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    if isinstance(value, Search):
        return ["search", {name: getattr(value, name) for name in value.model_fields_set}]
    if isinstance(value, tuple) and any(isinstance(one, OldAddress) for one in value):
        return ["addresses", [*_addresses(value)]]
    return value


def _addresses(value: tuple[Any, ...]) -> Iterator[tuple[str, str, str]]:
    return ((one.path, one.anchor, one.to) for one in value)


def _unpacked(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    kind, inner = value
    if kind == "datetime":
        return datetime.fromisoformat(inner)
    if kind == "date":
        return date.fromisoformat(inner)
    return Search(**inner) if kind == "search" else tuple(OldAddress(*one) for one in inner)
