"""Owns what a lexicon that learned more makes of the runs that another one has split. Refuses to learn, and to know in
which documents they stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from portal_builder.search.analyse import Analysed, Analyser, Read
from portal_builder.search.lexicon import Lexicon, Splitter
from portal_builder.search.words import is_dense, spaced_terms


class Vocabulary:
    """The words before and after: the lexicon, and how it splits runs."""

    def __init__(self, old: Lexicon, new: Lexicon) -> None:
        self.old, self.new = old, new
        self.pieces = other_pieces(old, new)

    @cached_property
    def was(self) -> Splitter:
        return Splitter(self.old)

    @cached_property
    def now(self) -> Splitter:
        return Splitter(self.new, self.was.tables.under(self.new, self.pieces)) if self.pieces else self.was

    def analysed(self, one: Read) -> Analysed:
        """The terms of a document before."""
        return Analyser(self.old, self.was).analyse(one)

    def terms(self, run: str) -> tuple[Iterable[str], Iterable[str]]:
        """The terms of a run, before and after."""
        if not is_dense(run):
            spaced = spaced_terms(run, self.new.rules)
            return spaced, spaced
        before = self.was.terms(run)
        return before, self.now.terms(run) if self.pieces else before


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
