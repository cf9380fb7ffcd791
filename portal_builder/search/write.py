"""Owns the index on disk: documents in, a folder of a head and shards out. Refuses to know HTML and portals."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from portal_builder.search.analyse import Analyser, read
from portal_builder.search.bits import Alphabet, front_coded, hash_set, packed
from portal_builder.search.document import Document
from portal_builder.search.learn import learn
from portal_builder.search.lexicon import Lexicon
from portal_builder.search.memory import Memory, digest, place, recall, remember
from portal_builder.search.postings import Posting, invert, is_common
from portal_builder.search.shards import TEXT_AT_MOST, rare_shards, term_sets, term_shards, text_shards
from portal_builder.search.tongue import idle
from portal_builder.search.version import search_version
from portal_builder.search.words import is_dense

VERSION = 1
_CLIENT = Path(__file__).with_name("search.js")


def write_index(
    documents: Iterable[Document],
    language: str,
    folder: Path,
    synonyms: Sequence[Sequence[str]] = (),
    cache: Path | None = None,
) -> None:
    """Make a folder hold the index of these documents and the client that reads it; only what differs is written.

    `synonyms` are groups of words and phrases. `cache` is a folder that may be deleted at any time: with it, a changed
    article costs little more than itself.
    """
    ordered = sorted(documents, key=lambda document: document.id)
    file = cache / f"{language}-{place(folder)}.bin" if cache else None
    key = f"{language} {search_version()}"
    memory = _updated(ordered, language, recall(file, key))
    remember(file, key, memory)
    lists = invert([memory.analysed[digest(document)] for document in ordered])
    _write(index_files(ordered, lists, memory.lexicon, language, synonyms), folder)


def _updated(documents: Sequence[Document], language: str, before: Memory | None) -> Memory:
    """The documents analysed, by the words that were known before where they are still good."""
    named = {digest(document): document for document in documents}
    if before and before.is_of(list(named)):
        lexicon, taught_by, known = before.lexicon, before.taught_by, before.analysed
        reads = {name: read(document) for name, document in named.items() if name not in known}
    else:
        reads = {name: read(document) for name, document in named.items()}
        words: Counter[str] = Counter()
        for one in reads.values():
            words.update(one.words())
        lexicon, taught_by, known = learn(words, language, len(reads)), frozenset(named), {}
    analyser = Analyser(lexicon)
    analyser.prepare({run for one in reads.values() for field, _ in one.fields for run in field if is_dense(run)})
    analysed = {name: known[name] if name in known else analyser.analyse(reads[name]) for name in named}
    return Memory(lexicon, taught_by, analysed)


def index_files(
    documents: Sequence[Document],
    lists: Mapping[str, Sequence[Posting]],
    lexicon: Lexicon,
    language: str,
    synonyms: Sequence[Sequence[str]],
) -> dict[str, bytes]:
    """Every file of the index by its name."""
    count = len(documents)
    stops = {*lexicon.idle, *idle("en")}
    common = sorted(term for term, postings in lists.items() if term in stops or is_common(len(postings), count))
    sets = term_sets(_ranks(lists, lexicon, set(common)))
    named = [term for one in sets for _, term in one]
    terms = term_shards(named, lists, count)
    rare = rare_shards(sorted(lists.keys() - set(named) - set(common)), lists, count)
    texts, text_of = text_shards([document.text[:TEXT_AT_MOST] for document in documents], range(count))
    head = _head(documents, lexicon, common, language) | {
        "terms": [[len(one), packed(hash_set([value for value, _ in one]))] for one in sets],
        "shards": [[one.name, one.terms] for one in terms],
        "rare": [one.name for one in rare],
        "texts": [one.name for one in texts],
        "textOf": text_of,
        "synonyms": [list(group) for group in synonyms],
    }
    files = {one.file: one.text.encode("utf-8", "replace") for one in (*terms, *rare, *texts)}
    files["head.json"] = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    files["search.js"] = _CLIENT.read_bytes()
    files["package.json"] = b'{"type": "module"}\n'  # older Nodes read a .js file without it as CommonJS
    return files


def _ranks(lists: Mapping[str, Sequence[Posting]], lexicon: Lexicon, common: set[str]) -> list[list[str]]:
    """What the head names, by class: stems of the lexicon, and other words that stand in more than one document."""
    ranks: list[list[str]] = [[], [], [], []]
    for term, postings in lists.items():
        rank = lexicon.stems.get(term)
        if term not in common and (rank is not None or ((lexicon.is_grams or term.isascii()) and len(postings) > 1)):
            ranks[rank if rank is not None else 1 + (len(postings) > 4) + (len(postings) > 20)].append(term)
    return ranks


def _head(documents: Sequence[Document], lexicon: Lexicon, common: Sequence[str], language: str) -> dict[str, object]:
    titles = [" ".join(document.title.split()) for document in documents]
    alphabet = Alphabet(titles)
    kinds = sorted({document.kind for document in documents})
    is_plain = all(document.url == f"{document.id}/" for document in documents)
    return {
        "version": VERSION,
        "language": language,
        "grams": lexicon.is_grams,
        "letters": alphabet.letters,
        "titles": alphabet.write(titles),
        "ids": front_coded([document.id for document in documents]),
        "urls": "" if is_plain else front_coded([document.url for document in documents]),
        "kinds": kinds,
        "kind": [kinds.index(document.kind) for document in documents] if len(kinds) > 1 else [],
        "common": " ".join(common),
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
