"""Owns what the head of an index says, and in which files its texts are. Refuses to know postings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal_builder.search.bits import Alphabet, front_coded
from portal_builder.search.document import Document
from portal_builder.search.layout import Layout
from portal_builder.search.lexicon import Lexicon
from portal_builder.search.shards import TEXT_AT_MOST, Shard, text_cuts, text_shard, text_size

VERSION = 2
HEAD = "head.json"


def head_of(documents: Sequence[Document], lexicon: Lexicon, language: str) -> dict[str, object]:
    """What the head says of documents and words; where its files are stands behind that."""
    kinds = sorted({document.kind for document in documents})
    is_plain = all(document.url == f"{document.id}/" for document in documents)
    return {
        "version": VERSION,
        "language": language,
        "grams": lexicon.grams or False,
        **titles_part([document.title for document in documents]),
        "ids": front_coded([document.id for document in documents]),
        "urls": "" if is_plain else front_coded([document.url for document in documents]),
        "kinds": kinds,
        "kind": [kinds.index(document.kind) for document in documents] if len(kinds) > 1 else [],
        **tongues_part([document.language for document in documents], language),
        "stops": "",
        **lexicon_part(lexicon),
    }


def titles_part(titles: Sequence[str]) -> dict[str, object]:
    plain = [" ".join(title.split()) for title in titles]
    alphabet = Alphabet(plain)
    return {"letters": alphabet.letters, "titles": alphabet.write(plain)}


def tongues_part(languages: Sequence[str], language: str) -> dict[str, object]:
    tongues = ["" if one == language else one for one in languages]
    langs = sorted(set(tongues))
    return {"langs": langs, "lang": [langs.index(tongue) for tongue in tongues] if len(langs) > 1 else []}


def lexicon_part(lexicon: Lexicon) -> dict[str, object]:
    return {
        "tails": " ".join(lexicon.tails),
        "idle": " ".join(lexicon.idle),
        "aliases": " ".join(f"{surface} {form}" for surface, form in lexicon.aliases.items()),
    }


def files_part(layout: Layout, texts: TextShards) -> dict[str, object]:
    """Which files there are, and what is in them; terms that are in none."""
    return {
        "stops": " ".join(sorted(layout.stops)),
        "shards": [[name, count] for name, count in layout.shards],
        "rare": [name for name, _ in layout.boxes],
        "texts": [name for name, _ in texts.shards],
        "textCounts": [count for _, count in texts.shards],
    }


def head_bytes(head: Mapping[str, object]) -> bytes:
    return json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def mark_of(head: bytes) -> bytes:
    """What tells one index from another: the head names every other file, and those are named by their content."""
    return hashlib.blake2b(head, digest_size=16).digest()


@dataclass(frozen=True)
class TextShards:
    """Which texts are in which files."""

    sizes: list[int]
    """Of each text, in bytes."""
    shards: list[tuple[str, int]]
    """Names, and of how many texts."""
    made: list[Shard] = field(default_factory=list)


def texts_of(documents: Sequence[Document]) -> TextShards:
    """The texts of all documents."""
    said = [document.text[:TEXT_AT_MOST] for document in documents]
    sizes = list(map(text_size, said))
    made = [text_shard(said[begin:end]) for begin, end in text_cuts(sizes)]
    counts = [end - begin for begin, end in text_cuts(sizes)]
    return TextShards(sizes, [(one.name, count) for one, count in zip(made, counts, strict=True)], made)
