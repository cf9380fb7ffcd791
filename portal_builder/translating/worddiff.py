"""Owns the difference of two texts word by word, as git prints it: `[-old-]{+new+}`. Refuses to know where they lie."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

_TOKEN = re.compile(r"[\u3040-\u30ff]+|[\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+|[^\w\s]|\s+")
"""Kana by runs and Han characters one by one, because nothing stands between their words; other words as they are."""
_AROUND = 6
"""Tokens shown on either side of a change."""


def word_diff(old: str, new: str) -> tuple[str, ...]:
    """Each changed place with a few words around it; white space that differs is no change.

    >>> word_diff("카드는 3일 안에 들어옵니다", "카드는  5일 안에 들어옵니다")
    ('카드는 [-3일-]{+5일+} 안에 들어옵니다',)
    """
    before, after = _words(old), _words(new)
    matcher = SequenceMatcher(a=[word for word, _ in before], b=[word for word, _ in after], autojunk=False)
    return tuple(_hunks(matcher, before, after))


def _words(text: str) -> list[tuple[str, str]]:
    """Each word with the white space behind it, which is shown but not compared."""
    words: list[tuple[str, str]] = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        if not token.isspace():
            words.append((token, ""))
        elif words:
            words[-1] = (words[-1][0], " ")
    return words


def _hunks(matcher: SequenceMatcher[str], before: list[tuple[str, str]], after: list[tuple[str, str]]) -> Iterator[str]:
    for group in matcher.get_grouped_opcodes(_AROUND):
        parts: list[str] = []
        for kind, old_start, old_end, new_start, new_end in group:
            if kind == "equal":
                parts.append(_joined(after[new_start:new_end]))
                continue
            gone, come = _joined(before[old_start:old_end]), _joined(after[new_start:new_end])
            space = " " if (come or gone).endswith(" ") else ""
            parts.append(_marked("[-", gone, "-]") + _marked("{+", come, "+}") + space)
        yield "".join(parts).strip()


def _joined(words: list[tuple[str, str]]) -> str:
    return "".join(word + space for word, space in words)


def _marked(begin: str, text: str, end: str) -> str:
    return f"{begin}{text.strip()}{end}" if text.strip() else ""
