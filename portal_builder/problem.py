"""Owns what is wrong with a writer's file: where, what, and what to do. Refuses to print or to stop anything."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from portal_builder.particles import fill


@dataclass(frozen=True, order=True)
class Problem:
    """One thing a writer has to mend, said in the writer's language only when it is shown."""

    path: str
    """The file, relative to the help centre's root, with forward slashes."""
    line: int
    """Counted from 1."""
    key: str
    """The message's key in `i18n/tool/<lang>.yml`."""
    values: tuple[tuple[str, str], ...] = field(default=())

    @classmethod
    def at(cls, path: str, line: int, key: str, /, **values: object) -> Problem:
        return cls(path, line, key, tuple(sorted((name, str(value)) for name, value in values.items())))

    def message(self, words: Mapping[str, str]) -> str:
        """What is wrong, and what to do."""
        values = dict(self.values)
        if "nearest" in values:
            values["hint"] = fill(words["hint.nearest" if values["nearest"] else "hint.none"], values)
        return fill(words[self.key], values)

    def text(self, words: Mapping[str, str]) -> str:
        """`path:line: what, and what to do`."""
        return f"{self.path}:{self.line}: {self.message(words)}"


class ContentError(Exception):
    """A help centre that cannot be worked on until these problems are mended."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(f"{len(self.problems)} problems")


class UnknownPortalError(Exception):
    """A portal was asked for that this help centre does not have."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name, self.known = name, tuple(known)
        self.nearest = nearest(name, self.known)
        super().__init__(name)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that `word` most probably means, or an empty string.

    >>> nearest("tittle", ["title", "tags"])
    'title'
    """
    matches = difflib.get_close_matches(word.lower(), {name.lower(): name for name in known}, n=1, cutoff=0.5)
    return next((name for name in known if matches and name.lower() == matches[0]), "")
