"""Owns the parts of a shared text that are for some brands alone: `<!-- brand: ondam --> ... <!-- /brand -->`. Refuses
to know which brands there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portal_builder.inheritance.marks import Misplaced, Part, names_of, parts_of

_NOT = "not "


@dataclass(frozen=True)
class Block:
    """One part, and whose it is."""

    names: tuple[str, ...]
    is_for_others: bool
    """Whether it is for every brand but these: `<!-- brand: not ondam -->`."""
    part: Part

    def is_for(self, brand: str) -> bool:
        return (brand in self.names) is not self.is_for_others


def blocks_of(text: str) -> tuple[tuple[Block, ...], tuple[Misplaced, ...]]:
    """Every block, and every mark without a partner."""
    parts, wrong = parts_of(text, "brand")
    return tuple(map(_block, parts)), wrong


def _block(part: Part) -> Block:
    names = names_of(part.written.removeprefix(_NOT))
    return Block(names, part.written.startswith(_NOT), part)


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
        yield block.part.outer[0], block.part.inner[0]
        yield block.part.inner[1], block.part.outer[1]
    else:
        yield block.part.outer


def _spliced(text: str, spans: list[tuple[int, int]], *, keep_lines: bool) -> str:
    parts, at = [], 0
    for start, end in sorted(spans):
        parts.append(text[at:start])
        if keep_lines:
            parts.append("\n" * text.count("\n", start, end))
        at = end
    return "".join((*parts, text[at:]))
