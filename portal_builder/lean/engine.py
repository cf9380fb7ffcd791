"""Owns the lean engine's recipe: a project in, the same files out as `mkdocs build` writes. Refuses warnings."""

from __future__ import annotations

import hashlib
import posixpath
import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path

from portal_builder.lean.beyond import BeyondLeanError
from portal_builder.lean.config import Dialect, config_of
from portal_builder.lean.convert import Conversion, Converter, address
from portal_builder.lean.draw import Drawing
from portal_builder.lean.kept import Kept, make_room, write
from portal_builder.lean.shared import Shared
from portal_builder.project import Content, Project, Sheet, Templates, bytes_of

_ONE_AT_A_TIME = threading.Lock()
"""Python-Markdown keeps its state in the converter, and a preview draws a page while it builds a portal."""
_ODD = (".markdown", ".mdown", ".mkdn", ".mkd")
"""Endings that MkDocs takes for pages, too."""
_DOCS = "docs/"
_AT_ONCE = 128
"""Pages that are converted, then drawn, then written: many of one sort go faster than each thing in turn, as what a
processor needs for it is at hand."""
Told = tuple[frozenset[str], Sequence[Sequence[str]]]
"""A page's anchors, and where its links lead."""
_SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}
</urlset>"""
_ENTRY = """
    <url>
         <loc>{url}</loc>
         <lastmod>1970-01-01</lastmod>
    </url>"""


def press_lean(project: Project, site: Path, shared: Shared, kept: Kept, version: str) -> None:
    """Write the portal's HTML and files into a folder, those of them anew that are made of something new.

    Raises BeyondLeanError where MkDocs would warn, or do something that is not known here.
    """
    config = config_of(project)
    _refuse_odd(project)
    drawing = Drawing(project.templates, config, shared.compiled)
    _check(_press_pages(project, drawing, f"{site}", shared, kept, f"{version} {project.frame}"), project)
    if lost := page_bytes(drawing.lost()):
        kept.put("404.html", lost, f"{site}")
    kept.put("sitemap.xml", page_bytes(_sitemap(config.site_url, project.pages)), f"{site}")
    for name, content in project.files.items():
        if name.startswith(_DOCS):
            _copy(name.removeprefix(_DOCS), content, project.digests[name], site, kept)


def _press_pages(
    project: Project, drawing: Drawing, site: str, shared: Shared, kept: Kept, frame: str
) -> dict[str, Told]:
    """Every page, those anew that are made of something new; what is to be known of each."""
    dialect, pages = config_of(project).dialect, project.pages
    makings = {source: makings_of(frame, sheet) for source, sheet in pages.items()}
    known = {source: kept.reuse(page_file(source), makings[source], site) for source in pages}
    new = [source for source in pages if known[source] is None]
    for at in range(0, len(new), _AT_ONCE):
        some = {source: _converted(pages[source], source, dialect, shared) for source in new[at : at + _AT_ONCE]}
        drawn = {source: drawing.page(pages[source].meta, one, address(source)) for source, one in some.items()}
        for source, html in drawn.items():
            _write(f"{site}/{page_file(source)}", html)
            known[source] = [some[source].anchors, some[source].links]
            kept.note(page_file(source), makings[source], known[source])
    return {source: (frozenset(anchors), links) for source, (anchors, links) in known.items()}


def redrawn(project: Project, templates: Templates, source: str, shared: Shared) -> tuple[str, Told]:
    """The HTML of one page, and its anchors and links; `templates` are the project's, which has no files here."""
    config, sheet = config_of(project), project.pages[source]
    conversion = _converted(sheet, source, config.dialect, shared)
    html = Drawing(templates, config, shared.compiled).page(sheet.meta, conversion, address(source))
    return html, (frozenset(conversion.anchors), conversion.links)


def draw_one(project: Project, source: str | None, shared: Shared) -> str:
    """The HTML of one page of a project, or of the page for unknown addresses; links are taken at their word."""
    _refuse_odd(project)
    if source is None:
        return Drawing(project.templates, config_of(project), shared.compiled).lost()
    return redrawn(project, project.templates, source, shared)[0]


def makings_of(frame: str, sheet: Sheet) -> str:
    """What a page's HTML depends on: the same makings, the same bytes."""
    return hashlib.sha256(f"{frame} {sheet.digest}".encode()).hexdigest()


def _refuse_odd(project: Project) -> None:
    """Names that MkDocs treats otherwise than its pages and files."""
    copied = [path.removeprefix(_DOCS) for path in project.files if path.startswith(_DOCS)]
    for source in (*copied, *project.pages):
        is_hidden = source.startswith((".", "templates/")) or "/." in source
        if is_hidden or source.endswith(_ODD) or posixpath.basename(source) == "README.md":
            raise BeyondLeanError(source)
    for name in project.templates.files:
        if not name.endswith(".html") and not name.startswith("."):
            raise BeyondLeanError(name)
    if any(source.endswith(".md") for source in copied):
        raise BeyondLeanError(project)


def _copy(path: str, content: Content, digest: str, site: Path, kept: Kept) -> None:
    if kept.reuse(path, digest, f"{site}") is None:
        write(f"{site}/{path}", bytes_of(content))
        kept.note(path, digest, [])


def _converted(sheet: Sheet, source: str, dialect: Dialect, shared: Shared) -> Conversion:
    text = sheet.text.replace("\r\n", "\n").replace("\r", "\n")  # as a file is read
    with _ONE_AT_A_TIME:
        return shared.get(dialect, source, text, lambda: _converter(dialect).convert(f"{text}\n".lstrip("\n"), source))


@lru_cache(maxsize=2)
def _converter(dialect: Dialect) -> Converter:
    """Making one costs as much as some pages."""
    return Converter(dialect)


def _check(told: Mapping[str, Told], project: Project) -> None:
    """Every link leads to a file, every anchor to its heading."""
    for source, (_, links) in told.items():
        for target, anchor in links:
            if target not in told and f"{_DOCS}{target}" not in project.files:
                raise BeyondLeanError(source, target)
            if anchor and target in told and anchor not in told[target][0]:
                raise BeyondLeanError(source, target, anchor)


def _write(file: str, text: str) -> None:
    if data := page_bytes(text):
        write(file, data)
    else:
        make_room(file)


def page_bytes(text: str) -> bytes:
    """What MkDocs writes of a page; it writes no file without a word in it."""
    return text.encode("utf-8", errors="xmlcharrefreplace") if text.strip() else b""


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
