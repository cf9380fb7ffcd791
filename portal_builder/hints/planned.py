"""Owns reading a planned portal into what the audit knows of a built one. Refuses to look into texts: see written.py.

Whatever the plan gives a template under `url` counts as a link of the page, as the templates print every one of them.
What only a template decides (a search box, a label, a status line) is taken to be right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from portal_builder.audit.facts import BuiltPortal, Control, InquiryForm, Link, Page, Role
from portal_builder.edition import Edition
from portal_builder.edition import Page as PlannedPage
from portal_builder.links import links_of, resolve

_ROLES: Mapping[str, Role] = {
    "home.html": "home",
    "article.html": "article",
    "list.html": "list",
    "flows.html": "list",
    "contact.html": "contact",
    "form.html": "form",
    "flow.html": "flow",
    "all.html": "index",
    "redirect.html": "redirect",
}


def planned_portal(edition: Edition) -> BuiltPortal:
    """Every page of an edition, by address."""
    files = {page.url: f"{page.url}index.html" for page in edition.pages}
    pages = {page.url: _page(page, edition, files) for page in edition.pages}
    return BuiltPortal(str(edition.portal), pages, frozenset(files.values()))


def _page(page: PlannedPage, edition: Edition, files: Mapping[str, str]) -> Page:
    view = page.meta.get("form")
    promise = view["promise"] if view else edition.view["promise"]
    return Page(
        file=f"{edition.portal}/{files[page.url]}",
        url=page.url,
        role=_ROLES.get(page.template, "other"),
        language=edition.portal.language,
        weight=0,
        has_summary=bool(page.summary),
        has_search=True,
        has_promise=bool(promise),
        viewport="width=device-width",
        links=tuple(_links(page, edition, files)),
        lists=tuple(len(part["entries"]) for part in page.meta.get("sections", ()) if part["url"] == page.url),
        form=_form(view) if view else None,
        channels=tuple(_channels(page, edition)),
        suggestions=len(view["suggest"]) if view else 0,
    )


def _links(page: PlannedPage, edition: Edition, files: Mapping[str, str]) -> Iterator[Link]:
    for title, url in (*_addresses(edition.view["nav"]), *_addresses(page.meta)):
        yield Link(url, title or url, files.get(url.partition("?")[0].partition("#")[0]), in_text=False)
    folder = page.source.rpartition("/")[0]
    for link in links_of(page.text):
        if link.is_local and not link.is_image:
            target = resolve(link.destination, folder)[0].removesuffix(".md")
            address = f"{target.removesuffix('index')}".rstrip("/") + "/"
            yield Link(link.destination, link.destination, files.get(address), in_text=False)


def _addresses(value: Any) -> Iterator[tuple[str, str]]:
    """Title and address of everything that has one."""
    if isinstance(value, Mapping):
        if isinstance(value.get("url"), str):
            yield str(value.get("title") or ""), value["url"]
        for inner in value.values():
            yield from _addresses(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _addresses(inner)


def _form(view: Mapping[str, Any]) -> InquiryForm:
    fields = [field for field in view["fields"] if field["type"] != "hidden"]
    shown = [Control(field["name"], field["type"], bool(field["label"]), field["required"]) for field in fields]
    return InquiryForm(
        action=view["action"],
        method="post",
        takes_files=any(control.kind == "file" for control in shown),
        is_multipart=True,
        controls=tuple(shown),
        has_status=True,
        has_privacy=True,
    )


def _channels(page: PlannedPage, edition: Edition) -> Iterator[str]:
    if page.template == "contact.html":
        yield from (channel["href"] for channel in edition.view["channels"] if channel["kind"] != "form")
