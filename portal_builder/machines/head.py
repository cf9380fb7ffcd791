"""Owns what a page's head tells machines: its one address, its translations, how a link to it looks. Refuses to draw.

A text speaks to machines only in its own language: a page that shows another language's text for want of its own (and
names that one as canonical), a text that is kept out of the search, and a step in the middle of a guided answer are
nobody's entry.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from portal_builder.edition import MOVED, Page
from portal_builder.machines.publisher import PICTURE, PICTURE_SIZE, TWIN, Publisher, locale
from portal_builder.machines.structured import structured
from portal_builder.tongues.scripts import UNKNOWN

_DESCRIPTION = 300
"""Characters of a description that anybody shows."""


def with_head(page: Page, publisher: Publisher) -> Page:
    """The page, knowing what its head says (docs/templates.md, `machines`)."""
    if page.template == MOVED:
        head: dict[str, Any] = {"robots": None, "canonical": publisher.address(page.meta["target"])}
    elif not is_entry(page):
        is_foreign = page.meta.get("fallback") or page.meta.get("text_language") == UNKNOWN
        is_stand_in = is_foreign and not page.meta.get("search", {}).get("exclude")
        head = {  # one or the other: a page that asks to be left out and names another one says two things
            "robots": None if is_stand_in else "noindex",
            "canonical": _original(page, publisher) if is_stand_in else None,
            "open_graph": _open_graph(page, publisher),
        }
    else:
        head = {
            "robots": None,
            "canonical": publisher.address(page.url),
            "translations": translations(page, publisher),
            "open_graph": _open_graph(page, publisher),
            "json_ld": structured(page, publisher),
            "twin": TWIN if has_twin(page) else None,
        }
    return replace(page, meta={**page.meta, "machines": head})


def _original(page: Page, publisher: Publisher) -> str | None:
    """The address of a text that stands in for a missing translation: where it is in its own language, if it is."""
    language = page.meta["text_language"]
    is_there = any(
        other["code"] == language and other["url"].endswith(f"/{page.url}") for other in page.meta["alternates"]
    )
    return publisher.address(page.url, language) if is_there else None


def is_entry(page: Page) -> bool:
    """Whether machines are shown this page as one to lead people to."""
    is_hidden = page.meta.get("fallback") or page.meta.get("search", {}).get("exclude")
    return page.template != MOVED and not is_hidden and bool(page.meta.get("is_entry", True))


def has_twin(page: Page) -> bool:
    return page.template == "article.html" and is_entry(page)


def translations(page: Page, publisher: Publisher) -> list[dict[str, str]]:
    """This page and its real translations, each page naming the same ones; nothing where there are none."""
    others = [other["code"] for other in page.meta["alternates"] if other["translated"]]
    languages = [code for code in publisher.roots if code in {publisher.language, *others}]
    if len(languages) < 2:
        return []
    links = [{"code": code, "url": publisher.address(page.url, code)} for code in languages]
    return [*links, {"code": "x-default", "url": _default(page, publisher, languages)}]


def _default(page: Page, publisher: Publisher, languages: list[str]) -> str:
    """For a reader of another language: the choice of languages, or the text as it was written first."""
    if page.url == "":
        return publisher.door
    source = publisher.source_language
    return publisher.address(page.url, source if source in languages else languages[0])


def _open_graph(page: Page, publisher: Publisher) -> dict[str, str]:
    is_article = page.template == "article.html"
    width, height = PICTURE_SIZE
    pairs = {
        "og:type": "article" if is_article else "website",
        "og:title": publisher.centre if page.url == "" else page.title,
        "og:description": page.summary[:_DESCRIPTION],
        "og:url": publisher.address(page.url),
        "og:site_name": publisher.centre,
        "og:locale": locale(publisher.language),
        "og:image": publisher.address(PICTURE),
        "og:image:width": str(width),
        "og:image:height": str(height),
        "og:image:alt": publisher.name,
        "article:published_time": page.meta.get("published_iso") if is_article else None,
        "article:modified_time": page.meta.get("updated_iso") if is_article else None,
    }
    return {name: content for name, content in pairs.items() if content}
