"""Owns what the audit knows of a page: plain values. Refuses to know how they were read, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["A", "B", "C", "D", "E"]
"""A hidden deep, B nothing but a form, C a wall of text, D inquiries that vanish, E broken on phones."""
KINDS: tuple[Kind, ...] = ("A", "B", "C", "D", "E")
Role = Literal["home", "article", "list", "contact", "form", "flow", "index", "redirect", "gone", "unknown", "other"]


@dataclass(frozen=True)
class Link:
    href: str
    name: str
    """What a reader sees or hears of it."""
    target: str | None
    """Portal-relative path of the file it leads to; None where it leads out of the portal."""
    in_text: bool
    """Whether it stands in what a writer wrote."""
    line: int = 1
    """Of the writer's file, where it was read from there. So are those of pictures, tables and paragraphs."""


@dataclass(frozen=True)
class Picture:
    src: str
    alt: str | None
    has_size: bool
    weight: int
    """Bytes of the file; 0 where it is not one of the portal's."""
    line: int = 1


@dataclass(frozen=True)
class Table:
    columns: int
    rows: int
    line: int = 1


@dataclass(frozen=True)
class Control:
    """One field of a form."""

    name: str
    kind: str
    has_label: bool
    is_required: bool


@dataclass(frozen=True)
class InquiryForm:
    action: str
    method: str
    takes_files: bool
    is_multipart: bool
    controls: tuple[Control, ...]
    has_status: bool
    """Whether something says what becomes of the sending."""
    has_privacy: bool


@dataclass(frozen=True)
class Text:
    """What a writer wrote, as the page shows it. Lengths count a Hangul syllable as two."""

    language: str
    length: int
    headings: int
    breaks: int
    """Lists, tables, pictures and notes between its paragraphs."""
    longest_paragraph: tuple[int, str]
    """Its length, and how it begins."""
    longest_line: int = 1


@dataclass(frozen=True)
class Page:
    """One built HTML file."""

    file: str
    """Below the output folder: `ondam/ko/faq/x/index.html`."""
    url: str
    """Below the portal: `faq/x/`."""
    role: Role
    language: str
    weight: int
    has_summary: bool
    has_search: bool
    has_promise: bool
    viewport: str | None
    links: tuple[Link, ...] = ()
    text: Text | None = None
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    lists: tuple[int, ...] = ()
    """How many entries each list of answers has."""
    form: InquiryForm | None = None
    channels: tuple[str, ...] = ()
    """Addresses of the ways to reach a person."""
    suggestions: int = 0
    """Answers offered before or inside the form."""
    strangers: tuple[str, ...] = ()
    """Addresses on other hosts that the page loads something from."""
    inline: tuple[str, ...] = ()
    """Scripts and event handlers written into the page."""
    too_wide: tuple[str, ...] = ()
    """What is wider than a phone whatever the styles say."""


@dataclass(frozen=True)
class BuiltPortal:
    """Every page of one portal."""

    name: str
    """`brand/lang`."""
    pages: Mapping[str, Page]
    """By address."""
    files: frozenset[str]
    """Every file of the portal, by its path below it."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that makes a help centre hard to use, said in the writer's language only when it is shown."""

    kind: Kind
    rule: str
    """Its message's key is `audit.<rule>`."""
    url: str
    """The page, below its portal."""
    values: tuple[tuple[str, str], ...] = field(default=())
    line: int = 1
    """Of the writer's file, where the page was read from one."""


def finding(kind: Kind, rule: str, page: Page, line: int = 1, **values: object) -> Finding:
    return Finding(kind, rule, page.url, tuple(sorted((name, str(value)) for name, value in values.items())), line)
