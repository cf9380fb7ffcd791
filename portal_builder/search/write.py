"""Owns the index on disk: documents in, a folder of a head and shards out. Refuses to know HTML and portals."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from portal_builder.search.alike import Alike, alike_of, pairs
from portal_builder.search.bits import Alphabet, front_coded, hash_set, packed
from portal_builder.search.client import client
from portal_builder.search.document import Document
from portal_builder.search.growth import Index, grown, index_of, sizes_of
from portal_builder.search.letters import other_letters
from portal_builder.search.lexicon import CLASS_COSTS, Lexicon, rank_of
from portal_builder.search.memory import place, recall, remember
from portal_builder.search.shards import TEXT_AT_MOST, rare_shards, term_sets, term_shards, text_shards
from portal_builder.search.tongue import idle, spoken
from portal_builder.search.version import search_version

VERSION = 2
HEAD = "head.json"


def write_index(
    documents: Iterable[Document],
    language: str,
    folder: Path,
    synonyms: Sequence[Sequence[str]] = (),
    cache: Path | None = None,
) -> None:
    """Make a folder hold the index of these documents and the client that reads it; only what differs is written.

    `synonyms` are groups of words and phrases. `cache` is a folder that may be deleted at any time: with it, a changed
    article costs what it changed, and the index is the same.
    """
    _write(made_index(documents, language, folder, synonyms, cache), folder)


def made_index(
    documents: Iterable[Document],
    language: str,
    folder: Path,
    synonyms: Sequence[Sequence[str]] = (),
    cache: Path | None = None,
) -> dict[str, bytes]:
    """Every file of the index by its name; `folder` is where it will lie."""
    return made_by_memory(documents, language, synonyms, cache / f"{language}-{place(folder)}.index" if cache else None)


def made_by_memory(
    documents: Iterable[Document], language: str, synonyms: Sequence[Sequence[str]], file: Path | None
) -> dict[str, bytes]:
    """Every file of the index by its name, by what this file remembers."""
    ordered = sorted(documents, key=lambda document: document.id)
    key = f"{language} {search_version()}"
    before, alike_before = _known(recall(file, key))
    index = grown(before, ordered, spoken(language))
    letters = other_letters(index.words) if spoken(language) == "zh" else ""
    own_letters = dict(zip(map(ord, letters[::2]), letters[1::2], strict=True))
    same = pairs(index.lexicon, spoken(language), synonyms, own_letters)
    alike = alike_of(alike_before, before.lists if before else {}, index.lists, same, len(ordered))
    files = index_files(ordered, index, alike, language, synonyms, letters)
    if index is not before or alike is not alike_before:
        remember(file, key, (index.plain(), tuple(alike.__dict__.values()), mark_of(files[HEAD])))
    return files


def mark_of(head: bytes) -> bytes:
    """What tells one index from another: the head names every other file, and those are named by their content."""
    return hashlib.blake2b(head, digest_size=16).digest()


def _known(value: Any) -> tuple[Index | None, Alike | None]:
    """What was remembered, if it is an index and what its words have alike."""
    try:
        plain, alike, _ = value
        index = index_of(plain)
        return (index, Alike(*alike)) if index else (None, None)
    except (TypeError, ValueError):
        return None, None


def index_files(
    documents: Sequence[Document],
    index: Index,
    alike: Alike,
    language: str,
    synonyms: Sequence[Sequence[str]],
    letters: str,
) -> dict[str, bytes]:
    """Every file of the index by its name; `letters` are Chinese ones by twos, another way to write one and its own."""
    count, lexicon = len(documents), index.lexicon
    codes = index.codes | alike.codes
    sizes = sizes_of(index.lists) | sizes_of(alike.lists)
    stops = sorted(sizes.keys() & {*lexicon.idle, *(() if lexicon.rules else idle("en"))})
    sets = term_sets(_ranks(sizes, lexicon, set(stops)))
    named = [term for one in sets for _, term in one]
    terms = term_shards(named, codes)
    rare = rare_shards(sorted(sizes.keys() - set(named) - set(stops)), codes)
    texts, text_of = text_shards([document.text[:TEXT_AT_MOST] for document in documents], range(count))
    head = _head(documents, lexicon, stops, language) | {
        "terms": [[len(one), packed(hash_set([value for value, _ in one]))] for one in sets],
        "shards": [[one.name, one.terms] for one in terms],
        "rare": [one.name for one in rare],
        "texts": [one.name for one in texts],
        "textCounts": [len(list(group)) for _, group in groupby(text_of)],
        "synonyms": [list(group) for group in synonyms],
    }
    if spoken(language) == "zh":
        head["letterPairs"] = letters
    files = {one.file: one.text.encode("utf-8", "replace") for one in (*terms, *rare, *texts)}
    files[HEAD] = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    files["search.js"] = client(spoken(language), lexicon.rules).encode()
    files["package.json"] = b'{"type": "module"}\n'  # older Nodes read a .js file without it as CommonJS
    return files


def _ranks(sizes: Mapping[str, int], lexicon: Lexicon, stops: set[str]) -> list[list[str]]:
    """What the head names, by class: stems of the lexicon, and other words that stand in more than one document."""
    ranks: list[list[str]] = [[] for _ in CLASS_COSTS]
    for term, size in sizes.items():
        rank = lexicon.stems.get(term)
        if term not in stops and (rank is not None or ((lexicon.grams or term.isascii()) and size > 1)):
            ranks[rank_of(size) if rank is None else rank].append(term)
    return ranks


def _head(documents: Sequence[Document], lexicon: Lexicon, stops: Sequence[str], language: str) -> dict[str, object]:
    titles = [" ".join(document.title.split()) for document in documents]
    alphabet = Alphabet(titles)
    kinds = sorted({document.kind for document in documents})
    tongues = ["" if one.language == language else one.language for one in documents]
    langs = sorted(set(tongues))
    is_plain = all(document.url == f"{document.id}/" for document in documents)
    return {
        "version": VERSION,
        "language": language,
        "grams": lexicon.grams or False,
        "letters": alphabet.letters,
        "titles": alphabet.write(titles),
        "ids": front_coded([document.id for document in documents]),
        "urls": "" if is_plain else front_coded([document.url for document in documents]),
        "kinds": kinds,
        "kind": [kinds.index(document.kind) for document in documents] if len(kinds) > 1 else [],
        "langs": langs,
        "lang": [langs.index(tongue) for tongue in tongues] if len(langs) > 1 else [],
        "stops": " ".join(stops),
        "tails": " ".join(lexicon.tails),
        "idle": " ".join(lexicon.idle),
        "aliases": " ".join(f"{surface} {form}" for surface, form in lexicon.aliases.items()),
    }


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        file = folder / name
        if not file.is_file() or file.read_bytes() != data:
            file.write_bytes(data)
    for file in folder.iterdir():
        if file.name not in files:
            file.unlink()
