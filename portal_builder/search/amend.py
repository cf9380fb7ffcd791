"""Owns what a few changed articles make of a finished index, without the others. Refuses where it cannot be sure.

Articles that come or go, or move to another address, are another index: write.py makes it whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal_builder.search.document import Document
from portal_builder.search.memory import recall
from portal_builder.search.version import search_version
from portal_builder.search.write import HEAD, made_by_memory, mark_of


@dataclass(frozen=True)
class Amended:
    """What is another in an index."""

    files: dict[str, bytes]
    """By their names: new ones, and the head where it is another."""
    gone: frozenset[str]
    """Names of files that it has no more."""


def amended_index(changed: Iterable[Document], folder: Path, language: str, cache: Path) -> Amended | None:
    """What changed documents make of the finished index in a folder; all others are as they were, synonyms too.

    None where that has to be made whole: nothing is remembered of this very index, or a document is new to it.
    """
    try:
        head = (folder / HEAD).read_bytes()
    except OSError:
        return None
    for file in sorted(cache.glob(f"{language}-*.index")):
        value = recall(file, f"{language} {search_version()}")
        if isinstance(value, tuple) and value[2:] == (mark_of(head),):
            return _amended({name: Document(*one) for name, one in value[0][0].items()}, changed, head, file, language)
    return None


def _amended(
    documents: dict[str, Document], changed: Iterable[Document], head: bytes, file: Path, language: str
) -> Amended | None:
    for one in changed:
        if one.id not in documents or documents[one.id].url != one.url:
            return None
        documents[one.id] = one
    before = json.loads(head)
    files = made_by_memory(documents.values(), language, before["synonyms"], file)
    names = _shards(before)
    other = {name: files[name] for name in sorted(_shards(json.loads(files[HEAD])) - names)}
    if files[HEAD] != head:
        other[HEAD] = files[HEAD]
    return Amended(other, frozenset(names - files.keys()))


def _shards(head: Mapping[str, Any]) -> set[str]:
    """The files that a head names."""
    return {f"{name}.json" for name in (*(name for name, _ in head["shards"]), *head["rare"], *head["texts"])}
