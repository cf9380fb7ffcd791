"""Owns the portal's own vocabulary, and how it splits a run of letters. Refuses to know documents and dictionaries.

An analyser teaches the lexicon; from then on the lexicon alone splits every word, here and in the browser (`split` in
js/query.js), so that a query always falls apart as the articles did.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from portal_builder.search.words import Rules

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
LIGHT = frozenset("할한해된될돼함됨")
"""Forms of 하다 and 되다: an ending of one letter that writers set apart."""
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
    grams: int = 0
    """Where nobody taught it: so many letters that follow each other are a term."""
    rules: Rules = ()
    """How words of the portal's language become stems, where their own letters write them apart."""

    def pieces(self) -> tuple[dict[str, Piece], dict[str, Piece]]:
        """What may stand at the beginning of a run, and what behind."""
        start: dict[str, Piece] = dict.fromkeys(self.idle, (IDLE_COST, ""))
        for surface, term in self.aliases.items():
            start[surface] = (CLASS_COSTS[1], term)
        stems = {stem: (CLASS_COSTS[rank], stem) for stem, rank in self.stems.items()}
        short = {stem: (CLASS_COSTS[self.stems[stem]] + short_cost(stem), stem) for stem in stems if len(stem) == 1}
        start = {**stems, **short, **start}
        behind = dict(start)
        for tail in self.tails:
            cost = tail_cost(tail)
            if tail not in behind or behind[tail][0] > cost:
                behind[tail] = (cost, "")
        return start, behind

    def finder(self) -> Callable[[str], tuple[Piece | None, Piece | None]]:
        """What one piece is at the beginning of a run, and behind, as `pieces` has it for all."""
        idle, tails = frozenset(self.idle), frozenset(self.tails)

        def find(piece: str) -> tuple[Piece | None, Piece | None]:
            start: Piece | None = None
            if piece in self.aliases:
                start = CLASS_COSTS[1], self.aliases[piece]
            elif piece in idle:
                start = IDLE_COST, ""
            elif piece in self.stems:
                start = CLASS_COSTS[self.stems[piece]] + short_cost(piece), piece
            if piece in tails and (start is None or start[0] > tail_cost(piece)):
                return start, (tail_cost(piece), "")
            return start, start

        return find


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


def is_lone(tail: str) -> bool:
    """Whether an ending counts for nothing as a word of its own too: 할 and 싶어요, not 법."""
    return len(tail) > 1 or tail in LIGHT


RANKS = tuple(bisect_left(CLASS_ABOVE, count) for count in range(CLASS_ABOVE[-1] + 2))
"""The class of a stem by how often it was seen, up to the last."""


def rank_of(count: int) -> int:
    """The class of a stem that was seen so often."""
    return RANKS[count] if count < len(RANKS) else RANKS[-1]


_Place = tuple[float, int, str | None, int, float, int, float, int]
"""A place in a run: the cost of the cheapest way there; where its last piece begins and what it stands for, None where
nobody taught it; what a stem behind it costs more; the cheapest ways by a last piece that nobody taught and where it
begins: one that begins with Hangul, and one with another script."""
_BEGINNING: _Place = (0.0, 0, "", 0, 1e9, 0, 1e9, 0)


@dataclass(frozen=True)
class Tables:
    """The pieces of a lexicon, as splitting looks them up."""

    start: dict[str, Piece]
    behind: dict[str, Piece]
    sizes: dict[str, tuple[int, ...]]
    """How long pieces of more than two letters are, or more sizes, by their last two: long ones first."""

    def under(self, lexicon: Lexicon, pieces: Iterable[str]) -> Tables:
        """Those of another lexicon, by which these pieces cost or mean something else."""
        other = Tables(dict(self.start), dict(self.behind), dict(self.sizes))
        find = lexicon.finder()
        for piece in pieces:
            for known, value in zip((other.start, other.behind), find(piece), strict=True):
                if value is None:
                    known.pop(piece, None)
                else:
                    known[piece] = value
                    _note_size(other.sizes, piece)
        return other


def tables_of(lexicon: Lexicon) -> Tables:
    start, behind = lexicon.pieces()
    sizes: dict[str, tuple[int, ...]] = {}
    for piece in behind:
        if len(piece) > len(_SHORT):
            _note_size(sizes, piece)
    return Tables(start, behind, sizes)


_SHORT = (2, 1)
"""How long pieces may be whatever they end with."""


def _note_size(sizes: dict[str, tuple[int, ...]], piece: str) -> None:
    known, size = sizes.get(piece[-2:], _SHORT), len(piece)
    if size not in known:
        sizes[piece[-2:]] = tuple(sorted((*known, size), reverse=True))


