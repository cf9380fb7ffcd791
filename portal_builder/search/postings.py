"""Owns how much a document says about a term: impacts, and the lists of them as bits. Refuses to know files."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from portal_builder.search.bits import gamma

IMPACT_BITS = 4
_STEPS = (1 << IMPACT_BITS) - 1
ALIKE_LEVELS = 3
"""Impacts below say that the article has a word that means the same, and not this one."""
ALIKE_IMPACTS = tuple((impact > 4) + (impact > 8) for impact in range(_STEPS + 1))
"""By the impact of that word."""
_K1, _B = 1.2, 0.35
_COUNTS = 64
"""How often a term may count in one document."""

Posting = int
"""A document's number and its impact, in one: `number << IMPACT_BITS | impact`."""


def usual_length(lengths: Sequence[int]) -> float:
    """The mean, in steps, so that one changed article does not change the weight of all."""
    return math.exp(round(math.log(max(1.0, sum(lengths) / max(1, len(lengths)))) * 8) / 8)


def weighed(counts: Mapping[int, int], possible: Sequence[array[Posting]]) -> array[Posting]:
    """The postings of a term from how often it counts in documents, of those that are `possible`."""
    most = _COUNTS - 1
    found = [possible[number][count if count < _COUNTS else most] for number, count in counts.items()]
    return array("I", sorted(found))


def possible_postings(lengths: Sequence[int], usual: float) -> list[array[Posting]]:
    """For each document its postings by how often a term counts in it."""
    return [
        array("I", [number << IMPACT_BITS | impact for impact in _impacts(length / usual)])
        for number, length in enumerate(lengths)
    ]


def impact_of(count: int | None, length: float) -> int | None:
    """What a document so much longer than usual says about a term that counts so often in it; None where none does."""
    return None if count is None else _impacts(length)[min(count, _COUNTS - 1)]


@lru_cache(maxsize=10_000)
def _impacts(length: float) -> bytes:
    """The impact of a term by its count in a document so much longer than usual. It is BM25's, without what the number
    of documents says."""
    norm = _K1 * (1 - _B + _B * length)
    return bytes([max(ALIKE_LEVELS, round(_STEPS * count / (count + norm))) for count in range(_COUNTS)])


def posting_bits(postings: Sequence[Posting], documents: int) -> str:
    """How many, then gap and impact of each."""
    low = gap_parameter(len(postings), documents) + IMPACT_BITS
    if len(postings) == 1:  # most terms: worth a way of their own
        return f"1{'1' * (postings[0] >> low)}{_ends(low)[postings[0] & ((1 << low) - 1)]}"
    ends, mask = _ends(low), (1 << low) - 1
    parts = [gamma(len(postings))]
    expected = 0  # the next document, in place
    for posting in postings:
        gap = posting - expected
        high = gap >> low
        parts.append("1" * high + ends[gap & mask] if high else ends[gap & mask])
        expected = (posting | _STEPS) + 1
    return "".join(parts)


def postings_in(code: str, documents: int) -> array[Posting]:
    """The postings that bits stand for.

    >>> postings_in(posting_bits([3, 20, 165], 11), 11).tolist()
    [3, 20, 165]
    """
    count, at = _counted(code)
    low, expected = gap_parameter(count, documents) + IMPACT_BITS, 0
    postings = array("I")
    for _ in range(count):
        end = code.index("0", at)
        begin, at = at, end + 1 + low
        posting = expected + ((end - begin) << low | int(code[end + 1 : at], 2))
        postings.append(posting)
        expected = (posting | _STEPS) + 1
    return postings


def count_in(code: str) -> int:
    """How many postings bits stand for."""
    return _counted(code)[0]


def _counted(code: str) -> tuple[int, int]:
    """How many, and where they begin."""
    zeros = code.index("1")
    return int(code[zeros : 2 * zeros + 1], 2), 2 * zeros + 1


def own_of(postings: Iterable[Posting]) -> array[Posting]:
    """Without those of articles that say it in another way."""
    return array("I", [one for one in postings if one & _STEPS >= ALIKE_LEVELS])


@cache
def _ends(size: int) -> list[str]:
    """A zero, and every number of so many bits behind it: written once, not for each posting."""
    return [f"0{value:0{size}b}" for value in range(1 << size)]


def gap_parameter(count: int, documents: int) -> int:
    """Of the Rice code for gaps between `count` of so many documents; the browser reckons it too."""
    return max(0, (documents // (count + 1)).bit_length() - 1)
