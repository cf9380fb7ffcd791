"""Owns whether a text is in the language it claims: by script, and by words among languages of one script.

Refuses to guess: a text with too little prose is UNSURE, and so is one in a language that nothing here knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal_builder.catalogue import Catalogue
from portal_builder.tongues.letters import LatinTongues
from portal_builder.tongues.prose import latin_words, prose
from portal_builder.tongues.scripts import (
    ONLY_ONE,
    SCRIPTS,
    UNKNOWN,
    chinese_counts,
    is_plainly_korean,
    script_tag,
    script_weights,
)

_SURE, _SURE_BESIDE_CODE = 2.0, 12.0
"""By how much another language has to fit better; on a page that is mostly code some of it may be left in the prose."""
_FEW = 6
"""With fewer words than this beside code, nothing is said against a language."""
_SOME = 12.0
"""So much of another script, in Latin letters, is more than a name."""


class Verdict(StrEnum):
    """Whether a text is in a language."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Judgement:
    """What a text turned out to be."""

    verdict: Verdict
    looks_like: str = ""
    """The language it is in instead, where that can be said."""

    @property
    def other(self) -> str:
        """The language that it is in instead of its own; empty where nothing is to be said against that."""
        return (self.looks_like or UNKNOWN) if self.verdict is Verdict.NO else ""


YES, UNSURE = Judgement(Verdict.YES), Judgement(Verdict.UNSURE)


@dataclass(frozen=True)
class _Read:
    """A text as it is judged."""

    bare: str
    words: Sequence[str]
    weights: Mapping[str, float]
    sure: float

    @property
    def latin(self) -> float:
        return float(sum(map(len, self.words)))

    @property
    def plain(self) -> Sequence[str]:
        """Words that are no names."""
        return [word for word in self.words if word.islower()]

    def weight(self, *scripts: str) -> float:
        return sum(self.weights.get(name, 0.0) for name in scripts)

    def strongest(self, *but: str) -> str:
        """The script, other than these, that says most; empty where that is no more than a name."""
        others = {name: weight for name, weight in self.weights.items() if name not in but and weight > _SOME}
        return max(others, key=others.__getitem__, default="")


class Tongues:
    """What is known of languages: scripts, common words, and the words of every catalogue of the product."""

    def __init__(self, catalogues: Mapping[str, Catalogue]) -> None:
        self._latin = LatinTongues(catalogues)

    def judge(self, text: str, language: str) -> Judgement:
        """Whether a text (Markdown) is in a language (a BCP 47 tag)."""
        bare = prose(text)
        if script_tag(language) == "Kore" and is_plainly_korean(bare):
            return YES
        return self.judge_closely(text, bare, language)

    def judge_closely(self, text: str, bare: str, language: str) -> Judgement:
        """The same, of a text and its prose, where it takes more than a look at the letters."""
        sure = _SURE if len(bare) > len(text) / 2 else _SURE_BESIDE_CODE
        read = _Read(bare, latin_words(bare), script_weights(bare), sure)
        tag = script_tag(language)
        if tag not in SCRIPTS:
            return UNSURE
        return self._in_latin(read, language) if tag == "Latn" else self._in_script(read, tag)

    def _in_script(self, read: _Read, tag: str) -> Judgement:
        """A script of its own against the others: some of it, beside names and borrowed characters, is enough."""
        own = SCRIPTS[tag]
        mine = read.weight(*own)
        if tag == "Jpan" and mine * 12 > read.weight("CJK"):
            mine += read.weight("CJK")
        borrowed = ("CJK",) if mine and tag in {"Jpan", "Kore"} else ()
        foreign = read.strongest(*own, *borrowed)
        if foreign and read.weight(foreign) > mine:
            return _not(_language_of(foreign, read))
        if tag in {"Hans", "Hant"} and read.weight("HIRAGANA") > max(6.0, 0.15 * mine):
            return _not("ja")
        if read.latin > 4 * mine and (found := self._sentences_in(read, is_mixed=mine > 0)):
            return _not(found)
        if mine < 4:
            return UNSURE
        if tag in {"Hans", "Hant"}:
            return _chinese(read.bare, tag)
        return YES if own[0] in ONLY_ONE else UNSURE

    def _sentences_in(self, read: _Read, *, is_mixed: bool) -> str:
        """The language in Latin letters that the words are sentences of; empty where they are names or commands."""
        words = [word for word in read.plain if len(word) > 1]  # letters alone are sizes, units and cells
        if len(set(words)) < 3:
            return ""
        most = max(self._latin.commons(words).values())
        if (is_mixed or read.sure > _SURE) and most < max(2, 0.12 * len(read.words)):
            return ""
        return next(iter(self._latin.scores(read.words)), "")

    def _in_latin(self, read: _Read, language: str) -> Judgement:
        """One of the languages in Latin letters against the others."""
        foreign = read.strongest()
        if foreign and read.weight(foreign) > 1.5 * read.latin:
            return _not(_language_of(foreign, read))
        scores = self._latin.scores(read.words)
        if len(read.words) < 2 or not scores:
            return UNSURE
        best = next(iter(scores))
        base = language if language in scores else language.split("-", maxsplit=1)[0]
        if base not in scores:
            is_english = len(read.words) > 5 and self._latin.commons(read.plain)["en"] > 0.3 * len(read.words)
            return _not("en") if is_english and best == "en" else UNSURE
        if best == base:
            return YES
        if not read.plain or (read.sure > _SURE and len(read.plain) < _FEW):
            return UNSURE
        needed = read.sure if len(read.plain) > 3 else 2 * read.sure
        return _not(best) if scores[best] - scores[base] > needed else UNSURE


def _not(language: str) -> Judgement:
    return Judgement(Verdict.NO, language)


def _language_of(script: str, read: _Read) -> str:
    """The language that a script means, where it means one of ours."""
    if script != "CJK":
        return ONLY_ONE.get(script, "")
    if read.weight("HIRAGANA") * 12 > read.weight("CJK"):
        return "ja"
    simplified, traditional = chinese_counts(read.bare)
    return "zh-TW" if traditional > simplified else "zh-CN"


def _chinese(text: str, tag: str) -> Judgement:
    """Simplified against traditional; where only characters of both stand, nothing is said."""
    simplified, traditional = chinese_counts(text)
    mine, other = (simplified, traditional) if tag == "Hans" else (traditional, simplified)
    if mine == other:
        return UNSURE
    return YES if mine > other else _not("zh-TW" if tag == "Hans" else "zh-CN")
