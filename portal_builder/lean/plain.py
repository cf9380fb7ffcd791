"""Owns the quick way from a plain text to HTML: paragraphs, headings, lists, tables, quotes, rules, and boxes of these.
Refuses (`None`) a text with anything that it does not know for certain, and a dialect that it does not know at all.

A text is read once, block by block, as Python-Markdown's block processors would (`markdown.blockprocessors`, and those
of `tables`, `admonition` and `pymdownx.details`), and becomes what its tree becomes once it is prettified and written.
The rules are those processors' own where no two of them could want the same line; where they could, they refuse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from markdown.extensions.toc import TocExtension, nest_toc_tokens, strip_tags, unique

from portal_builder.lean.config import Dialect, is_shipped
from portal_builder.lean.outline import Box, Item, List, Node, written
from portal_builder.lean.phrase import NotPlainError, phrase, refuse_odd

_BLANK = re.compile(r"\n +(?=\n)")
_HEADING = re.compile(r"(#{1,6})([^#\n]+)(?:\n|$)")
_RULE = re.compile(r"-{3,}|\*{3,}|_{3,}")
_ITEM = re.compile(r"(?:\d+\.|[-+*]) +(.*)")
_NOTE = re.compile(r'!!! ?([\w-]+(?: [\w-]+)*)(?: +"([^"]*)")? *')
_FOLDED = re.compile(r'\?\?\?(\+?)(?: ?([\w-]+(?: [\w-]+)*))?(?: +"([^"#]+)")? *')
_BEGINS_ELSE = re.compile(r"[#>:=\n]|[-+*] |[-+*_][-+*_ ]*(?:\n|$)|\d+\. |!!!|\?\?\?").match
"""How a heading, quote, definition, list, box or rule begins: what follows a list's mark is none of them here."""
_GOES_ON_ELSE = re.compile(r"\n(?:[-+=#>:|_ ]|\*[* ]*(?:\n|$)|!!!|\?\?\?)").search
"""Lines that may end a paragraph, or make it something else."""
_UNDERLINE = re.compile(r"\n[-+*_= ]+(?:\n|$)").search
"""A line that makes a heading of the one before it, or is a rule, before it is an item (`SetextHeaderProcessor`)."""
_DEEP = re.compile(r"\n[> ]{32}").search
"""Near the limit of recursion, Python-Markdown nests no more."""
_TABLE_RULE = re.compile(r"[|:\- ]+")
_INDENT = "    "

Address = Callable[[str], str]


@dataclass(frozen=True)
class Plain:
    """A plain text as HTML."""

    html: str
    toc: Sequence[Mapping[str, Any]]
    anchors: Sequence[str]


class QuickWay:
    """From the plain texts of a dialect to HTML."""

    def __init__(self, dialect: Dialect) -> None:
        self._toc = TocExtension(**dialect.configs["toc"]).getConfigs() if is_shipped(dialect) else None

    def convert(self, text: str, address: Address) -> Plain | None:
        """What Python-Markdown makes of it; nothing where that is not certain. Addresses are asked for in the order
        of the text, also where it turns out not to be plain."""
        if self._toc is None:
            return None
        reading = _Reading(self._toc, address)
        children: list[Node] = []
        try:
            refuse_odd(text)
            if _DEEP(f"\n{text}"):
                return None
            reading.read(_BLANK.sub("\n", f"{text}\n").rstrip("\n"), children)
        except (NotPlainError, RecursionError):
            return None
        html = "\n".join(written(children)).strip()
        return Plain(html, nest_toc_tokens(reading.headings), sorted(reading.anchors))


