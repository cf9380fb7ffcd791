"""Owns the portal's words and postings as its documents change: analysed once, then only what an edit touches.

What it makes of a memory and the documents is what it makes of the documents alone. Refuses to know files.
"""

from __future__ import annotations

import marshal
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal_builder.search.analyse import Analysed, Analyser, Read, read
from portal_builder.search.document import Document
from portal_builder.search.learn import Taught, lexicon_of, retaught, taught
from portal_builder.search.lexicon import Lexicon, Splitter
from portal_builder.search.places import Places, add, counts
from portal_builder.search.postings import invert, posting_bits, usual_length
from portal_builder.search.words import is_dense

_MANY = 0.2
"""Where more than this share of the documents is another, beginning anew costs less."""
_SPLIT_AT_MOST = 5000
"""Runs that an edit may touch before beginning anew costs less."""


@dataclass(frozen=True)
class Remembered:
    """What is kept of an index for when documents come or go, as plain values; texts by document, packed, are seldom
    opened. Postings are then counted anew."""

    documents: dict[str, tuple[Any, ...]]
    words: dict[str, int]
    taught: Taught
    lexicon: Lexicon
    reads: dict[str, bytes]
    analysed: dict[str, bytes]
    lengths: dict[str, int]

    def plain(self) -> tuple[Any, ...]:
        """Without what an index has besides."""
        values = (getattr(self, name) for name in Remembered.__dataclass_fields__)
        return tuple(
            tuple(value.__dict__.values()) if isinstance(value, (Taught, Lexicon)) else value for value in values
        )


@dataclass(frozen=True)
class Index(Remembered):
    """Everything known of a portal's documents."""

    usual: float
    lists: dict[str, bytes]
    """Postings by term."""
    codes: dict[str, str]
    """Postings by term, as bits."""
    places: Places | None = None
    """Of the runs, where all documents were read."""


_ITEM = array("I").itemsize


