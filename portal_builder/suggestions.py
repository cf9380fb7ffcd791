"""Owns what a form offers before it is sent: answers that may spare it, notices of the matter. Refuses to search.

A notice with a severity concerns what shares an article with it: it names the article in `related`, the form (or the
option that is chosen) names it in `suggest`. So an outage is told where customers are about to ask about it, and nobody
has to touch the form.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal_builder.form import Form
from portal_builder.selection import Shown
from portal_builder.shelves import Shelves

_NOTICES = "notices"


def suggestions(form: Form, shelves: Shelves) -> list[dict[str, Any]]:
    """`{title, url, when, severity, language}`, notices first; `when` is `field=value`, or none: it always fits."""
    answers = [(article_id, when) for article_id, when in _named(form) if article_id in shelves.selection.shown]
    notices = [
        (notice.article.id, when)
        for notice in shelves.selection.articles()
        for article_id, when in answers
        if article_id in _concerned(notice)
    ]
    return [_suggestion(shelves, article_id, when) for article_id, when in dict.fromkeys((*notices, *answers))]


def _named(form: Form) -> Iterator[tuple[str, str | None]]:
    yield from ((article_id, None) for article_id in form.file.suggest)
    for field in form.fields:
        for option in field.options:
            yield from ((article_id, f"{field.name}={option.value}") for article_id in option.suggest)


def _concerned(shown: Shown) -> tuple[str, ...]:
    """The articles about which a notice has something to say now."""
    article = shown.article
    return article.meta.related if article.kind == _NOTICES and article.meta.severity else ()


def _suggestion(shelves: Shelves, article_id: str, when: str | None) -> dict[str, Any]:
    entry = shelves.entry(shelves.selection.shown[article_id])
    kept = ("title", "url", "severity", "language", "until")
    return {name: entry[name] for name in kept if name in entry} | {"when": when}