class Splitter:
    """Splits runs by a lexicon."""

    def __init__(self, lexicon: Lexicon, tables: Tables | None = None) -> None:
        """`tables` are those of this lexicon, where they are known."""
        self.tables = tables or tables_of(lexicon)
        self._stems, self._grams = lexicon.stems, lexicon.grams
        self._lone = {tail for tail in lexicon.tails if is_lone(tail)}
        self._said: dict[str, list[str]] = {}
        self._last: tuple[str, list[_Place]] = ("", [_BEGINNING])

    def terms(self, run: str) -> list[str]:
        """The terms of a run: stems, the shorter stems that long ones begin with, and letters nobody knows.

        >>> Splitter(Lexicon({"환불": 3, "신청": 2}, tails=("은",))).terms("환불신청은")
        ['환불', '신청']
        """
        if size := self._grams:
            return [run[at : at + size] for at in range(max(1, len(run) - size + 1))]
        if run in self._lone:
            return []
        terms: list[str] = []
        end, back = len(run), self._best(run)
        while end > 0:
            place = back[end]
            begin, term = place[1], place[2]
            if term is None:
                terms.append(run[begin:end])
                if end - begin > HALF and is_hangul(run[begin]):
                    terms.append(run[begin : begin + HALF])
            elif term:
                terms += self._said.get(term) or self._said_by(term)
            end = begin
        return terms[::-1]

    def whole(self, run: str) -> list[str]:
        """The terms of a run without what they begin with."""
        terms: list[str] = []
        end, back = len(run), self._best(run)
        while end > 0:
            begin, term = back[end][1:3]
            terms += [run[begin:end]] if term is None else [term] if term else []
            end = begin
        return terms[::-1]

    def _best(self, run: str) -> list[_Place]:
        """For each place the piece that ends there on the cheapest way.

        What is known of the letters that the run before began with stays: in order, runs cost only what is new in them.
        """
        last, places = self._last
        shared, most = 0, min(len(last), len(run))
        while shared < most and run[shared] == last[shared]:
            shared += 1
        del places[shared + 1 :]
        start, behind, sizes = self.tables.start, self.tables.behind, self.tables.sizes
        for end in range(shared + 1, len(run) + 1):
            letter, before = run[end - 1], places[end - 1]
            is_syllable = is_hangul(letter)
            # A piece that nobody taught: one that ended before and grows by this letter, or one that begins with it.
            hangul, hangul_at = before[4] + UNKNOWN_LETTER_COST, before[5]
            other, other_at = before[6] + UNKNOWN_HAN_COST, before[7]
            if is_syllable and before[0] + UNKNOWN_COST < hangul:
                hangul, hangul_at = before[0] + UNKNOWN_COST, end - 1
            elif not is_syllable and before[0] + UNKNOWN_HAN_COST < other:
                other, other_at = before[0] + UNKNOWN_HAN_COST, end - 1
            if end > LONGEST_PIECE and end - min(hangul_at, other_at) > LONGEST_PIECE:
                (hangul, hangul_at), (other, other_at) = _short_guesses(places, run, end)
            cheapest, best_from, best_term = 1e9, end, ""
            for size in sizes.get(run[end - 2 : end], _SHORT) if end > 1 else (1,):
                begin = end - size
                piece = behind.get(run[begin:end]) if begin > 0 else None if begin else start.get(run[:end])
                if piece:
                    place = places[begin]
                    cost = place[0] + piece[0] + (place[3] if piece[1] else 0)
                    if cost < cheapest:
                        cheapest, best_from, best_term = cost, begin, piece[1]
            is_other = other < hangul or (other == hangul and other_at < hangul_at)
            unknown, unknown_from = (other, other_at) if is_other else (hangul, hangul_at)
            if unknown < cheapest or (unknown == cheapest and unknown_from <= best_from):
                places.append((unknown, unknown_from, None, 0, hangul, hangul_at, other, other_at))
            else:
                lonely = LONELY_COST if best_term and end - best_from == 1 and is_syllable else 0
                places.append((cheapest, best_from, best_term, lonely, hangul, hangul_at, other, other_at))
        self._last = (run, places)
        return places

    def _said_by(self, term: str) -> list[str]:
        """A stem, and the longest one that it begins with."""
        parts = (term[:size] for size in range(len(term) - 1, 1, -1))
        found = self._said[term] = [term, *islice(filter(self._stems.__contains__, parts), 1)]
        return found


def _short_guesses(places: Sequence[_Place], run: str, end: int) -> list[tuple[float, int]]:
    """The cheapest ways to a place by pieces that nobody taught, where the longest one is too long to be a piece."""
    guesses = [(1e9, 0), (1e9, 0)]
    for begin in range(end - LONGEST_PIECE, end):
        first, more = _UNKNOWN[is_hangul(run[begin])]
        kind = 0 if is_hangul(run[begin]) else 1
        guesses[kind] = min(guesses[kind], (places[begin][0] + first + more * (end - begin - 1), begin))
    return guesses