def sizes_of(lists: Mapping[str, bytes]) -> dict[str, int]:
    """In how many documents a term stands."""
    return {term: len(postings) // _ITEM for term, postings in lists.items()}


def remembered_of(plain: Any) -> Remembered | None:
    """What is remembered, from its plain values, if they are."""
    try:
        first, words, lessons, lexicon, *rest = plain
        return Remembered(first, words, Taught(*lessons), Lexicon(*lexicon), *rest)
    except (TypeError, ValueError):
        return None


def grown(before: Remembered | None, documents: Sequence[Document], language: str) -> Index:
    """The index of these documents, in their order, by what is known of those before."""
    fields = {document.id: tuple(document.__dict__.values()) for document in documents}
    if before is None:
        return _begun(documents, fields, language)
    other = {name for name, one in fields.items() if before.documents.get(name) != one}
    if len(other) + len(before.documents.keys() - fields.keys()) > _MANY * len(fields):
        return _begun(documents, fields, language)
    return _edited(before, documents, fields, other, language)


def _begun(documents: Sequence[Document], fields: dict[str, tuple[Any, ...]], language: str) -> Index:
    places: Places = {}
    lengths: dict[str, int] = {}
    reads = dict(_read_all(documents, places, lengths))
    words = counts(places)
    lessons = taught(words, language)
    lexicon = lexicon_of(lessons, language, len(documents))
    analyser = Analyser(lexicon)
    analyser.prepare(filter(is_dense, words))
    analysed: dict[str, bytes] = {}
    usual = usual_length(list(lengths.values()))
    lists = invert(_analysed_all(reads, analyser, analysed), usual)
    return Index(
        fields,
        words,
        lessons,
        lexicon,
        reads,
        analysed,
        lengths,
        usual,
        {term: postings.tobytes() for term, postings in lists.items()},
        {term: posting_bits(postings, len(documents)) for term, postings in lists.items()},
        places,
    )


def _read_all(documents: Iterable[Document], places: Places, lengths: dict[str, int]) -> Iterator[tuple[str, bytes]]:
    """Each document read, and packed at once: unpacked, all of them would take more memory than all else. Their words
    and lengths are counted on the way."""
    for number, document in enumerate(documents):
        one = read(document)
        add(places, number, one.weights())
        lengths[document.id] = one.length
        yield document.id, _packed(one)


def _analysed_all(reads: Mapping[str, bytes], analyser: Analyser, kept: dict[str, bytes]) -> Iterator[Analysed]:
    """Each document analysed, one after another; what is `kept` is packed."""
    for name, packed in reads.items():
        one = analyser.analyse(_read(packed))
        kept[name] = _packed(one)
        yield one


def _edited(
    before: Remembered,
    documents: Sequence[Document],
    fields: dict[str, tuple[Any, ...]],
    other: set[str],
    language: str,
) -> Index:
    fresh = {document.id: read(document) for document in documents if document.id in other}
    words, changes = _recounted(before, fresh, before.documents.keys() - fields.keys())
    lessons = retaught(before.taught, words, changes, language)
    is_same = lessons is before.taught and len(fields) == len(before.documents)
    lexicon = before.lexicon if is_same else lexicon_of(lessons, language, len(documents))
    reads = {name: _packed(fresh[name]) if name in fresh else before.reads[name] for name in fields}
    moved = _split_otherwise(before.lexicon, lexicon, words)
    if moved is None:
        return _begun(documents, fields, language)
    analyser = Analyser(lexicon)
    again = {name: fresh[name] if name in fresh else _read(reads[name]) for name in _with(reads, moved, set(fresh))}
    new = {name: analyser.analyse(one) for name, one in again.items()}
    analysed = {name: _packed(new[name]) if name in new else before.analysed[name] for name in fields}
    lengths = {name: new[name].length if name in new else before.lengths[name] for name in fields}
    usual = usual_length(list(lengths.values()))
    full = invert([new[name] if name in new else _analysed(analysed[name]) for name in fields], usual)
    lists = {term: postings.tobytes() for term, postings in full.items()}
    codes = {term: posting_bits(postings, len(fields)) for term, postings in full.items()}
    return Index(fields, words, lessons, lexicon, reads, analysed, lengths, usual, lists, codes)


def _recounted(
    before: Remembered, fresh: Mapping[str, Read], gone: Iterable[str]
) -> tuple[dict[str, int], dict[str, int]]:
    """How often the words count now, and how often those whose count is another did."""
    words, change = dict(before.words), dict[str, int]()
    for name in {*fresh, *gone} & before.documents.keys():
        _read(before.reads[name]).add_to(change, -1)
    for one in fresh.values():
        one.add_to(change)
    changes = {word: words.get(word, 0) for word, by in change.items() if by}
    for word, count in changes.items():
        words[word] = count + change[word]
        if not words[word]:
            del words[word]
    return words, changes


def _split_otherwise(old: Lexicon, new: Lexicon, words: Iterable[str]) -> list[str] | None:
    """The runs that another lexicon splits in another way; None where too many might be."""
    if old.grams != new.grams:
        return None
    pieces = other_pieces(old, new)
    runs = runs_with(pieces, "\n".join(words), _SPLIT_AT_MOST) if pieces else set()
    if runs is None:
        return None
    one, other = Splitter(old), Splitter(new)
    return [run for run in sorted(filter(is_dense, runs)) if one.terms(run) != other.terms(run)]


def runs_with(pieces: Iterable[str], text: str, most: int) -> set[str] | None:
    """The runs, a line each, that one of these stands in; None where they are more than so many."""
    runs: set[str] = set()
    for piece in pieces:
        at = text.find(piece)
        while at >= 0:
            begin, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
            runs.add(text[begin:end] if end >= 0 else text[begin:])
            if len(runs) > most:
                return None
            at = text.find(piece, end) if end >= 0 else -1
    return runs


def other_pieces(old: Lexicon, new: Lexicon) -> set[str]:
    """The pieces of a run that cost or mean something else now; a form's beginning matters where its surface stands."""
    if old == new:
        return set()
    stems = old.stems.keys() ^ new.stems.keys()
    others = {piece for piece, _ in old.stems.items() ^ new.stems.items()}
    others |= {piece for piece, _ in old.aliases.items() ^ new.aliases.items()}
    others |= {*old.tails} ^ {*new.tails} | {*old.idle} ^ {*new.idle}
    one, other = old.finder(), new.finder()
    pieces = {piece for piece in others if one(piece) != other(piece)}
    pieces |= stems  # one that is idle too is no other piece, and longer ones fall apart by it
    for surface, form in (*old.aliases.items(), *new.aliases.items()):
        if any(form[:size] in stems for size in range(2, len(form))):
            pieces.add(surface)
    return pieces


def _with(reads: Mapping[str, bytes], moved: Sequence[str], fresh: set[str]) -> Iterable[str]:
    """The documents that are new, or in which one of these runs stands."""
    marks = [run.encode("utf-8", "surrogatepass") for run in moved]
    return [name for name, packed in reads.items() if name in fresh or any(mark in packed for mark in marks)]


def _packed(value: Read | Analysed) -> bytes:
    return marshal.dumps(tuple(value.__dict__.values()))


def _read(packed: bytes) -> Read:
    return Read(*marshal.loads(packed))  # noqa: S302 -- our own cache


def _analysed(packed: bytes) -> Analysed:
    return Analysed(*marshal.loads(packed))  # noqa: S302 -- our own cache
