"""Owns what makes a help centre hard to use, by the five kinds. Refuses to read files and to say it in words.

Each rule is a function of one portal. A length counts a Hangul syllable as two (`read.width_of`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from portal_builder.audit.facts import BuiltPortal, Finding, Page, finding

CLICKS = 3
AREAS = ("billing", "orders", "shipping", "returns", "accounts")
"""The five areas every shop's customers ask about, as folders of `faq/`."""
LIST = 30
PARAGRAPH = 600
WITHOUT_HEADING = 2400
WITHOUT_BREAK = 1600
COLUMNS = 5
ROWS = 30
PAGE_BYTES = 150_000
PICTURE_BYTES = 500_000
_VAGUE = frozenset(
    {
        "여기",
        "여기를 클릭",
        "클릭",
        "링크",
        "바로가기",
        "here",
        "click here",
        "link",
        "this",
        "ここ",
        "こちら",
        "リンク",
    }
)
_MAIL = re.compile(r"mailto:[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"tel:\+?[\d().-]{7,20}")
_BRIDGE = re.compile(r".*/f/[^/]+/[^/]+/[^/]+")
_DOORS = frozenset({"redirect", "unknown"})
"""An old address leads on by itself; links of the page for unknown addresses begin at the root of the host."""
_FOUND_BY_CLICKS = frozenset({"article", "list", "contact", "form"})


def hidden(portal: BuiltPortal) -> Iterator[Finding]:
    """A: what takes too many clicks, what nothing leads to, and links that lead nowhere."""
    clicks = clicks_from_home(portal)
    for page in portal.pages.values():
        if page.role in _FOUND_BY_CLICKS and not page.url.startswith("flows/"):
            if page.url not in clicks:
                yield finding("A", "orphan", page)
            elif clicks[page.url] > CLICKS:
                yield finding("A", "deep", page, clicks=clicks[page.url], most=CLICKS)
        if page.role == "home" and not page.has_search:
            yield finding("A", "no_search", page)
        if page.role not in _DOORS and not any(_leads_to_people(link.target) for link in page.links):
            yield finding("A", "no_way_to_people", page)
    yield from links(portal)


def links(portal: BuiltPortal) -> Iterator[Finding]:
    """A as well: links that lead nowhere, or do not say where."""
    for page in portal.pages.values():
        for link in page.links:
            if link.target is not None and link.target not in portal.files:
                yield finding("A", "dead_link", page, link.line, href=link.href)
            if not link.name:
                yield finding("A", "nameless_link", page, link.line, href=link.href)
            if link.in_text and link.name.strip(" .!→»").lower() in _VAGUE:
                yield finding("A", "vague_link", page, link.line, name=link.name)


def _leads_to_people(target: str | None) -> bool:
    return target is not None and target.startswith("contact/")


def clicks_from_home(portal: BuiltPortal) -> dict[str, int]:
    """How many clicks each page is away. The index of everything does not count: nobody finds an answer in it."""
    clicks = {"": 0}
    waiting = [""]
    while waiting:
        ring: list[str] = []
        for url in waiting:
            page = portal.pages.get(url)
            for link in page.links if page and page.role != "index" else ():
                target = (link.target or "?").removesuffix("index.html")
                if target in portal.pages and target not in clicks:
                    clicks[target] = clicks[url] + 1
                    ring.append(target)
        waiting = ring
    return clicks


def bare(portal: BuiltPortal) -> Iterator[Finding]:
    """B: forms that stand there alone."""
    forms = [page for page in portal.pages.values() if page.form]
    for page in forms:
        if not page.has_summary:
            yield finding("B", "form_unexplained", page)
        if not page.suggestions:
            yield finding("B", "form_alone", page)
        for control in page.form.controls if page.form else ():
            if not control.has_label:
                yield finding("B", "no_label", page, name=control.name)
    contact = portal.pages.get("contact/")
    if forms and contact:
        for area in AREAS:
            if not any(
                page.role == "article" and page.url.startswith(f"faq/{area}/") for page in portal.pages.values()
            ):
                yield finding("B", "area", contact, name=area)


def wall(portal: BuiltPortal) -> Iterator[Finding]:
    """C: too much at once, unsorted."""
    for page in portal.pages.values():
        for count in page.lists:
            if count > LIST:
                yield finding("C", "list_long", page, count=count, most=LIST)
        if page.role == "article" and page.text:
            yield from _wall_of_text(page)


def _wall_of_text(page: Page) -> Iterator[Finding]:
    text = page.text
    if text is None:
        return
    if not page.has_summary:
        yield finding("C", "no_summary", page)
    length, beginning = text.longest_paragraph
    if length > PARAGRAPH:
        yield finding(
            "C", "paragraph_long", page, text.longest_line, length=length, most=PARAGRAPH, beginning=beginning
        )
    if text.length > WITHOUT_HEADING and not text.headings:
        yield finding("C", "no_headings", page, length=text.length, most=WITHOUT_HEADING)
    if text.length > WITHOUT_BREAK and not text.breaks:
        yield finding("C", "no_steps", page, length=text.length, most=WITHOUT_BREAK)
    if not text.length:
        yield finding("C", "empty", page)


def lost(portal: BuiltPortal) -> Iterator[Finding]:
    """D: inquiries of which nobody hears again."""
    for page in portal.pages.values():
        if page.form:
            yield from _lost_form(page)
        if page.role in {"form", "contact"} and not page.has_promise:
            yield finding("D", "no_promise", page)
        for address in page.channels:
            wrong = (address.startswith("mailto:") and not _MAIL.fullmatch(address)) or (
                address.startswith("tel:") and not _PHONE.fullmatch(address)
            )
            if wrong:
                yield finding("D", "channel_broken", page, address=address)
    contact = portal.pages.get("contact/")
    if contact is None:
        home = portal.pages.get("")
        yield from [finding("D", "no_contact", home)] if home else []
    elif not any(_is_human(address) for address in contact.channels):
        yield finding("D", "no_channel", contact)


def _lost_form(page: Page) -> Iterator[Finding]:
    form = page.form
    if form is None:
        return
    if not _BRIDGE.fullmatch(urlsplit(form.action).path) or form.method != "post":
        yield finding("D", "form_nowhere", page, action=form.action or "-")
    if not any(control.kind == "email" and control.is_required for control in form.controls):
        yield finding("D", "no_reply", page)
    if form.takes_files and not form.is_multipart:
        yield finding("D", "files_lost", page)
    if not form.has_status:
        yield finding("D", "no_status", page)
    if not form.has_privacy:
        yield finding("D", "no_privacy", page)


def _is_human(address: str) -> bool:
    return address.startswith(("mailto:", "tel:", "https://", "http://"))


def phone(portal: BuiltPortal) -> Iterator[Finding]:
    """E: what breaks on a small screen, and what a browser refuses to load. Only what the files say for certain."""
    for page in portal.pages.values():
        yield from _frame(page)
        yield from _pictures(page)
        yield from _tables(page)
        for rule, found in (("too_wide", page.too_wide), ("inline", page.inline), ("stranger", page.strangers)):
            for what in found:
                yield finding("E", rule, page, what=what)
        for link in page.links:
            if link.in_text and len(link.name) == 1:
                yield finding("E", "tiny_link", page, link.line, name=link.name)


def _frame(page: Page) -> Iterator[Finding]:
    if page.viewport is None:
        yield finding("E", "no_viewport", page)
    elif re.search(r"user-scalable\s*=\s*(no|0)|maximum-scale\s*=\s*1(\.0*)?\b", page.viewport):
        yield finding("E", "no_zoom", page)
    if not page.language:
        yield finding("E", "no_language", page)
    if page.weight > PAGE_BYTES:
        yield finding("E", "page_heavy", page, size=page.weight // 1000, most=PAGE_BYTES // 1000)


def _tables(page: Page) -> Iterator[Finding]:
    for table in page.tables:
        if table.columns > COLUMNS:
            yield finding("E", "table_wide", page, table.line, count=table.columns, most=COLUMNS)
        if table.rows > ROWS:
            yield finding("E", "table_long", page, table.line, count=table.rows, most=ROWS)


def _pictures(page: Page) -> Iterator[Finding]:
    for picture in page.pictures:
        if picture.alt is None or (not picture.alt.strip() and page.role == "article"):
            yield finding("E", "no_alt", page, picture.line, src=picture.src)
        if not picture.has_size:
            yield finding("E", "no_size", page, picture.line, src=picture.src)
        if picture.weight > PICTURE_BYTES:
            size = picture.weight // 1000
            most = PICTURE_BYTES // 1000
            yield finding("E", "picture_heavy", page, picture.line, src=picture.src, size=size, most=most)


Rule = Callable[[BuiltPortal], Iterator[Finding]]
RULES: tuple[Rule, ...] = (hidden, bare, wall, lost, phone)
"""One function for each kind, in their order."""
