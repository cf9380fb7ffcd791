"""Owns what an article is: one Markdown file, its front matter checked, its text untouched. Refuses to know brands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated, Literal

from frontmatter.default_handlers import YAMLHandler
from pydantic import AfterValidator, BeforeValidator, Field

from portal_builder.face import NO_FACE, Face, face
from portal_builder.hours import Day
from portal_builder.links import Link, anchors, links_of
from portal_builder.problem import Problem
from portal_builder.schema import LANGUAGE, Moment, Names, Strict, custom, listed, read_model
from portal_builder.yamlfile import Loc, YamlFile, read_yaml

ATTACHMENTS_AT_MOST = 30
ATTACHMENT_BYTES_AT_MOST = 10_000_000
LABEL = "@"
"""In scheduled/, what a name says after it tells versions apart: `refund@december.ko.md` replaces `refund.ko.md`."""
_ADDRESS_LENGTH = 180
_SLUG = re.compile(r"[^\s/?#%:*\"<>|\\.]+(\.[^\s/?#%:*\"<>|\\.]+)*")


def is_address(path: str) -> bool:
    """Whether a path can stand in a web address, and stays below where it begins."""
    return len(path) <= _ADDRESS_LENGTH and all(_SLUG.fullmatch(part) for part in path.split("/"))


@dataclass(frozen=True)
class OldAddress:
    """Where (a part of) an article was before: a page, or one anchor of it, and the anchor here that it leads to."""

    path: str
    anchor: str = ""
    to: str = ""


def _old_addresses(value: object) -> tuple[OldAddress, ...]:
    """`faq/old`, `faq/old#part` or `{faq/old#part: heading}`; one of them, several with commas, or a list."""
    entries = listed([value] if isinstance(value, dict) else value)
    if not isinstance(entries, list):
        raise custom("old_address")
    return tuple(old for entry in entries for old in _old_addresses_of(entry))


def _old_addresses_of(entry: object) -> Iterator[OldAddress]:
    pairs = entry.items() if isinstance(entry, dict) else [(entry, "")]
    for written, to in pairs:
        path, _, anchor = str(written).partition("#")
        path = path.strip("/")
        if not is_address(path) or (isinstance(entry, dict) and not (anchor and isinstance(to, str) and to)):
            raise custom("old_address")
        yield OldAddress(path, anchor, to.removeprefix("#"))


def _title(value: str) -> str:
    if not value.strip():
        raise custom("title_empty")
    return value


class Search(Strict):
    keywords: Names = ()
    """What customers type that the text does not say."""
    exclude: bool = False


class FrontMatter(Strict):
    """The closed list of an article's keys."""

    title: Annotated[str, Field(max_length=300), AfterValidator(_title)]
    summary: str = ""
    brand: Names = ("all",)
    language: str | None = None
    publish_at: Moment = None
    expire_at: Moment = None
    instead: str | None = None
    order: int = 1000
    pinned: bool = False
    tags: Names = ()
    related: Names = ()
    form: str | None = None
    redirect_from: Annotated[tuple[OldAddress, ...], BeforeValidator(_old_addresses)] = ()
    platform: Names = ()
    severity: Literal["info", "maintenance", "outage"] | None = None
    owner: str | None = None
    review_by: Day | None = None
    translates: str | None = None
    search: Search = Search()
    attachments: Annotated[Names, Field(max_length=ATTACHMENTS_AT_MOST)] = ()


