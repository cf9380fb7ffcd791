"""Owns the pages that list: home, each kind, each category, all articles. Refuses the order of what they list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from portal_builder.edition import Page
from portal_builder.pages.contact import form_links
from portal_builder.pages.context import Context
from portal_builder.selection import Shown

_FIRST_FEW = 3
_ON_A_SHELF = 4


def home(context: Context) -> Page:
    shelves, words, name = context.shelves, context.words, context.view["name"]
    faq = shelves.of_kind("faq")
    categories = [(folder, articles) for folder, articles in faq if folder != "faq"]
    pinned = [shown for _, articles in faq for shown in articles if shown.article.meta.pinned]
    return Page(
        "index.md",
        "home.html",
        title=name,
        summary=words.say("home.description", brand=name),
        meta=context.meta("home")
        | {
            "breadcrumbs": [],
            "categories": [_category(context, folder, articles) for folder, articles in categories],
            "popular": shelves.entries(pinned),
            "shelves": [_shelf(context, kind) for kind in shelves.kinds if kind != "faq" or not categories],
            "forms": form_links(context),
            "flows": context.guided.entries(),
        },
    )


def _category(context: Context, folder: str, articles: tuple[Shown, ...]) -> dict[str, Any]:
    count_text = context.words.say("home.articles", count=len(articles))
    section = context.shelves.section(folder, articles[:_FIRST_FEW])
    return section | {"count": len(articles), "count_text": count_text}


def _shelf(context: Context, kind: str) -> dict[str, Any]:
    articles = [shown for _, listed in context.shelves.of_kind(kind) for shown in listed][:_ON_A_SHELF]
    return {"kind": kind} | context.folder_link(kind) | {"entries": context.shelves.entries(articles)}


def lists(context: Context) -> Iterator[Page]:
    """A page for each kind, and one for each of its categories."""
    shelves = context.shelves
    for kind in shelves.kinds:
        folders = shelves.of_kind(kind)
        sections = [
            shelves.section(folder, articles, title="" if folder == kind else None) for folder, articles in folders
        ]
        yield _list(context, kind, sections)
        for folder, articles in folders:
            if folder != kind:
                section = shelves.section(folder, articles, title="")
                yield _list(context, folder, [section], [context.folder_link(kind)])


def _list(context: Context, folder: str, sections: list[dict[str, Any]], crumbs: Iterable[dict[str, str]] = ()) -> Page:
    index = context.selection.shown.get(f"{folder}/index")
    entries = [entry for section in sections for entry in section["entries"]]
    return Page(
        f"{folder}/index.md",
        "list.html",
        title=context.shelves.name_of(folder),
        summary=context.shelves.summary_of(folder),
        text=context.text(index.article) if index else "",
        meta=context.meta(folder.partition("/")[0], crumbs)
        | {
            "slug": folder.rpartition("/")[2],
            "text_language": index.article.text_language if index else context.language,
            "sections": sections,
            "is_entry": any(entry["language"] == context.language for entry in entries),
        },
    )


def all_articles(context: Context) -> Page:
    sections = [*context.guided.sections(), *context.sections]
    return Page("all.md", "all.html", context.words.say("list.all"), meta=context.meta("all") | {"sections": sections})


def search(context: Context) -> Page:
    """Nobody is led here; what the search shows is drawn here once for all pages."""
    meta = context.meta("search") | {"is_entry": False}
    return Page("all/search.md", "search.html", context.words.say("search.label"), meta=meta)
