"""Owns by what a portal is known before it is planned: everything that its plan can be made of. Refuses to plan.

A plan reads nothing but its Context, and the files of its brand's look: the same makings, the same portal. What is not
looked at closely counts as a part of every portal; of texts and pictures, only those of the brand count.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from portal_builder.again import other_files, standing_in
from portal_builder.places import TREES
from portal_builder.search.memory import recall, remember

if TYPE_CHECKING:  # whoever makes a page again has read no article
    from portal_builder.article import Article
    from portal_builder.pages.context import Context

_DIGEST = 12
_ELSEWHERE = ("forms/", "flows/")
"""What else than texts, and files that texts show, a plan reads in content/."""


@dataclass(frozen=True)
class Common:
    """What is the same for every portal of a help centre, and for every portal of a brand."""

    all: str
    """Digest of the program, the words, the forms and the shared look."""
    brands: Mapping[str, str]
    """Digests of what lies in the brands' own folders."""


@dataclass(frozen=True)
class Makings:
    """What one portal is made of."""

    frame: str
    """Digest of everything but texts."""
    texts: Mapping[str, bytes]
    """By path, for each text of the brand in each language: the digest of its words, then of all else about it."""

    def reworded(self, words: Mapping[str, tuple[bytes, str]]) -> Makings:
        """The same where texts have other words or another date, said by their paths."""
        new = {path: _words(*words[path]) + self.texts[path][_DIGEST:] for path in self.texts.keys() & words.keys()}
        return replace(self, texts={**self.texts, **new})


def recalled_makings(file: Path, digest: str) -> Makings | None:
    """What the portal of this digest was made of, where that was kept."""
    known = recall(file, digest)
    return Makings(*known) if known else None


def keep_makings(file: Path, digest: str, makings: Makings) -> None:
    """Leave what a portal is made of, for the next build."""
    remember(file, digest, (makings.frame, dict(makings.texts)))


def common_makings(root: Path, brands: Iterable[str]) -> Common:
    """What does not depend on the portal, read from the disk."""
    digests = {brand: _new() for brand in brands}
    rest = _new()
    above = root.absolute()
    themes, trees = f"{above}/themes/", tuple(f"{above}/{tree}/" for tree in TREES)
    for path in other_files(above):
        tree = next((tree for tree in trees if path.startswith(tree)), None)
        if tree and not path.startswith(_ELSEWHERE, len(tree)):
            continue  # texts name what they show
        brand = path[len(themes) :].partition("/")[0] if path.startswith(themes) else ""
        digests.get(brand, rest).update(standing_in(path))
    return Common(rest.hexdigest(), {brand: digest.hexdigest() for brand, digest in digests.items()})


def portal_makings(context: Context, common: Common) -> Makings:
    """What this portal is made of, by what was read of its brand."""
    brand = context.brand.folder
    told = [common.all, common.brands[brand], brand, context.language, context.base, len(context.centre.brands)]
    return Makings(
        _digest(told).hex(), {article.path: _made_of(context, article) for article in context.library.articles}
    )


def _made_of(context: Context, article: Article) -> bytes:
    assets = ((path, asset.digest) for path, asset in context.library.shown_by(article))
    return _words(article.face.whole, _changed(context, article)) + _digest(
        [article.looks_like, *_times(context, article), *assets]
    )


def _changed(context: Context, article: Article) -> str:
    changed = context.centre.changed.get(article.path)
    return changed.isoformat() if changed and changed <= context.at else ""


def _times(context: Context, article: Article) -> list[tuple[datetime, bool]]:
    """When the text comes out and ends, and whether it has."""
    moments = context.selection.starts(article), context.selection.ends(article)
    return [(moment, moment <= context.at) for moment in moments if moment]


def _words(whole: bytes, changed: str) -> bytes:
    return _digest([whole, changed])


def _digest(told: Iterable[object]) -> bytes:
    return hashlib.blake2b(repr([*told]).encode("utf-8", "surrogateescape"), digest_size=_DIGEST).digest()


def _new() -> hashlib.blake2b:
    return hashlib.blake2b(digest_size=16)
