"""Owns small printing: one line out of any text, sizes, addresses half hidden. Refuses words of its own."""

from __future__ import annotations

import re

_BREAKING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")


def one_line(text: str, longest: int = 200) -> str:
    """The text without anything that could end a header or a log line, cut with an ellipsis."""
    line = " ".join(_BREAKING.sub(" ", text).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def half_hidden(address: str) -> str:
    """Enough of a mail address for its owner to see a slip of the finger.

    >>> half_hidden("hong.gildong@example.com")
    'ho***@example.com'
    """
    local, _, domain = address.rpartition("@")
    return f"{local[: 2 if len(local) > 3 else 1]}***@{domain}"


def without_addresses(text: str) -> str:
    """For logs, which name no person."""
    return _ADDRESS.sub("***", one_line(text, 300))