class _Reading:
    """One text, and what it says of itself so far."""

    def __init__(self, toc: Mapping[str, Any], address: Address) -> None:
        self._toc, self._address = toc, address
        self.headings: list[Any] = []
        self.anchors: set[str] = set()

    def read(self, text: str, into: list[Node]) -> None:
        """Its blocks, each between empty lines."""
        for block in text.split("\n\n"):
            if block := block.lstrip("\n"):
                self._block(block, into)

    def _block(self, block: str, into: list[Node]) -> None:
        """A block, by its first characters."""
        first = block[:1]
        if first == "#":
            self._heading(block, into)
        elif first == " ":
            self._indented(block, into)
        elif first == ">":
            self._quote(block, into)
        elif block.startswith(("!!!", "???")):
            self._box(block, into)
        elif _RULE.fullmatch(block):
            into.append("<hr />")
        elif "\n" in block and _is_ruled(block):
            into.append(self._table(block))
        elif _ITEM.match(block):
            self._list(block, into)
        else:
            html = self._text(block)
            if html:
                into.append(f"<p>{html}</p>")

    def _text(self, text: str) -> str:
        """Lines of text, and nothing else to any processor."""
        if _BEGINS_ELSE(text) or _GOES_ON_ELSE(text):
            raise NotPlainError(text)
        return self._phrase(text.lstrip())

    def _phrase(self, text: str) -> str:
        return phrase(text, self._address) if text else ""

    def _heading(self, block: str, into: list[Node]) -> None:
        """`HashHeaderProcessor`, then `toc`: a heading of one line, with its anchor; the rest is a block of its own."""
        found = _HEADING.match(block)
        if not found or not (text := found[2].strip()):
            raise NotPlainError(block)
        rest = block[found.end() :]
        if rest and "|" in text:
            raise NotPlainError(block)
        html = self._phrase(text).strip()
        name = strip_tags(html) if "<" in html else " ".join(html.split())
        level, toc = len(found[1]), self._toc
        anchor = unique(toc["slugify"](unescape(name), toc["separator"]), self.anchors)
        self.headings.append({"level": level, "id": anchor, "name": name, "html": html, "data-toc-label": ""})
        link = f'<a class="{toc["permalink_class"]}" href="{self._address(f"#{anchor}")}"'
        link += f' title="{toc["permalink_title"]}">{toc["permalink"]}</a>'
        into.append(f'<h{level} id="{anchor}">{html}{link}</h{level}>')
        if rest:
            self._block(rest, into)

    def _list(self, block: str, into: list[Node]) -> None:
        """`OListProcessor` and `UListProcessor`: numbers do not count, and a list goes on after an empty line, with
        a mark of either kind; the two items beside the empty line are loose then."""
        if _UNDERLINE(f"\n{block}"):
            raise NotPlainError(block)
        last = into[-1] if into else None
        grown = last if isinstance(last, List) else List("ol" if block[0].isdecimal() else "ul", [])
        is_loose = last is grown
        if is_loose:
            grown.items[-1].is_loose = True
        else:
            into.append(grown)
        for entry in _entries(block):
            if entry.startswith(_INDENT):
                self._block(_dedented(entry), grown.items[-1].children)
            else:
                grown.items.append(Item(self._text(entry), is_loose, []))
                is_loose = False

    def _quote(self, block: str, into: list[Node]) -> None:
        """`BlockQuoteProcessor`: quotes with only empty lines between them are one."""
        lines = block.split("\n")
        if not all(line.startswith(">") for line in lines):
            raise NotPlainError(block)
        quoted = "\n".join("" if line.strip() == ">" else line[1:].removeprefix(" ") for line in lines)
        last = into[-1] if into else None
        if not isinstance(last, Box) or last.kind != "quote":
            last = Box("quote", "<blockquote>", "</blockquote>", [])
            into.append(last)
        self.read(quoted, last.children)

    def _box(self, block: str, into: list[Node]) -> None:
        """`AdmonitionProcessor` and `DetailsProcessor`: the first line has kind and title, the others are indented."""
        first, _, rest = block.partition("\n")
        box = self._note(first) if first[0] == "!" else self._folded(first)
        into.append(box)
        if rest:
            self._indented(rest, into)

    def _note(self, line: str) -> Box:
        found = _NOTE.fullmatch(line)
        if not found:
            raise NotPlainError(line)
        kind = found[1].lower()
        title = kind.split(" ")[0].capitalize() if found[2] is None else found[2]
        heading = [f'<p class="admonition-title">{self._phrase(title)}</p>'] if title else []
        return Box("box", f'<div class="admonition {kind}">', "</div>", [*heading])

    def _folded(self, line: str) -> Box:
        found = _FOLDED.fullmatch(line)
        if not found or not (found[2] or found[3]):
            raise NotPlainError(line)
        kind = (found[2] or "").lower()
        title = found[3] or kind.split(" ")[0].capitalize()
        attributes = (f' class="{kind}"' if kind else "") + (' open="open"' if found[1] else "")
        return Box("box", f"<details{attributes}>", "</details>", [f"<summary>{self._phrase(title)}</summary>"])

    def _indented(self, block: str, into: list[Node]) -> None:
        """What goes on in a box, or below a list's last item (`ListIndentProcessor`); anywhere else it is code. An
        item's text would come after its list in a box, and before it elsewhere, so that none is made loose here."""
        last = into[-1] if into else None
        if not all(line.startswith(_INDENT) for line in block.split("\n")):
            raise NotPlainError(block)
        inner = _dedented(block)
        if isinstance(last, Box) and last.kind == "box":
            self._block(inner, last.children)
            return
        item = last.items[-1] if isinstance(last, List) else None
        if item is None or inner.startswith(" ") or (item.children and not item.is_loose):
            raise NotPlainError(block)
        item.is_loose = True
        self._block(inner, item.children)

    def _table(self, block: str) -> str:
        """`TableProcessor`: a row is cut at its pipes, less those at its ends, if the first row has one there."""
        if "\n!!!" in block or "\n???" in block:
            raise NotPlainError(block)
        lines = block.split("\n")
        rows = [_row(line.strip(" "), lines[0].strip(" ")) for line in lines]
        if len(rows[0]) < 2 or len(rows[0]) != len(rows[1]):
            raise NotPlainError(lines[0])
        sides = [_side(rule.strip(" ")) for rule in rows[1]]
        head = self._row("th", rows[0], sides)
        body = "\n".join(self._row("td", row, sides) for row in rows[2:]) or self._row("td", [], [""] * len(sides))
        return f"<table>\n<thead>\n{head}\n</thead>\n<tbody>\n{body}\n</tbody>\n</table>"

    def _row(self, tag: str, cells: Sequence[str], sides: Sequence[str]) -> str:
        """As many cells as the table has columns."""
        filled = [*cells, *[""] * (len(sides) - len(cells))]
        written = (
            f"<{tag}{side}>{self._phrase(cell.strip(' '))}</{tag}>" for cell, side in zip(filled, sides, strict=False)
        )
        return "\n".join(("<tr>", *written, "</tr>"))


