"""Owns which of the languages in Latin letters words speak for: by common words, and by how letters follow each other.

Refuses sentences, scripts and verdicts. What it knows are the lists in function_words.txt and the product's catalogues.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from portal_builder.catalogue import Catalogue
from portal_builder.tongues.prose import latin_words
from portal_builder.tongues.scripts import script_tag

_FILE = Path(__file__).with_name("function_words.txt")
_SIZES = (1, 2, 3, 4)
_RARE = 1e-4
"""How likely a letter is after letters that it has never followed."""
_COMMON_WORTH = 3.0
"""What a common word adds to a language that has it, against those that have not."""
_MOST = 3.0
"""The most that one other word may say: names of products are of no language."""
_NAME_WORTH = 0.3
"""What a word with a capital counts: it may be a name."""


@dataclass(frozen=True)
class _Letters:
    """How letters follow each other in a language."""

    counts: Mapping[str, int]
    total: int

    def surprise(self, word: str) -> float:
        """Minus the logarithm of how likely a word is, by sequences of one to four letters."""
        padded, said = f" {word} ", 0.0
        for end in range(2, len(padded) + 1):
            likely = 0.0
            for size in _SIZES:
                part = padded[max(0, end - size) : end]
                seen = self.counts.get(part, 0)
                before = self.counts.get(part[:-1], 0) if part[:-1] else self.total
                likely = 0.4 * likely + (0.6 * seen / max(before, seen) if seen else 0.0)
            said -= math.log(max(likely, _RARE))
        return said


class LatinTongues:
    """The languages in Latin letters that there are words of."""

    def __init__(self, catalogues: Mapping[str, Catalogue]) -> None:
        self._common = _function_words()
        self._catalogues = catalogues
        self._known: dict[str, Mapping[str, float]] = {}

    @cached_property
    def _letters(self) -> dict[str, _Letters]:
        """Learned for the first text that has to be told by them; in other scripts few have."""
        return {
            language: _learned([*catalogue.words.values(), " ".join(self._common.get(language, ()))])
            for language, catalogue in self._catalogues.items()
            if script_tag(language) == "Latn"
        }

    def commons(self, words: Iterable[str]) -> Mapping[str, int]:
        """How many of the words are common ones of each language."""
        listed = list(words)
        return {language: sum(word in common for word in listed) for language, common in self._common.items()}

    def scores(self, words: Sequence[str]) -> dict[str, float]:
        """How well each language fits, the best first; differences are logarithms of odds."""
        scores = dict.fromkeys(self._letters, 0.0)
        for word, count in Counter(words).items():
            if word not in self._known:
                self._known[word] = self._worth(word)
            for language, worth in self._known[word].items():
                scores[language] += worth * (1 + math.log(count))
        return dict(sorted(scores.items(), key=lambda score: -score[1]))

    def _worth(self, written: str) -> Mapping[str, float]:
        """How much one word speaks for each language."""
        word = written.lower()
        of_grammar = {language for language, common in self._common.items() if word in common}
        share = _NAME_WORTH if word != written and not of_grammar else 1.0
        said = {language: -letters.surprise(word) for language, letters in self._letters.items()}
        middle = sorted(said.values())[len(said) // 2] if said else 0.0
        return {
            language: share * max(-_MOST, min(_MOST, value - middle)) + _COMMON_WORTH * (language in of_grammar)
            for language, value in said.items()
        }


def _learned(texts: Iterable[str]) -> _Letters:
    counts: Counter[str] = Counter()
    total = 0
    for text in texts:
        for word in latin_words(re.sub(r"\{\w+\}", " ", text)):
            padded = f" {word.lower()} "
            total += len(padded)
            counts.update(padded[at : at + size] for size in _SIZES for at in range(len(padded) - size + 1))
    return _Letters(counts, total)


@cache
def _function_words() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    name = ""
    for line in _FILE.read_text("utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif not line.startswith("#"):
            found[name] = found.get(name, frozenset()) | frozenset(line.split())
    return found
