"""Owns how a portal's vocabulary is learned: which words are worth an analyser's time. Refuses to split by itself."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from portal_builder.search.lexicon import LONGEST_PIECE, Lexicon, rank_of
from portal_builder.search.teachers import LOSSES, MODULES, Lesson, is_there, teacher
from portal_builder.search.tongue import endings, idle
from portal_builder.search.words import is_dense

_WORDS_MANY = 8000
"""With more words those that count once get no lesson: they fall apart by what the others taught."""
STEMS_AT_MOST, STEMS_PER_DOCUMENT = 9000, 8
"""Of which those seen once still have a place in the head; with more, they go where rare terms are."""
_TAILS_LEARNED = 120
_WORTH_A_TEACHER = 20
"""So many words of a language that is not the portal's own."""
_LOG = logging.getLogger(__name__)


def learn(words: Mapping[str, int], language: str, documents: int) -> Lexicon:
    """The lexicon of a portal with so many documents that use these runs so often."""
    by_language: dict[str, list[str]] = {}
    least = 1 if len(words) <= _WORDS_MANY else 2
    for word in (word for word, count in words.items() if count >= least and is_dense(word)):
        by_language.setdefault(language_of(word, language), []).append(word)
    tongues = [name for name, some in by_language.items() if name == language or len(some) >= _WORTH_A_TEACHER]
    missing = [name for name in tongues if name in MODULES and not is_there(name)]
    for name in missing:
        _LOG.warning(
            "search: %s not installed: %s; letters by twos stand in for words",
            " and ".join(MODULES[name]),
            LOSSES[name],
        )
    lessons: list[tuple[Lesson, int]] = []
    for name in tongues if not missing else ():
        chosen = by_language[name]
        lessons += zip(teacher(name).lessons(chosen), (words[word] for word in chosen), strict=True)
    return _lexicon(
        lessons,
        sorted({language, *tongues}),
        min(STEMS_AT_MOST, STEMS_PER_DOCUMENT * documents),
        is_grams=bool(missing),
    )


def language_of(word: str, language: str) -> str:
    """The language of a dense run: what its letters say, or the portal's own where they say nothing."""
    if any("가" <= letter <= "힣" or "ㄱ" <= letter <= "ㆎ" for letter in word[:2]):
        return "ko"
    if language in {"ja", "zh"}:
        return language
    return "ja" if any("ぁ" <= letter <= "ヿ" for letter in word) else "zh"


def _lexicon(lessons: Iterable[tuple[Lesson, int]], tongues: Sequence[str], most: int, *, is_grams: bool) -> Lexicon:
    stems: Counter[str] = Counter()
    tails: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    for lesson, count in lessons:
        tails.update(lesson.tails)
        for surface, form in lesson.stems:
            stems[form] += count
            if surface != form:
                forms.setdefault(surface, Counter())[form] += count
    least = 1 if len(stems) <= most else 2
    ranks = {stem: rank_of(count) for stem, count in stems.items() if count >= least and len(stem) <= LONGEST_PIECE}
    aliases = {
        surface: max(sorted(found), key=found.__getitem__)
        for surface, found in sorted(forms.items())
        if surface not in ranks and found.total() > 1
    }
    learned = sorted((tail for tail in tails if tails[tail] > 2), key=lambda tail: (-tails[tail], tail))
    known = [tail for tongue in tongues for tail in endings(tongue)]
    questions = [word for tongue in tongues for word in idle(tongue)]
    return Lexicon(
        ranks,
        {surface: form for surface, form in aliases.items() if form in ranks},
        tuple(dict.fromkeys(known + learned[:_TAILS_LEARNED])),
        tuple(dict.fromkeys(questions)),
        is_grams,
    )
