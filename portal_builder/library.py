"""Owns all articles of a help centre, and the files they show. Refuses to choose among them: that is the planner's."""

from __future__ import annotations

import hashlib
import io
import os
import posixpath
import struct
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from xml.etree.ElementTree import ParseError

import imagesize

from portal_builder.article import Article, read_article
from portal_builder.links import resolve
from portal_builder.places import TREES
from portal_builder.problem import Problem
from portal_builder.readings import READINGS, Readings
from portal_builder.yamlfile import read_text

NOT_KINDS = frozenset({"forms", "replies", "flows"})
"""Folders of content/ that hold other things than articles."""
_MEASURED = (".png", ".jpg", ".jpeg", ".gif", ".webp")
"""Pictures that always say their size; one that does not is none."""
_PIXELS = 100_000


@dataclass(frozen=True)
class Asset:
    """A picture or attachment on disk, known by what is in it."""

    file: Path
    digest: str
    """SHA-256 of its bytes, in hex."""
    size: int
    """In bytes."""
    box: tuple[int, int] | None = None
    """A picture's width and height, where its file says them."""

    is_fake_picture: bool = False
    """Whether its name says that it is a picture, and what is in it does not: a web page, a text, nothing at all."""


@dataclass(frozen=True)
class Library:
    """Every article in every version, and every file that an article uses, by `<tree>/<path>`."""

    articles: tuple[Article, ...]
    assets: Mapping[str, Asset]

    @cached_property
    def by_id(self) -> Mapping[str, Mapping[str, tuple[Article, ...]]]:
        """Versions of an article by id and language."""
        found: dict[str, dict[str, list[Article]]] = {}
        for article in self.articles:
            found.setdefault(article.id, {}).setdefault(article.language, []).append(article)
        return {
            article_id: {language: tuple(versions) for language, versions in languages.items()}
            for article_id, languages in found.items()
        }

    @cached_property
    def by_path(self) -> Mapping[str, Article]:
        return {article.path: article for article in self.articles}

    def asset(self, article: Article, path: str) -> Asset | None:
        """The file an article means by a path under content/; what waits in scheduled/ is for texts that wait there."""
        waiting = self.assets.get(f"scheduled/{path}") if article.is_scheduled else None
        return waiting or self.assets.get(f"content/{path}")

    def shown_by(self, article: Article) -> Iterator[tuple[str, Asset]]:
        """The pictures and attachments that an article's page brings along, by their paths under content/."""
        for path in dict.fromkeys(used_paths(article)):
            if asset := self.asset(article, path):
                yield path, asset


def load_library(root: Path) -> tuple[Library, tuple[Problem, ...]]:
    """Read `content/` and `scheduled/`; an article that cannot be read is left out and named in the problems."""
    articles: list[Article] = []
    problems: list[Problem] = []
    readings = Readings(root / READINGS)
    for file, path in _article_files(root):
        if not path.isprintable():
            problems.append(Problem.at(path.encode("utf-8", "replace").decode(), 1, "file.name"))
            continue
        article, faults = _read(file, path, readings)
        problems += faults
        articles += [article] if article else []
    readings.leave()
    assets = {
        key: read_asset(root / key)
        for key in sorted({key for article in articles for key in used_files(article)})
        if is_file(root / key)
    }
    return Library(tuple(articles), assets), (*problems, *_waiting_in_vain(root))


def _read(file: Path, path: str, readings: Readings) -> tuple[Article | None, tuple[Problem, ...]]:
    """The article in a file: the one that is remembered, or what the file is read to be."""
    stamp, article = readings.by_stamp(file, path)
    if article:
        return article, ()
    text, faults = read_text(file, path)
    if faults:
        return _parsed(text, faults, path)
    if article := readings.by_text(stamp, path, text):
        return article, ()
    article, faults = read_article(text, path)
    if article and not faults:
        readings.keep(stamp, article)
    return article, faults


