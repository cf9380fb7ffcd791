"""Owns general words that mean the same, everyday ones and formal ones. Refuses the synonyms of one portal.

`alike.<language>.txt` lists them. An article that says one of a group is found by the others as well, at less weight.
The index holds that, so that a query costs no more files, and no writer has to think of it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from portal_builder.search.lexicon import Lexicon, Splitter
from portal_builder.search.postings import ALIKE_IMPACTS, IMPACT_BITS, Posting
from portal_builder.search.words import is_dense, normal, runs, spaced_terms

Way = tuple[str, ...]
"""One way to say it: its terms, all of which an article must have."""
_TELLING = 0.06
"""The share of articles beyond which a word tells too little to bring them all up for another."""
_AT_LEAST = 3
"""So many articles are few in the smallest portal."""
_VERB_ENDING = "다"
_MASK = (1 << IMPACT_BITS) - 1


@cache
def groups(language: str) -> tuple[tuple[Way, ...], ...]:
    """The groups of a language as the list has them, verbs as stems; none where there is no list."""
    file = Path(__file__).with_name(f"alike.{language}.txt")
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    return tuple(
        tuple(tuple(map(_stem, runs(normal(way)))) for way in line.split(","))
        for line in lines
        if line and not line.startswith("#")
    )


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 1 and word.endswith(_VERB_ENDING) else word


class _Reader:
    """Splits ways to say something as a portal's words are split."""

    def __init__(self, lexicon: Lexicon, splitter: Splitter, terms: dict[str, Way]) -> None:
        self._stems, self._splitter = lexicon.stems, splitter
        self._idle, self._rules = {*lexicon.idle, *lexicon.tails}, lexicon.rules
        self.terms = terms

    def way(self, words: Way) -> Way:
        """The terms; none where a word tells nothing, because without it the others may say something else."""
        found = [self._of(word) for word in words]
        return tuple(dict.fromkeys(term for terms in found for term in terms)) if all(found) else ()

    def _of(self, word: str) -> Way:
        if word not in self.terms:
            self.terms[word] = self._split(word)
        return self.terms[word]

    def _split(self, word: str) -> Way:
        if word in self._idle:
            return ()
        if not is_dense(word):
            return spaced_terms(word, self._rules)
        return (word,) if word in self._stems else tuple(self._splitter.whole(word))


def pairs(
    lexicon: Lexicon,
    language: str,
    synonyms: Sequence[Sequence[str]],
    letters: Mapping[int, str] = MappingProxyType({}),
) -> list[tuple[Way, Way]]:
    """Ways to say the same, by twos; without those that the portal's own synonyms say already, with more weight.

    `letters` are the portal's own for those of the list.
    """
    return sayings(lexicon, Splitter(lexicon), language, synonyms, letters).pairs()


@dataclass(frozen=True)
class Sayings:
    """Groups of ways to say the same, as words and as the terms that a portal's lexicon makes of them."""

    words: list[tuple[Way, ...]]
    own: list[tuple[Way, ...]]
    """The portal's own synonyms."""
    terms: dict[str, Way]
    """By word."""
    ways: list[list[Way]]
    """By group, those that say something."""
    said: set[tuple[Way, Way]]
    """Pairs of the portal's own."""

    def pairs(self) -> list[tuple[Way, Way]]:
        both = dict.fromkeys(pair for ways in self.ways for pair in self.of(ways))
        return list(both)

    def of(self, ways: Iterable[Way]) -> list[tuple[Way, Way]]:
        """The pairs of a group."""
        some = list(ways)
        return [(one, other) for one in some for other in some if one != other and (one, other) not in self.said]


def sayings(
    lexicon: Lexicon,
    splitter: Splitter,
    language: str,
    synonyms: Sequence[Sequence[str]],
    letters: Mapping[int, str] = MappingProxyType({}),
) -> Sayings:
    """What the list of a language and a portal's synonyms say by its lexicon; nothing where words have no terms."""
    if lexicon.grams:
        return Sayings([], [], {}, [], set())
    reader = _Reader(lexicon, splitter, {})
    own = [tuple(tuple(runs(normal(phrase))) for phrase in group) for group in synonyms]
    said = _said(own, reader)
    listed = groups(language)
    if letters:
        listed = tuple(tuple(tuple(word.translate(letters) for word in way) for way in group) for group in listed)
    ways = [list(filter(None, map(reader.way, group))) for group in listed]
    return Sayings(list(listed), own, reader.terms, ways, said)


def _said(own: Iterable[tuple[Way, ...]], reader: _Reader) -> set[tuple[Way, Way]]:
    found = [{reader.way(phrase) for phrase in group} for group in own]
    return {(one, other) for group in found for one in group for other in group}


