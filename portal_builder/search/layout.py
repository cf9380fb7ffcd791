"""Owns which term of an index stands in which of its files, and what a few other postings change of that. Refuses to
know documents and words.

Terms of a class stand in the head's order and are cut into shards; rare ones lie in boxes. A file is made again only
where a term in it has other postings, comes or goes.
"""

from __future__ import annotations

import base64
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, repeat
from typing import Any

from portal_builder.search.bits import gamma, hash_set, hashed, packed, set_width, unpacked
from portal_builder.search.lexicon import CLASS_COSTS, Lexicon, rank_of
from portal_builder.search.postings import count_in
from portal_builder.search.shards import (
    KEY_BITS,
    Shard,
    rare_count,
    rare_group,
    rare_shard,
    term_cuts,
    term_set,
    term_shard,
)

RARE, STOP = len(CLASS_COSTS), len(CLASS_COSTS) + 1
"""Classes of terms that the head does not name, and of those that tell nothing."""


def class_of(term: str, size: int, lexicon: Lexicon, stops: Collection[str]) -> int:
    """The head names stems of the lexicon, and other words that stand in more than one document."""
    if term in stops:
        return STOP
    rank = lexicon.stems.get(term)
    if rank is not None:
        return rank
    return rank_of(size) if size > 1 and (lexicon.grams or term.isascii()) else RARE


@dataclass
class Layout:
    """Where the terms of an index stand."""

    classes: dict[str, int]
    sizes: dict[str, int]
    """Bits of a term's code."""
    owns: dict[str, int]
    """In how many documents it stands, without those that say it in another way."""
    named: list[list[str]]
    """The terms of each class as the head has them."""
    lost: list[list[str]]
    """Those of each class that look like another, and are with the rare ones."""
    shards: list[tuple[str, int]]
    """Names, and how many of the named terms are in them."""
    boxes: list[tuple[str, list[str]]]
    """Names, and the rare terms in their order."""
    stops: dict[str, str]
    """Codes of terms that no file has."""

    def plain(self) -> tuple[Any, ...]:
        """As plain values, each term once."""
        terms = self._terms()
        numbers = (array("I", map(counts.get, terms, repeat(0))).tobytes() for counts in (self.sizes, self.owns))
        return self.named, self.lost, self.shards, self.boxes, self.stops, *numbers

    def _terms(self) -> list[str]:
        return [*chain.from_iterable(self.named), *chain.from_iterable(terms for _, terms in self.boxes), *self.stops]


def layout_of(plain: Sequence[Any]) -> Layout:
    """A layout from its plain values."""
    named, lost, shards, boxes, stops, *numbers = plain
    layout = Layout({}, {}, {}, named, lost, shards, boxes, stops)
    terms = layout._terms()  # noqa: SLF001 -- a constructor of it
    layout.classes.update(dict.fromkeys(terms, RARE))
    for terms_so, rank in (*((some, rank) for both in (named, lost) for rank, some in enumerate(both)), (stops, STOP)):
        layout.classes.update(dict.fromkeys(terms_so, rank))
    for counts, data in zip((layout.sizes, layout.owns), numbers, strict=True):
        counts.update(zip(terms, array("I", data), strict=True))
    return layout


def laid(
    codes: Mapping[str, str], owns: Mapping[str, int], lexicon: Lexicon, stops: Collection[str]
) -> tuple[Layout, list[Shard], list[Shard]]:
    """The layout of an index, its shards, and those of rare terms; `owns` are the documents in which a term stands."""
    classes = {term: class_of(term, count_in(code), lexicon, stops) for term, code in codes.items()}
    ranks: list[list[str]] = [[] for _ in CLASS_COSTS]
    for term, rank in classes.items():
        if rank < RARE:
            ranks[rank].append(term)
    named = [[term for _, term in one] for one in map(term_set, ranks)]
    lost = [sorted({*one}.difference(kept)) for one, kept in zip(ranks, named, strict=True)]
    row = [term for terms in named for term in terms]
    written = [codes[term] for term in row]
    shards = [term_shard(written[begin:end]) for begin, end in term_cuts(list(map(len, written)))]
    rare = [*(term for term, rank in classes.items() if rank == RARE), *(term for terms in lost for term in terms)]
    boxes = _boxes(rare, codes)
    made = [rare_shard([(key, code) for key, code, _ in box]) for box in boxes]
    layout = Layout(
        classes,
        {term: len(code) for term, code in codes.items()},
        {term: owns.get(term, 0) for term in codes},
        named,
        lost,
        [(one.name, one.terms) for one in shards],
        [(one.name, [term for _, _, term in box]) for one, box in zip(made, boxes, strict=True)],
        {term: codes[term] for term, rank in classes.items() if rank == STOP},
    )
    return layout, shards, made


