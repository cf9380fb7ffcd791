"""Owns which articles are in another language than they claim, and remembers it from one command to the next.

Refuses to change what is shown: an article keeps its place and its text, and only says what it is. The memory is a file
that may be deleted at any time, and that a help centre which cannot be written to does without.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from portal_builder.article import Article
from portal_builder.catalogue import Catalogue
from portal_builder.tongues.judge import Tongues

MEMORY = "build/cache/tongues.json"
"""Where is kept what each text turned out to be, below the root."""


def as_they_are(articles: Iterable[Article], catalogues: Mapping[str, Catalogue], root: Path) -> tuple[Article, ...]:
    """The articles, those in another language than their own saying so; each text is judged once."""
    file, version = root / MEMORY, _version(catalogues)
    known = _recall(file, version)
    found: dict[str, str] = {}
    tongues: Tongues | None = None
    judged = []
    for article in articles:
        key = _key(article)
        if key in known:
            found[key] = known[key]
        else:
            tongues = tongues or Tongues(catalogues)
            found[key] = _other_language(tongues, article)
        judged.append(replace(article, looks_like=found[key]) if found[key] else article)
    if found != known:
        _remember(file, version, found)
    return tuple(judged)


def as_it_is(article: Article, tongues: Tongues) -> Article:
    """One article, judged anew, nothing remembered."""
    return replace(article, looks_like=_other_language(tongues, article))


def told(article: Article) -> str:
    """What readers see of a text."""
    return f"{article.meta.title}\n{article.meta.summary}\n{article.text}"


def _other_language(tongues: Tongues, article: Article) -> str:
    """The language that a text is in instead; empty where nothing is to be said against its own."""
    return tongues.judge(told(article), article.language).other


def _key(article: Article) -> str:
    return hashlib.blake2b(f"{article.language}\0{told(article)}".encode(), digest_size=12).hexdigest()


def _version(catalogues: Mapping[str, Catalogue]) -> str:
    """Changes with every line of what judges, and with the words that it learns from."""
    digest = hashlib.blake2b(digest_size=12)
    for file in sorted(Path(__file__).parent.glob("*.*")):
        digest.update(file.read_bytes())
    for language, catalogue in sorted(catalogues.items()):
        digest.update("\0".join([language, *catalogue.words.values()]).encode())
    return digest.hexdigest()


def _recall(file: Path, version: str) -> dict[str, str]:
    try:
        record = json.loads(file.read_text("utf-8"))
        return {str(key): str(language) for key, language in record[version].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _remember(file: Path, version: str, found: Mapping[str, str]) -> None:
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps({version: found}), "utf-8")
        fresh.replace(file)
