"""Owns what an index leaves for its next amendment, in parts: each is read when it is needed. Refuses to be needed."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal_builder.search.alike import Sayings
from portal_builder.search.bits import hashed
from portal_builder.search.document import Document
from portal_builder.search.growth import Before, Index
from portal_builder.search.layout import Layout, layout_of
from portal_builder.search.learn import Taught
from portal_builder.search.lexicon import Lexicon
from portal_builder.search.parts import DamagedError, Parts, write_parts
from portal_builder.search.places import Places, counts, opened, packed, weights_of

if TYPE_CHECKING:
    from portal_builder.search.head import TextShards
    from portal_builder.search.shards import Shard

STATE = ".parts"
"""Ends the name of such a file."""
_RUN_PARTS = 64


@dataclass
class Core:
    """What every amendment needs."""

    key: str
    """The language, and the version of the search."""
    mark: bytes
    """Of the index that this is known of."""
    letters: str
    """Chinese ones by twos, another way to write one and its own."""
    stops: list[str]
    """Words that tell nothing."""
    usual: float
    ids: list[str]
    urls: list[str]
    titles: list[str]
    languages: list[str]
    lengths: list[int]
    text_sizes: list[int]
    text_shards: list[tuple[str, int]]
    many: int
    """How many runs there are."""
    synonyms: list[list[str]]


def core_of(parts: Parts) -> Core:
    """Raises DamagedError where another version of the search left it."""
    try:
        return Core(*_load(parts, "core"))
    except (TypeError, ValueError, EOFError) as error:
        raise DamagedError("core") from error


@dataclass(frozen=True)
class Known:
    """All that is known of an index which was made whole."""

    key: str
    mark: bytes
    letters: str
    stops: list[str]
    index: Index
    said: Sayings
    layout: Layout
    texts: TextShards
    synonyms: Sequence[Sequence[str]]
    files: Mapping[str, bytes]
    """Those of postings, and the head."""


def write_state(file: Path, known: Known, documents: Sequence[Document]) -> None:
    """Leave what is known for the next amendment."""
    index, texts = known.index, known.texts
    core = Core(
        known.key,
        known.mark,
        known.letters,
        known.stops,
        index.usual,
        [one.id for one in documents],
        [one.url for one in documents],
        [one.title for one in documents],
        [one.language for one in documents],
        index.lengths,
        texts.sizes,
        texts.shards,
        len(index.words),
        [list(group) for group in known.synonyms],
    )
    parts = {
        "core": plain(core),
        "words": "\n".join(("", *index.words, "")).encode("utf-8", "surrogatepass"),
        "taught": plain(index.taught),
        "lexicon": plain(index.lexicon),
        "layout": plain(known.layout),
        "said": plain(known.said),
        **dict(_runs(index.places)),
    }
    for number, one in enumerate(documents):
        parts[f"document {number}"] = plain(one)
    write_parts(file, parts | {f"file {name}": data for name, data in known.files.items()})


def plain(value: Any) -> bytes:
    """A dataclass as bytes."""
    return marshal.dumps(value.plain() if isinstance(value, Layout) else tuple(value.__dict__.values()))


def _load(parts: Parts, name: str) -> Any:
    return marshal.loads(parts.get(name))  # noqa: S302 -- our own cache, and whole


def _runs(places: Places) -> Iterable[tuple[str, bytes]]:
    """In which documents a run stands and how much it counts there; the runs in some parts."""
    parts: list[dict[str, bytes]] = [{} for _ in range(_RUN_PARTS)]
    for run, found in places.items():
        parts[hashed(run) % _RUN_PARTS][run] = found.tobytes()
    return ((f"runs {at}", marshal.dumps(part)) for at, part in enumerate(parts))


class State:
    """What is known of an index, read when it is asked for and written together."""

    def __init__(self, parts: Parts, core: Core) -> None:
        self._parts, self.core = parts, core
        self._runs: dict[int, dict[str, bytes]] = {}
        self._changed: dict[str, bytes] = {}
        self._gone: set[str] = set()
        self._places: dict[str, dict[int, int]] = {}
        self._moved: set[str] = set()

    def words(self) -> str:
        """All runs, a line each."""
        return (self._changed.get("words") or self._parts.get("words")).decode("utf-8", "surrogatepass")

    def taught(self) -> Taught:
        return Taught(*_load(self._parts, "taught"))

    def lexicon(self) -> Lexicon:
        return Lexicon(*_load(self._parts, "lexicon"))

    def layout(self) -> Layout:
        return layout_of(_load(self._parts, "layout"))

    def said(self) -> Sayings:
        return Sayings(*_load(self._parts, "said"))

    def document(self, number: int) -> Document:
        return Document(*_load(self._parts, f"document {number}"))

    def places(self, run: str) -> dict[int, int]:
        """In which documents a run stands, and how much it counts there."""
        if run not in self._places:
            self._places[run] = weights_of([opened(self._runs_beside(run).get(run, b""))])
        return self._places[run]

    def _runs_beside(self, run: str) -> dict[str, bytes]:
        return self._runs_in(hashed(run) % _RUN_PARTS)

    def _runs_in(self, part: int) -> dict[str, bytes]:
        if part not in self._runs:
            self._runs[part] = _load(self._parts, f"runs {part}")
        return self._runs[part]

    def file(self, name: str) -> bytes:
        """A file of postings, or the head."""
        return self._changed.get(f"file {name}") or self._parts.get(f"file {name}")

    def put_files(self, made: Iterable[Shard], head: bytes, gone: Iterable[str]) -> None:
        """Other files of postings, another head; some are no more."""
        self._changed |= {f"file {one.file}": one.data for one in made} | {"file head.json": head}
        self._gone |= {f"file {name}" for name in gone}

    def counts(self) -> dict[str, int]:
        """How much every run counts."""
        found = counts(self._all_places())
        found |= {run: sum(self._places[run].values()) for run in self._moved}
        return {run: count for run, count in found.items() if count}

    def _all_places(self) -> Places:
        parts = (self._runs_in(part) for part in range(_RUN_PARTS))
        return {run: opened(data) for part in parts for run, data in part.items()}

    def known(self) -> Before:
        """All that another whole index can be made of."""
        documents = [self.document(number) for number in range(len(self.core.ids))]
        return Before(documents, self._all_places(), self.core.lengths, self.taught())

    def put_places(self, run: str, number: int, weight: int) -> None:
        """A run counts so much in a document now; not at all where that is nothing."""
        places = self.places(run)
        if weight:
            places[number] = weight
        else:
            places.pop(number, None)
        self._moved.add(run)

    def put(self, name: str, value: Any) -> None:
        """Another value of a part: a dataclass, or a text."""
        if isinstance(value, str):
            self._changed[name] = value.encode("utf-8", "surrogatepass")
        else:
            self._changed[name] = plain(value)

    def write(self) -> None:
        """Leave what is another for the next amendment."""
        for run in self._moved:
            if self._places[run]:
                self._runs_beside(run)[run] = packed(self._places[run])
            else:
                self._runs_beside(run).pop(run, None)
        for at in {hashed(run) % _RUN_PARTS for run in self._moved}:
            self._changed[f"runs {at}"] = marshal.dumps(self._runs[at])
        self._parts.replace(self._changed, self._gone - self._changed.keys())
