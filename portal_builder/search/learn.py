"""Owns how a portal's vocabulary is learned: what is worth an analyser's time, what follows without. Refuses to split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal_builder.search.lexicon import Lexicon, Splitter, rank_of
from portal_builder.search.teachers import Lesson
from portal_builder.search.tongue import IDLE, TAILS

_TAILS_LEARNED = 120


@dataclass(frozen=True)
class Taught:
    """A word, how often it stands in the portal, and how the analyser split it."""

    word: str
    count: int
    lesson: Lesson


def learn(taught: Iterable[Taught], untaught: Mapping[str, int], languages: Iterable[str]) -> Lexicon:
    """The lexicon that lessons make, with what the untaught words add to it."""
    stems: Counter[str] = Counter()
    tails: Counter[str] = Counter()
    surfaces: dict[str, Counter[str]] = {}
    for item in taught:
        for surface, form in item.lesson.stems:
            stems[form] += item.count
            if surface != form:
                surfaces.setdefault(surface, Counter())[form] += item.count
        for tail in item.lesson.tails:
            tails[tail] += 1
    tongues = sorted(set(languages))
    idle = tuple(dict.fromkeys(word for language in tongues for word in IDLE.get(language, ())))
    tail_list = tuple(
        dict.fromkeys(
            [word for language in tongues for word in TAILS.get(language, ())]
            + [tail for tail, count in sorted(tails.items(), key=lambda item: (-item[1], item[0]))[:_TAILS_LEARNED] if count > 2]
        )
    )
    aliases = {surface: forms.most_common(1)[0][0] for surface, forms in sorted(surfaces.items()) if surface not in stems}
    ranks = {stem: rank_of(count) for stem, count in stems.items() if len(stem) <= 12}
    first = Lexicon(ranks, aliases, tail_list, idle)
    splitter = Splitter(first)
    for word in untaught:
        splitter.terms(word)
    for word, count in splitter.unknown.items():
        if 1 < len(word) <= 12:
            ranks.setdefault(word, rank_of(min(count, 4)))
    return Lexicon(ranks, aliases, tail_list, idle)
