"""Owns the digest by which a translation names the text it was made from. Refuses files: it knows articles alone.

What readers see of a text counts: title, summary and body. Other front matter, the file's name, line ends and white
space do not, so that a moved, re-ordered or re-wrapped source leaves its translations current. White space is left out
altogether because Japanese and Chinese lines may be wrapped anywhere, and a Korean space set right changes no meaning.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata

from portal_builder.article import Article

_LENGTH = 12
"""Characters of the digest: 60 bits, more than enough to tell the versions of one text apart."""


def source_digest(article: Article) -> str:
    """What `translates` says of a translation made from this text.

    Letters and digits of base32, because twelve hexadecimal ones are now and then a number to other YAML readers.
    """
    parts = (article.meta.title, article.meta.summary, article.text)
    squeezed = "\0".join("".join(unicodedata.normalize("NFC", part).split()) for part in parts)
    return base64.b32encode(hashlib.sha256(squeezed.encode()).digest()).decode()[:_LENGTH].lower()
