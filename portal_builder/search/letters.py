"""Owns Chinese letters of the other script: what readers of traditional or of simplified letters type for those that a
portal is written in. Refuses to change a text.

By OpenCC's tables, when the index is built: the browser gets the letters of this portal, and no table.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache

_WAYS = ("t2s", "s2t", "s2tw")
"""OpenCC's names: from traditional letters, to traditional ones, to those of Taiwan."""


def other_letters(words: Mapping[str, int]) -> str:
    """By twos a letter that the portal does not have and its own for it, of several the one that it has most.

    >>> other_letters({"订单": 2, "退": 1})
    '單单訂订'
    """
    counts: Counter[str] = Counter()
    for word, count in words.items():
        for letter in word:
            if "\u4e00" <= letter <= "\u9fff":
                counts[letter] += count
    pairs: dict[str, str] = {}
    for letter, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        for other in _others(letter):
            if other not in counts:
                pairs.setdefault(other, letter)
    return "".join(f"{other}{letter}" for other, letter in sorted(pairs.items(), key=lambda pair: pair[1]))


def _others(letter: str) -> Iterator[str]:
    for convert in _converters():
        other = convert(letter)
        if other != letter and len(other) == 1:
            yield other


@cache
def _converters() -> tuple[Callable[[str], str], ...]:
    if importlib.util.find_spec("opencc") is None:
        import logging  # noqa: PLC0415 -- takes longer to load than an article to index, and is seldom needed

        said = "search: opencc not installed: traditional and simplified letters do not find each other"
        logging.getLogger(__name__).warning(said)
        return ()
    opencc = importlib.import_module("opencc")
    return tuple(opencc.OpenCC(way).convert for way in _WAYS)
