"""Owns the plain marks inside a text as HTML: code, links, pictures, strong and emphasized words, line breaks. Refuses
(`NotPlainError`) every mark whose reading it does not know for certain.

Python-Markdown tries its patterns one after another on a piece of text, each on what the ones before have left: code
first, then links, pictures and breaks, emphasis last (`markdown.inlinepatterns.build_inlinepatterns`). Here the marks
are read from left to right at once. That comes to the same where each mark is closed, and holds only such marks as
Python-Markdown has read before it; a mark without its partner, or another order, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_CODE = r"`[^`]+`"
"""Single backticks pair off from the left (`BacktickInlineProcessor`); longer runs are odd."""
_ADDRESS = r"""[^\s()<>"'`\[\]{}\\*]+"""
"""Without a title, brackets or quotes, of which `LinkInlineProcessor.getLink` makes much."""
_LABEL = rf"(?:[^\[\]`]++|{_CODE})+"
_INSIDE = rf"(?:[^*`\[\]!]++|!(?!\[)|{_CODE}|\[{_LABEL}\]\({_ADDRESS}\))+(?<!\s)"
"""What stands between asterisks. Two runs of one length, the first before and the second after something that is no
space, are a pair to `DelimiterProcessor`, whatever stands beside them, if no other asterisk comes between."""
_TOKEN = re.compile(
    rf"""
    `(?P<code>[^`]+)`
    |\[(?P<label>{_LABEL})\]\((?P<href>{_ADDRESS})\)
    |!\[(?P<alt>[^\[\]`\n]*)\]\((?P<src>{_ADDRESS})\)(?:(?P<size>\{{[ ]width=\d+[ ]height=\d+[ ]\}})(?![^\n]*\}}))?
    |\[(?P<brackets>[^\[\]`*_!{{\n]+)\](?!\()
    |\*\*(?![\s*])(?P<strong>{_INSIDE})\*\*(?!\*)
    |\*(?![\s*])(?P<em>{_INSIDE})\*(?!\*)
    |\*(?P<asterisks>\**)
    |_(?<=[^\W_]_)(?P<within>)(?=[^\W_])
    |`|\[|!\[|_|\{{
    """,
    re.VERBOSE,
)
"""Brackets without an address are text where no reference is defined; an underscore within a word is text. What ends in
no group is odd. Each way begins with a character of its own, which `re` looks for."""
_CLOSES = re.compile(r"(?<!^)(?<![\s*])\*|  \n\*").search
"""An asterisk after a space, or at the beginning, closes nothing; a break counts as no space, as it is read before."""
_MARKED = re.compile(r"`|\*|_|\{|\[|>|:-").search
_BREAK = "  \n"
_ODD_TEXT = re.compile(r"``|~~~|\+\+|==|\] ?:|\[TOC\]|\[[ xX]\]").search
"""Other code, keys, marked words, definitions of references, a list of contents, boxes to tick."""
_ODD_CHARACTER = re.compile(r"[\x00-\x09\x0b-\x1f<&^\\]").search
"""HTML, raised and escaped characters, and those that stand for something inside of Python-Markdown."""
_ICON = re.compile(r":(?!-+:)[-+\w]+:").search
"""As in `pymdownx.emoji`. A rule of a table may have `:-:`; elsewhere it is odd."""


class NotPlainError(Exception):
    """The text goes the usual way."""


def refuse_odd(text: str) -> None:
    """Marks that are never plain, wherever they stand in a text."""
    if _ODD_CHARACTER(text) or _ICON(text) or _ODD_TEXT(text):
        raise NotPlainError(text)


def phrase(text: str, address: Callable[[str], str]) -> str:
    """What an element says, as HTML, with addresses as that function writes them.

    >>> phrase("**굵게**은 `a > b`, [글](a.md)", str.upper)
    '<strong>굵게</strong>은 <code>a &gt; b</code>, <a href="A.MD">글</a>'
    >>> phrase("**굵게", str.upper)
    '**굵게'
    >>> phrase("**굵게 *둘**", str.upper)
    Traceback (most recent call last):
    ...
    portal_builder.lean.phrase.NotPlainError: **굵게 *둘**
    """
    if not _MARKED(text):
        return _plain(text) if _BREAK in text else text
    parts, done = [], 0
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        if start > done:
            parts.append(_plain(text[done:start]))
        parts.append(_marked(token, address))
        done = end
    parts.append(_plain(text[done:]))
    return "".join(parts)


def _marked(token: re.Match[str], address: Callable[[str], str]) -> str:
    kind = token.lastgroup
    if kind in ("strong", "em"):
        return f"<{kind}>{phrase(token[kind], address)}</{kind}>"
    if kind == "code":
        return f"<code>{_escaped(token['code'].strip())}</code>"
    if kind == "href":
        href = address(token["href"])
        return f'<a href="{href}">{phrase(token["label"], address)}</a>'
    if kind in ("src", "size"):
        return _picture(token, address)
    if kind in ("brackets", "within") or (kind == "asterisks" and not _CLOSES(token.string)):
        return _plain(token[0])
    raise NotPlainError(token.string[token.start() :])


def _picture(token: re.Match[str], address: Callable[[str], str]) -> str:
    """Attributes in the order of their names, as they are always written."""
    height = width = ""
    if size := token["size"]:
        width, height = (f' {side}="{pixels}"' for side, pixels in re.findall(r"(\w+)=(\d+)", size))
    alt = _escaped(token["alt"]).replace('"', "&quot;")
    return f'<img alt="{alt}"{height} src="{address(token["src"])}"{width} />'


def _plain(text: str) -> str:
    """Text without marks. Spaces alone after a break would be lost before a mark (`PrettifyTreeprocessor`)."""
    if ":-" in text:
        raise NotPlainError(text)
    text = _escaped(text)
    if _BREAK not in text:
        return text
    if any(line[:1].isspace() for line in text.split(_BREAK)[1:]):
        raise NotPlainError(text)
    return text.replace(_BREAK, "<br />\n")


def _escaped(text: str) -> str:
    return text.replace(">", "&gt;") if ">" in text else text
