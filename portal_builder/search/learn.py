"""Owns how a portal's vocabulary is learned: which words are worth an analyser's time. Refuses to split by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal_builder.search.lexicon import LONGEST_PIECE, RANKS, Lexicon
from portal_builder.search.teachers import LOSSES, MODULES, Lesson, is_there, teacher
from portal_builder.search.tongue import endings, idle, stemming
from portal_builder.search.words import is_dense, spaced_terms

_WORDS_MANY = 8000
"""With more words Korean ones that count once get no lesson: they fall apart by what the others taught. Japanese and
Chinese runs are as long as the writer went without a comma, so that nearly all of them count once."""
STEMS_AT_MOST, STEMS_PER_DOCUMENT, STEMS_AT_LEAST = 9000, 8, 1500
"""Of which those seen once still have a place in the head; with more, they go where rare terms are."""
_TAILS_LEARNED = 120
_GRAMS = 2
UNTAUGHT = {"th": 3}
"""Languages without spaces that no analyser is here for: so many letters that follow each other stand in for words."""
_KOREAN = re.compile(".?[가-힣ㄱ-ㆎ]")
_WORTH_A_TEACHER = 20
"""So many words of a language that is not the portal's own."""


@dataclass(frozen=True)
class Taught:
    """What the lessons of a portal's words come to: sums, so that one is quickly added or taken away."""

    least: int
    """Korean words that count less get no lesson."""
    by_language: dict[str, int]
    """How many words of a language would."""
    tongues: tuple[str, ...]
    grams: int
    stems: dict[str, int]
    tails: dict[str, int]
    forms: dict[str, dict[str, int]]
    """What a surface that is no stem stands for."""

    def add(self, lesson: Lesson, count: int, sign: int = 1) -> None:
        """Add a word's lesson, or take it away."""
        for tail in lesson.tails:
            _add(self.tails, tail, sign)
        for surface, form in lesson.stems:
            _add(self.stems, form, sign * count)
            if surface != form:
                forms = self.forms.setdefault(surface, {})
                _add(forms, form, sign * count)
                if not forms:
                    del self.forms[surface]


def _add(counts: dict[str, int], name: str, count: int) -> None:
    counts[name] = counts.get(name, 0) + count
    if not counts[name]:
        del counts[name]


def taught(words: Mapping[str, int], language: str) -> Taught:
    """The lessons of all words, by how much each counts."""
    least = 1 if len(words) <= _WORDS_MANY else 2
    by_language: dict[str, list[str]] = {}
    for word in filter(is_dense, words):
        name = language_of(word, language)
        if _is_taught(words[word], name, least):
            by_language.setdefault(name, []).append(word)
    counts = {name: len(some) for name, some in by_language.items()}
    tongues = _tongues(counts, language)
    missing = [name for name in tongues if not is_there(name)]
    _warn(missing)
    grams = UNTAUGHT.get(language, _GRAMS if missing else 0)
    found = Taught(least, counts, tongues, grams, {}, {}, {})
    for name in tongues if not grams else ():
        for word, lesson in zip(by_language[name], teacher(name).lessons(by_language[name]), strict=True):
            found.add(lesson, words[word])
    return found


def retaught(before: Taught, words: Mapping[str, int], changes: Mapping[str, int], language: str) -> Taught:
    """The same after some words count otherwise: `changes` are those words, with how much they did."""
    found = relearned(before, len(words), words, changes, language)
    return taught(words, language) if found is None else found


def relearned(
    before: Taught, many: int, words: Mapping[str, int], changes: Mapping[str, int], language: str
) -> Taught | None:
    """The same, or None where other words than these get lessons now: `many` are all, `words` at least the changed."""
    if before.least != (1 if many <= _WORDS_MANY else 2):
        return None
    counts, lessons = dict(before.by_language), dict[str, list[str]]()
    for word in filter(is_dense, changes):
        name = language_of(word, language)
        was, now = (_is_taught(count, name, before.least) for count in (changes[word], words.get(word, 0)))
        if was or now:
            _add(counts, name, now - was)
            lessons.setdefault(name, []).append(word)
    tongues = _tongues(counts, language)
    if tongues != before.tongues:
        return None
    return _relearned(before, counts, lessons, words, changes) if lessons else before


