"""Owns which file holds what: terms, rare terms, texts. Refuses to write any: a shard is a name and its text."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
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

    @property
    def data(self) -> bytes:
        return self.text.encode("utf-8", "replace")


def shard(value: object, terms: int = 0) -> Shard:
    text = _json(value)
    return Shard(shard_name(text), text, terms)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def shard_name(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(digest)[:8].decode().lower()


def term_set(terms: Iterable[str]) -> list[tuple[int, str]]:
    """The terms of a class by hash, in order."""
    names = sorted(terms)
    width = set_width(len(names))
    found: dict[int, str] = {}
    for term in names:
        found.setdefault(hashed(term) >> (32 - width), term)
    return sorted(found.items())


def _full(total: int, bounds: tuple[int, int], about: int) -> int:
    return max(bounds[0], min(bounds[1], total // about))


def term_shard(codes: Sequence[str]) -> Shard:
    """Postings of terms in the head's order."""
    return shard(packed("".join(codes)), len(codes))


def term_cuts(sizes: Sequence[int]) -> list[tuple[int, int]]:
    """Which terms share a shard, by the bits of their codes."""
    return _cuts(sizes, _full(sum(sizes), _SHARD_BITS, _SHARDS_ABOUT))


def text_cuts(sizes: Sequence[int]) -> list[tuple[int, int]]:
    """Which texts share a shard, by their bytes."""
    return _cuts(sizes, _full(sum(sizes), _TEXT_BYTES, _TEXTS_ABOUT))


def _cuts(sizes: Sequence[int], full: int) -> list[tuple[int, int]]:
    """Where a row is cut so that every piece but the last is full."""
    cuts, begin, size = [], 0, 0
    for end, one in enumerate(sizes, 1):
        size += one
        if size >= full:
            cuts.append((begin, end))
            begin, size = end, 0
    return [*cuts, (begin, len(sizes))] if begin < len(sizes) else cuts


def rare_count(total: int) -> int:
    """How many shards so many bits of rare terms are in."""
    return max(1, round(total / _full(total, _SHARD_BITS, _SHARDS_ABOUT)))


def rare_shard(box: Sequence[tuple[int, str]]) -> Shard:
    """Postings of terms that the head does not name: hashes tell the shard, and a key the term within it."""
    return shard(packed(gamma(len(box) + 1) + "".join(f"{key:0{KEY_BITS}b}{code}" for key, code in box)))


def rare_group(term: str) -> str:
    """What a rare term shares its shard by: an unknown word of a query is asked for whole and by its beginning."""
    return term[:HALF] if is_hangul(term[0]) else term


def text_shard(texts: Sequence[str], name: str = "") -> Shard:
    """`name` is that of these texts, where it is known."""
    return Shard(name, _json(texts)) if name else shard(texts)


def text_size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
