"""Owns the links of a Markdown text: where they stand, and how a text reads with them changed. Refuses to resolve them.

Writers link to files (`../billing/refund.ko.md`), so that links work in an editor and on the git host as well. Code is
left alone. Only Markdown links count; what HTML a writer may add is not looked into.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from pymdownx.slugs import slugify

from portal_builder.particles import BEHIND, particle

_FENCE = re.compile(
    r"^[ \t]*(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?\n)??[ \t]*(?P=fence)[`~]*[ \t]*$", re.DOTALL | re.MULTILINE
)
_CODE = re.compile(r"`(?<!``)(`*)(?!`)(?:[^`]|(?!`\1)`+)*?(?<!`)`\1(?!`)")
"""Begins with the mark itself, as patterns below do: Python then looks for that alone, many times as fast."""
_DESTINATION = r"(?:<(?P<angled>[^<>\n]*)>|(?P<bare>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*))"
_TITLE = r"(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?"
_IMAGE = re.compile(r"!\[(?P<text>[^\[\]]*)\]\(\s*" + _DESTINATION + _TITLE + r"\s*\)")
_LINK = re.compile(r"\[(?<!!\[)(?P<text>(?:[^\[\]]|!?\[[^\[\]]*\])*)\]\(\s*" + _DESTINATION + _TITLE + r"\s*\)")
_DEFINITION = re.compile(r"^[ ]{0,3}\[(?P<text>[^\]\n^][^\]\n]*)\]:[ \t]+" + _DESTINATION, re.MULTILINE)
_MAYBE_SPACED = re.compile(r"\]\((?![^\s`~<)]*\))")
"""All but destinations without a space, code or comment in them, which need no second look."""
_SPACED = re.compile(r"\]\(\s*(?P<bare>[^()<>\"'\s]+(?:[ \t]+[^()<>\"'\s]+)+)\s*\)")
FOOTNOTE = "fn"
"""What the anchors of footnotes begin with; Python-Markdown makes them."""
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"#(?<![^\n]#)(?P<deeper>#{0,5})[ \t]+(?P<text>.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_GIVEN_ID = re.compile(r"\{:?[^}]*#(?P<id>[^\s}]+)[^}]*\}\s*$")
_SCRIPT = re.compile(r"<script\b|<\w+\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?\bon\w+\s*=", re.IGNORECASE)
_SHOWN = re.compile(r"[^\n]")
_MARKS = re.compile(r"[\[*`_]")
_EMPHASIS = re.compile(r"[*`]|(?<!\w)_+|_+(?!\w)")
_TERM = re.compile(r"\{\{\s*brand\.(?P<name>[\w-]+)\s*\}\}")
_TERM_SAID = re.compile(rf"{_TERM.pattern}(?:{BEHIND})?")


@dataclass(frozen=True)
class Link:
    """One link or picture of a text."""

    destination: str
    """As written, without angle brackets."""
    is_image: bool
    line: int
    """Counted from 1 within the text."""
    whole: tuple[int, int]
    """From the first bracket to the last."""
    text: tuple[int, int]
    """What the reader sees of it; empty for the definition of a reference."""
    target: tuple[int, int]
    """The destination, angle brackets included."""

    @property
    def is_address(self) -> bool:
        """Whether it can be read as an address at all: `http://[` cannot."""
        try:
            urlsplit(self.destination)
        except ValueError:
            return False
        return True

    @property
    def is_local(self) -> bool:
        """Whether it leads to a file of the help centre (or, with only a fragment, to its own page)."""
        try:
            parts = urlsplit(self.destination)
        except ValueError:
            return False
        return not parts.scheme and not parts.netloc and not self.destination.startswith("/")


@lru_cache(maxsize=2**10)
def links_of(text: str) -> tuple[Link, ...]:
    """Every link and picture, in the order in which they stand."""
    shown = prose_of(text)
    found = [
        _link(match, text, is_image=pattern is _IMAGE)
        for pattern, mark in ((_IMAGE, "]("), (_LINK, "]("), (_DEFINITION, "]:"))
        if mark in shown
        for match in pattern.finditer(shown)
    ]
    return tuple(sorted(found, key=lambda link: link.target))


def spaced_links(text: str) -> Iterator[tuple[int, str]]:
    """Destinations with a space in them, which no engine reads as one: each with its line."""
    for match in _SPACED.finditer(prose_of(text)) if _MAYBE_SPACED.search(text) else ():
        yield text.count("\n", 0, match.start()) + 1, match["bare"]


Way: TypeAlias = "tuple[str | None, str]"
"""A link's new destination, None where only its words stay; and what follows it, such as attributes."""


def relink(text: str, links: Sequence[Link], change: Callable[[Link], str | None]) -> str:
    """The text with each destination replaced by what `change` returns; None leaves only the words of the link."""
    return led(text, links, [(change(link), "") for link in links])


