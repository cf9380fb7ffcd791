"""Owns how much a document says about a term: impacts, and the lists of them as bits. Refuses to know files."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal_builder.search.bits import rice

IMPACT_BITS = 3
_STEPS = (1 << IMPACT_BITS) - 1
_K1, _B = 1.2, 0.5
TITLE_WEIGHT, HEADING_WEIGHT, KEYWORD_WEIGHT = 4, 2, 4
COMMON_SHARE = 0.35
"""A term in more of the documents than this tells none from another."""
_COMMON_FROM = 20


@dataclass(frozen=True)
class Analysed:
    """A document as weighted counts of terms."""

    counts: Mapping[str, int]
    length: int
    """Of its text, in terms."""


def invert(documents: Sequence[Analysed]) -> dict[str, list[tuple[int, int]]]:
    """Documents and impacts by term, in order of documents."""
    mean = max(1.0, sum(document.length for document in documents) / max(1, len(documents)))
    usual = math.exp(round(math.log(mean) * 8) / 8)  # in steps, so that one changed article does not change all
    lists: dict[str, list[tuple[int, int]]] = {}
    for number, document in enumerate(documents):
        norm = _K1 * (1 - _B + _B * document.length / usual)
        for term, count in document.counts.items():
            impact = round(_STEPS * count / (count + norm))
            lists.setdefault(term, []).append((number, impact))
    return lists


def is_common(count: int, documents: int) -> bool:
    return documents >= _COMMON_FROM and count > COMMON_SHARE * documents


def posting_bits(postings: Sequence[tuple[int, int]], documents: int) -> str:
    """How many, then gap and impact of each."""
    count = len(postings)
    parameter = gap_parameter(count, documents)
    parts = [gamma(count)]
    before = -1
    for number, impact in postings:
        parts.append(rice(number - before - 1, parameter) + f"{impact:0{IMPACT_BITS}b}")
        before = number
    return "".join(parts)


def gap_parameter(count: int, documents: int) -> int:
    """Of the Rice code for gaps between `count` of so many documents; the browser reckons it too."""
    return max(0, (documents // (count + 1)).bit_length() - 1)


def gamma(value: int) -> str:
    """Elias's gamma code of a number from one up."""
    return "0" * (value.bit_length() - 1) + f"{value:b}"


def weighted(title: Sequence[str], headings: Sequence[str], keywords: Sequence[str], text: Counter[str]) -> Counter[str]:
    """The counts of a document, its title first."""
    counts = Counter(text)
    for terms, weight in ((title, TITLE_WEIGHT), (headings, HEADING_WEIGHT), (keywords, KEYWORD_WEIGHT)):
        for term in terms:
            counts[term] += weight
    return counts
