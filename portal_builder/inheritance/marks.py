"""Owns parts of a text between comments: `<!-- brand: ondam --> ... <!-- /brand -->`. Refuses to know whose they are.

Comments, because every editor and git host shows what stands between them as the Markdown it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from portal_builder.links import without_code


@dataclass(frozen=True)
class Part:
    """What stands between two marks."""

    written: str
    """What the first mark says behind its word."""
    outer: tuple[int, int]
    """With its marks; a mark that has a line to itself takes the line with it."""
    inner: tuple[int, int]
    line: int
    has_own_lines: bool
    """Whether each of its marks has a line to itself."""


@dataclass(frozen=True)
class Misplaced:
    """A mark that is wrong where it stands."""

    line: int
    fault: str
    """`open` without an end, `close` without a beginning, `nested` within another part of its kind."""


@cache
def _mark(word: str) -> re.Pattern[str]:
    return re.compile(rf"<!--[ \t]*(?:{word}:[ \t]*(?P<written>[^>\n]*?)|(?P<end>/{word}))[ \t]*-->")


def parts_of(text: str, word: str) -> tuple[tuple[Part, ...], tuple[Misplaced, ...]]:
    """Every part that marks with this word enclose, and every mark without a partner. Code has none."""
    if "<!--" not in text:
        return (), ()
    parts: list[Part] = []
    wrong: list[Misplaced] = []
    begin: re.Match[str] | None = None
    for mark in _mark(word).finditer(without_code(text)):
        line = text.count("\n", 0, mark.start()) + 1
        if not mark["end"]:
            if begin:
                wrong.append(Misplaced(line, "nested"))
            begin = mark
        elif begin is None:
            wrong.append(Misplaced(line, "close"))
        else:
            parts.append(_part(text, begin, mark))
            begin = None
    if begin:
        wrong.append(Misplaced(text.count("\n", 0, begin.start()) + 1, "open"))
    return tuple(parts), tuple(wrong)


def _part(text: str, begin: re.Match[str], end: re.Match[str]) -> Part:
    first, last = _with_line(text, *begin.span()), _with_line(text, *end.span())
    return Part(
        written=begin["written"].strip(),
        outer=(first[0], last[1]),
        inner=(first[1], last[0]),
        line=text.count("\n", 0, begin.start()) + 1,
        has_own_lines=first != begin.span() and last != end.span(),
    )


def _with_line(text: str, start: int, end: int) -> tuple[int, int]:
    """A mark, or the whole line where nothing else stands on it."""
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end + 1
    is_alone = not text[line_start:start].strip() and not text[end:line_end].strip()
    return (line_start, line_end) if is_alone else (start, end)


def names_of(written: str) -> tuple[str, ...]:
    """The names of a list with commas."""
    return tuple(name.strip() for name in written.split(",") if name.strip())
