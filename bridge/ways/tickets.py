"""Owns handing an inquiry to a ticket system by its HTTP API: once, with its files. Refuses to know any of them.

A system is one file in `bridge/sinks/`: its options, and a mapping of four answers (`System`). A repeated attempt looks
for the receipt number first, so that an answer that got lost makes no second ticket.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Protocol
from urllib.parse import urlencode

from pydantic import Field

from bridge.inquiry import StoredFile
from bridge.ways.equipment import Equipment
from bridge.ways.mail import text_blocks
from bridge.ways.outgoing import WITHIN, FormPart, OutgoingError, form_data
from bridge.ways.parcel import Link, Parcel, SinkError
from bridge.wording import one_line
from portal_builder.localised import long_moment, size_text
from portal_builder.schema import Strict

_LONGEST_ANSWER = 4_000_000
_SLOWEST = 100_000
"""Bytes a second that an upload is given."""
_PAYLOAD_REFUSED = {400, 422}
_LOGIN_REFUSED = {401, 403}
_TOO_LARGE = 413


class SystemOptions(Strict):
    """What every ticket system needs."""

    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+(/\S*)?$")]
    token: str
    """The name of the secret that holds the API's token."""


@dataclass(frozen=True)
class TicketFile:
    name: str
    content: bytes


@dataclass(frozen=True)
class Ticket:
    """What a system is told."""

    receipt: str
    title: str
    """With the receipt number in it."""
    text: str
    """Everything the team has to read, without the links."""
    links: str
    """Where to find the files that are not enclosed; empty where all are."""
    name: str
    email: str
    tags: tuple[str, ...]
    received_at: datetime
    files: tuple[TicketFile, ...]

    @property
    def whole(self) -> str:
        return "\n\n".join(filter(None, (self.text, self.links)))


class TooLargeError(Exception):
    """The files are more than the system takes: links will do instead."""


@dataclass(frozen=True)
class Api:
    """One system's API, with our login there."""

    url: str
    login: Mapping[str, str]
    """Headers."""
    door: str
    equipment: Equipment

    def get(self, path: str, query: Mapping[str, str], *, none_at: Collection[int] = ()) -> Any:
        """What is there; None where the answer is one of `none_at`."""
        return self._ask("GET", f"{path}?{urlencode(query)}", {}, None, none_at)

    def post(
        self, path: str, tree: Any, headers: Mapping[str, str] | None = None, *, none_at: Collection[int] = ()
    ) -> Any:
        body = json.dumps(tree, ensure_ascii=False).encode()
        return self._ask("POST", path, {"Content-Type": "application/json", **(headers or {})}, body, none_at)

    def post_form(self, path: str, parts: Sequence[FormPart]) -> Any:
        kind, body = form_data(parts)
        return self._ask("POST", path, {"Content-Type": kind}, body, ())

    def post_bytes(self, path: str, query: Mapping[str, str], content: bytes) -> Any:
        headers = {"Content-Type": "application/octet-stream"}
        return self._ask("POST", f"{path}?{urlencode(query)}", headers, content, ())

    def _ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None, none_at: Collection[int]
    ) -> Any:
        within = WITHIN + len(body or b"") / _SLOWEST
        url, all_headers = self.url.rstrip("/") + path, {"Accept": "application/json", **self.login, **headers}
        doors, now = self.equipment.doors, self.equipment.outside.now()
        try:
            answer = self.equipment.outgoing.ask(method, url, all_headers, body, within=within, longest=_LONGEST_ANSWER)
        except OutgoingError as error:
            raise SinkError(str(error)) from error
        if answer.status in none_at:
            return None
        if answer.is_good:
            doors.passed(self.door)
            tree = answer.tree()
            if tree is None and method == "GET":
                raise SinkError(f"GET {path.partition('?')[0]} gave no JSON")
            return tree
        said = f"{method} {path.partition('?')[0]} was answered {answer.status}"
        if answer.status == _TOO_LARGE:
            raise TooLargeError(said)
        if answer.status in _LOGIN_REFUSED:
            doors.refused(self.door, said)
        permanent = answer.status in _PAYLOAD_REFUSED
        raise SinkError(said, permanent=permanent, retry_after=None if permanent else answer.retry_after(now))


class System(Protocol):
    """The mapping: how one system wants to be told."""

    @property
    def most(self) -> int:
        """Bytes of files that one ticket takes; what is more becomes links."""

    def find(self, api: Api, ticket: Ticket) -> bool:
        """Whether the ticket is there already, whole."""

    def create(self, api: Api, ticket: Ticket) -> None:
        """Make it. Called again after a failure, with what `find` did not find."""


@dataclass(frozen=True)
class TicketSink:
    system: System
    api: Api

    def send(self, parcel: Parcel) -> None:
        ticket = self._ticket(parcel, self.system.most)
        if parcel.attempt > 1 and self.system.find(self.api, ticket):
            return
        try:
            self.system.create(self.api, ticket)
        except TooLargeError:
            smaller = self._ticket(parcel, 0)
            try:
                self.system.create(self.api, smaller)
            except TooLargeError as error:
                raise SinkError(str(error), permanent=True) from error

    def doors(self) -> Sequence[str]:
        return (self.api.door,)

    def _ticket(self, parcel: Parcel, room: int) -> Ticket:
        """With as many files as there is room for, the small ones first, and links to the others."""
        inquiry, links = parcel.inquiry, self.api.equipment.links
        enclosed: list[TicketFile] = []
        linked: list[tuple[StoredFile, Link]] = []
        for file in sorted(inquiry.files, key=lambda file: file.size):
            room -= file.size
            if room >= 0:
                enclosed.append(TicketFile(file.name, parcel.read(file)))
            else:
                linked.append((file, links.link(parcel.brand, file, inquiry.received_at)))
        lines: list[str] = []
        if linked:
            until = linked[0][1].until.astimezone(parcel.brand.zone)
            language = parcel.words.language
            lines = [parcel.words.say("mail.links", until=long_moment(until, language))]
            lines += [f"- {file.name} ({size_text(file.size, language)})\n  {link.url}" for file, link in linked]
        return Ticket(
            receipt=inquiry.receipt,
            title=one_line(f"{inquiry.subject or inquiry.title} (#{inquiry.receipt})", 200),
            text="\n\n".join(text_blocks(inquiry, parcel.brand, parcel.words)),
            links="\n".join(lines),
            name=one_line(inquiry.one("name"), 100) or inquiry.email,
            email=inquiry.email,
            tags=tuple(dict.fromkeys(tag.cause for tag in inquiry.tags)),
            received_at=inquiry.received_at,
            files=tuple(enclosed),
        )


def ticket_sink(system: System, options: SystemOptions, login: Mapping[str, str], equipment: Equipment) -> TicketSink:
    """The sink of a system. `login` are headers that prove who we are."""
    door = equipment.doors.name("ticket", options.url, *login.values())
    return TicketSink(system, Api(options.url, login, door, equipment))


def basic(user: str, password: str) -> str:
    """The value of `Authorization` (RFC 7617)."""
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def fenced(text: str) -> str:
    """For systems that draw Markdown: shown as it was written, so that it mentions nobody and loads nothing."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}text\n{text}\n{fence}"