def led(text: str, links: Sequence[Link], ways: Sequence[Way]) -> str:
    """The text with each of its links going its way."""
    edits: list[tuple[int, int, str]] = []
    for link, (destination, more) in zip(links, ways, strict=True):
        if destination is not None and more:
            edits.append((link.whole[1], link.whole[1], more))
        if destination is not None:
            edits.append((*link.target, f"<{destination}>" if re.search(r"[\s()]", destination) else destination))
        elif link.text != (0, 0):
            edits.append((link.whole[0], link.text[0], ""))
            edits.append((link.text[1], link.whole[1], ""))
        else:
            edits.append((*link.target, "#"))
    for start, end, replacement in sorted(edits, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text


def resolve(destination: str, folder: str) -> tuple[str, str]:
    """A local destination as (path under content/, fragment); an empty path is the page itself.

    >>> resolve("../billing/refund.ko.md#기간", "faq/orders")
    ('faq/billing/refund.ko.md', '기간')
    """
    parts = urlsplit(destination)
    path = unquote(parts.path)
    return (posixpath.normpath(posixpath.join(folder, path)) if path else ""), unquote(parts.fragment)


@lru_cache(maxsize=2**10)
def anchors(text: str) -> tuple[tuple[int, str], ...]:
    """Each heading's line and the anchor that Python-Markdown will give it; empty where nothing is left of it."""
    return tuple(_anchors(text))


def _anchors(text: str) -> Iterator[tuple[int, str]]:
    make = slugify(case="lower")
    taken: set[str] = set()
    for match in _HEADING.finditer(without_fences(text)):
        raw = match["text"]
        given = _GIVEN_ID.search(raw)
        anchor = given["id"] if given else make(_plain(raw), "-")
        base, count = anchor, 0
        while anchor in taken:
            count += 1
            anchor = f"{base}_{count}"
        taken.add(anchor)
        yield text.count("\n", 0, match.start()) + 1, anchor


def headings(text: str) -> Iterator[tuple[int, str]]:
    """Each heading's level and the anchor that its writer gave it, if any: `{#anchor}`."""
    for match in _HEADING.finditer(without_fences(text)):
        given = _GIVEN_ID.search(match["text"])
        yield 1 + len(match["deeper"]), f"{{#{given['id']}}}" if given else ""


def scripts_in(text: str) -> Iterator[int]:
    """The lines on which HTML of the writer's would run a script: `<script>`, or `onclick=` and the like in a tag."""
    if "<" not in text:
        return
    plain = prose_of(text)
    yield from (plain.count("\n", 0, match.start()) + 1 for match in _SCRIPT.finditer(plain))


def terms_of(text: str) -> Iterator[tuple[str, int]]:
    """The brand's terms that a text uses, each with its line."""
    for match in _TERM.finditer(text):
        yield match["name"], text.count("\n", 0, match.start()) + 1


def with_terms(text: str, say: Callable[[str], str | None]) -> str:
    """The text with `{{ brand.<name> }}` replaced, and a Korean particle behind it chosen (`{{ brand.name }}을(를)`); a
    term that nobody knows stays as it was written."""

    def said(match: re.Match[str]) -> str:
        term, notation = say(match["name"]), match["particle"]
        if not term:
            return match[0]
        return f"{term}{match['closers']}{particle(term, notation)}" if notation else term

    return _TERM_SAID.sub(said, text) if "{{" in text else text


def _link(match: re.Match[str], text: str, *, is_image: bool) -> Link:
    is_definition = match.re is _DEFINITION
    group = "angled" if match["angled"] is not None else "bare"
    start, end = match.span(group)
    return Link(
        destination=text[start:end],
        is_image=is_image,
        line=text.count("\n", 0, match.start()) + 1,
        whole=match.span(),
        text=(0, 0) if is_definition else match.span("text"),
        target=(start - 1, end + 1) if group == "angled" else (start, end),
    )


def without_fences(text: str) -> str:
    """The same text with blocks of code blanked out, so that positions stay what they are."""
    return _FENCE.sub(_blank, text) if "```" in text or "~~~" in text else text


def without_code(text: str) -> str:
    """The same without code within sentences too."""
    return _CODE.sub(_blank, without_fences(text))


def prose_of(text: str) -> str:
    """The same without comments too."""
    return without_code(_COMMENT.sub(_blank, text))


def _blank(match: re.Match[str]) -> str:
    return _SHOWN.sub(" ", match[0])


def _plain(heading: str) -> str:
    """A heading without its marks, as the table of contents sees it."""
    if _MARKS.search(heading) is None:
        return heading
    words = _LINK.sub(lambda match: match["text"], _IMAGE.sub("", heading))
    return _EMPHASIS.sub("", words)
