"""Owns Python-Markdown's block pass without the processors that cannot match. Refuses to know what a processor does.

Python-Markdown asks some twenty processors about each block, and most blocks are plain paragraphs. Each processor that
is known here by its class takes only blocks with a line that begins with certain characters; where no line does, it is
not asked. Processors of other classes are always asked, and so are all where a line begins with a space.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor

_DIGIT, _PIPE, _STASHED = "0", "|", "\x02"
_NEEDS: Mapping[str, str] = {
    "markdown.extensions.admonition.AdmonitionProcessor": "!",
    "markdown.extensions.md_in_html.MarkdownInHtmlProcessor": _STASHED,
    "pymdownx.details.DetailsProcessor": "?",
    "pymdownx.tabbed.TabbedProcessor": "=",
    "markdown.blockprocessors.EmptyBlockProcessor": "",
    "markdown.blockprocessors.ListIndentProcessor": "",
    "markdown.extensions.def_list.DefListIndentProcessor": "",
    "pymdownx.superfences.SuperFencesCodeBlockProcessor": "",
    "markdown.extensions.tables.TableProcessor": _PIPE,
    "markdown.blockprocessors.HashHeaderProcessor": "#",
    "markdown.blockprocessors.SetextHeaderProcessor": "=-",
    "markdown.blockprocessors.HRProcessor": "-_*",
    "markdown.blockprocessors.OListProcessor": _DIGIT,
    "markdown.blockprocessors.UListProcessor": "*+-",
    "markdown.extensions.def_list.DefListProcessor": ":",
    "markdown.blockprocessors.BlockQuoteProcessor": ">",
    "markdown.extensions.footnotes.FootnoteBlockProcessor": "[",
    "markdown.extensions.abbr.AbbrBlockprocessor": "*",
    "markdown.blockprocessors.ReferenceProcessor": "[",
}
"""What a line begins with that the processor takes; nothing where it takes only lines that begin with a space. A table
has a pipe anywhere."""
_TELLING = frozenset("".join(_NEEDS.values()))
_OPEN = frozenset({"", " ", "\t"})
"""Beginnings that say nothing."""


class Blocks:
    """The same pass with the same result, in place of a parser's own."""

    def __init__(self, parser: BlockParser) -> None:
        self._all: Sequence[BlockProcessor] = [*parser.blockprocessors]
        self._needs = [_NEEDS.get(f"{type(one).__module__}.{type(one).__qualname__}") for one in self._all]
        self._waiting = [one for one in self._all if hasattr(one, "current_sibling")]
        self._by_marks: dict[frozenset[str], Sequence[BlockProcessor]] = {}
        parser.parseBlocks = self.parse  # type: ignore[method-assign]  # processors call it on the parser they know

    def parse(self, parent: Element, blocks: list[str]) -> None:
        """Each block by the first processor that takes it."""
        while blocks:
            for processor in self._asked(blocks[0]):
                if processor.test(parent, blocks[0]) and processor.run(parent, blocks) is not False:
                    break

    def _asked(self, block: str) -> Sequence[BlockProcessor]:
        """The processors that a block may be for."""
        begins = {line[:1] for line in block.split("\n")} if "\n" in block else {block[:1]}
        if begins & _OPEN or any(one.current_sibling is not None for one in self._waiting):
            return self._all
        marks = begins & _TELLING
        if any(map(str.isdecimal, begins)):
            marks.add(_DIGIT)
        if _PIPE in block:
            marks.add(_PIPE)
        key = frozenset(marks)
        found = self._by_marks.get(key)
        if found is None:
            found = self._by_marks[key] = [
                one
                for one, needs in zip(self._all, self._needs, strict=True)
                if needs is None or not key.isdisjoint(needs)
            ]
        return found
