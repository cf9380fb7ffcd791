"""Owns the pages of an MkDocs project, ordered as its navigation is. Refuses what plugins would add to them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from portal_builder.importing.dialect import own_markdown
from portal_builder.importing.documents import Document, documents, nothing, plain_folders, settings
from portal_builder.importing.model import Haul, ImportedArticle, ImportedFolder, Source, loss, slug_of, split_web
from portal_builder.problem import ContentError, Problem
from portal_builder.yamlfile import Tree

_SUFFIXED = re.compile(r"(?P<stem>.+)\.(?P<language>[a-z]{2}(-[A-Za-z]{2,4})?)")


@dataclass(frozen=True)
class _Entry:
    """A page's place in the navigation."""

    order: int
    title: str
    section: str


@dataclass(frozen=True)
class _Project:
    """What mkdocs.yml says."""

    docs: str
    host: str
    base: str
    has_folders: bool
    nav: Mapping[str, _Entry]
    moved: Mapping[str, tuple[str, ...]]
    languages: tuple[str, ...]
    """Those that the plugin i18n has, the first its default."""


def _config(path: Path) -> Path:
    return next((path / name for name in ("mkdocs.yml", "mkdocs.yaml") if (path / name).is_file()), path / "mkdocs.yml")


def _recognises(path: Path) -> int:
    return 2 if path.is_dir() and _config(path).is_file() else 0


def _read(path: Path) -> Haul:
    if not path.is_dir():
        raise nothing(path)
    project = _project(path)
    losses: list[Problem] = []
    found = documents(path / project.docs, path, ".md", ".markdown")
    articles = [_article(document, project, losses) for document in found]
    if not articles:
        raise nothing(path)
    return Haul(
        path,
        tuple(articles),
        tuple(_folders(articles, project)),
        tuple(losses),
        frozenset({project.host} - {""}),
        (project.docs, ""),
    )


def _project(path: Path) -> _Project:
    config = settings(_config(path))
    docs = posixpath.normpath(str(config.get("docs_dir") or ("docs" if (path / "docs").is_dir() else ".")))
    if not (path / docs).resolve().is_relative_to(path.resolve()):
        raise ContentError([loss(_config(path).name, "import.settings")])
    host, base = split_web(str(config.get("site_url") or ""))
    moved: dict[str, tuple[str, ...]] = {}
    for old, new in _pairs(_plugin(config, "redirects").get("redirect_maps")):
        moved[new] = (*moved.get(new, ()), old)
    languages = _plugin(config, "i18n").get("languages")
    tags = [one.get("locale") for one in languages if isinstance(one, dict)] if isinstance(languages, list) else []
    nav = dict(_entries(config.get("nav"), [0], ""))
    has_folders = str(config.get("use_directory_urls") or "true").lower() != "false"
    spoken = tuple(tag for tag in tags if isinstance(tag, str))
    return _Project(docs, host, base, has_folders, nav, moved, spoken)


def _plugin(config: Mapping[str, Tree], name: str) -> Mapping[str, Tree]:
    """A plugin's settings; plugins are a list of names and maps, or one map."""
    plugins = config.get("plugins")
    listed = plugins if isinstance(plugins, list) else [plugins]
    found = next((one[name] for one in listed if isinstance(one, dict) and name in one), None)
    return found if isinstance(found, dict) else {}


def _pairs(tree: Tree) -> Iterator[tuple[str, str]]:
    yield from ((old, new) for old, new in tree.items() if isinstance(new, str)) if isinstance(tree, dict) else ()


def _entries(tree: Tree, count: list[int], section: str) -> Iterator[tuple[str, _Entry]]:
    """The first level names categories; deeper ones belong to it."""
    for item in tree if isinstance(tree, list) else []:
        for title, inner in item.items() if isinstance(item, dict) else [("", item)]:
            if isinstance(inner, list):
                yield from _entries(inner, count, section or title)
            elif isinstance(inner, str):
                count[0] += 10
                yield inner, _Entry(count[0], title, section)


def _article(document: Document, project: _Project, losses: list[Problem]) -> ImportedArticle:
    inner = posixpath.relpath(document.place, project.docs)
    stem, language = _language(posixpath.splitext(inner)[0], project)
    converted = own_markdown(document.text)
    losses += [loss(document.place, key, name=name) for key, name in converted.losses]
    entry = project.nav.get(inner) or project.nav.get(f"{stem}.md")
    name = posixpath.basename(stem)
    is_index = name.lower() in {"index", "readme"}
    name = posixpath.basename(posixpath.dirname(stem)) or "home" if is_index else name
    address = _address(stem, project)
    before = f"{language}/" if language and language != next(iter(project.languages), "") else ""
    old = [_address(posixpath.splitext(path)[0], project) for path in project.moved.get(inner, ())]
    return ImportedArticle(
        key=stem,
        place=document.place,
        language=language,
        title=document.title or (entry.title if entry else "") or name.replace("-", " "),
        text=converted.text,
        slug=slug_of(name),
        folder=(f"nav/{entry.section}" if entry.section else "")
        if entry
        else posixpath.dirname(stem).partition("/")[0],
        summary=document.say("description", "summary"),
        tags=document.names("tags"),
        order=document.order if document.order is not None else entry.order if entry else None,
        addresses=tuple(posixpath.join(project.base, before + path) for path in (address, *old)),
        hidden_because="import.draft" if document.is_set("draft") else "",
    )


def _language(stem: str, project: _Project) -> tuple[str, str]:
    """By the name (`refund.ko.md`) or the first folder (`ko/refund.md`), where the project has several languages."""
    match = _SUFFIXED.fullmatch(stem)
    first, _, rest = stem.partition("/")
    if match and (match["language"] in project.languages or not project.languages):
        return match["stem"], match["language"]
    if rest and first in project.languages:
        return rest, first
    return stem, next(iter(project.languages), "")


def _address(stem: str, project: _Project) -> str:
    folder, name = posixpath.split(stem)
    if name.lower() in {"index", "readme"}:
        return f"{folder}/" if folder else ""
    return f"{stem}/" if project.has_folders else f"{stem}.html"


def _folders(articles: list[ImportedArticle], project: _Project) -> Iterator[ImportedFolder]:
    used = {article.folder for article in articles}
    sections = dict.fromkeys(f"nav/{entry.section}" for entry in project.nav.values() if entry.section)
    for order, key in enumerate((key for key in sections if key in used), start=1):
        title = key.removeprefix("nav/")
        yield ImportedFolder(key, slug_of(title, "category"), {"": title}, {}, order * 10)
    yield from plain_folders(used - sections.keys())


SOURCE = Source(_recognises, _read)
