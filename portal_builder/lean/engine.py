"""Owns the lean engine's recipe: a project in, the same files out as `mkdocs build` writes. Refuses warnings."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from pathlib import Path

from portal_builder.lean.beyond import BeyondLeanError
from portal_builder.lean.config import Dialect, config_of
from portal_builder.lean.convert import Conversion, Converter, address
from portal_builder.lean.draw import Drawing
from portal_builder.lean.shared import Shared
from portal_builder.project import Project, Sheet, bytes_of

_ODD = (".markdown", ".mdown", ".mkdn", ".mkd")
"""Endings that MkDocs takes for pages, too."""
_DOCS = "docs/"
_SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}
</urlset>"""
_ENTRY = """
    <url>
         <loc>{url}</loc>
         <lastmod>1970-01-01</lastmod>
    </url>"""


def press_lean(project: Project, site: Path, shared: Shared) -> None:
    """Write the portal's HTML and files into an empty folder.

    Raises BeyondLeanError where MkDocs would warn, or do something that is not known here.
    """
    config = config_of(project)
    files = _files(project)
    converted = {source: _converted(sheet, source, config.dialect, shared) for source, sheet in project.pages.items()}
    _check(converted, files.keys() | project.pages.keys())
    drawing = Drawing(project.templates, config)
    _write(site / "404.html", drawing.lost())
    _write(site / "sitemap.xml", _sitemap(config.site_url, project.pages))
    for source, sheet in project.pages.items():
        _write(site / page_file(source), drawing.page(sheet.meta, converted[source], address(source)))
    for source, data in files.items():
        target = site / source
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _files(project: Project) -> dict[str, bytes]:
    """What is copied, by path below docs/."""
    for name in project.templates.files:
        if not name.endswith(".html") and not name.startswith("."):
            raise BeyondLeanError(name)
    copied = {
        path.removeprefix(_DOCS): bytes_of(content) for path, content in project.files.items() if path.startswith(_DOCS)
    }
    for source in (*copied, *project.pages):
        is_hidden = source.startswith((".", "templates/")) or "/." in source
        if is_hidden or source.endswith(_ODD) or posixpath.basename(source) == "README.md":
            raise BeyondLeanError(source)
    if any(source.endswith(".md") for source in copied):
        raise BeyondLeanError(project)
    return copied


def _converted(sheet: Sheet, source: str, dialect: Dialect, shared: Shared) -> Conversion:
    text = sheet.text.replace("\r\n", "\n").replace("\r", "\n")  # as a file is read
    return shared.get(dialect, source, text, lambda: _converter(dialect).convert(f"{text}\n".lstrip("\n"), source))


@lru_cache(maxsize=2)
def _converter(dialect: Dialect) -> Converter:
    """Making one costs as much as some pages."""
    return Converter(dialect)


def _check(converted: Mapping[str, Conversion], files: Iterable[str]) -> None:
    """Every link leads to a file, every anchor to its heading."""
    known = frozenset(files)
    for source, conversion in converted.items():
        for target, anchor in conversion.links:
            there = converted.get(target)
            if target not in known or (anchor and there is not None and anchor not in there.anchors):
                raise BeyondLeanError(source, target, anchor)


def _write(file: Path, text: str) -> None:
    if text.strip():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8", errors="xmlcharrefreplace"))


def page_file(source: str) -> str:
    """Where a page's HTML lies.

    >>> page_file("faq/index.md"), page_file("faq/refund.md")
    ('faq/index.html', 'faq/refund/index.html')
    """
    stem = source.removesuffix(".md")
    return f"{stem}.html" if posixpath.basename(stem) == "index" else f"{stem}/index.html"


def _sitemap(site_url: str, sources: Iterable[str]) -> str:
    """As MkDocs's own template writes it."""
    root = site_url if site_url.endswith("/") else f"{site_url}/"
    urls = (root + address(source).removeprefix("./") for source in sorted(sources, key=_walked))
    return _SITEMAP.format(entries="".join(_ENTRY.format(url=escape(url)) for url in urls))


def _walked(source: str) -> tuple[tuple[bool, bool, str], ...]:
    """Sorts as a walk through the folders goes: a folder's index, its other files, then its folders."""
    *folders, name = source.split("/")
    return (*((True, True, folder) for folder in folders), (False, name != "index.md", name))
