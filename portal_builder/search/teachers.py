"""Owns the dictionaries: an analyser per language that splits words into stems. Refuses to be needed: see `teacher`.

Analysers run when the index is built and teach a lexicon (lexicon.py); nothing of them is shipped to a browser.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Lesson:
    """How an analyser splits one word: stems as they stand in it, and what is attached between and behind them."""

    stems: tuple[tuple[str, str], ...]
    """As written, and the form to look up: `("무서워", "무섭")`."""
    tails: tuple[str, ...]
    """Particles and endings."""


class Teacher(Protocol):
    """An analyser."""

    def lessons(self, words: Sequence[str]) -> Iterator[Lesson]:
        """One lesson for each word, in order."""
        ...


MODULES = {"ko": "kiwipiepy", "ja": "sudachipy", "zh": "rjieba"}
"""The library that knows a language's words."""
LOSSES = {
    "ko": "particles and endings are not taken off by a dictionary, and compounds are not split",
    "ja": "words are not split by a dictionary",
    "zh": "words are not split by a dictionary",
}


def is_there(language: str) -> bool:
    """Whether the analyser of a language is installed."""
    return language in MODULES and importlib.util.find_spec(MODULES[language]) is not None


def teacher(language: str) -> Teacher:
    """The analyser of a language; loading one may take a second."""
    teachers: dict[str, type[Teacher]] = {"ko": _Kiwi, "ja": _Sudachi, "zh": _Jieba}
    return teachers[language]()


_KO_STEMS = ("NN", "NP", "NR", "VV", "VA", "XR", "SL", "SN", "SH", "MM", "MA", "UN")
_KO_LIGHT_VERBS = frozenset("하되있이보주오가싶않말") | {"아니", "같"}
_KO_LOOSE = frozenset("들님적별씩쯤째여") | {"끼리", "가량"}
"""Suffixes that do not make another word."""
_BATCH = 200


class _Kiwi:
    """Korean, by kiwipiepy. Words are given many at a time, one per line: a call costs more than a word."""

    def __init__(self) -> None:
        kiwi = importlib.import_module("kiwipiepy")
        self._kiwi = kiwi.Kiwi(num_workers=1, load_default_dict=False, load_typo_dict=False, load_multi_dict=False)

    def lessons(self, words: Sequence[str]) -> Iterator[Lesson]:
        for start in range(0, len(words), _BATCH):
            yield from self._batch(words[start : start + _BATCH])

    def _batch(self, words: Sequence[str]) -> list[Lesson]:
        tokens: list[list[Any]] = [[] for _ in words]
        ends: list[int] = []
        for word in words:
            ends.append((ends[-1] if ends else 0) + len(word) + 1)
        line = 0
        for token in self._kiwi.tokenize("\n".join(words)):
            while token.start >= ends[line]:
                line += 1
            tokens[line].append(token)
        return [
            _korean_lesson(word, found, end - len(word) - 1)
            for word, found, end in zip(words, tokens, ends, strict=True)
        ]


def _korean_lesson(word: str, tokens: Iterable[Any], offset: int) -> Lesson:
    stems: list[tuple[str, str]] = []
    tails: list[str] = []
    tail_start: int | None = None
    for token in tokens:
        start, end = token.start - offset, token.start - offset + token.len
        is_stem = token.tag.startswith(_KO_STEMS) and not (token.tag[0] == "V" and token.form in _KO_LIGHT_VERBS)
        if is_stem:
            if tail_start is not None and tail_start < start:
                tails.append(word[tail_start:start])
            tail_start = None
            if end > start and token.form:
                stems.append((word[start:end], token.form))
        elif token.tag == "XSN" and stems and tail_start is None and token.form not in _KO_LOOSE:
            surface, form = stems[-1]
            stems.append((surface + word[start:end], form + token.form))  # 가입자 beside 가입
        elif tail_start is None:
            tail_start = start
    if tail_start is not None and tail_start < len(word):
        tails.append(word[tail_start:])
    return Lesson(tuple(stems), tuple(tails))


_JA_TAILS = ("助詞", "助動詞", "補助記号", "記号", "空白")


class _Sudachi:
    """Japanese, by SudachiPy and its small dictionary; short units, so that compounds are found by their parts."""

    def __init__(self) -> None:
        sudachi = importlib.import_module("sudachipy")
        self._tokenizer = sudachi.Dictionary(dict="small").tokenizer(sudachi.SplitMode.A)

    def lessons(self, words: Sequence[str]) -> Iterator[Lesson]:
        for word in words:
            stems, tails = [], []
            for token in self._tokenizer.tokenize(word):
                surface = token.surface()
                if token.part_of_speech()[0] in _JA_TAILS:
                    tails.append(surface)
                else:
                    stems.append((surface, surface))
            yield Lesson(tuple(stems), tuple(tails))


class _Jieba:
    """Chinese, by rjieba."""

    def __init__(self) -> None:
        self._cut = importlib.import_module("rjieba").cut

    def lessons(self, words: Sequence[str]) -> Iterator[Lesson]:
        for word in words:
            yield Lesson(tuple((part, part) for part in self._cut(word)), ())
