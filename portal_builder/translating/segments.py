"""Owns a text as blocks for translators: paragraphs, lists and tables one by one, code left alone. Refuses files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal_builder.links import without_code, without_fences

_GAP = re.compile(r"\n(?:[ \t]*\n)+")
_LETTER = re.compile(r"[^\W\d_]")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """What stands between two empty lines."""

    text: str
    gap: str
    """The white space behind it."""
    is_words: bool
    """Whether there is anything to translate: code, rules and marks are no words."""


def blocks_of(text: str) -> tuple[Block, ...]:
    """The blocks of a text, in order; an empty line within code ends none.

    >>> [block.text for block in blocks_of("One\\n\\n~~~\\na\\n\\nb\\n~~~\\n\\nTwo")]
    ['One', '~~~\\na\\n\\nb\\n~~~', 'Two']
    """
    shown = without_code(text)
    is_code = [before != after for before, after in zip(text, without_fences(text), strict=True)]
    blocks, at = [], 0
    for gap in _GAP.finditer(text):
        if not _is_within_code(is_code, *gap.span()):
            blocks.append(_block(text, shown, at, *gap.span()))
            at = gap.end()
    return tuple(block for block in (*blocks, _block(text, shown, at, len(text), len(text))) if block.text or block.gap)


def _is_within_code(is_code: list[bool], start: int, end: int) -> bool:
    """Blanking leaves line ends, so the letters on both sides decide."""
    before = next((is_code[at] for at in range(start - 1, -1, -1)), False)
    after = next((is_code[at] for at in range(end, len(is_code))), False)
    return before and after


def _block(text: str, shown: str, start: int, end: int, after: int) -> Block:
    words = _COMMENT.sub("", shown[start:end])
    return Block(text[start:end], text[end:after], bool(_LETTER.search(words)))


def joined(blocks: Iterable[Block], said: Mapping[int, str]) -> str:
    """The text with some blocks, by their place, said in other words."""
    return "".join(said.get(place, block.text) + block.gap for place, block in enumerate(blocks))


def reusable(old: str, translation: str) -> dict[str, str]:
    """What each block of an earlier source was translated as, where the two texts have the same blocks."""
    before, after = blocks_of(old), blocks_of(translation)
    if [block.is_words for block in before] != [block.is_words for block in after]:
        return {}
    return {one.text: other.text for one, other in zip(before, after, strict=True) if one.is_words}
