"""Owns writing `translates:` into a translation's file, and nothing else of it. Refuses to judge the translation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from portal_builder.article import Article
from portal_builder.brand import Brand
from portal_builder.library import Library
from portal_builder.selection import Selection
from portal_builder.translating.digest import source_digest

_FRONT = re.compile(rb"\A(?:\xef\xbb\xbf)?-{3,}[ \t]*(\r?\n)(?P<keys>.*?)^-{3,}[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_KEY = re.compile(rb"^(translates[ \t]*:)[ \t]*(?:\"[^\"\r\n]*\"|'[^'\r\n]*'|[^\s#]*)", re.MULTILINE)


class NoFrontMatterError(ValueError):
    """A file that is no article."""


def stamped(data: bytes, digest: str) -> bytes:
    """The file with this digest in its front matter; every other byte, line ends included, as it was."""
    front = _FRONT.match(data)
    if front is None:
        raise NoFrontMatterError
    start, end = front.span("keys")
    keys = front["keys"]
    named, count = _KEY.subn(lambda match: match[1] + b" " + digest.encode(), keys, count=1)
    if not count:
        named = keys + b"translates: " + digest.encode() + front[1]
    return data[:start] + named + data[end:]


def write_stamp(root: Path, path: str, digest: str) -> bool:
    """Whether the file had to be changed."""
    file = root / path
    before = file.read_bytes()
    after = stamped(before, digest)
    if after != before:
        file.write_bytes(after)
    return after != before


@dataclass(frozen=True)
class Sources:
    """Which text each translation says again."""

    library: Library
    brands: Mapping[str, Brand]
    at: datetime

    @cached_property
    def _shown(self) -> Mapping[str, Selection]:
        return {
            brand.folder: Selection(self.library, brand, brand.source_language, self.at)
            for brand in self.brands.values()
        }

    def of(self, article: Article) -> Article | None:
        """The text it stands for; none for a text in its brands' own source language, and for an orphan.

        What waits in scheduled/ stands for the source that waits for the same moment.
        """
        for brand in self.brands.values():
            is_translation = article.language in brand.languages[1:]
            if not is_translation or not article.is_for(brand.folder):
                continue
            versions = self.library.by_id[article.id].get(brand.source_language, ())
            twins = [v for v in versions if v.is_scheduled and v.publish_at == article.publish_at]
            shown = self._shown[brand.folder].shown.get(article.id)
            if article.is_scheduled and twins:
                return twins[0]
            if shown and shown.article.language == brand.source_language:
                return shown.article
            if versions:
                return versions[-1]
        return None

    def digest_for(self, article: Article) -> str | None:
        source = self.of(article)
        return source_digest(source) if source else None

    def translations(self) -> Iterable[Article]:
        """Every text that stands for another one."""
        return (article for article in self.library.articles if self.of(article))
