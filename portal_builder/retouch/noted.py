"""Owns what of a portal's plan is left for a later build: enough to make one article's page again when its words alone
have changed. Refuses texts, which may change, and to be needed: the folder may be deleted at any time.

What others make of an article's words is not noted but named in `bound`: then the whole portal is planned again.
"""

from __future__ import annotations

import hashlib
import marshal
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from portal_builder.edition import Page
from portal_builder.links import Way, terms_of
from portal_builder.localised import long_date
from portal_builder.machines.lists import Entry, entries
from portal_builder.machines.publisher import Publisher
from portal_builder.pages.dates import dates
from portal_builder.particles import fill
from portal_builder.platforms import offered
from portal_builder.project import Project, Templates
from portal_builder.search.memory import recall, remember

if TYPE_CHECKING:  # whoever reads what is noted has no plan
    from portal_builder.article import Article
    from portal_builder.edition import Edition
    from portal_builder.pages.context import Context

_FORMAT = "1"
Versions: TypeAlias = "tuple[str, str]"
"""Of the engines and of the search."""
_PORTAL = "portal"
_WITH_A_FEED = frozenset({"notices"})
"""Kinds whose first words stand in the feed."""


@dataclass(frozen=True)
class NotedPage:
    """An article's page without what its words make of it."""

    path: str
    """The article's file."""
    source: str
    template: str
    title: str
    summary: str
    meta: Mapping[str, Any]
    language: str
    """The language the article claims to be in."""
    looks_like: str
    told: str
    """Its title and summary as they are written, for whoever judges the language."""
    ways: tuple[Way, ...]
    """Where each of its links leads."""
    terms: Mapping[str, str]
    """The brand's words in it."""
    devices: Mapping[str, str]
    """The names of devices in it."""
    updated: str
    """How readers are told when it was changed; nothing where they are not."""

    def page(self, text: str, changed: datetime | None, zone: tzinfo, language: str) -> Page:
        """The page with this text, changed at this instant."""
        published = datetime.fromisoformat(self.meta["published_iso"]) if self.meta["published_iso"] else None
        say = (lambda day: fill(self.updated, {"date": long_date(day, language)})) if self.updated else None
        meta = {**self.meta, **dates(published, changed, zone, say)}
        return Page(self.source, self.template, self.title, self.summary, text, meta)


@dataclass(frozen=True)
class Noted:
    """What is kept of one portal."""

    digest: str
    """The portal's, as the release has it."""
    brand: str
    language: str
    publisher: tuple[Any, ...]
    settings: Mapping[str, Any]
    base: str
    frame: str
    templates: str
    """Their digest."""
    versions: Versions
    sheets: Mapping[str, str]
    """Digests of the staged pages."""
    files: Mapping[str, str]
    """Digests of the other staged files."""
    pages: str
    """The file that holds the pages."""
    places: Mapping[str, tuple[int, int]]
    """Where each article's page begins in it, and how long it is, by the article's path."""
    bound: tuple[str, ...]
    """Articles whose words others make something of."""
    zone: str
    """The brand's clock."""
    entries: tuple[Entry, ...]
    """The sitemap's lines."""

    @property
    def publishes(self) -> Publisher:
        return Publisher(*self.publisher)


def note(folder: Path, context: Context, edition: Edition, project: Project, versions: Versions, digest: str) -> None:
    """Leave what is to be known of a planned portal; one with other than plain values is planned whole every time."""
    try:
        noted, data, templates = _of_plan(context, edition, project, versions, digest)
    except ValueError:
        return
    _write(folder / noted.pages, data)
    _write(folder / f"templates-{noted.templates}", templates)
    keep(folder, noted)


