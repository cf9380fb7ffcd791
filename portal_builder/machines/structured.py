"""Owns a page as JSON-LD (schema.org): article, answered questions, place in the portal. Refuses what is not shown.

Search engines ask that a page's data says only what its readers see: questions are those of the page's own text, with
its own words as answers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from portal_builder.edition import Page
from portal_builder.machines.publisher import PICTURE, Publisher
from portal_builder.plain import opening, questions

Node = dict[str, Any]
_ASKS = re.compile(r"[?？؟]\s*$")
_HEADLINE = 110
"""Characters of a headline that search engines show."""
_ANSWER = 1500
_UNSAFE = re.compile("[<>&\u2028\u2029]")


def structured(page: Page, publisher: Publisher) -> str:
    """What stands inside the page's `<script type="application/ld+json">`; empty where there is nothing to say.

    No character in it can end the element, whatever a title holds.
    """
    nodes = [*_nodes(page, publisher)]
    if not nodes:
        return ""
    text = json.dumps({"@context": "https://schema.org", "@graph": nodes}, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda mark: f"\\u{ord(mark[0]):04x}", text)


def _nodes(page: Page, publisher: Publisher) -> Iterator[Node]:
    if page.template == "home.html":
        yield _whole("WebSite", page, publisher) | {"name": publisher.centre, "publisher": _organisation(publisher)}
    elif page.template == "article.html":
        asked = [*_questions(page)]
        if asked:
            yield (
                _whole("FAQPage", page, publisher) | _dates(page.meta) | {"mainEntity": [_question(*q) for q in asked]}
            )
        if not asked or not _ASKS.search(page.title):
            yield _article(page, publisher)
    if page.meta.get("breadcrumbs"):
        yield _trail(page, publisher)


def _questions(page: Page) -> Iterator[tuple[str, str]]:
    if _ASKS.search(page.title) and (answer := opening(page.text)):
        yield page.title, answer
    yield from questions(page.text)


def _question(asked: str, answer: str) -> Node:
    return {"@type": "Question", "name": asked, "acceptedAnswer": {"@type": "Answer", "text": answer[:_ANSWER]}}


def _whole(kind: str, page: Page, publisher: Publisher) -> Node:
    return {
        "@type": kind,
        "url": publisher.address(page.url),
        "inLanguage": page.meta.get("text_language") or publisher.language,
    }


def _article(page: Page, publisher: Publisher) -> Node:
    node = _whole("Article", page, publisher) | {"headline": page.title[:_HEADLINE]}
    if page.summary:
        node["description"] = page.summary
    organisation = _organisation(publisher)
    image = publisher.address(PICTURE)
    return node | _dates(page.meta) | {"image": image, "author": organisation, "publisher": organisation}


def _dates(meta: Mapping[str, Any]) -> Node:
    known = {"datePublished": meta.get("published_iso"), "dateModified": meta.get("updated_iso")}
    return {name: date for name, date in known.items() if date}


def _organisation(publisher: Publisher) -> Node:
    node = {"@type": "Organization", "name": publisher.name, "url": publisher.site or publisher.door}
    return node | ({"logo": publisher.address(publisher.logo)} if publisher.logo else {})


def _trail(page: Page, publisher: Publisher) -> Node:
    steps = [*page.meta["breadcrumbs"], {"title": page.title, "url": page.url}]
    items = [
        {"@type": "ListItem", "position": number, "name": step["title"], "item": publisher.address(step["url"])}
        for number, step in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}
