"""Owns how a document becomes counts of terms. Refuses to learn words, and to weigh documents against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from portal_builder.search.document import Document
from portal_builder.search.lexicon import Lexicon, Splitter
from portal_builder.search.words import is_dense, normal, runs, spaced_terms

TITLE_WEIGHT, HEADING_WEIGHT, KEYWORD_WEIGHT, TEXT_WEIGHT = 3, 2, 4, 1
"""How often a word counts, by where it stands."""


@dataclass(frozen=True)
class Read:
    """A document as runs of letters: what is the same whatever the portal's vocabulary."""

    weights: dict[str, int]
    """How much every run counts."""
    length: int


@dataclass(frozen=True)
class Analysed:
    """A document as weighted counts of terms."""

    counts: dict[str, int]
    length: int
    """Of its text, in runs."""


def read(document: Document) -> Read:
    """The runs of a document."""
    weights, length = _runs(document.text)
    fields = (
        (document.title, TITLE_WEIGHT),
        ("\n".join(document.headings), HEADING_WEIGHT),
        ("\n".join(document.keywords), KEYWORD_WEIGHT),
    )
    for text, weight in fields:
        found = runs(normal(text)) if text else ()
        length += len(found)
        for run in found:
            weights[run] = weights.get(run, 0) + weight
    return Read(weights, length)


def _runs(text: str) -> tuple[dict[str, int], int]:
    """How often each run of a text occurs, and how many there are. No run goes beyond a space: what stands between two
    of them is looked at once, however often it does."""
    by_count: dict[int, list[str]] = {}
    for word, count in Counter(text.split()).items():
        by_count.setdefault(count, []).append(word)
    once = runs(normal(" ".join(by_count.pop(1, ()))))
    found, length = dict(Counter(once)), len(once)
    for times, words in by_count.items():
        some = runs(normal(" ".join(words)))
        length += times * len(some)
        for run in some:
            found[run] = found.get(run, 0) + times
    return found, length


class Analyser:
    """Turns runs into terms by one lexicon."""

    def __init__(self, lexicon: Lexicon, splitter: Splitter | None = None) -> None:
        """`splitter` is one of this lexicon, where there is one."""
        self._splitter, self._rules = splitter or Splitter(lexicon), lexicon.rules

    def terms(self, run: str) -> Sequence[str]:
        """What a run says; in order, those that begin alike share what splitting them costs."""
        return self._splitter.terms(run) if is_dense(run) else spaced_terms(run, self._rules)

    def analyse(self, read_document: Read) -> Analysed:
        """The terms of a document, counted."""
        counts: dict[str, int] = {}
        for run, weight in sorted(read_document.weights.items()):
            for term in self.terms(run):
                counts[term] = counts.get(term, 0) + weight
        return Analysed(counts, read_document.length)
