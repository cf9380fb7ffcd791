"""Owns one amendment of an index: from the words of its changed articles to the files that are others. Refuses to know
where the index lies, and to guess: where the words of all have to be learned again there is no amendment.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal_builder.search.alike import alike_again, resaid
from portal_builder.search.analyse import Analysed
from portal_builder.search.document import Document
from portal_builder.search.head import (
    HEAD,
    TextShards,
    files_part,
    head_bytes,
    lexicon_part,
    mark_of,
    titles_part,
    tongues_part,
)
from portal_builder.search.layout import Codes, Relaid, relaid
from portal_builder.search.postings import IMPACT_BITS, impact_of, own_of, posting_bits, postings_in
from portal_builder.search.recount import Recount
from portal_builder.search.shards import TEXT_AT_MOST, Shard, text_cuts, text_shard, text_size
from portal_builder.search.state import State
from portal_builder.search.vocabulary import Vocabulary


@dataclass(frozen=True)
class Amended:
    """What is another in an index."""

    files: dict[str, bytes]
    """By their names: new ones, and the head where it is another."""
    gone: frozenset[str]
    """Names of files that it has no more."""


class _Lists:
    """Postings by term, as the finished index has them, without those of other ways; some are others now."""

    def __init__(self, codes: Codes, documents: int, now: Mapping[str, bytes]) -> None:
        self._codes, self._documents, self._now = codes, documents, now
        self._known: dict[str, bytes] = {}

    def get(self, term: str, default: bytes = b"", /) -> bytes:
        if term in self._now:
            return self._now[term]
        if term not in self._known:
            code = self._codes.of(term)
            self._known[term] = own_of(postings_in(code, self._documents)).tobytes() if code else b""
        return self._known[term] or default

    def many(self, term: str) -> int:
        if term in self._now:
            return len(self._now[term]) // array("I").itemsize
        return self._codes.layout.owns.get(term, 0)


class Amendment:
    """One amendment of one index: each step takes what the steps before it found."""

    def __init__(self, state: State, language: str) -> None:
        self._state, self._core, self._language = state, state.core, language

    def made(self, changed: Iterable[Document], head: bytes) -> Amended | None:
        fresh = self._fresh(changed)
        if not fresh:
            return None if fresh is None else Amended({}, frozenset())
        recounted = Recount(self._state, self._language).of(fresh)
        if recounted is None:
            return None
        vocabulary, counts = recounted.vocabulary, recounted.counts
        laid = self._laid(vocabulary, self._own_lists(counts), [one.counts for both in counts.values() for one in both])
        texts = self._texts(fresh)
        is_retitled = any(self._core.titles[number] != one.title for number, one in fresh.items())
        self._note_documents(fresh)
        was = json.loads(head)
        now = self._head(was, vocabulary, laid, texts)
        if is_retitled:
            now |= titles_part(self._core.titles)
        before, after, data = names_of(was), names_of(now), head_bytes(now)
        self._note_index(laid, texts, data)
        self._state.put_files(laid.made, data, gone=before - after)
        self._state.write()
        made = {one.file: one.data for one in (*laid.made, *texts.made)}
        other = {name: made[name] for name in sorted(after - before)}
        return Amended(other if data == head else other | {HEAD: data}, frozenset(before - after))

    def _head(self, before: dict[str, Any], vocabulary: Vocabulary, laid: Relaid, texts: TextShards) -> dict[str, Any]:
        """What the head says now, but for titles."""
        return (
            before
            | tongues_part(self._core.languages, self._language)
            | (lexicon_part(vocabulary.new) if vocabulary.new is not vocabulary.old else {})
            | files_part(laid.layout, texts)
            | {"terms": [laid.sets.get(rank, one) for rank, one in enumerate(before["terms"])]}
        )

    def _note_documents(self, fresh: Mapping[int, Document]) -> None:
        for number, one in fresh.items():
            self._core.titles[number], self._core.languages[number] = one.title, one.language
            self._state.put(f"document {number}", one)

    def _note_index(self, laid: Relaid, texts: TextShards, head: bytes) -> None:
        core = self._core
        core.mark, core.text_sizes, core.text_shards = mark_of(head), texts.sizes, texts.shards
        self._state.put("core", core)
        self._state.put("layout", laid.layout)

    def _fresh(self, changed: Iterable[Document]) -> dict[int, Document] | None:
        """By number, those that are others; None where one is new or has moved."""
        numbers = {name: number for number, name in enumerate(self._core.ids)}
        fresh = {}
        for one in changed:
            number = numbers.get(one.id)
            if number is None or self._core.urls[number] != one.url:
                return None
            old = self._state.document(number)
            if old.kind != one.kind:
                return None
            if old != one:
                fresh[number] = one
        return fresh

    def _own_lists(self, counts: dict[int, tuple[Analysed, Analysed]]) -> dict[str, bytes]:
        """The postings of terms that say more or less of a document now."""
        lengths = self._core.lengths
        self._codes = Codes(self._state.layout(), self._state.file)
        self._was = _Lists(self._codes, len(lengths), {})
        usual, edits = self._core.usual, dict[str, dict[int, int | None]]()
        for number, (old, new) in counts.items():
            for term in old.counts.keys() | new.counts.keys():
                before, after = (impact_of(one.counts.get(term), one.length / usual) for one in (old, new))
                if before != after:
                    edits.setdefault(term, {})[number] = after
        return {term: _edited(self._was.get(term), some) for term, some in edits.items()}

    def _laid(self, vocabulary: Vocabulary, own: dict[str, bytes], beside: Sequence[Mapping[str, int]]) -> Relaid:
        """Which term stands where now, and the files that this makes."""
        count = len(self._core.ids)
        marks = vocabulary.pieces
        if vocabulary.new is not vocabulary.old:
            marks = marks | {*vocabulary.old.tails} ^ {*vocabulary.new.tails}
        said, now = self._state.said(), _Lists(self._codes, count, own)
        after, others = resaid(said, marks, vocabulary.new, lambda: vocabulary.now) if marks else (said, set[int]())
        if after is not said:
            self._state.put("said", after)
        changed: dict[str, str] = {}
        for term, postings in alike_again(self._was, now, own.keys(), said, after, others, count, beside).items():
            code = posting_bits(postings, count) if postings else ""
            if code != self._codes.of(term):
                changed[term] = code
        ranked = {term for term, _ in vocabulary.old.stems.items() ^ vocabulary.new.stems.items()}
        owns = {term: len(postings) // array("I").itemsize for term, postings in own.items()}
        return relaid(self._codes, changed, owns, ranked, vocabulary.new, frozenset(self._core.stops))

    def _texts(self, fresh: Mapping[int, Document]) -> TextShards:
        """Which texts are in which files now, and the files that this makes."""
        sizes = list(self._core.text_sizes)
        for number, one in fresh.items():
            sizes[number] = text_size(one.text[:TEXT_AT_MOST])
        known, at = {}, 0
        for name, size in self._core.text_shards:
            known[at, at + size] = name
            at += size
        shards, made = [], list[Shard]()
        for begin, end in text_cuts(sizes):
            same = None if any(begin <= number < end for number in fresh) else known.get((begin, end))
            if same is None:
                documents = [fresh.get(number) or self._state.document(number) for number in range(begin, end)]
                made.append(text_shard([one.text[:TEXT_AT_MOST] for one in documents]))
            shards.append((same or made[-1].name, end - begin))
        return TextShards(sizes, shards, made)


def _edited(postings: bytes, impacts: Mapping[int, int | None]) -> bytes:
    """A term's postings with other impacts in some documents, none where it stands there no more."""
    by_number = {one >> IMPACT_BITS: one for one in array("I", postings)}
    for number, impact in impacts.items():
        if impact is None:
            by_number.pop(number, None)
        else:
            by_number[number] = number << IMPACT_BITS | impact
    return array("I", [by_number[number] for number in sorted(by_number)]).tobytes()


def names_of(head: Mapping[str, Any]) -> set[str]:
    """The files that a head names."""
    return {f"{name}.json" for name in (*(name for name, _ in head["shards"]), *head["rare"], *head["texts"])}
