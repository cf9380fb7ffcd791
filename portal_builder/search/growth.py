"""Owns a portal's words and postings, made of its documents. Refuses to know files.

What is known of an index before saves reading and lessons: what they come to is the same.
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
from portal_builder.search.places import Places, add, counts, renumbered, weights_of
from portal_builder.search.postings import possible_postings, posting_bits, usual_length, weighed

_ITEM = array("I").itemsize
_MANY = 0.2
"""Where more than this share of the documents is another, beginning anew costs less."""


@dataclass(frozen=True)
class Before:
    """What is known of an index before."""

    documents: Sequence[Document]
    places: Places
    lengths: Sequence[int]
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


def sizes_of(lists: Mapping[str, bytes]) -> dict[str, int]:
    """In how many documents a term stands."""
    return {term: len(postings) // _ITEM for term, postings in lists.items()}


def grown(before: Before | None, documents: Sequence[Document], language: str) -> Index:
    """The index of these documents, in their order, by what is known of those before."""
    numbers = _same(before.documents, documents) if before else {}
    if before is None or len(numbers) < (1 - _MANY) * max(len(documents), len(before.documents)):
        places, lengths = _read_more({}, {}, documents)
        words = counts(places)
        lessons = taught(words, language)
    else:
        known = {number: before.lengths[was] for was, number in numbers.items()}
        places, lengths = _read_more(renumbered(before.places, numbers), known, documents)
        words = counts(places)
        lessons = _lessons(before, words, language)
    lexicon = lexicon_of(lessons, language, len(documents))
    usual = usual_length(lengths)
    possible = possible_postings(lengths, usual)
    lists = {term: weighed(weights_of(found), possible) for term, found in _by_term(places, lexicon).items()}
    codes = {term: posting_bits(postings, len(documents)) for term, postings in lists.items()}
    own = {term: postings.tobytes() for term, postings in lists.items()}
    return Index(words, lessons, lexicon, places, lengths, usual, own, codes)


def _same(before: Sequence[Document], documents: Sequence[Document]) -> dict[int, int]:
    """The numbers of documents that are as they were: before, and now."""
    now = {one.id: number for number, one in enumerate(documents)}
    both = ((was, now.get(one.id)) for was, one in enumerate(before))
    return {was: number for was, number in both if number is not None and before[was] == documents[number]}


def _read_more(places: Places, known: Mapping[int, int], documents: Sequence[Document]) -> tuple[Places, list[int]]:
    """Where runs stand, and how long documents are, by what is known of some of these."""
    lengths = dict(known)
    for number, document in enumerate(documents):
        if number not in lengths:
            one = read(document)
            add(places, number, one.weights)
            lengths[number] = one.length
    return places, [lengths[number] for number in range(len(documents))]


def _lessons(before: Before, words: Mapping[str, int], language: str) -> Taught:
    was = counts(before.places)
    others = {run for run, _ in words.items() ^ was.items()}
    return retaught(before.taught, words, {run: was.get(run, 0) for run in others}, language)


def _by_term(places: Places, lexicon: Lexicon) -> dict[str, list[array[int]]]:
    """Where the runs stand that say a term."""
    analyser = Analyser(lexicon)
    found: defaultdict[str, list[array[int]]] = defaultdict(list)
    for run in sorted(places):
        for term in analyser.terms(run):
            found[term].append(places[run])
    return found
