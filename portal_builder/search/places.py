"""Owns in which documents a run of letters stands, and how much it counts there. Refuses to know documents."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from itertools import chain

_BITS = 32
_WEIGHT = (1 << _BITS) - 1

Places = dict[str, "array[int]"]
"""By run, the numbers of its documents with its weight there, each in one."""


def add(places: Places, number: int, weights: Mapping[str, int]) -> None:
    """A document and what its runs count."""
    base = number << _BITS
    for run, weight in weights.items():
        found = places.get(run)
        if found is None:
            places[run] = array("Q", (base | weight,))
        else:
            found.append(base | weight)


def counts(places: Mapping[str, Iterable[int]]) -> dict[str, int]:
    """How much every run counts in all."""
    return {run: sum(found) & _WEIGHT for run, found in places.items()}


def renumbered(places: Places, numbers: Mapping[int, int]) -> Places:
    """The same where documents have other numbers, or are gone."""
    found = {}
    for run, some in places.items():
        kept = [numbers[one >> _BITS] << _BITS | (one & _WEIGHT) for one in some if one >> _BITS in numbers]
        if kept:
            found[run] = array("Q", kept)
    return found


def weights_of(places: Iterable[Iterable[int]]) -> dict[int, int]:
    """How much several runs count together, by document."""
    weights: dict[int, int] = {}
    for one in chain.from_iterable(places):
        number = one >> _BITS
        weights[number] = weights.get(number, 0) + (one & _WEIGHT)
    return weights


def opened(packed: bytes) -> array[int]:
    """Places from their bytes."""
    return array("Q", packed)


def packed(weights: Mapping[int, int]) -> bytes:
    """Documents and weights as bytes."""
    return array("Q", [number << _BITS | weight for number, weight in weights.items()]).tobytes()
