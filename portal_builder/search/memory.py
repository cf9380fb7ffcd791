"""Owns what one indexing leaves for the next: analysed documents, the lexicon. Refuses to be needed.

A lexicon stays in use while nearly all of the documents that taught it are there. So one changed article is analysed
alone, by the words that the portal already knows, and no analyser has to be loaded for it.
"""

from __future__ import annotations

import hashlib
import marshal
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portal_builder.search.analyse import Analysed
from portal_builder.search.document import Document
from portal_builder.search.lexicon import Lexicon

STAYS = 0.95
"""The share of documents that must be those that taught a lexicon."""
_FORMAT = 1


@dataclass(frozen=True)
class Memory:
    """A lexicon, which documents taught it, and what it made of documents by their digests."""

    lexicon: Lexicon
    taught_by: frozenset[bytes]
    analysed: Mapping[bytes, Analysed] = field(default_factory=dict)

    def is_of(self, digests: Sequence[bytes]) -> bool:
        """Whether these documents are still nearly those that taught the lexicon."""
        shared = len(self.taught_by.intersection(digests))
        return shared >= STAYS * max(len(digests), len(self.taught_by))


def digest(document: Document) -> bytes:
    """Of everything that makes a document's terms."""
    parts = (document.title, document.text, *document.headings, "", *document.keywords)
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).digest()


def place(folder: Path) -> str:
    """A name for what was indexed into a folder: portals do not share their memory."""
    return hashlib.blake2b(str(folder.resolve()).encode(), digest_size=6).hexdigest()


def recall(file: Path | None, key: str) -> Memory | None:
    """What the last indexing left, if it was done by the same means for the same language."""
    try:
        value = marshal.loads(zlib.decompress(file.read_bytes())) if file else None  # noqa: S302 -- our own cache
        if not value or value[:2] != (_FORMAT, key):
            return None
        _, _, lexicon, taught_by, analysed = value
        return Memory(
            Lexicon(*lexicon), frozenset(taught_by), {name: Analysed(*item) for name, item in analysed.items()}
        )
    except (OSError, ValueError, EOFError, TypeError, zlib.error):
        return None


def remember(file: Path | None, key: str, memory: Memory) -> None:
    """Leave it for the next indexing."""
    if file is None:
        return
    one = memory.lexicon
    lexicon = (dict(one.stems), dict(one.aliases), one.tails, one.idle, one.is_grams)
    analysed = {name: (item.counts, item.length) for name, item in memory.analysed.items()}
    file.parent.mkdir(parents=True, exist_ok=True)
    value = (_FORMAT, key, lexicon, sorted(memory.taught_by), analysed)
    fresh = file.with_suffix(".new")
    fresh.write_bytes(zlib.compress(marshal.dumps(value), 1))
    fresh.replace(file)
