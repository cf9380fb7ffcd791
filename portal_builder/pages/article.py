"""Owns an article's page: its text, and all that stands around it. Refuses to choose which articles are shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from portal_builder.article import Article
from portal_builder.edition import Page
from portal_builder.localised import language_name, long_date, size_text
from portal_builder.pages.context import Context
from portal_builder.pages.dates import dates
from portal_builder.platforms import offered
from portal_builder.resolve import CONTACT
from portal_builder.selection import Shown
from portal_builder.shelves import DATED
from portal_builder.tongues.scripts import UNKNOWN
from portal_builder.translating.digest import source_digest

_RELATED = 3
_HEADINGS_FOR_A_TOC = 3
UPDATED = "article.updated"
"""The word that says when it was changed."""


def articles(context: Context) -> Iterator[Page]:
    for shown in context.selection.articles():
        if not shown.is_elsewhere:
            yield article_page(context, shown)


def article_page(context: Context, shown: Shown) -> Page:
    article = shown.article
    entry = context.shelves.entry(shown)
    text = context.text(article)
    folders = dict.fromkeys((article.kind, article.folder))
    meta = context.meta(article.kind, [context.folder_link(folder) for folder in folders]) | {
        "slug": article.slug,
        **_language(context, shown),
        "date": entry["date"],
        "date_iso": entry["date_iso"],
        **_dates(context, article),
        "severity": entry["severity"],
        "platforms": entry.get("platforms", []),
        **_variants(context, article),
        "related": _related(context, article),
        "flows": context.guided.of_article(article.id),
        "attachments": _attachments(context, article),
        "contact": _contact_link(context, article),
        "toc": f"\n{text}".count("\n## ") >= _HEADINGS_FOR_A_TOC,
        "search": {"keywords": list(article.meta.search.keywords), "exclude": _is_hidden(context, shown)},
        **_stale_notice(context, article),
    }
    return Page(f"{article.id}.md", "article.html", entry["title"], entry["summary"], text, meta)


def _variants(context: Context, article: Article) -> dict[str, Any]:
    """The devices among which its readers choose, where it has parts for several."""
    names = offered(article.text)
    choices = [{"name": name, "title": context.words.say(f"platform.{name}")} for name in names]
    return {"variants": choices} if len(choices) > 1 else {}


def _language(context: Context, shown: Shown) -> dict[str, Any]:
    """Which language the text is in, and what readers are told where that is not theirs."""
    found = shown.article.text_language
    if found == UNKNOWN:  # it has no name to tell readers, and is no translation for machines
        return {"text_language": found, "fallback": None, "is_entry": False}
    if not shown.is_foreign(context.language):
        return {"text_language": found, "fallback": None}
    notice = context.words.say("article.fallback", language=language_name(found, context.language))
    return {"text_language": found, "fallback": notice}


def _is_hidden(context: Context, shown: Shown) -> bool:
    """Whether searches leave it out: as its writer wants it, or the brand for texts of another language."""
    is_unwanted = shown.is_foreign(context.language) and context.brand.file.fallback_search == "out"
    return shown.article.meta.search.exclude or is_unwanted


def _stale_notice(context: Context, article: Article) -> dict[str, Any]:
    """That the original has changed since this translation was made, where the brand tells its readers so."""
    made_from, source = article.meta.translates, context.brand.source_language
    is_told = context.brand.file.features.stale
    if made_from is None or article.looks_like or article.language == source or not is_told:
        return {}
    original = context.translations.original(article.id)
    shared = original and context.centre.library.by_path[original.path]
    if shared is None or source_digest(shared) == made_from:
        return {}
    link = context.words.say("article.original", language=language_name(source, context.language))
    notice = {"text": context.words.say("article.stale"), "title": link, "language": source}
    return {"stale": notice | {"url": f"../{source}/{article.id}/"}}


def _dates(context: Context, article: Article) -> dict[str, str | None]:
    """When this version came out and was last changed, where that is known."""
    changed = context.centre.changed.get(article.path)
    if changed and changed > context.at:  # a look into the past does not know the future
        changed = None
    say = (lambda day: _updated(context, day)) if tells_changes(context, article) else None
    return dates(context.selection.starts(article), changed, context.brand.zone, say)


def tells_changes(context: Context, article: Article) -> bool:
    """Whether readers are told when it was changed. News say when they came out instead."""
    return article.kind not in DATED and context.brand.file.features.updated


def _updated(context: Context, day: date) -> str:
    return context.words.say(UPDATED, date=long_date(day, context.language))


def _related(context: Context, article: Article) -> list[dict[str, Any]]:
    """What the writer names; else what shares a tag; else its neighbours in the category."""
    shown = context.selection.shown
    named = [shown[article_id] for article_id in article.meta.related if article_id in shown]
    return context.shelves.entries((named or context.shelves.near(article, _RELATED))[:_RELATED])


def _attachments(context: Context, article: Article) -> list[dict[str, str]]:
    """The files that an article lends, in the order its writer named them."""
    assets = dict(context.library.shown_by(article)) if article.meta.attachments else {}
    return [
        {"title": name, "url": path, "size_text": size_text(assets[path].size, context.language)}
        for name in article.meta.attachments
        if (path := f"{article.folder}/{name}") in assets
    ]


def _contact_link(context: Context, article: Article) -> dict[str, str]:
    form = next((form for form in context.forms if form.name == article.meta.form), None)
    if form is None:
        return {"title": context.words.say("nav.contact"), "url": f"{CONTACT}/?from={article.id}/"}
    title = context.brand.say(form.file.title, context.language)
    return {"title": title, "url": f"{CONTACT}/{form.name}/?from={article.id}/"}