def _boxes(terms: Sequence[str], codes: Mapping[str, str]) -> list[list[tuple[int, str, str]]]:
    """Rare terms by their boxes."""
    count = rare_count(sum(len(codes[term]) + KEY_BITS for term in terms))
    boxes: list[list[str]] = [[] for _ in range(count)]
    for term in terms:
        boxes[hashed(rare_group(term)) % count].append(term)
    return [box_order(box, codes.__getitem__) for box in boxes]


def class_sets(layout: Layout, ranks: Iterable[int]) -> dict[int, list[object]]:
    """What the head says of the terms of some classes."""
    sets: dict[int, list[object]] = {}
    for rank in ranks:
        names = layout.named[rank]
        width = set_width(len(names) + len(layout.lost[rank]))
        sets[rank] = [len(names), packed(hash_set([hashed(term) >> (32 - width) for term in names]))]
    return sets


def box_order(terms: Iterable[str], code_of: Callable[[str], str]) -> list[tuple[int, str, str]]:
    """Rare terms as they stand in their box: key, code, term."""
    return sorted((hashed(term) >> (32 - KEY_BITS), code_of(term), term) for term in terms)


class Codes:
    """Reads the codes of terms from the files that they stand in."""

    def __init__(self, layout: Layout, file: Callable[[str], bytes]) -> None:
        """`file` reads one by its name."""
        self.layout, self._file = layout, file
        self._bits: dict[str, str] = {}
        self._starts: dict[str, dict[str, int]] = {}

    def of(self, term: str) -> str:
        """A term's code; empty where there is none."""
        layout = self.layout
        rank = layout.classes.get(term)
        if rank is None:
            return ""
        if rank == STOP:
            return layout.stops[term]
        at = self._number(term, rank)
        if at is None:
            return self._rare(term)
        shard = bisect_right(self._firsts, at) - 1
        name, first = layout.shards[shard][0], self._firsts[shard]
        return self._cut(name, term, lambda: (0, 0, self._row[first : first + layout.shards[shard][1]]))

    @cached_property
    def _row(self) -> list[str]:
        return [term for terms in self.layout.named for term in terms]

    @cached_property
    def _firsts(self) -> list[int]:
        return [0, *accumulate(count for _, count in self.layout.shards)]

    @cached_property
    def _before(self) -> list[int]:
        return [0, *accumulate(map(len, self.layout.named))]

    def _number(self, term: str, rank: int) -> int | None:
        """A term's place in the head; None where it is a rare one."""
        if rank == RARE:
            return None
        terms = self.layout.named[rank]
        at = bisect_left(terms, hashed(term), key=hashed)
        return self._before[rank] + at if at < len(terms) and terms[at] == term else None

    def _rare(self, term: str) -> str:
        boxes = self.layout.boxes
        name, terms = boxes[hashed(rare_group(term)) % len(boxes)]
        return self._cut(name, term, lambda: (len(gamma(len(terms) + 1)), KEY_BITS, terms))

    def _cut(self, name: str, term: str, content: Callable[[], tuple[int, int, Sequence[str]]]) -> str:
        if name not in self._bits:
            self._bits[name] = unpacked(base64.b64decode(self._file(f"{name}.json")[1:-1]))
            at, key, terms = content()
            starts = self._starts[name] = {}
            for one in terms:
                starts[one] = at + key
                at += key + self.layout.sizes[one]
        start = self._starts[name][term]
        return self._bits[name][start : start + self.layout.sizes[term]]


@dataclass(frozen=True)
class Relaid:
    """A layout after some terms have other codes."""

    layout: Layout
    made: list[Shard]
    sets: dict[int, list[object]]
    """What the head says of the classes that are others."""


