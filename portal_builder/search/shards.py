"""Owns which file holds what: terms, rare terms, texts. Refuses to write any: a shard is a name and its text."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal_builder.search.bits import gamma, hashed, packed, set_width
from portal_builder.search.lexicon import HALF, is_hangul

_SHARD_BITS = (2000 * 8, 3600 * 8)
"""How full a shard of terms is in a small portal, and in a large one."""
_SHARDS_ABOUT = 45
_TEXT_BYTES = (2500, 7000)
_TEXTS_ABOUT = 250
TEXT_AT_MOST = 4000
"""Letters of a text that excerpts are cut from."""
KEY_BITS = 16
"""Of a rare term's hash, beside its postings."""


@dataclass(frozen=True)
class Shard:
    """A file of the index; another content is another name, so that browsers may keep it for ever."""

    name: str
    text: str
    terms: int = 0

    @property
    def file(self) -> str:
        return f"{self.name}.json"


def shard(value: object, terms: int = 0) -> Shard:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return Shard(base64.b32encode(digest)[:8].decode().lower(), text, terms)


def term_sets(ranks: Sequence[Iterable[str]]) -> list[list[tuple[int, str]]]:
    """The terms of each class by hash, in order; of two that look the same the first one stays."""
    sets = []
    for terms in ranks:
        names = sorted(terms)
        width = set_width(len(names))
        found: dict[int, str] = {}
        for term in names:
            found.setdefault(hashed(term) >> (32 - width), term)
        sets.append(sorted(found.items()))
    return sets


def _full(total: int, bounds: tuple[int, int], about: int) -> int:
    return max(bounds[0], min(bounds[1], total // about))


def term_shards(terms: Iterable[str], posting_codes: Mapping[str, str]) -> list[Shard]:
    """Postings of terms in the head's order, cut where a shard is full."""
    shards: list[Shard] = []
    codes: list[str] = []
    size = 0
    written = [posting_codes[term] for term in terms]
    full = _full(sum(map(len, written)), _SHARD_BITS, _SHARDS_ABOUT)
    for code in written:
        codes.append(code)
        size += len(code)
        if size >= full:
            shards.append(shard(packed("".join(codes)), len(codes)))
            codes, size = [], 0
    return [*shards, shard(packed("".join(codes)), len(codes))] if codes else shards


def rare_shards(terms: Iterable[str], posting_codes: Mapping[str, str]) -> list[Shard]:
    """Postings of terms that the head does not name: hashes tell the shard, and the term within it."""
    codes = [(hashed(rare_group(term)), hashed(term), posting_codes[term]) for term in terms]
    total = sum(len(code) + KEY_BITS for _, _, code in codes)
    count = max(1, round(total / _full(total, _SHARD_BITS, _SHARDS_ABOUT)))
    boxes: list[list[tuple[int, str]]] = [[] for _ in range(count)]
    for group, value, code in codes:
        boxes[group % count].append((value >> (32 - KEY_BITS), code))
    return [
        shard(packed(gamma(len(box) + 1) + "".join(f"{key:0{KEY_BITS}b}{code}" for key, code in sorted(box))))
        for box in boxes
    ]


def rare_group(term: str) -> str:
    """What a rare term shares its shard by: an unknown word of a query is asked for whole and by its beginning."""
    return term[:HALF] if is_hangul(term[0]) else term


def text_shards(texts: Sequence[str], order: Iterable[int]) -> tuple[list[Shard], list[int]]:
    """Texts in an order that puts likes together; and for each document, which shard holds it."""
    shards: list[Shard] = []
    where = [0] * len(texts)
    group: list[int] = []
    size = 0
    sizes = [len(text.encode("utf-8", "surrogatepass")) for text in texts]
    full = _full(sum(sizes), _TEXT_BYTES, _TEXTS_ABOUT)
    for number in order:
        group.append(number)
        size += sizes[number]
        if size >= full:
            shards.append(_texts(texts, group, where, len(shards)))
            group, size = [], 0
    return ([*shards, _texts(texts, group, where, len(shards))] if group else shards), where


def _texts(texts: Sequence[str], group: Sequence[int], where: list[int], place: int) -> Shard:
    for number in group:
        where[number] = place
    return shard([texts[number] for number in sorted(group)])