def resaid(
    before: Sayings, others: Iterable[str], lexicon: Lexicon, splitter: Callable[[], Splitter]
) -> tuple[Sayings, set[int]]:
    """The same by another lexicon, which has another mind about these pieces; and the groups that are others."""
    text = "\n".join(before.terms)
    terms = dict(before.terms)
    marked = {word for piece in others if piece in text for word in before.terms if piece in word}
    if not marked:
        return before, set()
    for word in marked:
        del terms[word]
    reader = _Reader(lexicon, splitter(), terms)
    changed = {word for word in marked if reader.way((word,)) != _way_of(before.terms[word])}
    if not changed:
        return before, set()
    numbers = {at for at, group in enumerate(before.words) if any(not changed.isdisjoint(way) for way in group)}
    ways = list(before.ways)
    for at in numbers:
        ways[at] = list(filter(None, map(reader.way, before.words[at])))
    said = _said(before.own, reader)
    if said != before.said:
        numbers = set(range(len(ways)))
    return Sayings(before.words, before.own, reader.terms, ways, said), numbers


def _way_of(terms: Way) -> Way:
    return tuple(dict.fromkeys(terms))


class Lists(Protocol):
    """Postings by term, as bytes."""

    def get(self, term: str, default: bytes, /) -> bytes: ...

    def many(self, term: str) -> int: ...


class AllLists(dict[str, bytes]):
    """Those of a whole index."""

    def many(self, term: str) -> int:
        return len(self.get(term, b"")) // array("I").itemsize


def found_alike(lists: Lists, same: Iterable[tuple[Way, Way]], documents: int) -> dict[str, list[Posting]]:
    """Postings by term, with the articles that say it in another way."""
    most = most_telling(documents)
    more: dict[str, set[Posting]] = {}
    said: dict[Way, set[Posting]] = {}
    for way, other in same:
        found = said.get(other)
        if found is None:
            found = said[other] = _saying(lists, other, most)
        for term in way if found else ():
            if term not in other:
                more.setdefault(term, set()).update(found)
    return {term: _with(lists.get(term, b""), found) for term, found in more.items()}


def alike_again(
    was: Lists,
    now: Lists,
    changed: AbstractSet[str],
    before: Sayings,
    after: Sayings,
    other: AbstractSet[int],
    documents: int,
    beside: Sequence[Container[str]],
) -> dict[str, list[Posting]]:
    """Postings, with those of other ways, of all terms that may have others where these `changed`.

    `other` are the groups of `after` that were not the same `before`; `beside` are the terms of each article that is
    another, before and after: only what one of them says in full may be said by others now.
    """

    def differs(way: Way) -> bool:
        if changed.isdisjoint(way) or not any(all(term in one for term in way) for one in beside):
            return False
        return _saying(was, way, most) != _saying(now, way, most)

    most = most_telling(documents)
    touched: set[str] = set()
    for at, ways in enumerate(after.ways):
        if at in other:
            touched.update(term for way in (*ways, *before.ways[at]) for term in way)
        elif any(map(differs, ways)):
            touched.update(term for way in ways for term in way)
    touched |= changed
    near = [pair for ways in after.ways if any(not touched.isdisjoint(way) for way in ways) for pair in after.of(ways)]
    same = [(tuple(term for term in way if term in touched), other_way) for way, other_way in near]
    found = found_alike(now, [(way, other_way) for way, other_way in same if way], documents)
    return {term: found.get(term) or array("I", now.get(term, b"")).tolist() for term in touched}


def most_telling(documents: int) -> int:
    """So many articles may say a word that brings them up for others."""
    return max(_AT_LEAST, int(_TELLING * documents))


def _saying(lists: Lists, way: Way, most: int) -> set[Posting]:
    """What the articles that say all of it get for its other ways, by the least impact; nothing where they are many."""
    if not all(map(lists.many, way)) or (len(way) == 1 and lists.many(way[0]) > most):
        return set()
    codes = sorted((lists.get(term, b"") for term in way), key=len)
    first, *rest = ({one >> IMPACT_BITS: one & _MASK for one in array("I", code)} for code in codes)
    for here in rest:
        first = {number: min(impact, here[number]) for number, impact in first.items() if number in here}
    few = first if len(first) <= most else {}
    return {number << IMPACT_BITS | ALIKE_IMPACTS[impact] for number, impact in few.items()}


def _with(own: bytes, more: Iterable[Posting]) -> list[Posting]:
    """A word's postings and those of other ways to say it: the higher one of two, and its own first."""
    postings = array("I", own)
    best = {one >> IMPACT_BITS: one for one in sorted(more)}
    best |= {one >> IMPACT_BITS: one for one in postings}
    return sorted(best.values())
