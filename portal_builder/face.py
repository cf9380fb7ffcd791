"""Owns what of an article's file others may depend on: its face. Refuses to know what that means.

Lists, links, checks and other pages go by an article's front matter, headings, links, terms and marks. A paragraph
without any character that could be one of those is nobody's business but its own page's, and is left out.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

_FRONT = re.compile(r"^-{3,}\s*$", re.MULTILINE)
"""What opens and closes the front matter, as python-frontmatter splits it."""
_PARAGRAPHS = re.compile(r"\n(?:[ \t]*\n)+")
_MARK = re.compile(r"[\[\]<>{}`#]")
"""Links, HTML, comments, attributes, terms, code, headings: all of them have one of these, or what `_tells` knows."""
_UNDERLINE = re.compile(r"^[ \t]*[=-]+[ \t]*$", re.MULTILINE)
_DIGEST = 16


class Face(NamedTuple):
    """A file's text, as two digests."""

    telling: bytes = b""
    """Of what others may make something of. Texts that have it in common differ in words alone."""
    whole: bytes = b""


NO_FACE = Face()


def face(text: str) -> Face:
    """The face of the article in a file.

    >>> before = "---\\ntitle: 환불\\n---\\n사흘 걸립니다.\\n\\n## 기간\\n"
    >>> words, heading = before.replace("사흘", "나흘"), before.replace("기간", "때")
    >>> [face(text).telling == face(before).telling for text in (words, heading)]
    [True, False]
    """
    front, body = _split(text)
    telling = [paragraph for paragraph in _PARAGRAPHS.split(body.rstrip("\n")) if _tells(paragraph)]
    return Face(_digest("\n\n".join([front, *telling])), _digest(text))


def _tells(paragraph: str) -> bool:
    """Asked one by one: Python looks for one character of a few in no time, for this or that at each place."""
    is_code, may_be_ruled = "~~~" in paragraph, "=" in paragraph or "-" in paragraph
    return is_code or bool(_MARK.search(paragraph)) or (may_be_ruled and bool(_UNDERLINE.search(paragraph)))


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST).digest()


def body_of(text: str) -> str:
    """A file's text without its front matter, as an article has it."""
    return _split(text)[1]


def _split(text: str) -> tuple[str, str]:
    parts = _FRONT.split(text, 2)
    return ("---".join(parts[:2]), parts[2].lstrip("\n")) if len(parts) == 3 else (text, "")
