"""Owns what a few changed articles make of a finished index, without the others. Refuses where it cannot be sure.

Articles that come or go, or move to another address, are another index: write.py makes it whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from portal_builder.search.amendment import Amended, Amendment, names_of
from portal_builder.search.document import Document
from portal_builder.search.head import HEAD, mark_of
from portal_builder.search.parts import DamagedError, Parts
from portal_builder.search.shards import TEXT_AT_MOST, text_shard
from portal_builder.search.state import STATE, State, core_of
from portal_builder.search.version import search_version

_MANY = 0.2
"""Where more than this share of the documents is another, making the index whole costs less."""


def amended_index(changed: Iterable[Document], folder: Path, language: str, cache: Path) -> Amended | None:
    """What changed documents make of the finished index in a folder; all others are as they were, synonyms too.

    None where that has to be made whole: nothing is remembered of this very index, a document is new to it, or the
    words of all have to be learned again. What is remembered is of the amended index then: the caller writes its files.
    """
    try:
        head = (folder / HEAD).read_bytes()
        key, mark = f"{language} {search_version()}", mark_of(head)
        for file in sorted(cache.glob(f"{language}-*{STATE}")):
            parts = Parts(file)
            core = core_of(parts)
            if (core.key, core.mark) == (key, mark):
                return Amendment(State(parts, core), language).made(changed, head)
    except (OSError, DamagedError):
        return None
    return None


def remembered_index(
    documents: Sequence[Document], language: str, synonyms: Sequence[Sequence[str]], file: Path, key: str
) -> dict[str, bytes] | None:
    """The files of a whole index but for the client, by what is remembered of one of the same articles, of which some
    are others; None where that does not help."""
    try:
        parts = Parts(file)
        core = core_of(parts)
        said = [list(group) for group in synonyms]
        if (core.key, core.synonyms, core.ids) != (key, said, [one.id for one in documents]):
            return None
        state = State(parts, core)
        changed = [one for number, one in enumerate(documents) if state.document(number) != one]
        if len(changed) > _MANY * len(documents):
            return None
        head = state.file(HEAD)
        amended = Amendment(state, language).made(changed, head)
        if amended is None:
            return None
        head = amended.files.get(HEAD, head)
        names = names_of(json.loads(head)) - amended.files.keys() - {f"{name}.json" for name, _ in core.text_shards}
        files = {name: state.file(name) for name in sorted(names)} | amended.files | {HEAD: head}
    except (OSError, DamagedError):
        return None
    at = 0
    for name, count in core.text_shards:
        if f"{name}.json" not in files:
            texts = [one.text[:TEXT_AT_MOST] for one in documents[at : at + count]]
            files[f"{name}.json"] = text_shard(texts, name).data
        at += count
    return files
