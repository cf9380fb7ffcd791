"""Owns the portal's own vocabulary, and how it splits a run of letters. Refuses to know documents and dictionaries.

An analyser teaches the lexicon; from then on the lexicon alone splits every word, here and in the browser (`split` in
search.js), so that a query always falls apart as the articles did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

LONGEST_PIECE = 12
CLASS_COSTS = (13, 12, 11, 10)
"""What a stem costs by how often it was seen: once, up to 4, up to 20, more."""
_CLASS_ABOVE = (1, 4, 20)
SHORT_COST = 3
"""More for a stem of one letter."""
TAIL_COST = 5
"""For an ending; one letter more for those of one letter."""
IDLE_COST = 8
UNKNOWN_COST = 17
"""For each letter that no piece explains."""

Piece = tuple[int, str]
"""Cost, and the term it stands for; none where it counts for nothing."""


@dataclass(frozen=True)
class Lexicon:
    """Stems with how often they were seen, forms that stand for other forms, endings, idle words."""

    stems: Mapping[str, int]
    """Class by stem: 0 for the rarest, 3 for the most frequent."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    tails: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()

    def pieces(self) -> tuple[dict[str, Piece], dict[str, Piece]]:
        """What may stand at the beginning of a run, and what behind."""
        start: dict[str, Piece] = {word: (IDLE_COST, "") for word in self.idle}
        for surface, term in self.aliases.items():
            start[surface] = (CLASS_COSTS[1], term)
        for stem, rank in self.stems.items():
            if stem not in start:
                start[stem] = (CLASS_COSTS[rank] + SHORT_COST * (len(stem) == 1), stem)
        behind = dict(start)
        for tail in self.tails:
            cost = TAIL_COST + (len(tail) == 1)
            if tail not in behind or behind[tail][0] > cost:
                behind[tail] = (cost, "")
        return start, behind


def rank_of(count: int) -> int:
    """The class of a stem that was seen so often."""
    return sum(count > bound for bound in _CLASS_ABOVE)


class Splitter:
    """Splits runs by a lexicon, each once."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.stems = lexicon.stems
        self._start, self._behind = lexicon.pieces()
        self._longest = min(LONGEST_PIECE, max(map(len, self._behind), default=1))
        self._known: dict[str, tuple[str, ...]] = {}
        self.unknown: Counter[str] = Counter()
        """Runs of letters that nothing explained, counted by run."""

    def terms(self, run: str) -> tuple[str, ...]:
        """The terms of a run."""
        found = self._known.get(run)
        if found is None:
            found = self._known[run] = tuple(self._split(run))
        return found

    def _split(self, run: str) -> Iterable[str]:
        size = len(run)
        best = [0] + [1 << 30] * size
        back: list[tuple[int, str | None]] = [(0, None)] * (size + 1)
        for begin in range(size):
            here, pieces = best[begin], self._behind if begin else self._start
            if here + UNKNOWN_COST < best[begin + 1]:
                best[begin + 1], back[begin + 1] = here + UNKNOWN_COST, (begin, None)
            for end in range(begin + 1, min(size, begin + self._longest) + 1):
                piece = pieces.get(run[begin:end])
                if piece and here + piece[0] < best[end]:
                    best[end], back[end] = here + piece[0], (begin, piece[1])
        return self._walk(run, back)

    def _walk(self, run: str, back: list[tuple[int, str | None]]) -> list[str]:
        terms: list[str] = []
        end = unknown_end = len(run)
        while end > 0:
            begin, term = back[end]
            if term is not None:
                self._note(run[end:unknown_end], terms)
                unknown_end = begin
                if term:
                    terms.append(term)
            end = begin
        self._note(run[:unknown_end], terms)
        return terms[::-1]

    def _note(self, unknown: str, terms: list[str]) -> None:
        if unknown:
            self.unknown[unknown] += 1
            terms.append(unknown)
