"""Owns what a few changed articles make of a finished index, without the others. Refuses where it cannot be sure.

Articles that come or go, or move to another address, are another index: write.py makes it whole.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from portal_builder.search.alike import alike_again, resaid
from portal_builder.search.analyse import Analysed, read
from portal_builder.search.document import Document
from portal_builder.search.growth import other_pieces, runs_with
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
from portal_builder.search.learn import Taught, lexicon_of, relearned
from portal_builder.search.letters import other_letters
from portal_builder.search.lexicon import Lexicon, Splitter
from portal_builder.search.parts import DamagedError, Parts
from portal_builder.search.postings import (
    IMPACT_BITS,
    impact_of,
    invert,
    own_of,
    posting_bits,
    postings_in,
    usual_length,
)
from portal_builder.search.shards import TEXT_AT_MOST, Shard, text_cuts, text_shard, text_size
from portal_builder.search.state import STATE, State, core_of
from portal_builder.search.tongue import spoken
from portal_builder.search.version import search_version
from portal_builder.search.words import is_dense, spaced_terms

_MANY = 0.2
"""Where more than this share of the documents is another, making the index whole costs less."""
_SPLIT_AT_MOST = 5000
"""Runs that another lexicon may split otherwise before making the index whole costs less."""


@dataclass(frozen=True)
class Amended:
    """What is another in an index."""

    files: dict[str, bytes]
    """By their names: new ones, and the head where it is another."""
    gone: frozenset[str]
    """Names of files that it has no more."""


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
                return _Amendment(State(parts, core), language).made(changed, head)
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
        amended = _Amendment(state, language).made(changed, head)
        if amended is None:
            return None
        head = amended.files.get(HEAD, head)
        names = _names(json.loads(head)) - amended.files.keys() - {f"{name}.json" for name, _ in core.text_shards}
        files = {name: state.file(name) for name in sorted(names)} | amended.files | {HEAD: head}
    except (OSError, DamagedError):
        return None
    at = 0
    for name, count in core.text_shards:
        if f"{name}.json" not in files:
            files[f"{name}.json"] = text_shard([one.text[:TEXT_AT_MOST] for one in documents[at : at + count]]).data
        at += count
    return files


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


class _Vocabulary:
    """The words before and after: the lexicon, and how it splits runs."""

    def __init__(self, old: Lexicon, new: Lexicon) -> None:
        self.old, self.new = old, new
        self.pieces = other_pieces(old, new)

    @cached_property
    def was(self) -> Splitter:
        return Splitter(self.old)

    @cached_property
    def now(self) -> Splitter:
        return Splitter(self.new, self.was.tables.under(self.new, self.pieces)) if self.pieces else self.was

    def terms(self, run: str) -> tuple[Iterable[str], Iterable[str]]:
        """The terms of a run, before and after."""
        if not is_dense(run):
            spaced = spaced_terms(run, self.new.rules)
            return spaced, spaced
        before = self.was.terms(run)
        return before, self.now.terms(run) if self.pieces else before


class _Amendment:
    """One amendment of one index: each step takes what the steps before it found."""

    def __init__(self, state: State, language: str) -> None:
        self._state, self._core, self._language = state, state.core, language
        self._words = ""

    def made(self, changed: Iterable[Document], head: bytes) -> Amended | None:
        fresh = self._fresh(changed)
        if not fresh:
            return None if fresh is None else Amended({}, frozenset())
        olds = {number: self._state.document(number) for number in fresh}
        deltas = {number: _delta(olds[number], one) for number, one in fresh.items()}
        vocabulary = self._vocabulary(deltas)
        if vocabulary is None:
            return None
        moved = self._moved(vocabulary)
        if moved is None:
            return None
        lengths = list(self._core.lengths)
        for number, one in fresh.items():
            lengths[number] = read(one).length
        counts = self._counts(vocabulary, deltas, moved, lengths)
        own = self._own_lists(counts, lengths)
        laid = self._laid(vocabulary, own, [one.counts for both in counts.values() for one in both])
        texts = self._texts(fresh)
        core = self._core
        core.lengths = lengths
        parts = files_part(laid.layout, texts)
        now = json.loads(head)
        names, before = _names(now), now["terms"]
        now |= parts | {"terms": [laid.sets.get(rank, one) for rank, one in enumerate(before)]}
        if vocabulary.new is not vocabulary.old:
            now |= lexicon_part(vocabulary.new)
        for number, one in fresh.items():
            core.titles[number], core.languages[number] = one.title, one.language
            self._state.put(f"document {number}", one)
        if any(olds[number].title != one.title for number, one in fresh.items()):
            now |= titles_part(core.titles)
        now |= tongues_part(core.languages, self._language)
        data = head_bytes(now)
        core.mark, core.text_sizes, core.text_shards = mark_of(data), texts.sizes, texts.shards
        self._state.put("core", core)
        self._state.put("layout", laid.layout)
        self._state.put_files(laid.made, data, gone=names - _names(now))
        self._state.write()
        return _amended([*laid.made, *texts.made], names, _names(now), {} if data == head else {HEAD: data})

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

    def _vocabulary(self, deltas: Mapping[int, _Delta]) -> _Vocabulary | None:
        """What the words come to, counted again; None where all have to be learned again."""
        state, lexicon, changes = self._state, self._state.lexicon(), dict[str, int]()
        runs = {run for delta in deltas.values() for run in delta}
        was = {run: sum(state.places(run).values()) for run in runs}
        for number, delta in deltas.items():
            for run, (_, weight) in delta.items():
                state.put_places(run, number, weight)
        words = {run: sum(state.places(run).values()) for run in runs}
        changes = {run: count for run, count in was.items() if count != words[run]}
        self._note([run for run in changes if not was[run]], [run for run in changes if not words[run]])
        if not changes:
            return _Vocabulary(lexicon, lexicon)
        if spoken(self._language) == "zh" and other_letters(state.counts()) != self._core.letters:
            return None
        taught = state.taught()
        lessons = relearned(taught, self._core.many, words, changes, spoken(self._language))
        return None if lessons is None else _Vocabulary(lexicon, self._learned(lexicon, taught, lessons))

    def _note(self, come: list[str], gone: list[str]) -> None:
        """Which runs there are now."""
        if not come and not gone:
            return
        text = self._state.words()
        for run in gone:
            text = text.replace(f"\n{run}\n", "\n", 1)
        self._words = text + "".join(f"{run}\n" for run in come)
        self._core.many += len(come) - len(gone)
        self._state.put("words", self._words)

    def _learned(self, lexicon: Lexicon, before: Taught, lessons: Taught) -> Lexicon:
        if lessons is before:
            return lexicon
        new = lexicon_of(lessons, spoken(self._language), len(self._core.ids))
        self._state.put("taught", lessons)
        if new == lexicon:
            return lexicon
        self._state.put("lexicon", new)
        return new

    def _moved(self, vocabulary: _Vocabulary) -> list[str] | None:
        """The runs that fall apart in another way; None where too many might."""
        if vocabulary.old.grams != vocabulary.new.grams:
            return None
        runs = (
            runs_with(vocabulary.pieces, self._words or self._state.words(), _SPLIT_AT_MOST)
            if vocabulary.pieces
            else set()
        )
        if runs is None:
            return None
        found = []
        for run in sorted(filter(is_dense, runs)):
            before, after = vocabulary.terms(run)
            if before != after:
                found.append(run)
        return found

    def _counts(
        self, vocabulary: _Vocabulary, deltas: Mapping[int, _Delta], moved: Iterable[str], lengths: list[int]
    ) -> dict[int, tuple[Analysed, Analysed]]:
        """By document, its terms before and after."""
        weighed = {number: dict(delta) for number, delta in deltas.items()}
        for run in moved:
            for number, weight in self._state.places(run).items():
                weighed.setdefault(number, {}).setdefault(run, (weight, weight))
        found = {}
        for number, changes in weighed.items():
            old = self._state.analysed(number)
            counts = dict(old.counts)
            for run, (was, now) in changes.items():
                before, after = vocabulary.terms(run)
                for term in before if was else ():
                    counts[term] -= was
                for term in after if now else ():
                    counts[term] = counts.get(term, 0) + now
            new = Analysed({term: count for term, count in counts.items() if count}, lengths[number])
            found[number] = old, new
            self._state.put(f"analysed {number}", new)
        return found

    def _own_lists(self, counts: dict[int, tuple[Analysed, Analysed]], lengths: list[int]) -> dict[str, bytes]:
        """The postings of terms that say more or less of a document now."""
        self._codes = Codes(self._state.layout(), self._state.file)
        self._was = _Lists(self._codes, len(lengths), {})
        usual, edits = usual_length(lengths), dict[str, dict[int, int | None]]()
        if usual != self._core.usual:
            self._core.usual = usual
            return self._weighed_anew(counts, usual)
        for number, (old, new) in counts.items():
            for term in old.counts.keys() | new.counts.keys():
                before, after = (impact_of(one.counts.get(term), one.length / usual) for one in (old, new))
                if before != after:
                    edits.setdefault(term, {})[number] = after
        return {term: _edited(self._was.get(term), some) for term, some in edits.items()}

    def _weighed_anew(self, counts: dict[int, tuple[Analysed, Analysed]], usual: float) -> dict[str, bytes]:
        """All postings that are others where articles are longer or shorter than they usually were: all may be."""
        for at in range(len(self._core.ids)):
            if at not in counts:
                counts[at] = (self._state.analysed(at),) * 2
        lists = invert((counts[at][1] for at in range(len(counts))), usual)
        now = {term: postings.tobytes() for term, postings in lists.items()}
        gone = dict.fromkeys(self._codes.layout.classes.keys() - now.keys(), b"")
        return {term: postings for term, postings in (now | gone).items() if postings != self._was.get(term)}

    def _laid(self, vocabulary: _Vocabulary, own: dict[str, bytes], beside: Sequence[Mapping[str, int]]) -> Relaid:
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


_Delta = dict[str, tuple[int, int]]
"""Runs of a document that count otherwise: how much they did, and do."""


def _delta(old: Document, new: Document) -> _Delta:
    was, now = read(old).weights(), read(new).weights()
    both = ((run, (was.get(run, 0), now.get(run, 0))) for run in was.keys() | now.keys())
    return {run: (one, other) for run, (one, other) in both if one != other}


def _edited(postings: bytes, impacts: Mapping[int, int | None]) -> bytes:
    """A term's postings with other impacts in some documents, none where it stands there no more."""
    by_number = {one >> IMPACT_BITS: one for one in array("I", postings)}
    for number, impact in impacts.items():
        if impact is None:
            by_number.pop(number, None)
        else:
            by_number[number] = number << IMPACT_BITS | impact
    return array("I", [by_number[number] for number in sorted(by_number)]).tobytes()


def _names(head: Mapping[str, Any]) -> set[str]:
    """The files that a head names."""
    return {f"{name}.json" for name in (*(name for name, _ in head["shards"]), *head["rare"], *head["texts"])}


def _amended(made: Iterable[Shard], before: set[str], now: set[str], more: dict[str, bytes]) -> Amended:
    fresh = {one.file: one.data for one in made}
    return Amended({**{name: fresh[name] for name in sorted(now - before)}, **more}, frozenset(before - now))
