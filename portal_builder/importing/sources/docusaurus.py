"""Owns the documents of a Docusaurus site, in every language. Refuses its blog, older versions and components."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from portal_builder.importing.dialect import common_markdown
from portal_builder.importing.documents import Document, documents, nothing, settings, unnumbered, whole
from portal_builder.importing.model import Haul, ImportedArticle, ImportedFolder, Source, clean, loss, slug_of
from portal_builder.importing.reading import text_of
from portal_builder.problem import ContentError, Problem

_CONFIGS = tuple(f"docusaurus.config.{ending}" for ending in ("js", "ts", "mjs", "cjs"))
_TRANSLATED = "docusaurus-plugin-content-docs/current"


@dataclass(frozen=True)
class _Site:
    """What its configuration says, as far as a program that runs no JavaScript can tell."""

    root: Path
    docs: str
    base: str
    language: str
    hosts: frozenset[str]


def _recognises(path: Path) -> int:
    return 2 if any((path / name).is_file() for name in _CONFIGS) else 0


def _read(path: Path) -> Haul:
    if not path.is_dir():
        raise nothing(path)
    site = _site(path)
    losses: list[Problem] = []
    articles = list(_articles(site, site.docs, site.language, "", losses))
    for folder in sorted((path / "i18n").glob(f"*/{_TRANSLATED}")):
        language = folder.relative_to(path).parts[1]
        articles += _articles(site, folder.relative_to(path).as_posix(), language, f"{language}/", losses)
    if not articles:
        raise nothing(path)
    losses += [loss(name, "import.not_read") for name in ("blog", "versioned_docs") if (path / name).is_dir()]
    folders = tuple(_folders(site, {article.folder for article in articles} - {""}))
    return Haul(path, tuple(articles), folders, tuple(losses), site.hosts, ("static", ""))


def _site(path: Path) -> _Site:
    config = next((text_of(path / name, name) for name in _CONFIGS if (path / name).is_file()), "")
    said = {
        key: match[1]
        for key in ("url", "baseUrl", "routeBasePath", "path", "defaultLocale")
        if (match := re.search(rf"\b{key}\s*:\s*['\"]([^'\"]*)['\"]", config))
    }
    docs = posixpath.normpath(said.get("path", "docs"))
    if docs.startswith(("..", "/")) or not (path / docs).is_dir():
        docs = "docs" if (path / "docs").is_dir() else "."
    base = posixpath.join(said.get("baseUrl", "/").strip("/"), said.get("routeBasePath", "docs").strip("/"))
    host = re.sub(r"^https?://|/.*$", "", said.get("url", "")).lower()
    return _Site(path, docs, base, said.get("defaultLocale", ""), frozenset({host} - {""}))


def _articles(site: _Site, folder: str, language: str, before: str, losses: list[Problem]) -> Iterator[ImportedArticle]:
    for document in documents(site.root / folder, site.root, ".md", ".mdx"):
        inner = posixpath.relpath(document.place, folder)
        if any(part.startswith("_") for part in inner.split("/")):
            continue  # parts of other pages
        converted = common_markdown(_sites(document.text), is_mdx=True)
        losses += [loss(document.place, key, name=name) for key, name in converted.losses]
        yield _article(site, document, inner, language, before, converted.text)


def _sites(text: str) -> str:
    return re.sub(r"(\]\(<?|(?:src|href)=[\"'])@site/", r"\1/", text)


def _article(site: _Site, document: Document, inner: str, language: str, before: str, text: str) -> ImportedArticle:
    stem = posixpath.splitext(inner)[0]
    path = _address(stem, document)
    name = posixpath.basename(path) or "home"
    is_hidden = document.is_set("draft") or document.is_set("unlisted")
    own = posixpath.join(before + site.base, path)
    return ImportedArticle(
        key=stem,
        place=document.place,
        language=language,
        title=document.title or document.say("sidebar_label") or name.replace("-", " "),
        text=text,
        slug=slug_of(name),
        folder=inner.partition("/")[0] if "/" in inner else "",
        summary=document.say("description"),
        keywords=document.names("keywords"),
        tags=document.names("tags"),
        order=document.order,
        addresses=(own, path) if not before and not site.base else (own,),
        hidden_because="import.draft" if is_hidden else "",
    )


def _address(stem: str, document: Document) -> str:
    """Below the documents: numbers left out, a folder's own page at the folder, or what the text says itself."""
    parts = [unnumbered(part) for part in stem.split("/")]
    slug = document.say("slug")
    if slug.startswith("/"):
        return slug.strip("/")
    folder, name = parts[:-1], document.say("id") or parts[-1]
    is_own = name.lower() in {"index", "readme"} or (bool(folder) and name == folder[-1])
    return "/".join([*folder, slug.strip("./")] if slug else folder if is_own else [*folder, name])


def _folders(site: _Site, keys: set[str]) -> Iterator[ImportedFolder]:
    for key in sorted(keys):
        name = unnumbered(key)
        titles, summaries, order = {}, {}, None
        for language, folder in _languages(site):
            said = _category(site.root / folder / key)
            if said.get("label"):
                titles[language] = said["label"]
                summaries[language] = said.get("description", "")
            order = whole(said.get("position", "")) if order is None else order
        titles = titles or {site.language: name.replace("-", " ")}
        yield ImportedFolder(
            key, slug_of(name, "category"), titles, summaries, order, (f"{site.base}/category/{name}",)
        )


def _languages(site: _Site) -> Iterator[tuple[str, str]]:
    yield site.language, site.docs
    for folder in sorted((site.root / "i18n").glob(f"*/{_TRANSLATED}")):
        yield folder.relative_to(site.root).parts[1], folder.relative_to(site.root).as_posix()


def _category(folder: Path) -> Mapping[str, str]:
    """`_category_.json` or `_category_.yml`: only what is said in plain words."""
    file = folder / "_category_.json"
    tree: object = {}
    if file.is_file():
        try:
            tree = json.loads(text_of(file, f"{folder.name}/{file.name}"))
        except (ValueError, RecursionError):
            raise ContentError([loss(f"{folder.name}/{file.name}", "import.settings")]) from None
    else:
        tree = next((settings(one) for one in sorted(folder.glob("_category_.y*ml"))), {})
    return {name: clean(str(value)) for name, value in tree.items()} if isinstance(tree, dict) else {}


SOURCE = Source(_recognises, _read)
