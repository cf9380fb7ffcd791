"""Owns the index on disk: documents in, a folder of a head and shards out. Refuses to know HTML and portals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path

from portal_builder.search.alike import AllLists, found_alike, sayings
from portal_builder.search.amend import remembered_index
from portal_builder.search.client import client
from portal_builder.search.document import Document
from portal_builder.search.growth import Before, grown, sizes_of
from portal_builder.search.head import HEAD, files_part, head_bytes, head_of, mark_of, texts_of
from portal_builder.search.layout import class_sets, laid
from portal_builder.search.letters import other_letters
from portal_builder.search.lexicon import Splitter
from portal_builder.search.memory import place
from portal_builder.search.parts import DamagedError, Parts
from portal_builder.search.postings import posting_bits
from portal_builder.search.state import STATE, Known, State, core_of, write_state
from portal_builder.search.tongue import idle, spoken, stemming
from portal_builder.search.version import search_version


def write_index(
    documents: Iterable[Document],
    language: str,
    folder: Path,
    synonyms: Sequence[Sequence[str]] = (),
    cache: Path | None = None,
) -> None:
    """Make a folder hold the index of these documents and the client that reads it; only what differs is written.

    `synonyms` are groups of words and phrases. `cache` is a folder that may be deleted at any time: with it, a changed
    article costs what it changed, and the index is the same.
    """
    _write(made_index(documents, language, folder, synonyms, cache), folder)


def made_index(
    documents: Iterable[Document],
    language: str,
    folder: Path,
    synonyms: Sequence[Sequence[str]] = (),
    cache: Path | None = None,
) -> dict[str, bytes]:
    """Every file of the index by its name; `folder` is where it will lie."""
    ordered = sorted(documents, key=lambda document: document.id)
    file = cache / f"{language}-{place(folder)}{STATE}" if cache else None
    key = f"{language} {search_version()}"
    files = remembered_index(ordered, language, synonyms, file, key) if file else None
    return (files or _made_whole(ordered, language, synonyms, file, key)) | {
        "search.js": client(spoken(language), stemming(spoken(language))).encode(),
        "package.json": b'{"type": "module"}\n',  # older Nodes read a .js file without it as CommonJS
    }


def _made_whole(
    ordered: Sequence[Document], language: str, synonyms: Sequence[Sequence[str]], file: Path | None, key: str
) -> dict[str, bytes]:
    """The same but for the client, and what is to be remembered of it."""
    index = grown(_before(file, key), ordered, spoken(language))
    letters = other_letters(index.words) if spoken(language) == "zh" else ""
    own_letters = dict(zip(map(ord, letters[::2]), letters[1::2], strict=True))
    said = sayings(index.lexicon, Splitter(index.lexicon), spoken(language), synonyms, own_letters)
    alike = found_alike(AllLists(index.lists), said.pairs(), len(ordered))
    codes = index.codes | {term: posting_bits(postings, len(ordered)) for term, postings in alike.items()}
    stops = {*index.lexicon.idle, *(() if index.lexicon.rules else idle("en"))}
    layout, *made = laid(codes, sizes_of(index.lists), index.lexicon, stops)
    texts = texts_of(ordered)
    head = head_of(ordered, index.lexicon, language) | {
        "terms": list(class_sets(layout, range(len(layout.named))).values()),
        **files_part(layout, texts),
        "synonyms": [list(group) for group in synonyms],
    }
    if spoken(language) == "zh":
        head["letterPairs"] = letters
    postings = {one.file: one.data for one in chain(*made)} | {HEAD: head_bytes(head)}
    if file:
        mark = mark_of(postings[HEAD])
        known = Known(key, mark, letters, sorted(stops), index, said, layout, texts, synonyms, postings)
        write_state(file, known, ordered)
    return {one.file: one.data for one in texts.made} | postings


def _before(file: Path | None, key: str) -> Before | None:
    """What is known of an index before."""
    if file is None:
        return None
    try:
        parts = Parts(file)
        state = State(parts, core_of(parts))
        return state.known() if state.core.key == key else None
    except DamagedError:
        return None


def _write(files: Mapping[str, bytes], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        file = folder / name
        if not file.is_file() or file.read_bytes() != data:
            file.write_bytes(data)
    for file in folder.iterdir():
        if file.name not in files:
            file.unlink()