def _entries(block: str) -> list[str]:
    """The items of a block, and between them what is indented below them, from its first item on."""
    entries: list[str] = []
    for line in block.split("\n"):
        if item := _ITEM.fullmatch(line):
            entries.append(item[1])
        elif line.startswith(_INDENT) and _ITEM.match(line[4:]) and not entries[-1].startswith(_INDENT):
            entries.append(line)
        else:
            entries[-1] = f"{entries[-1]}\n{line}"
    return entries


def _dedented(block: str) -> str:
    return "\n".join(line.removeprefix(_INDENT) for line in block.split("\n"))


def _is_ruled(block: str) -> bool:
    """Whether its second line may be the rule of a table."""
    first, second = block.split("\n", 2)[:2]
    return "|" in first and bool(_TABLE_RULE.fullmatch(second))


def _row(line: str, first: str) -> list[str]:
    """A row's cells. A pipe in code is none, which is left to the usual way."""
    if first.startswith("|") or first.endswith("|"):
        line = line.removeprefix("|").removesuffix("|")
    cells = line.split("|")
    if "`" in line and any(cell.count("`") % 2 for cell in cells):
        raise NotPlainError(line)
    return cells


def _side(rule: str) -> str:
    """Where a column's rule has colons, there its text stands."""
    left, right = rule.startswith(":"), rule.endswith(":")
    side = "center" if left and right else "left" if left else "right" if right else ""
    return f' align="{side}"' if side else ""