def _relearned(
    before: Taught,
    counts: dict[str, int],
    lessons: Mapping[str, Sequence[str]],
    words: Mapping[str, int],
    changes: Mapping[str, int],
) -> Taught:
    """The lessons of some words taken away as often as they counted, and added as often as they do."""
    found = Taught(
        before.least,
        counts,
        before.tongues,
        before.grams,
        dict(before.stems),
        dict(before.tails),
        {surface: dict(forms) for surface, forms in before.forms.items()},
    )
    for name in before.tongues if not before.grams else ():
        some = lessons.get(name, [])
        for word, lesson in zip(some, teacher(name).lessons(some) if some else (), strict=True):
            for count, sign in ((changes[word], -1), (words.get(word, 0), 1)):
                if _is_taught(count, name, before.least):
                    found.add(lesson, count, sign)
    return found


def _is_taught(count: int, language: str, least: int) -> bool:
    return count >= (least if language == "ko" else 1)


def _warn(missing: Iterable[str]) -> None:
    import logging  # noqa: PLC0415 -- takes longer to load than an article to index, and is seldom needed

    for name in missing:
        said = "search: %s not installed: %s; letters by twos stand in for words"
        logging.getLogger(__name__).warning(said, " and ".join(MODULES[name]), LOSSES[name])


def _tongues(by_language: Mapping[str, int], language: str) -> tuple[str, ...]:
    """The languages that are taught."""
    known = ((name, count) for name, count in by_language.items() if name in MODULES)
    return tuple(sorted(name for name, count in known if name == language or count >= _WORTH_A_TEACHER))


def language_of(word: str, language: str) -> str:
    """The language of a dense run: what its letters say, or the portal's own where they say nothing."""
    if _KOREAN.match(word):
        return "ko"
    if "\u0e01" <= word[0] <= "\u0e4e":
        return "th"
    if language in {"ja", "zh"}:
        return language
    return "ja" if any("ぁ" <= letter <= "ヿ" for letter in word) else "zh"


def _stems_named(documents: int) -> int:
    """So many stems may stand in the head though they are seen once; without them a small portal knows few words."""
    return min(STEMS_AT_MOST, max(STEMS_AT_LEAST, STEMS_PER_DOCUMENT * documents))


def lexicon_of(found: Taught, language: str, documents: int) -> Lexicon:
    """The lexicon of a portal with so many documents."""
    stems, tails, tongues = found.stems, found.tails, sorted({language, *found.tongues})
    least = 1 if len(stems) <= _stems_named(documents) else 2
    often = len(RANKS) - 1
    ranks = {
        stem: RANKS[min(often, count)] for stem, count in stems.items() if count >= least and len(stem) <= LONGEST_PIECE
    }
    aliases = {
        surface: max(sorted(forms), key=forms.__getitem__)
        for surface, forms in sorted(found.forms.items())
        if surface not in ranks and sum(forms.values()) > 1
    }
    learned = sorted((tail for tail in tails if tails[tail] > 2), key=lambda tail: (-tails[tail], tail))
    known = [tail for tongue in tongues for tail in endings(tongue)]
    rules = stemming(language)
    questions = [word for tongue in tongues for word in idle(tongue)]
    questions = [term for word in questions for term in spaced_terms(word, rules)] if rules else questions
    return Lexicon(
        ranks,
        {surface: form for surface, form in aliases.items() if form in ranks},
        tuple(dict.fromkeys(known + learned[:_TAILS_LEARNED])),
        tuple(dict.fromkeys(questions)),
        found.grams,
        rules,
    )
