"""Owns what of a conversion can be left out because the text has no use for it, and the tree as text. Refuses to
change a byte: what is left out would have found nothing.

Each step that is known here by its class does something only where the text has certain characters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import HTML_EMPTY, Element

from markdown import Markdown
from markdown.extensions.toc import TocTreeprocessor
from markdown.preprocessors import Preprocessor
from markdown.serializers import RE_AMP, to_xhtml_string
from markdown.treeprocessors import Treeprocessor

_NEEDS: Mapping[str, tuple[str, ...]] = {
    "pymdownx.superfences.SuperFencesBlockPreprocessor": ("```", "~~~"),
    "markdown.extensions.md_in_html.HtmlBlockPreprocessor": ("<", "&"),
    "pymdownx.tasklist.TasklistTreeprocessor": ("[ ]", "[x]", "[X]"),
    "markdown.extensions.footnotes.FootnotePostTreeprocessor": ("[^", "footnote"),
    "markdown.extensions.attr_list.AttrListTreeprocessor": ("{",),
    "pymdownx.tabbed.TabbedTreeprocessor": ("===", "tabbed"),
    "markdown.treeprocessors.UnescapeTreeprocessor": ("\\",),
}
_RAW = ("script", "style")


class Needed:
    """The steps of a Markdown instance, each left out where the text that is converted has no use for it."""

    def __init__(self, markdown: Markdown) -> None:
        self.text = ""
        """What is converted; to be set before it is."""
        steps: list[Preprocessor | Treeprocessor] = [*markdown.preprocessors, *markdown.treeprocessors]
        for step in steps:
            if needs := _NEEDS.get(f"{type(step).__module__}.{type(step).__qualname__}"):
                step.run = self._only_with(needs, step.run)  # type: ignore[method-assign, assignment]  # others may hold the step
            if type(step) is TocTreeprocessor:
                self._shorten(step)
        markdown.is_block_level = lru_cache(maxsize=512)(markdown.is_block_level)  # type: ignore[method-assign]  # it searches a list
        if markdown.serializer is to_xhtml_string:
            markdown.serializer = serialized

    def _has(self, *marks: str) -> bool:
        return any(mark in self.text for mark in marks)

    def _only_with(self, needs: tuple[str, ...], run: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda given: run(given) if self._has(*needs) else given

    def _shorten(self, contents: TocTreeprocessor) -> None:
        """A list of contents is drawn only for a text that asks for one; its headings are told in any case."""
        drawn, replaced, marker = contents.build_toc_div, contents.replace_marker, contents.marker

        def draw(tokens: list[Any]) -> Element:
            return drawn(tokens) if self._has(marker) else Element("div")

        def replace(root: Element, element: Element) -> None:
            if self._has(marker):
                replaced(root, element)

        contents.build_toc_div = draw  # type: ignore[method-assign, assignment]  # this instance is shortened
        contents.replace_marker = replace  # type: ignore[method-assign, assignment]  # as above


def serialized(root: Element) -> str:
    """A tree as Python-Markdown writes it; an odd one is left to it."""
    parts: list[str] = []
    try:
        _write(root, parts.append)
    except (_OddError, RecursionError):
        return to_xhtml_string(root)
    return "".join(parts)


class _OddError(Exception):
    """A node that is no plain element."""


def _write(element: Element, write: Callable[[str], object]) -> None:
    tag, text, tail = element.tag, element.text, element.tail
    if type(tag) is not str:
        raise _OddError
    if element.attrib:
        write(f"<{tag}")
        for name, value in sorted(element.items()):
            if type(name) is not str or not isinstance(value, str):
                raise _OddError
            write(f' {name}="{_attribute(value)}"')
        opened = ""
    else:
        opened = f"<{tag}"
    lower = tag.lower()
    if lower in HTML_EMPTY:
        write(f"{opened} />")
    else:
        write(f"{opened}>")
        if text:
            write(text if lower in _RAW else _data(text))
        for child in element:
            _write(child, write)
        write(f"</{tag}>")
    if tail:
        write(_data(tail))


def _data(text: str) -> str:
    if "&" in text:
        text = RE_AMP.sub("&amp;", text)
    if "<" in text:
        text = text.replace("<", "&lt;")
    return text.replace(">", "&gt;") if ">" in text else text


def _attribute(value: str) -> str:
    return _data(value).replace('"', "&quot;")