def read_afresh(file: Path, path: str) -> tuple[Article | None, tuple[Problem, ...]]:
    """The article in a file, known by `<tree>/<path>`, or what keeps it from being one; nothing is remembered."""
    return _parsed(*read_text(file, path), path)


def _parsed(text: str, faults: tuple[Problem, ...], path: str) -> tuple[Article | None, tuple[Problem, ...]]:
    article, more = read_article(text, unicodedata.normalize("NFC", path)) if text or not faults else (None, ())
    return article, (*faults, *more)


def is_file(path: Path) -> bool:
    """Whether a file is there; a name that no file system takes is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _article_files(root: Path) -> Iterator[tuple[Path, str]]:
    for tree in TREES:
        top = f"{root / tree}"
        found = (f"{folder}/{name}" for folder, _, names in os.walk(top) for name in names if name.endswith(".md"))
        for file in sorted(found, key=lambda file: file.split("/")):  # thousands of them: Path is slow at all of this
            path = f"{tree}{file.removeprefix(top)}"
            if _names_text(path) and os.path.isfile(file):  # noqa: PTH113 -- as above; it may be a pipe of such a name
                yield Path(file), path


def is_text(root: Path, file: Path) -> bool:
    """Whether a file below the root is an article by its place and name."""
    return file.is_relative_to(root) and _names_text(file.relative_to(root).as_posix())


def _names_text(path: str) -> bool:
    """The same of a path below the root."""
    tree, *inner = path.split("/")
    if tree not in TREES or not inner or not path.endswith(".md") or inner[-1].lower() == "readme.md":
        return False
    return inner[0] not in NOT_KINDS and not any(part.startswith((".", "_")) for part in inner)


def _waiting_in_vain(root: Path) -> Iterator[Problem]:
    """Only articles have a time at which they come out: a form that waits here would never be read."""
    for folder in sorted(NOT_KINDS):
        for file in sorted((root / "scheduled" / folder).rglob("*.*")):
            if file.is_file() and not file.name.startswith((".", "_")):
                path = file.relative_to(root).as_posix()
                yield Problem.at(path, 1, "scheduled.no_article", folder=folder)


def used_paths(article: Article) -> Iterator[str]:
    """What the pictures and attachments of an article are called below its tree."""
    linked = (resolve(link.destination, article.folder)[0] for link in article.links if link.is_local)
    attached = (posixpath.normpath(posixpath.join(article.folder, name)) for name in article.meta.attachments)
    for path in (*linked, *attached):
        if path and not path.startswith("..") and not path.endswith((".md", ".yml")):
            yield path


def used_files(article: Article) -> Iterator[str]:
    """Where the pictures and attachments of an article may lie."""
    for path in used_paths(article):
        yield f"content/{path}"
        if article.is_scheduled:
            yield f"scheduled/{path}"


def read_asset(file: Path) -> Asset:
    """A file, by what is in it."""
    content = file.read_bytes()
    box = picture_box(content)
    return Asset(file, hashlib.sha256(content).hexdigest(), len(content), box, _is_fake(file.name, content, box))


def is_fake_picture(file: Path) -> bool:
    content = file.read_bytes()
    return _is_fake(file.name, content, picture_box(content))


def _is_fake(name: str, content: bytes, box: tuple[int, int] | None) -> bool:
    if name.lower().endswith(".svg"):
        return b"<svg" not in content
    return box is None and name.lower().endswith(_MEASURED)


def picture_box(content: bytes) -> tuple[int, int] | None:
    """What a picture says of its size; a file that says nothing, or nonsense, has none."""
    try:
        width, height = imagesize.get(io.BytesIO(content))
    except (ValueError, OSError, struct.error, ParseError, IndexError, KeyError):
        return None  # a broken picture is its writer's business, and no reason to stop
    box = (round(width), round(height))
    return box if min(box) > 0 and max(box) < _PIXELS else None
