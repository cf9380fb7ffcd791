"""Owns the parts of a shared text that are for some brands alone: `<!-- brand: ondam --> ... <!-- /brand -->`. Refuses
to know which brands there are.

Comments, because every editor and git host shows what stands between them as the Markdown it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from portal_builder.links import without_code

_MARK = re.compile(r"<!--[ \t]*(?:brand:[ \t]*(?P<names>[^>\n]*?)|(?P<end>/brand))[ \t]*-->")
_NOT = "not "


@dataclass(frozen=True)
class Block:
    """One part, and whose it is."""

    names: tuple[str, ...]
    is_for_others: bool
    """Whether it is for every brand but these: `<!-- brand: not ondam -->`."""
    outer: tuple[int, int]
    """With its marks; a mark that has a line to itself takes the line with it."""
    inner: tuple[int, int]
    line: int

    def is_for(self, brand: str) -> bool:
        return (brand in self.names) is not self.is_for_others


@dataclass(frozen=True)
class Misplaced:
    """A mark that is wrong where it stands."""

    line: int
    key: str


def blocks_of(text: str) -> tuple[tuple[Block, ...], tuple[Misplaced, ...]]:
    """Every block, and every mark without a partner."""
    if "<!--" not in text:
        return (), ()
    blocks: list[Block] = []
    wrong: list[Misplaced] = []
    begin: re.Match[str] | None = None
    for mark in _MARK.finditer(without_code(text)):
        line = text.count("\n", 0, mark.start()) + 1
        if not mark["end"]:
            if begin:
                wrong.append(Misplaced(line, "block.nested"))
            begin = mark
        elif begin is None:
            wrong.append(Misplaced(line, "block.close"))
        else:
            blocks.append(_block(text, begin, mark))
            begin = None
    if begin:
        wrong.append(Misplaced(text.count("\n", 0, begin.start()) + 1, "block.open"))
    return tuple(blocks), tuple(wrong)


def _block(text: str, begin: re.Match[str], end: re.Match[str]) -> Block:
    written = begin["names"].strip()
    names = written.removeprefix(_NOT)
    first, last = _with_line(text, *begin.span()), _with_line(text, *end.span())
    return Block(
        names=tuple(name.strip() for name in names.split(",") if name.strip()),
        is_for_others=written.startswith(_NOT),
        outer=(first[0], last[1]),
        inner=(first[1], last[0]),
        line=text.count("\n", 0, begin.start()) + 1,
    )


def _with_line(text: str, start: int, end: int) -> tuple[int, int]:
    """A mark, or the whole line where nothing else stands on it."""
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end + 1
    is_alone = not text[line_start:start].strip() and not text[end:line_end].strip()
    return (line_start, line_end) if is_alone else (start, end)


def text_for(text: str, brand: str) -> str:
    """The text as this brand's readers see it."""
    return _spliced(text, _gone(text, brand), keep_lines=False)


def lines_for(text: str, brand: str) -> str:
    """The same with empty lines for what is gone, so that line numbers stay what they are."""
    return _spliced(text, _gone(text, brand), keep_lines=True)


def without(text: str, spans: list[tuple[int, int]]) -> str:
    """A text without these parts, their lines left empty."""
    return _spliced(text, spans, keep_lines=True)


def _gone(text: str, brand: str) -> list[tuple[int, int]]:
    return [span for block in blocks_of(text)[0] for span in _gone_of(block, brand)]


def _gone_of(block: Block, brand: str) -> Iterator[tuple[int, int]]:
    if block.is_for(brand):
        yield block.outer[0], block.inner[0]
        yield block.inner[1], block.outer[1]
    else:
        yield block.outer


def _spliced(text: str, spans: list[tuple[int, int]], *, keep_lines: bool) -> str:
    parts, at = [], 0
    for start, end in sorted(spans):
        parts.append(text[at:start])
        if keep_lines:
            parts.append("\n" * text.count("\n", start, end))
        at = end
    return "".join((*parts, text[at:]))
