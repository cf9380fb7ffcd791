"""Owns what of a text is prose: no code, no addresses, no marks, no names of files. Refuses to know languages."""

from __future__ import annotations

import re
import unicodedata

_NOT_PROSE = re.compile(
    r"""
    (?=[`~<{\]\[hmtf!?]|^\s)(?:                         # what they begin with: most places end here
    ^(?P<fence>```+|~~~+).*?(?:^(?P=fence)[ ]*$|\Z)     # fenced code
    | (?P<tick>`+)(?!`).+?(?<!`)(?P=tick)(?!`)          # code in a line
    | <(?:pre|code|script|style)\b.*?</(?:pre|code|script|style)>
    | <!--.*?-->
    | <[^<>]{1,500}>                                    # tags and <addresses>
    | \{\{.*?\}\} | \{%.*?%\}                           # the brand's words
    | \]\([^()\s]*(?:\s+"[^"]*")?\)                     # where links lead
    | ^\s*\[[^\]]+\]:\s*\S+.*?$
    | \b(?:https?|mailto|tel|ftp):[^\s<>)]+
    | \{\#[^{}]*\} | \{:[^{}]*\}                        # attributes
    | ^(?:[ ]{4,}|\t)(?=\S*[$>#;{}=]).*?$               # indented code, not indented prose
    | ^\s*(?:!!!|\?\?\?\+?)[ ]+[\w-]+                   # the kind of an admonition
    )
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_CHUNK = re.compile(r"[!-~¡-ʯ\u0300-\u036fḀ-ỿ‘’]+")
"""What is written without a space, in letters and signs of Latin."""
_EDGES = "\"'‘’“”«».,;:!?¿¡()[]*_~-–—…/|#>%"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*(?:-[^\W\d_]+)*")


def prose(text: str) -> str:
    """A Markdown text without its code, its addresses and its marks.

    >>> prose("Run `pip install x` as [written](https://example.com/en/).").split()
    ['Run', 'as', '[written', '.']
    """
    return _NOT_PROSE.sub(" ", unicodedata.normalize("NFC", text))


def latin_words(text: str) -> list[str]:
    """The words of a prose in Latin letters as written; names of files, options and the like are none.

    >>> latin_words("Öffnen Sie config.yml: HTTP/2, getUserName() und l’heure")
    ['Öffnen', 'Sie', 'und', "l'heure"]
    """
    found: list[str] = []
    for chunk in _CHUNK.findall(text):
        bare = chunk.strip(_EDGES)
        if _WORD.fullmatch(bare) and not (len(bare) > 1 and bare[1:] != bare[1:].lower()):
            found.append(bare.replace("’", "'"))
    return found
