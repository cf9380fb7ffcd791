"""Owns the lean engine's recipe: a staged project in, the same files out as `mkdocs build` writes. Refuses warnings."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

import yaml

from portal_builder.lean.beyond import BeyondLeanError
from portal_builder.lean.config import read_config
from portal_builder.lean.convert import Conversion, Converter, address
from portal_builder.lean.draw import Drawing

_FRONT = re.compile(r"^-{3}[ \t]*\n(.*?\n)(?:\.{3}|-{3})[ \t]*\n", re.DOTALL)
_ODD = (".markdown", ".mdown", ".mkdn", ".mkd")
"""Endings that MkDocs takes for pages, too."""
_NOT_COPIED = (".html", ".py", ".pyc")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def press_lean(project: Path, site: Path) -> None:
    """Write the portal's HTML and files into an empty folder.

    Raises BeyondLeanError where MkDocs would warn, or do something that is not known here.
    """
    config = read_config(project)
    files = dict(_files(project / "docs"))
    converter = Converter(config.dialect)
    pages = {source: _read(file) for source, file in files.items() if source.endswith(".md")}
    converted = {source: converter.convert(text, source) for source, (_, text) in pages.items()}
    _check(converted, files)
    drawing = Drawing(project, config)
    _copy(project, files, site)
    _write(site / "404.html", drawing.lost())
    _write(site / "sitemap.xml", _sitemap(config.site_url, pages))
    for source, (meta, _) in pages.items():
        url = address(source)
        _write(site / _page_file(source), drawing.page(meta, converted[source], url))


def _files(docs: Path) -> Iterator[tuple[str, Path]]:
    """Every file by its path below docs/, in MkDocs's order."""
    for folder, folders, names in os.walk(docs):
        folders.sort()
        for name in sorted(names, key=lambda name: (os.path.splitext(name)[0] != "index", name)):
            file = Path(folder, name)
            source = file.relative_to(docs).as_posix()
            if source.startswith((".", "templates/")) or "/." in source or name.endswith(_ODD) or name == "README.md":
                raise BeyondLeanError(source)
            yield source, file


def _read(file: Path) -> tuple[Mapping[str, Any], str]:
    """A page's front matter and its text."""
    whole = file.read_text("utf-8-sig")
    front = _FRONT.match(whole)
    meta = yaml.load(front[1], _Loader) if front else None  # noqa: S506 -- a safe loader
    if not front or not isinstance(meta, dict):
        raise BeyondLeanError(file)
    return meta, whole[front.end() :].lstrip("\n")


def _check(converted: Mapping[str, Conversion], files: Mapping[str, Path]) -> None:
    """Every link leads to a file, every anchor to its heading."""
    anchors = {source: frozenset(conversion.anchors) for source, conversion in converted.items()}
    for source, conversion in converted.items():
        for target, anchor in conversion.links:
            if target not in files or (anchor and target in anchors and anchor not in anchors[target]):
                raise BeyondLeanError(source, target, anchor)


def _copy(project: Path, files: Mapping[str, Path], site: Path) -> None:
    for source, file in files.items():
        if not source.endswith(".md"):
            target = site / source
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    for file in (project / "overrides").rglob("*"):
        name = file.relative_to(project / "overrides").as_posix()
        if file.is_file() and not name.endswith(_NOT_COPIED):
            raise BeyondLeanError(name)


def _write(file: Path, text: str) -> None:
    if text.strip():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8", errors="xmlcharrefreplace"))


def _page_file(source: str) -> str:
    stem = source.removesuffix(".md")
    return f"{stem}.html" if stem == "index" or stem.endswith("/index") else f"{stem}/index.html"


def _sitemap(site_url: str, pages: Mapping[str, Any]) -> str:
    """As MkDocs's own template writes it."""
    root = site_url if site_url.endswith("/") else f"{site_url}/"
    urls = (root + ("" if address(source) == "./" else address(source)) for source in pages)
    entries = "".join(
        f"\n    <url>\n         <loc>{escape(url)}</loc>\n         <lastmod>1970-01-01</lastmod>\n    </url>"
        for url in urls
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return f"{head}{entries}\n</urlset>"