def relaid(
    codes: Codes,
    changed: Mapping[str, str],
    owns: Mapping[str, int],
    ranked: Iterable[str],
    lexicon: Lexicon,
    stops: Collection[str],
) -> Relaid:
    """The layout where some terms have another code, or none any more, and some another rank in the lexicon.

    `owns` are the documents in which terms stand that do so in others.
    """
    layout = codes.layout
    classes, sizes, stopped = dict(layout.classes), dict(layout.sizes), dict(layout.stops)
    moves: dict[int, dict[str, bool]] = {}
    dirty = set(changed)
    for term in {*changed, *(term for term in ranked if term in classes)}:
        code, was = changed[term] if term in changed else codes.of(term), classes.get(term)
        rank = class_of(term, count_in(code), lexicon, stops) if code else None
        if was != rank:
            dirty.add(term)
            if was is not None:
                moves.setdefault(was, {})[term] = False
            if rank is not None:
                moves.setdefault(rank, {})[term] = True
        if rank is None:
            for known in (classes, sizes, stopped):
                known.pop(term, None)
        else:
            classes[term], sizes[term] = rank, len(code)
            if rank == STOP:
                stopped[term] = code
    named, lost = list(layout.named), list(layout.lost)
    for rank in sorted(moves.keys() - {RARE, STOP}):
        names = {*named[rank], *lost[rank], *(term for term, comes in moves[rank].items() if comes)}
        names -= {term for term, comes in moves[rank].items() if not comes}
        found = term_set(names)
        named[rank] = [term for _, term in found]
        left = sorted(names.difference(named[rank]))
        dirty |= set(left) ^ set(lost[rank])
        lost[rank] = left
    new = Layout(classes, sizes, {**layout.owns, **owns}, named, lost, [], [], stopped)
    code_of: Callable[[str], str] = lambda term: changed[term] if term in changed else codes.of(term)  # noqa: E731
    made = [*_shards_again(layout, new, dirty, code_of), *_boxes_again(layout, new, dirty, code_of)]
    return Relaid(new, made, class_sets(new, moves.keys() - {RARE, STOP}))


def _shards_again(old: Layout, new: Layout, dirty: set[str], code_of: Callable[[str], str]) -> Iterable[Shard]:
    """Those shards of named terms that no old one has the content of."""
    row, known, at = [term for terms in old.named for term in terms], {}, 0
    for name, count in old.shards:
        known[row[at], row[at + count - 1], count] = name
        at += count
    row = [term for terms in new.named for term in terms]
    marks = [0, *accumulate(term in dirty for term in row)]
    for begin, end in term_cuts([new.sizes[term] for term in row]):
        same = known.get((row[begin], row[end - 1], end - begin)) if marks[begin] == marks[end] else None
        if same is None:
            one = term_shard([code_of(term) for term in row[begin:end]])
            yield one
        new.shards.append((same or one.name, end - begin))


def _boxes_again(old: Layout, new: Layout, dirty: set[str], code_of: Callable[[str], str]) -> Iterable[Shard]:
    """Those boxes of rare terms in which something is another."""
    lost = {term for terms in new.lost for term in terms}
    boxes = [[term for term in terms if term not in dirty] for _, terms in old.boxes]
    more = [term for term in dirty if new.classes.get(term) == RARE or term in lost]
    count = rare_count(sum(new.sizes[term] + KEY_BITS for terms in (*boxes, more) for term in terms))
    if count != len(boxes):
        more, boxes = [term for terms in (*boxes, more) for term in terms], [[] for _ in range(count)]
    is_other = [count != len(old.boxes) or len(terms) != len(old.boxes[at][1]) for at, terms in enumerate(boxes)]
    for term in more:
        at = hashed(rare_group(term)) % count
        boxes[at].append(term)
        is_other[at] = True
    for at, terms in enumerate(boxes):
        if is_other[at]:
            content = box_order(terms, code_of)
            one = rare_shard([(key, code) for key, code, _ in content])
            yield one
            new.boxes.append((one.name, [term for _, _, term in content]))
        else:
            new.boxes.append(old.boxes[at])
