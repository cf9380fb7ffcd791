"""Owns what a brand is: one `themes/<brand>/brand.yml`. Refuses to know articles or to draw anything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from portal_builder.hours import CLOSED, Calendar, Day, Days, DaySpans, Week
from portal_builder.problem import Problem
from portal_builder.schema import LANGUAGE, LocalText, Names, Strict, ZoneName, custom, read_file
from portal_builder.yamlfile import Loc, YamlFile
from portal_builder.zones import zone_of

NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
"""What a brand's folder (and a form's file) may be called: it stands in addresses."""

_OURS = frozenset({"a", "f", "healthz", "helpful"})
"""Addresses of the bridge beside the brands."""

FallbackPolicy = Literal["notice", "omit", "link"]
ReplyMode = Literal["off", "ack", "verify"]


def _address(value: str) -> str:
    if not re.fullmatch(r"https?://[\w.-]+(:\d{1,5})?(/[\w./~%-]*)?", value):
        raise custom("url")
    return value.rstrip("/") + "/"


def _mailbox(value: str) -> str:
    if not re.fullmatch(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+\.[^\s@<>,;:\"]+", value):
        raise custom("mailbox")
    return value


def _languages(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value:
        raise custom("languages_none")
    if not all(LANGUAGE.fullmatch(tag) for tag in value) or len(set(value)) != len(value):
        raise custom("languages")
    return value


def _colour(value: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise custom("colour")
    return value


def _picture(value: str) -> str:
    if not re.fullmatch(r"[\w-][\w. -]{0,80}(/[\w-][\w. -]{0,80}){0,3}", value):
        raise custom("picture_name")
    return value


def _terms(value: Mapping[str, LocalText]) -> Mapping[str, LocalText]:
    if value.keys() & {"name", "email"}:
        raise custom("term_ours")
    return value


def _policies(value: object) -> object:
    return {"default": value} if isinstance(value, str) else value


def _owner(value: str) -> str:
    if not re.fullmatch(r"@[\w.-]+(/[\w.-]+)*|[^\s@]+@[^\s@]+\.[^\s@]+", value):
        raise custom("owner")
    return value


def _by_language(value: object) -> object:
    return value if isinstance(value, dict) else {"default": value}


Owners = Annotated[Names, AfterValidator(lambda names: tuple(map(_owner, names)))]
"""As hosts of code know them: `@person`, `@organisation/team`, a mail address."""
Colour = Annotated[str, AfterValidator(_colour)]
Picture = Annotated[str, AfterValidator(_picture)]
"""A file in the brand's folder, or in a folder below it."""
Address = Annotated[str, AfterValidator(_address)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
Mailboxes = Annotated[tuple[Mailbox, ...], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]


class Colours(Strict):
    """The brand's colours. `dark` is used on dark pages; without it a lighter `primary` is computed."""

    primary: Colour
    dark: Colour | None = None


class Channel(Strict):
    """One way to reach the brand, and what it is good for."""

    kind: Literal["form", "email", "phone", "chat", "link"]
    use_for: LocalText
    label: LocalText | None = None
    form: str | None = None
    address: str | None = None
    """Mail address, telephone number or web address, by kind."""
    hours: Week | None = None
    """Where they differ from the brand's."""
    languages: Names = ()


class Promise(Strict):
    """When an inquiry is answered: a number of business days or of hours."""

    business_days: Annotated[int, Field(ge=1, le=30)] | None = None
    hours: Annotated[int, Field(ge=1, le=240)] | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.business_days and self.hours:
            raise custom("promise")
        return self


class When(Strict):
    """What an inquiry has to be for a rule: everything that is written here."""

    form: Names = ()
    language: Names = ()
    fields: Mapping[str, Names] = {}
    """Answers by the name of the question. `*`: any answer; `*text*`: one that holds the text."""
    cause: Names = ()
    polarity: Names = ()


class Rule(Strict):
    """Which inquiries go where. The first rule that fits decides, unless it says `also`."""

    name: str | None = None
    when: When = When()
    to: Annotated[Names, Field(min_length=1)]
    """Entries of `deliver` by name: all of them, or, with `turns`, one after the other."""
    turns: bool = False
    also: bool = False
    """Look further: what later rules say comes on top."""


class Bridge(Strict):
    """Where this brand's forms go."""

    url: Annotated[str, Field(pattern=r"^(/|https?://\S+/)$")] = "/"
    sender: Mailbox | None = None
    """Our address in From; without it the brand's own."""
    bounces: Mailbox | None = None
    """Where automatic replies that cannot be delivered come back to; without it `sender`."""
    deliver: tuple[Mapping[str, Any], ...] = ()
    """One entry a sink: `sink:` names it, the sink checks the rest. Without any: by mail to the brand's address."""
    servers: Names = ()
    """Mail servers by the names of the bridge's settings, in the order they are tried."""
    routes: tuple[Rule, ...] = ()
    """Which inquiry goes to which entry of `deliver`; without any, each goes to all."""
    alarm: tuple[Mapping[str, Any], ...] = ()
    """Like `deliver`: where a person is told that an inquiry does not arrive."""


class Spam(Strict):
    """What is held back for a person to look at. Nothing is ever thrown away."""

    hold: bool = True
    links: Annotated[int, Field(ge=0, le=50)] = 3
    """Web addresses an inquiry may have; one more and it is held."""
    words: Names = ()
    """Words that hold an inquiry back, besides those the product knows."""
    proof: bool = False
    """Whether the customer's browser has to do a little work before it sends (altcha)."""


class Features(Strict):
    dark: bool = True
    banner: bool = True
    helpful: bool = True
    """Whether an article asks if it helped."""
    updated: bool = True
    """Whether an article says when it was last changed, as git remembers it."""
    stale: bool = False
    """Whether a translation says that its original has changed since."""


class BrandFile(Strict):
    """The keys of brand.yml."""

    name: LocalText
    url: Address
    zone: ZoneName
    languages: Annotated[Names, AfterValidator(_languages)]
    door: str | None = None
    """Where the page above the portals leads a reader of no language of the brand: to one of them, or `ask`."""
    email: Mailbox
    site: Address | None = None
    fallback: Annotated[Mapping[str, FallbackPolicy], BeforeValidator(_policies)] = {"default": "notice"}
    fallback_search: Literal["marked", "out"] = "marked"
    """Whether the search finds a text that stands in for a missing translation, with its language, or leaves it out."""
    colours: Colours
    corner: Annotated[int, Field(ge=0, le=32)] = 12
    density: Literal["comfortable", "compact"] = "comfortable"
    logo: Picture | None = None
    favicon: Picture | None = None
    hero: Picture | None = None
    channels: tuple[Channel, ...] = ()
    hours: Week = CLOSED
    holidays: Days = ()
    overrides: Mapping[Day, DaySpans] = {}
    promise: Promise = Promise()
    reply: Annotated[Mapping[str, ReplyMode], BeforeValidator(_policies)] = {"default": "ack"}
    spam: Spam = Spam()
    terms: Annotated[Mapping[str, LocalText], AfterValidator(_terms)] = {}
    company: LocalText | None = None
    owners: Annotated[Mapping[str, Owners], BeforeValidator(_by_language)] = {}
    """Who is asked to look over changes, by language; `default` for the rest of the brand."""
    bridge: Bridge = Bridge()
    features: Features = Features()


@dataclass(frozen=True)
class Brand:
    """A brand: its folder's name and what its file says."""

    folder: str
    file: BrandFile
    source: YamlFile
    """The file as it was written, for the line of a problem."""

    @property
    def languages(self) -> tuple[str, ...]:
        return self.file.languages

    @property
    def source_language(self) -> str:
        """The language its texts are written in first, and fall back to."""
        return self.file.languages[0]

    @property
    def default_language(self) -> str:
        """The portal for a reader of none of its languages; empty where that reader is asked."""
        return "" if self.file.door == "ask" else self.file.door or self.source_language

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.file.zone)

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.file.hours, frozenset(self.file.holidays), self.file.overrides, self.zone)

    def say(self, text: LocalText, language: str) -> str:
        return text.in_(language, self.source_language)

    def term(self, name: str) -> LocalText | None:
        """What `{{ brand.<name> }}` stands for in an article."""
        own = {"name": self.file.name, "email": LocalText.model_validate(self.file.email)}
        return own.get(name) or self.file.terms.get(name)

    @property
    def term_names(self) -> tuple[str, ...]:
        return ("name", "email", *self.file.terms)

    def fallback(self, kind: str) -> FallbackPolicy:
        """What a reader gets where a text of this kind has no translation."""
        return self.file.fallback.get(kind) or self.file.fallback.get("default") or "notice"

    def reply_mode(self, form: str) -> ReplyMode:
        """How a customer who sends this form is answered at once, and automatically."""
        return self.file.reply.get(form) or self.file.reply.get("default") or "ack"

    def mailboxes(self) -> Iterator[str]:
        """Our own addresses."""
        yield self.file.email
        if self.file.bridge.sender:
            yield self.file.bridge.sender
        yield from (channel.address for channel in self.file.channels if channel.kind == "email" and channel.address)

    def texts(self) -> Iterator[tuple[Loc, LocalText]]:
        """Every text that readers see on the pages, and where it stands; terms are checked where they are used."""
        yield ("name",), self.file.name
        if self.file.company:
            yield ("company",), self.file.company
        for at, channel in enumerate(self.file.channels):
            yield ("channels", at, "use_for"), channel.use_for
            if channel.label:
                yield ("channels", at, "label"), channel.label

    def problem(self, loc: Loc, key: str, /, **values: object) -> Problem:
        return Problem.at(self.source.path, self.source.line(loc), key, **values)


def load_brands(root: Path) -> tuple[Mapping[str, Brand], tuple[Problem, ...]]:
    """Every brand in `themes/`, by folder name; a folder without brand.yml or beginning with `_` is none."""
    brands: dict[str, Brand] = {}
    problems: list[Problem] = []
    for file in sorted(root.glob("themes/*/brand.yml")):
        folder = file.parent.name
        if folder.startswith("_"):
            continue
        path = f"themes/{folder}/brand.yml"
        if not NAME.fullmatch(folder) or folder in _OURS:
            problems.append(Problem.at(path, 1, "name.address", name=folder))
            continue
        value, source, faults = read_file(BrandFile, file, path)
        problems += faults
        if value is not None:
            brands[folder] = Brand(folder, value, source)
    if not brands and not problems:
        problems.append(Problem.at("themes", 1, "brand.none"))
    return brands, tuple(problems)
