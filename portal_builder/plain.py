"""Owns a Markdown text as plain words: its beginning, and the questions it unfolds. Refuses to render it.

Made for what machines quote beside a link, where a stray mark is a blemish and no fault; what readers see is the
engine's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n]*$", re.MULTILINE)
_BLOCK = re.compile(r'^(?:!!!|\?\?\?\+?|===)[ \t]*\w*[ \t]*(?:"(?P<title>[^"\n]*)")?[ \t]*$', re.MULTILINE)
_QUESTION = re.compile(
    r'^\?\?\?\+?[ \t]+question[ \t]+"(?P<title>[^"\n]+)"[ \t]*\n(?P<body>(?:(?:[ ]{4}[^\n]*)?(?:\n|\Z))*)', re.MULTILINE
)
_HEADING = re.compile(r"^#{1,6}[ \t]+(?P<text>.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_PICTURE = re.compile(r"!\[[^\[\]]*\]\((?:<[^<>\n]*>|[^()\s]*)(?:\s+\"[^\"\n]*\")?\)")
_LINK = re.compile(r"\[(?P<text>[^\[\]]*)\]\((?:<[^<>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+\"[^\"\n]*\")?\)")
_DEFINITION = re.compile(r"^[ ]{0,3}(?:\[[^\]\n]+\]|\*\[[^\]\n]+\]):.*$", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*\|?[ \t:|-]*-{2,}[ \t:|-]*$", re.MULTILINE)
_ATTRIBUTES = re.compile(r"\{:?[ \t]*[.#\w][^{}\n]*\}")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LIST = re.compile(r"^[ \t]*(?:[-*+]|\d+[.)])[ \t]+(?:\[[ xX]\][ \t]+)?", re.MULTILINE)
_MARKS = re.compile(r"\*{1,3}|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|`+|==|\^\^|\+\+|~~")
_ICON = re.compile(r":[a-z0-9]+(?:[-_][a-z0-9]+)+:")


def plain(text: str) -> str:
    """The words of a text on one line.

    >>> plain("**카드**는 [3일](a.md) 안에\\n\\n| 수단 | 기간 |\\n|---|---|\\n| 카드 | 3일 |")
    '카드는 3일 안에 수단 기간 카드 3일'
    """
    text = _FENCE.sub("", _COMMENT.sub("", text))
    text = _BLOCK.sub(lambda match: match["title"] or "", _HEADING.sub(lambda match: match["text"], text))
    text = _LINK.sub(lambda match: match["text"], _PICTURE.sub("", text))
    for pattern in (_DEFINITION, _RULE, _ATTRIBUTES, _TAG, _ICON, _LIST, _MARKS):
        text = pattern.sub("", text)
    return " ".join(html.unescape(text.replace("|", " ").replace("\\", "")).split())


def opening(text: str) -> str:
    """What stands before the first heading, in plain words; what stands below it, where nothing stands before."""
    parts = _HEADING.split(_QUESTION.sub("", text) if "???" in text else text)
    bodies = (plain(part) for part in parts[::2])
    return next((body for body in bodies if body), "")


def questions(text: str) -> Iterator[tuple[str, str]]:
    """The questions that the text unfolds (`??? question "..."`), each with its answer."""
    for match in _QUESTION.finditer(text) if "???" in text else ():
        answer = plain("\n".join(line.removeprefix("    ") for line in match["body"].splitlines()))
        if answer:
            yield plain(match["title"]), answer