def _of_plan(
    context: Context, edition: Edition, project: Project, versions: Versions, digest: str
) -> tuple[Noted, bytes, bytes]:
    """What is noted, and the two files that it names: of pages and of templates."""
    bound, data, places = [*_originals(context)], bytearray(), {}
    pages = {page.source: page for page in edition.pages}
    for shown in context.selection.shown.values():
        article = shown.article
        if _is_bound(context, article):
            bound.append(article.path)
        elif not shown.is_elsewhere:
            page = marshal.dumps(tuple(_noted(context, article, pages[f"{article.id}.md"]).__dict__.values()))
            places[article.path] = len(data), len(page)
            data += page
    noted = Noted(
        digest,
        context.brand.folder,
        context.language,
        tuple(context.publisher.__dict__.values()),
        project.settings,
        project.base,
        project.frame,
        project.templates.digest,
        versions,
        {source: sheet.digest for source, sheet in project.pages.items()},
        project.digests,
        hashlib.blake2b(data, digest_size=12).hexdigest(),
        places,
        tuple(bound),
        context.brand.zone.key,
        tuple(entries(edition.pages)),
    )
    return noted, bytes(data), marshal.dumps(dict(_plain(project.templates)))


def keep(folder: Path, noted: Noted) -> None:
    """Replace what is known of a portal; the pages of another plan are not needed any more."""
    remember(folder / _PORTAL, _FORMAT, tuple(noted.__dict__.values()))
    wanted = {_PORTAL, noted.pages, f"templates-{noted.templates}"}
    for file in folder.iterdir():
        if file.name not in wanted:
            file.unlink(missing_ok=True)


def recalled(folder: Path) -> Noted | None:
    """What was left of a portal; None where there is nothing that fits."""
    plain = recall(folder / _PORTAL, _FORMAT)
    try:
        return Noted(*plain)
    except TypeError:
        return None


def noted_page(folder: Path, noted: Noted, path: str) -> NotedPage:
    """One article's page. Raises OSError or ValueError where it is not there any more."""
    at, size = noted.places[path]
    with (folder / noted.pages).open("rb") as file:
        file.seek(at)
        return NotedPage(*marshal.loads(file.read(size)))  # noqa: S302 -- our own cache, named by what is in it


def templates_of(folder: Path, noted: Noted) -> Templates:
    """The portal's templates. Raises OSError or ValueError where they are not there any more."""
    plain = marshal.loads((folder / f"templates-{noted.templates}").read_bytes())  # noqa: S302 -- as above
    files = {name: Path(content) if isinstance(content, str) else content for name, content in plain.items()}
    return Templates(noted.templates, files)


def _plain(templates: Templates) -> Iterator[tuple[str, bytes | str]]:
    for name, content in templates.files.items():
        yield name, content if isinstance(content, bytes) else str(content)


def _noted(context: Context, article: Article, page: Page) -> NotedPage:
    from portal_builder.pages.article import UPDATED, tells_changes  # noqa: PLC0415 -- whoever reads what is noted has no plan

    term = context.brand.term
    said = ((name, term(name)) for name, _ in terms_of(article.text))
    words = context.centre.catalogues.get(article.text_language, context.words)
    return NotedPage(
        article.path,
        page.source,
        page.template,
        page.title,
        page.summary,
        {name: value for name, value in page.meta.items() if name != "machines"},
        article.language,
        article.looks_like,
        f"{article.meta.title}\n{article.meta.summary}\n",
        context.resolver.ways(article),
        {name: context.brand.say(one, article.language) for name, one in said if one},
        {name: words.say(f"platform.{name}") for name in offered(article.text)},
        context.words.words[UPDATED] if tells_changes(context, article) else "",
    )


def _is_bound(context: Context, article: Article) -> bool:
    """Whether more than the article's own page is made of its words: a list, the feed, a brand's own sections."""
    override = context.centre.overrides.get(context.brand.folder)
    own = override.sections if override else ()
    is_overridden = any((one.article, one.language) == (article.id, article.language) for one in own)
    return article.is_index or article.kind in _WITH_A_FEED or is_overridden


def _originals(context: Context) -> Iterator[str]:
    """Texts whose translations here tell their readers when the original has changed since."""
    if context.brand.file.features.stale:
        for shown in context.selection.articles():
            original = context.translations.original(shown.article.id) if shown.article.meta.translates else None
            if original and original.path != shown.article.path:
                yield original.path


def _write(file: Path, data: bytes) -> None:
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        fresh.write_bytes(data)
        fresh.replace(file)
