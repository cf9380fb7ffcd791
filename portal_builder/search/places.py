"""Owns in which documents a run of letters stands, and how much it counts there. Refuses to know documents."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping

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


def counts(places: Places) -> dict[str, int]:
    """How much every run counts in all."""
    return {run: sum(found) & _WEIGHT for run, found in places.items()}


def opened(packed: bytes) -> dict[int, int]:
    """Weights by document."""
    return {one >> _BITS: one & _WEIGHT for one in array("Q", packed)}


def packed(weights: Iterable[tuple[int, int]]) -> bytes:
    """Documents and weights as bytes."""
    return array("Q", [number << _BITS | weight for number, weight in weights]).tobytes()
