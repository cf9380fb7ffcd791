"""Owns who publishes a portal and where, as machines are told: absolute addresses of everything. Refuses pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from babel.core import get_global

if TYPE_CHECKING:  # a publisher is plain values
    from portal_builder.brand import Brand

PICTURE = "static/card.png"
"""What other sites show beside a link to a portal (`card.py`); a brand may bring its own."""
PICTURE_SIZE = (1200, 630)
FEED = "feed.xml"
_PLAIN = re.compile(r"[A-Za-z0-9_.~/()-]*")
"""An address that is written as it is."""
TWIN = "index.md"
"""The Markdown twin of an article lies beside its page."""


def brand_address(brand: Brand, base: str | None) -> str:
    """Where a brand's portals are published; `base` stands for a host that they are only looked at on."""
    return f"{base.rstrip('/')}/{brand.folder}/" if base else brand.file.url


@dataclass(frozen=True)
class Publisher:
    """One portal and its brand."""

    name: str
    """The brand's name in the portal's language."""
    centre: str
    """What the help centre is called."""
    language: str
    source_language: str
    roots: Mapping[str, str]
    """Absolute addresses of the brand's portals by language; each ends with a slash."""
    lasting: str
    """The root of this portal where it is published for good, whatever host it is looked at on: ids are made of it."""
    door: str
    """The page above them, where a language is chosen."""
    site: str | None
    logo: str | None
    """Portal-relative."""

    @property
    def root(self) -> str:
        return self.roots[self.language]

    def address(self, url: str, language: str | None = None) -> str:
        """The absolute address of a portal-relative one; an absolute one stays."""
        if "://" in url:
            return url
        if _PLAIN.fullmatch(url):
            return self.roots[language or self.language] + url
        path, mark, rest = url.partition("#")
        return f"{self.roots[language or self.language]}{quote(path, safe='/~()')}{mark}{quote(rest)}"


@cache
def locale(language: str) -> str:
    """A language as Open Graph names it: with the country where most of its speakers live.

    >>> locale("ko"), locale("en"), locale("zh-TW")
    ('ko_KR', 'en_US', 'zh_TW')
    """
    parts = language.split("-")
    country = next((part for part in parts[1:] if len(part) == 2), None)
    likely: str = get_global("likely_subtags").get(parts[0], parts[0])
    return f"{parts[0]}_{country or likely.rpartition('_')[2]}"
