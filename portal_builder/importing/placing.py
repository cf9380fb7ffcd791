"""Owns where imported articles go: languages, folders and names, one for each. Refuses to read or write a file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from portal_builder.importing.model import Haul, ImportedArticle, ImportedFolder, clean, loss, slug_of
from portal_builder.problem import Problem
from portal_builder.schema import LANGUAGE

_TAKEN = frozenset({"index", "readme"})
"""Names of articles that mean something else here."""


@dataclass(frozen=True)
class Wish:
    """What whoever imports asked for."""

    kind: str
    language: str
    """Of texts whose source does not say it."""
    spoken: tuple[str, ...]
    """The languages that anybody would see."""
    brands: tuple[str, ...] = ()


@dataclass(frozen=True)
class Placed:
    """An article and its place here."""

    article: ImportedArticle
    id: str
    language: str

    @property
    def folder(self) -> str:
        return self.id.rpartition("/")[0]

    @property
    def path(self) -> str:
        """A file that begins with `_` is no article until somebody renames it."""
        slug = self.id.rpartition("/")[2]
        return f"content/{self.folder}/{'_' if self.article.hidden_because else ''}{slug}.{self.language}.md"


@dataclass(frozen=True)
class Places:
    """All of them."""

    placed: tuple[Placed, ...]
    folders: tuple[tuple[ImportedFolder, str], ...]
    """Those that hold an article, each with its path below content/."""
    losses: tuple[Problem, ...]

    @cached_property
    def ids(self) -> Mapping[str, str]:
        return {one.article.key: one.id for one in self.placed}

    @cached_property
    def by_id(self) -> Mapping[str, tuple[Placed, ...]]:
        """Every language of an article."""
        found: dict[str, list[Placed]] = {}
        for one in self.placed:
            found.setdefault(one.id, []).append(one)
        return {article_id: tuple(versions) for article_id, versions in found.items()}


def place(haul: Haul, wish: Wish, taken_folders: Collection[str]) -> Places:
    """Each article by its key and language; of two for one place the first."""
    kept: dict[tuple[str, str], ImportedArticle] = {}
    losses = list(_by_language(haul.articles, wish, kept))
    names = _folder_names(haul, {article.folder for article in kept.values()}, wish.kind)
    ids = _ids(kept, names, wish, taken_folders)
    placed = tuple(Placed(article, ids[key], language) for (key, language), article in kept.items())
    folders = tuple((folder, names[folder.key]) for folder in haul.folders if folder.key in names)
    return Places(placed, folders, tuple(losses))


def spoken_as(tag: str, wish: Wish) -> str:
    """The portal's language that a source's tag means, or nothing: `en-us` is read where `en` is spoken.

    >>> spoken_as("EN_us", Wish("faq", "ko", ("ko", "en")))
    'en'
    """
    if not tag:
        return wish.language
    first, *rest = clean(tag).replace("_", "-").split("-")
    parts = [part.title() if len(part) == 4 else part.upper() for part in rest]
    full = "-".join([first.lower(), *parts])
    aliases = {"zh": "zh-CN", "zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "zh-HK": "zh-TW"}
    for candidate in (full, aliases.get(full, full), first.lower()):
        if candidate in wish.spoken and LANGUAGE.fullmatch(candidate):
            return candidate
    return ""


def _by_language(
    articles: Iterable[ImportedArticle], wish: Wish, kept: dict[tuple[str, str], ImportedArticle]
) -> Iterator[Problem]:
    unspoken: dict[str, list[ImportedArticle]] = {}
    for article in articles:
        language = spoken_as(article.language, wish)
        if not language:
            unspoken.setdefault(article.language, []).append(article)
        elif not clean(article.title):
            yield loss(article.place, "import.no_title")
        elif kept.setdefault((article.key, language), article) is not article:
            yield loss(
                article.place, "import.same_language", language=language, other=kept[article.key, language].place
            )
    for tag, texts in unspoken.items():
        known = ", ".join(wish.spoken)
        yield loss(texts[0].place, "import.language_unused", name=clean(tag), count=len(texts), known=known)


def _folder_names(haul: Haul, used: Collection[str], kind: str) -> Mapping[str, str]:
    names: dict[str, str] = {}
    taken: set[str] = set()
    for folder in haul.folders:
        if folder.key in used:
            slug = _free(slug_of(folder.slug, "category"), taken, ())
            taken.add(slug)
            names[folder.key] = f"{kind}/{slug}"
    return names


def _ids(
    kept: Mapping[tuple[str, str], ImportedArticle], names: Mapping[str, str], wish: Wish, taken: Collection[str]
) -> Mapping[str, str]:
    """One id for all translations, named after the one in the source language."""
    leading: dict[str, ImportedArticle] = {}
    for (key, language), article in kept.items():
        if key not in leading or language == wish.language:
            leading[key] = article
    ids: dict[str, str] = {}
    used = {*names.values(), *taken}
    for key, article in leading.items():
        folder = names.get(article.folder, wish.kind)
        wished = slug_of(article.slug, "page")
        slug = _free(wished, {*_TAKEN}, ())
        ids[key] = _free(f"{folder}/{slug}", used, (slug_of(key.rpartition("/")[0].rpartition("/")[2], ""),))
        used.add(ids[key])
    return ids


def _free(wished: str, taken: Collection[str], behind: Iterable[str]) -> str:
    """The name, or the name with something behind it that tells it from the others."""
    if wished not in taken:
        return wished
    more = [f"{wished}-{word}" for word in behind if word]
    number = 2
    while True:
        for candidate in (*more, f"{wished}-{number}"):
            if candidate not in taken:
                return candidate
        number += 1
