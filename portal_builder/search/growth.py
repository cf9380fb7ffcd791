"""Owns a portal's words and postings, made of its documents. Refuses to know files.

What the words of an index before taught saves lessons: what they come to is the same.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal_builder.search.analyse import Analyser, read
from portal_builder.search.document import Document
from portal_builder.search.learn import Taught, lexicon_of, retaught, taught
from portal_builder.search.lexicon import Lexicon
from portal_builder.search.places import Places, add, counts, weights_of
from portal_builder.search.postings import possible_postings, posting_bits, usual_length, weighed


@dataclass(frozen=True)
class Learned:
    """What was learned of an index before."""

    words: dict[str, int]
    """How much each run counted."""
    taught: Taught


@dataclass(frozen=True)
class Index:
    """Everything known of a portal's documents."""

    words: dict[str, int]
    """How much each run counts."""
    taught: Taught
    lexicon: Lexicon
    places: Places
    """Of the runs."""
    lengths: list[int]
    usual: float
    lists: dict[str, bytes]
    """Postings by term."""
    codes: dict[str, str]
    """Postings by term, as bits."""


_ITEM = array("I").itemsize


def sizes_of(lists: Mapping[str, bytes]) -> dict[str, int]:
    """In how many documents a term stands."""
    return {term: len(postings) // _ITEM for term, postings in lists.items()}


def grown(before: Learned | None, documents: Sequence[Document], language: str) -> Index:
    """The index of these documents, in their order."""
    places: Places = {}
    lengths = []
    for number, document in enumerate(documents):
        one = read(document)
        add(places, number, one.weights)
        lengths.append(one.length)
    words = counts(places)
    lessons = _lessons(before, words, language)
    lexicon = lexicon_of(lessons, language, len(documents))
    usual = usual_length(lengths)
    possible = possible_postings(lengths, usual)
    lists = {term: weighed(weights_of(found), possible) for term, found in _by_term(places, lexicon).items()}
    codes = {term: posting_bits(postings, len(documents)) for term, postings in lists.items()}
    own = {term: postings.tobytes() for term, postings in lists.items()}
    return Index(words, lessons, lexicon, places, lengths, usual, own, codes)


def _lessons(before: Learned | None, words: Mapping[str, int], language: str) -> Taught:
    if before is None:
        return taught(words, language)
    others = {run for run, _ in words.items() ^ before.words.items()}
    return retaught(before.taught, words, {run: before.words.get(run, 0) for run in others}, language)


def _by_term(places: Places, lexicon: Lexicon) -> dict[str, list[array[int]]]:
    """Where the runs stand that say a term."""
    analyser = Analyser(lexicon)
    found: defaultdict[str, list[array[int]]] = defaultdict(list)
    for run in sorted(places):
        for term in analyser.terms(run):
            found[term].append(places[run])
    return found