@dataclass(frozen=True)
class Article:
    """One text in one language, in one version: the one in content/, or one that waits in scheduled/."""

    id: str
    """Path under content/ without language and ending, so that translations share it."""
    language: str
    meta: FrontMatter
    text: str
    path: str
    """The file, relative to the help centre's root."""
    first_line: int
    """The line of the file on which the text begins."""
    source: YamlFile
    looks_like: str = ""
    """The language its words turned out to be in, where that is another one."""
    face: Face = NO_FACE
    """What of its file others may depend on."""

    @property
    def text_language(self) -> str:
        """The language of its words, which is its own unless it is there in name only."""
        return self.looks_like or self.language

    @property
    def is_scheduled(self) -> bool:
        return self.path.startswith("scheduled/")

    @property
    def is_labelled(self) -> bool:
        """Whether its name says that it is one more version of a text."""
        return self.is_scheduled and LABEL in self.path.rpartition("/")[2]

    @property
    def is_index(self) -> bool:
        """Whether it names its folder instead of being a page of its own."""
        return self.slug == "index"

    @property
    def kind(self) -> str:
        return self.id.partition("/")[0]

    @property
    def folder(self) -> str:
        """The folder under content/ in which it lies: the category, or the kind itself."""
        return self.id.rpartition("/")[0]

    @property
    def slug(self) -> str:
        return self.id.rpartition("/")[2]

    @property
    def publish_at(self) -> datetime | None:
        moment: datetime | None = self.meta.publish_at
        return moment

    @property
    def expire_at(self) -> datetime | None:
        moment: datetime | None = self.meta.expire_at
        return moment

    @cached_property
    def links(self) -> tuple[Link, ...]:
        return links_of(self.text)

    @cached_property
    def anchors(self) -> tuple[tuple[int, str], ...]:
        """Each heading's line and anchor."""
        return anchors(self.text)

    def is_for(self, brand: str) -> bool:
        return brand in self.meta.brand or "all" in self.meta.brand

    def problem(self, loc: Loc, key: str, /, **values: object) -> Problem:
        """A problem of the front matter."""
        return Problem.at(self.path, self.source.line(loc), key, **values)

    def text_problem(self, line: int, key: str, /, **values: object) -> Problem:
        """A problem of the text; `line` is counted within it."""
        return Problem.at(self.path, self.first_line + line - 1, key, **values)


def read_article(text: str, path: str) -> tuple[Article | None, tuple[Problem, ...]]:
    """The article that a file of content/ or scheduled/ holds, or what keeps it from being one."""
    split = _split(text, path)
    if isinstance(split, Problem):
        return None, (split,)
    front, body = split
    first_line = text.count("\n", 0, len(text) - len(body)) + 1
    source = read_yaml(front, path, first_line=2)
    meta, problems = read_model(FrontMatter, source)
    if meta is None:
        return None, problems
    article_id, language, name_problem = _name(path, meta, source)
    if name_problem:
        return None, (*problems, name_problem)
    return Article(article_id, language, meta, body, path, first_line, source, face=face(text)), problems


def _split(text: str, path: str) -> tuple[str, str] | Problem:
    handler = YAMLHandler()
    if not text.strip():
        return Problem.at(path, 1, "article.empty")
    if not handler.detect(text):
        return Problem.at(path, 1, "article.no_front_matter")
    try:
        front, body = handler.split(text)
    except ValueError:
        return Problem.at(path, 1, "article.front_matter_open")
    return front.removeprefix("\n"), body.lstrip("\n")


def _unlabelled(stem: str, path: str) -> str:
    folder, slash, name = stem.rpartition("/")
    return f"{folder}{slash}{name.partition(LABEL)[0]}" if path.startswith("scheduled/") else stem


def _name(path: str, meta: FrontMatter, source: YamlFile) -> tuple[str, str, Problem | None]:
    """The id and language of `<tree>/<kind>/.../<slug>.<lang>.md`."""
    inner = path.partition("/")[2].removesuffix(".md")
    stem, dot, suffix = inner.rpartition(".")
    named = suffix if dot and LANGUAGE.fullmatch(suffix) else None
    article_id = _unlabelled(stem if named else inner, path)
    language = named or meta.language
    line = source.line(("language",))
    if "/" not in article_id:
        return "", "", Problem.at(path, 1, "article.no_kind")
    if not is_address(article_id):
        return "", "", Problem.at(path, 1, "name.address", name=article_id)
    if language is None:
        return "", "", Problem.at(path, 1, "article.no_language")
    if meta.language and meta.language != language:
        return "", "", Problem.at(path, line, "article.languages_differ", name=language, key=meta.language)
    if not LANGUAGE.fullmatch(language):
        return "", "", Problem.at(path, line, "article.language_tag", name=language)
    return article_id, language, None
