"""Owns how a document becomes counts of terms. Refuses to learn words, and to weigh documents against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal_builder.search.document import Document
from portal_builder.search.lexicon import Lexicon, Splitter
from portal_builder.search.words import is_dense, normal, runs, spaced_terms

TITLE_WEIGHT, HEADING_WEIGHT, KEYWORD_WEIGHT, TEXT_WEIGHT = 3, 2, 4, 1
"""How often a word counts, by where it stands."""


@dataclass(frozen=True)
class Read:
    """A document as runs of letters: what is the same whatever the portal's vocabulary."""

    fields: tuple[tuple[dict[str, int], int], ...]
    """Runs with how often they occur, and the weight of their place."""
    length: int

    def add_to(self, words: dict[str, int], sign: int = 1) -> None:
        """Add how much every run counts, or take it away."""
        for field, weight in self.fields:
            worth = weight * sign
            for run, count in field.items():
                words[run] = words.get(run, 0) + count * worth

    def weights(self) -> dict[str, int]:
        """How much every run counts."""
        found = next((dict(field) for field, weight in self.fields if weight == TEXT_WEIGHT), {})
        for field, weight in self.fields:
            for run, count in field.items() if weight != TEXT_WEIGHT else ():
                found[run] = found.get(run, 0) + count * weight
        return found


@dataclass(frozen=True)
class Analysed:
    """A document as weighted counts of terms."""

    counts: dict[str, int]
    length: int
    """Of its text, in runs."""


def read(document: Document) -> Read:
    """The runs of a document."""
    places = (
        (document.title, TITLE_WEIGHT),
        ("\n".join(document.headings), HEADING_WEIGHT),
        ("\n".join(document.keywords), KEYWORD_WEIGHT),
        (document.text, TEXT_WEIGHT),
    )
    fields = tuple((dict(Counter(runs(normal(text)))), weight) for text, weight in places if text)
    return Read(fields, sum(sum(field.values()) for field, _ in fields))


class Analyser:
    """Turns documents into counts by one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._splitter, self._rules = Splitter(lexicon), lexicon.rules
        self._known: dict[str, Sequence[str]] = {}

    def prepare(self, dense: Iterable[str]) -> None:
        """Split dense runs in order: those that begin alike share what that costs."""
        terms, known = self._splitter.terms, self._known
        for run in sorted(dense):
            known[run] = terms(run)

    def analyse(self, read_document: Read) -> Analysed:
        """The terms of a document, counted."""
        counts: dict[str, int] = {}
        known = self._known
        for field, weight in read_document.fields:
            for run, count in field.items():
                terms = known.get(run)
                if terms is None:
                    terms = known[run] = self._splitter.terms(run) if is_dense(run) else spaced_terms(run, self._rules)
                for term in terms:
                    counts[term] = counts.get(term, 0) + weight * count
        return Analysed(counts, read_document.length)
