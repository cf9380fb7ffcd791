"""Owns the index on disk: documents in, a folder of a head and shards out. Refuses to know HTML and portals."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from portal_builder.search.bits import Alphabet, front_coded, packed
from portal_builder.search.document import Document
from portal_builder.search.learn import Taught, learn
from portal_builder.search.lexicon import Lexicon, Splitter
from portal_builder.search.postings import Analysed, invert, is_common, posting_bits, weighted
from portal_builder.search.teachers import is_there, teacher
from portal_builder.search.tongue import IDLE
from portal_builder.search.words import is_dense, normal, runs, spaced_terms

VERSION = 1
PREFIX = 1
SUFFIX = 0
_SHARD_BITS = 2200 * 8
_TEXT_SHARD = 8000
_TEXT_AT_MOST = 3000


def write_index(documents: Sequence[Document], language: str, folder: Path, synonyms: Iterable[Sequence[str]] = (), cache: Path | None = None) -> None:
    documents = sorted(documents, key=lambda document: document.id)
    fields = [_fields(document) for document in documents]
    words: Counter[str] = Counter()
    for parts in fields:
        for part in parts:
            words.update(run for run in part if is_dense(run))
    lexicon = _lexicon(words, language, documents)
    splitter = Splitter(lexicon)
    analysed = [_analyse(parts, splitter) for parts in fields]
    lists = invert(analysed)
    files = _files(documents, lists, lexicon, language, synonyms)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    for file in folder.iterdir():
        if file.name not in files:
            file.unlink()
    (folder / "search.js").write_bytes((Path(__file__).parent / "search.js").read_bytes())


def _fields(document: Document) -> tuple[list[str], list[str], list[str], list[str]]:
    return tuple(runs(normal(text)) for text in (document.title, " \n ".join(document.headings), " \n ".join(document.keywords), document.text))


def _language_of(word: str, language: str) -> str:
    letter = word[0]
    if "가" <= letter <= "힣" or "ㄱ" <= letter <= "ㆎ":
        return "ko"
    if language in ("ja", "zh"):
        return language
    return "ja" if "ぁ" <= letter <= "ヿ" else "zh"


def _lexicon(words: Mapping[str, int], language: str, documents) -> Lexicon:
    by_language: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-words[word], word)):
        by_language.setdefault(_language_of(word, language), []).append(word)
    taught = []
    for tongue, some in by_language.items():
        if is_there(tongue):
            taught += [Taught(word, words[word], lesson) for word, lesson in zip(some, teacher(tongue).lessons(some), strict=True)]
    return learn(taught, words, {language, *by_language})


def _analyse(parts, splitter: Splitter) -> Analysed:
    def terms(part):
        found = []
        for run in part:
            if is_dense(run):
                for term in splitter.terms(run):
                    found.append(term)
                    if len(term) > 2 and PREFIX:
                        for k in range(len(term)-1,1,-1):
                            if term[:k] in splitter.stems: found.append(term[:k]); break
                        if SUFFIX:
                          for k in range(1,len(term)-1):
                            if term[k:] in splitter.stems: found.append(term[k:]); break
            else:
                found += spaced_terms(run)
        return found
    title, headings, keywords, text = map(terms, parts)
    return Analysed(weighted(title, headings, keywords, Counter(text)), len(text) + len(title))


def _files(documents, lists, lexicon, language, synonyms) -> dict[str, str]:
    stops = set(lexicon.idle) | set(IDLE["en"])
    common = sorted(term for term, postings in lists.items() if is_common(len(postings), len(documents)) or term in stops)
    ranks: list[list[str]] = [[], [], [], []]
    for term in sorted(lists.keys() - set(common)):
        ranks[lexicon.stems.get(term, min(3, len(lists[term]).bit_length() // 2))].append(term)
    order = [term for group in ranks for term in group]
    files: dict[str, str] = {}
    shards = []
    bits, count = [], 0
    size = 0
    for position, term in enumerate(order):
        code = posting_bits(lists[term], len(documents))
        bits.append(code)
        size += len(code)
        if size >= _SHARD_BITS or position == len(order) - 1:
            name = _put(files, "t", json.dumps(packed("".join(bits))))
            shards.append([name, len(bits)])
            bits, size = [], 0
    texts, text_of, group, size = [], [], [], 0
    for position, document in enumerate(documents):
        group.append(document.text[:_TEXT_AT_MOST])
        text_of.append(len(texts))
        size += len(group[-1].encode())
        if size >= _TEXT_SHARD or position == len(documents) - 1:
            texts.append(_put(files, "x", json.dumps(group, ensure_ascii=False)))
            group, size = [], 0
    titles = [document.title.replace("\n", " ") for document in documents]
    alphabet = Alphabet([*titles, *order])
    kinds = sorted({document.kind for document in documents})
    head = {
        "version": VERSION,
        "language": language,
        "letters": alphabet.letters,
        "ids": front_coded([document.id for document in documents]),
        "urls": None if all(document.url == document.id + "/" for document in documents) else front_coded([document.url for document in documents]),
        "kinds": kinds,
        "kind": "".join(chr(0x23 + kinds.index(document.kind)) for document in documents) if len(kinds) > 1 else "",
        "titles": "!".join(map(alphabet.write, titles)),
        "terms": [alphabet.write_list(group) for group in ranks],
        "common": " ".join(common),
        "tails": " ".join(lexicon.tails),
        "idle": " ".join(lexicon.idle),
        "aliases": " ".join(f"{k} {v}" for k, v in lexicon.aliases.items() if v in lists),
        "shards": shards,
        "texts": texts,
        "textOf": text_of,
        "synonyms": [],
    }
    files["head.json"] = json.dumps(head, ensure_ascii=False, separators=(",", ":"))
    return files


def _put(files: dict[str, str], kind: str, text: str) -> str:
    name = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())[:8].decode()
    files[f"{kind}-{name}.json"] = text
    return name
