"""Owns Python-Markdown's inline pass without the patterns that cannot match. Refuses to know what a pattern does.

Python-Markdown tries every pattern on every piece of text, which is most of a conversion. Each pattern that is known
here by its name begins with certain characters; where a text has none of them, it is not tried. Patterns with other
names are always tried.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from markdown import Markdown
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

_NEEDS: Mapping[str, tuple[str, ...]] = {
    "backtick": ("`",),
    "keys-custom": ("++",),
    "keys": ("++",),
    "escape": ("\\",),
    "footnote": ("[^",),
    "reference": ("[",),
    "link": ("[",),
    "image_link": ("![",),
    "image_reference": ("![",),
    "short_reference": ("[",),
    "short_image_ref": ("![",),
    "autolink": ("<",),
    "automail": ("<",),
    "linebreak": ("  \n",),
    "html": ("<",),
    "entity": ("&",),
    "emoji": (":",),
}


class Inline(InlineProcessor):
    """The same pass with the same result."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self._patterns = [(pattern, self._needs(at, pattern)) for at, pattern in enumerate(md.inlinePatterns)]
        all_needs = [needs for _, needs in self._patterns]
        marks = {mark for needs in all_needs for mark in needs or ("",)}
        self._some = re.compile("|".join(map(re.escape, sorted(marks, key=len)))).search
        """Finds what at least one pattern begins with."""

    def _needs(self, at: int, pattern: object) -> tuple[str, ...] | None:
        """One that pairs marks tells them itself; extensions add theirs."""
        tokens = getattr(pattern, "tokens", None)
        return tuple(tokens) if isinstance(tokens, list) and tokens else _NEEDS.get(self._name(at))

    def _name(self, at: int) -> str:
        named = {id(self.md.inlinePatterns[name]): name for name in _NEEDS if name in self.md.inlinePatterns}
        return named.get(id(self.md.inlinePatterns[at]), "")

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803 -- the name of what it replaces
        if isinstance(data, AtomicString) or not self._some(data):
            return data
        start = 0
        for at in range(patternIndex, len(self._patterns)):
            pattern, needs = self._patterns[at]
            matched = needs is None or any(mark in data for mark in needs)
            while matched:
                data, matched, start = self._InlineProcessor__applyPattern(pattern, data, at, start)  # type: ignore[attr-defined]  # a private method of the base
        return data
