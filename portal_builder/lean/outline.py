"""Owns the blocks of a plain text while it is read, and how they are written. Refuses to know what made them.

A list or a box may still grow when its block has ended; everything else is HTML at once. Blocks stand on lines of their
own, as `markdown.treeprocessors.PrettifyTreeprocessor` puts them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass
class Item:
    """What it says, and blocks below it. It is loose, a paragraph, where an empty line is beside it in the list."""

    html: str
    is_loose: bool
    children: list[Node]


@dataclass
class List:
    """Items, and the tag around them."""

    tag: str
    items: list[Item]


@dataclass
class Box:
    """An element that holds blocks, between its tags."""

    kind: str
    opening: str
    closing: str
    children: list[Node]


Node = str | List | Box
"""A block that is written, or may still grow."""


def written(children: Sequence[Node]) -> Iterator[str]:
    """Line by line."""
    for child in children:
        if isinstance(child, str):
            yield child
        elif isinstance(child, List):
            yield f"<{child.tag}>"
            yield from map(_item_written, child.items)
            yield f"</{child.tag}>"
        elif child.children:
            yield child.opening
            yield from written(child.children)
            yield child.closing
        else:
            yield f"{child.opening}{child.closing}"


def _item_written(item: Item) -> str:
    """A tight item's text stands before its blocks, without a line of its own."""
    is_loose = item.is_loose and item.html
    lines = [*([f"<p>{item.html}</p>"] if is_loose else ()), *written(item.children)]
    text = "" if is_loose else item.html
    if not lines:
        return f"<li>{text}</li>"
    inner = "\n".join(lines)
    return f"<li>{text}{inner}\n</li>" if text else f"<li>\n{inner}\n</li>"
