"""Owns the portal's own vocabulary, and how it splits a run of letters. Refuses to know documents and dictionaries.

An analyser teaches the lexicon; from then on the lexicon alone splits every word, here and in the browser (`split` in
search.js), so that a query always falls apart as the articles did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LONGEST_PIECE = 12
CLASS_COSTS = (13, 12, 12, 11, 11, 10, 10, 10, 10)
"""What a stem costs by its class: how often it was seen, from once up."""
CLASS_ABOVE = (1, 2, 4, 8, 20, 50, 120, 300)
"""Classes are finer than costs: they tell the browser which terms of a query say most before it loads any."""
SHORT_COST, SHORT_HAN_COST = 6, 3
"""More for a stem of one letter: in Hangul it is mostly part of a word, in Han a word."""
TAIL_COST, SHORT_TAIL_COST, LETTER_TAIL_COST = 5, 6, 9
"""For an ending; for a particle of one letter; for another ending of one letter, which is mostly part of a word."""
PARTICLES = frozenset("은는이가을를의에도로와과만고のはがをにへとでもや的了")
IDLE_COST = 8
UNKNOWN_COST, UNKNOWN_LETTER_COST = 20, 6.5
"""For letters that nobody taught: the first one, and each Hangul one that follows."""
UNKNOWN_HAN_COST = 17
"""For each letter of another script that nobody taught."""

HALF = 2
"""Letters that a longer unknown word is found by as well: 보증서 beside 보증금."""
LONELY_COST = 8
"""More for a stem behind a stem of one Hangul letter: 주문서 is no 주 with 문서."""
_UNKNOWN = ((UNKNOWN_HAN_COST, UNKNOWN_HAN_COST), (UNKNOWN_COST, UNKNOWN_LETTER_COST))

Piece = tuple[float, str]
"""Cost, and the term it stands for; none where it counts for nothing."""


@dataclass(frozen=True)
class Lexicon:
    """Stems with how often they were seen, forms that stand for other forms, endings, idle words."""

    stems: Mapping[str, int]
    """Class by stem: 0 for the rarest."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    tails: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    is_grams: bool = False
    """Nobody taught it: every two letters that follow each other are a term."""

    def pieces(self) -> tuple[dict[str, Piece], dict[str, Piece]]:
        """What may stand at the beginning of a run, and what behind."""
        start: dict[str, Piece] = dict.fromkeys(self.idle, (IDLE_COST, ""))
        for surface, term in self.aliases.items():
            start[surface] = (CLASS_COSTS[1], term)
        for stem, rank in self.stems.items():
            if stem not in start:
                start[stem] = (CLASS_COSTS[rank] + short_cost(stem), stem)
        behind = dict(start)
        for tail in self.tails:
            cost = tail_cost(tail)
            if tail not in behind or behind[tail][0] > cost:
                behind[tail] = (cost, "")
        return start, behind


def is_hangul(letter: str) -> bool:
    return "가" <= letter <= "힣" or "ㄱ" <= letter <= "ㆎ"


def short_cost(stem: str) -> int:
    if len(stem) > 1:
        return 0
    return SHORT_COST if is_hangul(stem) else SHORT_HAN_COST


def tail_cost(tail: str) -> int:
    if len(tail) > 1:
        return TAIL_COST
    return SHORT_TAIL_COST if tail in PARTICLES else LETTER_TAIL_COST


def rank_of(count: int) -> int:
    """The class of a stem that was seen so often."""
    return sum(count > bound for bound in CLASS_ABOVE)


class Splitter:
    """Splits runs by a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._stems, self._is_grams = lexicon.stems, lexicon.is_grams
        self._start, self._behind = lexicon.pieces()

    def terms(self, run: str) -> list[str]:
        """The terms of a run: stems, the shorter stems that long ones begin with, and letters nobody knows.

        >>> Splitter(Lexicon({"환불": 3, "신청": 2}, tails=("은",))).terms("환불신청은")
        ['환불', '신청']
        """
        if self._is_grams:
            return [run[at : at + 2] for at in range(max(1, len(run) - 1))]
        terms: list[str] = []
        end, back = len(run), self._best(run)
        while end > 0:
            begin, term = back[end]
            if term is None:
                terms.append(run[begin:end])
                if end - begin > HALF and is_hangul(run[begin]):
                    terms.append(run[begin : begin + HALF])
            elif term:
                terms.append(term)
                terms += self._parts(term)
            end = begin
        return terms[::-1]

    def _best(self, run: str) -> list[tuple[int, str | None]]:
        """For each place the piece that ends there on the cheapest way: where it begins, what it stands for."""
        size = len(run)
        costs: list[float] = [0.0] + [1e9] * size
        back: list[tuple[int, str | None]] = [(0, None)] * (size + 1)
        pieces = self._start
        for begin in range(size):
            here = costs[begin]
            lonely = LONELY_COST if begin and _is_lonely(run, begin, back[begin]) else 0
            first, more = _UNKNOWN[is_hangul(run[begin])]
            unknown = here + first
            for end in range(begin + 1, min(size, begin + LONGEST_PIECE) + 1):
                if unknown < costs[end]:
                    costs[end], back[end] = unknown, (begin, None)
                unknown += more
                piece = pieces.get(run[begin:end])
                if piece:
                    cost = here + piece[0] + (lonely if piece[1] else 0)
                    if cost < costs[end]:
                        costs[end], back[end] = cost, (begin, piece[1])
            pieces = self._behind
        return back

    def _parts(self, term: str) -> list[str]:
        for size in range(len(term) - 1, 1, -1):
            if term[:size] in self._stems:
                return [term[:size]]
        return []


def _is_lonely(run: str, end: int, back: tuple[int, str | None]) -> bool:
    begin, term = back
    return bool(term) and end - begin == 1 and is_hangul(run[begin])
