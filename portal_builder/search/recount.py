"""Owns how much terms count in changed articles, before and after: words are counted, taught and split again. Refuses
to know postings, and to guess: where the words of all have to be learned or weighed again there is no such count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal_builder.search.analyse import Analysed, Read, read
from portal_builder.search.document import Document
from portal_builder.search.learn import Taught, lexicon_of, relearned
from portal_builder.search.letters import other_letters
from portal_builder.search.lexicon import Lexicon
from portal_builder.search.postings import usual_length
from portal_builder.search.state import State
from portal_builder.search.tongue import spoken
from portal_builder.search.vocabulary import Vocabulary, runs_with
from portal_builder.search.words import is_dense

_SPLIT_AT_MOST = 5000
"""Runs that another lexicon may split otherwise before making the index whole costs less."""


@dataclass(frozen=True)
class Recounted:
    """The words, and by document what it said before and says now: of all that say another thing now."""

    vocabulary: Vocabulary
    counts: dict[int, tuple[Analysed, Analysed]]


class Recount:
    """One count: each step takes what the steps before it found, and leaves it to the state."""

    def __init__(self, state: State, language: str) -> None:
        self._state, self._core, self._language = state, state.core, language

    def of(self, fresh: Mapping[int, Document]) -> Recounted | None:
        """What other documents, by number, come to."""
        was = {number: read(self._state.document(number)) for number in fresh}
        now = {number: read(one) for number, one in fresh.items()}
        for number, one in now.items():
            self._core.lengths[number] = one.length
        if usual_length(self._core.lengths) != self._core.usual:
            return None  # every posting may be another
        deltas = {number: _delta(was[number], now[number]) for number in fresh}
        vocabulary = self._vocabulary(deltas)
        moved = self._moved(vocabulary) if vocabulary else None
        if vocabulary is None or moved is None:
            return None
        return Recounted(vocabulary, self._counts(vocabulary, was, deltas, moved))

    def _vocabulary(self, deltas: Mapping[int, _Delta]) -> Vocabulary | None:
        """What the words come to, counted again; None where all have to be learned again."""
        state, lexicon = self._state, self._state.lexicon()
        runs = {run for delta in deltas.values() for run in delta}
        was = {run: sum(state.places(run).values()) for run in runs}
        for number, delta in deltas.items():
            for run, (_, weight) in delta.items():
                state.put_places(run, number, weight)
        words = {run: sum(state.places(run).values()) for run in runs}
        changes = {run: count for run, count in was.items() if count != words[run]}
        self._note([run for run in changes if not was[run]], [run for run in changes if not words[run]])
        if not changes:
            return Vocabulary(lexicon, lexicon)
        if spoken(self._language) == "zh" and other_letters(state.counts()) != self._core.letters:
            return None
        taught = state.taught()
        lessons = relearned(taught, self._core.many, words, changes, spoken(self._language))
        return None if lessons is None else Vocabulary(lexicon, self._learned(lexicon, taught, lessons))

    def _note(self, come: list[str], gone: list[str]) -> None:
        """Which runs there are now."""
        if not come and not gone:
            return
        text = self._state.words()
        for run in gone:
            text = text.replace(f"\n{run}\n", "\n", 1)
        self._core.many += len(come) - len(gone)
        self._state.put("words", text + "".join(f"{run}\n" for run in come))

    def _learned(self, lexicon: Lexicon, before: Taught, lessons: Taught) -> Lexicon:
        if lessons is before:
            return lexicon
        new = lexicon_of(lessons, spoken(self._language), len(self._core.ids))
        self._state.put("taught", lessons)
        if new == lexicon:
            return lexicon
        self._state.put("lexicon", new)
        return new

    def _moved(self, vocabulary: Vocabulary) -> list[str] | None:
        """The runs that fall apart in another way; None where too many might."""
        if vocabulary.old.grams != vocabulary.new.grams:
            return None
        runs = runs_with(vocabulary.pieces, self._state.words(), _SPLIT_AT_MOST) if vocabulary.pieces else set()
        if runs is None:
            return None
        found = []
        for run in sorted(filter(is_dense, runs)):
            before, after = vocabulary.terms(run)
            if before != after:
                found.append(run)
        return found

    def _counts(
        self, vocabulary: Vocabulary, reads: Mapping[int, Read], deltas: Mapping[int, _Delta], moved: Iterable[str]
    ) -> dict[int, tuple[Analysed, Analysed]]:
        """By document, its terms before and after."""
        weighed = {number: dict(delta) for number, delta in deltas.items()}
        for run in moved:
            for number, weight in self._state.places(run).items():
                weighed.setdefault(number, {}).setdefault(run, (weight, weight))
        found = {}
        for number, changes in weighed.items():
            old = vocabulary.analysed(reads.get(number) or read(self._state.document(number)))
            counts = dict(old.counts)
            for run, (was, now) in changes.items():
                before, after = vocabulary.terms(run)
                for term in before if was else ():
                    counts[term] -= was
                for term in after if now else ():
                    counts[term] = counts.get(term, 0) + now
            new = Analysed({term: count for term, count in counts.items() if count}, self._core.lengths[number])
            found[number] = old, new
        return found


_Delta = dict[str, tuple[int, int]]
"""Runs of a document that count otherwise: how much they did, and do."""


def _delta(old: Read, new: Read) -> _Delta:
    was, now = old.weights, new.weights
    runs = {run for run, _ in was.items() ^ now.items()}
    return {run: (was.get(run, 0), now.get(run, 0)) for run in runs}
