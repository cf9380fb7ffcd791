"""Owns who is asked to look over a change: CODEOWNERS lines by brand, language and text. Refuses to write files.

The last line that fits a file counts (GitHub and GitLab read it so), so what is said more exactly stands further down.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from portal_builder.article import Article
from portal_builder.brand import Brand
from portal_builder.places import TREES

HEAD = "# Written by `haedap owners`. Change `owners` in brand.yml or `owner` in a text, and write it again."
_HANDLE = re.compile(r"@[\w.-]+(/[\w.-]+)*|[^\s@]+@[^\s@]+\.[^\s@]+")
"""Who a host knows: `@person`, `@organisation/team`, an address."""


def codeowners(brands: Mapping[str, Brand], articles: Iterable[Article]) -> tuple[str, ...]:
    """Each line of the file: folders of brands, languages of all brands, texts of some brands, texts of somebody."""
    lines = [HEAD, *_of_folders(brands), *_of_languages(brands)]
    return (*lines, *(line for article in articles for line in _of_text(article, brands)))


def _of_folders(brands: Mapping[str, Brand]) -> Iterator[str]:
    for folder, brand in brands.items():
        if who := brand.file.owners.get("default"):
            yield _line(f"themes/{folder}/", who)


def _of_languages(brands: Mapping[str, Brand]) -> Iterator[str]:
    """What may be anybody's: all who keep that language of any brand."""
    for language in sorted({language for brand in brands.values() for language in brand.languages}):
        if who := _keepers(brands.values(), language):
            yield from (_line(f"{tree}/**/*.{language}.md", who) for tree in TREES)
        for folder, brand in brands.items():
            if own := brand.file.owners.get(language):
                yield _line(f"themes/{folder}/sections/**/*.{language}.md", own)


def _of_text(article: Article, brands: Mapping[str, Brand]) -> Iterator[str]:
    """One that names its owner in a form that hosts know; else one that is not every brand's."""
    if article.meta.owner and _HANDLE.fullmatch(article.meta.owner):
        yield _line(article.path, (article.meta.owner,))
        return
    showing = [brand for folder, brand in brands.items() if article.is_for(folder)]
    who = _keepers(showing, article.language)
    is_told = article.path.endswith(f".{article.language}.md") and who == _keepers(brands.values(), article.language)
    if who and not is_told:
        yield _line(article.path, who)


def _keepers(brands: Iterable[Brand], language: str) -> tuple[str, ...]:
    """Who keeps a language of these brands; where nobody is named for it, who keeps the brand."""
    spoken = [brand.file.owners for brand in brands if language in brand.languages]
    named = [owners.get(language) or owners.get("default", ()) for owners in spoken]
    return tuple(dict.fromkeys(who for group in named for who in group))


def _line(path: str, who: Iterable[str]) -> str:
    """Of one path; what means something else in a pattern stands for itself."""
    escaped = re.sub(r"([ #\[\]!\\])", r"\\\1", path)
    return f"/{escaped} {' '.join(who)}"
