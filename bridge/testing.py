"""Owns what tests of the bridge, and of a sink of your own, stand on: a small help centre, a clock that stands still,
a mail server that misbehaves on demand. Refuses to replace any part of the bridge: all else is the real thing.
"""

from __future__ import annotations

import asyncio
import io
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from aiosmtpd import smtp

from bridge.catchmail import OnSocket
from bridge.centre import load_centre
from bridge.datafolder import DataFolder
from bridge.delivery.courier import Courier
from bridge.files.rooms import Room
from bridge.inquiry import Answer, Delivery, Inquiry, StoredFile, Tag
from bridge.intake.intake import Accepted
from bridge.outside import Outside
from bridge.screening.post import Incoming, Post
from bridge.service import Base, Service, open_base
from bridge.settings import Settings
from bridge.ways.equipment import Equipment, equip
from bridge.ways.parcel import Parcel

BRAND = """\
name: {ko: 다온, en: Daon}
url: https://help.daon.example/
zone: Asia/Seoul
languages: [ko, en]
email: help@daon.example
colours: {primary: "#1f6f54"}
promise: {business_days: 1}
"""
FORM = """\
title: {ko: 문의하기, en: Contact us}
fields:
  - name: topic
    type: select
    required: true
    label: {ko: 주제, en: Topic}
    options:
      - {value: delivery, label: {ko: 배송, en: Delivery}, tags: {cause: 배송-지연, polarity: negative}}
      - {value: other, label: {ko: 기타, en: Other}}
  - {name: name, type: short_text, required: true, max_length: 60, label: {ko: 이름, en: Name}}
  - {name: email, type: email, required: true, label: {ko: 이메일, en: E-mail}}
  - {name: subject, type: short_text, max_length: 100, label: {ko: 제목, en: Subject}}
  - {name: message, type: long_text, required: true, label: {ko: 내용, en: Message}}
  - {name: urgent, type: checkbox, label: {ko: 급해요, en: Urgent}}
  - {name: files, type: file, max_files: 2, max_mb: 1, label: {ko: 파일, en: Files}}
max_total_mb: 2
privacy:
  purpose: {ko: 답변, en: To answer}
  items: {ko: "이메일, 내용", en: E-mail and message}
  retention: {ko: 180일, en: 180 days}
  refusal: {ko: 거부할 수 있어요, en: You may refuse}
"""
ANSWERS = {
    "topic": "delivery",
    "name": "홍길동",
    "email": "hong@example.com",
    "subject": "언제 오나요",
    "message": "어제 온다고 했는데\n아직이에요.",
}
"""What the form above takes."""


QUIET = "reply: off\nspam: {hold: false}\n"
"""For a brand whose inquiries go straight to the team, and to nobody else."""


def write_centre(root: Path, brand: str = BRAND, form: str = FORM, own: str = QUIET) -> Path:
    """A help centre with the brand `daon` and the form `inquiry`; `own` are further keys of the brand."""
    brand += own
    files = {"themes/daon/brand.yml": brand, "content/forms/inquiry.yml": form}
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return root


def sample_inquiry(number: int = 0, **more: Any) -> Inquiry:
    """An inquiry as the store takes it, other for each number: one file, taken in so many seconds after the first."""
    words = ("어제\n𝄞",)
    sample = Inquiry(
        receipt=f"{number:04}-0000-000",
        brand="daon",
        language="ko",
        form="inquiry",
        title="문의하기",
        received_at=datetime(2026, 11, 21, 3, 4, 5, 678, tzinfo=UTC) + timedelta(seconds=number),
        email="hong@example.com",
        subject="언제 오나요 🙂",
        page="/daon/ko/",
        answers=(Answer("message", "long_text", "내용", words, words),),
        tags=(Tag("배송-지연", "negative"),),
        files=(StoredFile(f"{number:032x}", "files", "사업자등록증.pdf", 21, "ab" * 32),),
    )
    return replace(sample, **more)


@dataclass
class StillClock:
    """Time that passes when it is told to."""

    time: datetime = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        self.time += timedelta(**by)


@dataclass(frozen=True)
class House:
    """A bridge with all its parts open and nothing running."""

    base: Base
    service: Service
    clock: StillClock

    def files(self, kind: Literal["attachments", "kept"]) -> list[str]:
        """The names of all files in a room."""
        room: Room = getattr(self.base.rooms, kind)
        return room.before(datetime(2999, 1, 1, tzinfo=UTC))

    def token(self) -> str:
        """What a page asks for when its form is used; good at once, because three seconds have gone by."""
        token = self.service.tokens.for_form("daon/inquiry")
        self.clock.forward(seconds=3)
        return token

    def courier(self, port: int, **settings: Any) -> Courier:
        """One that sends to a mail server on loopback."""
        return self.base.courier(loopback_settings(port, **settings))

    def take(self, language: str = "ko", files: Mapping[str, bytes] | None = None, **answers: str) -> str:
        """Take in what the form of this help centre asks for; the receipt number."""
        place = self.base.centre.place("daon", language, "inquiry")
        raw = {name: [value] for name, value in (ANSWERS | answers).items()}
        incoming = [Incoming(name, len(content), io.BytesIO(content)) for name, content in (files or {}).items()]
        if place is None:
            raise LookupError(language)
        key = self.base.outside.secret_bytes(8).hex()  # the same words twice are two inquiries here
        post = Post(raw, {"files": incoming}, {}, {}, "", key, token=self.token())
        taken = self.service.intake.receive(place, post, keep_files=False)
        if isinstance(taken, Accepted):
            return taken.receipt
        raise ValueError(taken.faults)

    def deliveries(self, receipt: str) -> dict[str, Delivery]:
        """How an inquiry is on its way, by sink."""
        entry = self.base.store.entry(receipt)
        return {delivery.sink: delivery for delivery in entry.deliveries} if entry else {}

    def equipment(self, settings: Settings) -> Equipment:
        """What a sink of yours works with."""
        return equip(settings, self.base.secret(settings), self.base.store, self.base.outside)

    def parcel(self, receipt: str, **more: Any) -> Parcel:
        """An inquiry as a sink is given it."""
        inquiry = self.base.store.inquiry(receipt)
        brand = self.base.centre.brands[inquiry.brand]
        words = self.base.centre.source_words(brand)
        return Parcel(inquiry, brand, words, lambda file: self.base.vault.read(file.id), **more)


def loopback_settings(port: int, **settings: Any) -> Settings:
    """A mail server on loopback, and whatever else a test needs."""
    usual = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "smtp_timeout": 5}
    return Settings.model_validate(usual | settings)


@contextmanager
def open_house(
    root: Path,
    *,
    wake: Callable[[], None] = lambda: None,
    where: Path | str | None = None,
    settings: Settings | None = None,
) -> Iterator[House]:
    """The bridge of the help centre at `root`, with a clock that stands still and jitter that does nothing.

    `where` is the database: SQLite in the data folder, unless an address says PostgreSQL.
    """
    clock = StillClock()
    outside = Outside(now=clock, share=lambda: 0.5)
    with open_base(load_centre(root), DataFolder(root / "var"), outside, where) as base:
        yield House(base, base.service(settings or Settings(), wake), clock)


@dataclass
class MailServer:
    """What it answers is taken from the front of each list; when a list is empty it says 250. `DROP` hangs up."""

    DROP = "DROP"

    rcpt: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    taken: list[EmailMessage] = field(default_factory=list)
    """Every message whose bytes arrived, whatever was answered."""
    port: int = 0
    arrived: threading.Event = field(default_factory=threading.Event)
    """Set when a message's bytes have arrived."""
    hold: threading.Event | None = None
    """The answer to a message waits for this."""
    refuses: dict[str, str] = field(default_factory=dict)
    """What is said to each of these addresses, whatever is in `rcpt`."""
    largest: int | None = None
    """Bytes; a longer mail is answered 552, though nobody was told before."""
    connections: int = 0
    """How often somebody connected."""
    resets: int = 0
    """How often RSET came."""
    mail: list[str] = field(default_factory=list)
    arrivals: list[tuple[EmailMessage, tuple[str, ...]]] = field(default_factory=list)
    """Every message with the recipients that were taken for it."""

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, server: smtp.SMTP, _: object, envelope: smtp.Envelope, address: str, __: object
    ) -> str:
        answer = self.refuses.get(address) or (self.rcpt.pop(0) if self.rcpt else "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self._given(server, answer)

    async def handle_MAIL(  # noqa: N802 -- the same
        self, server: smtp.SMTP, _: object, envelope: smtp.Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.mail.pop(0) if self.mail else "250 OK"
        if answer.startswith("250"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self._given(server, answer)

    async def handle_RSET(self, *_: object) -> str:  # noqa: N802 -- the same
        self.resets += 1
        return "250 OK"

    async def handle_DATA(self, server: smtp.SMTP, _: object, envelope: smtp.Envelope) -> str:  # noqa: N802 -- the same
        content: Any = envelope.content
        self.taken.append(BytesParser(EmailMessage, policy=SMTP).parsebytes(content))
        self.arrivals.append((self.taken[-1], tuple(envelope.rcpt_tos)))
        self.arrived.set()
        if self.hold:
            await asyncio.to_thread(self.hold.wait, 30)
        if self.largest and len(content) > self.largest:
            return "552 5.3.4 message too big"
        return self._given(server, self.data.pop(0) if self.data else "250 OK")

    def _given(self, server: smtp.SMTP, answer: str) -> str:
        if answer == self.DROP and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return answer


class _Counting(OnSocket):
    """Tells the server's record how often somebody connects."""

    def factory(self) -> smtp.SMTP:
        record: MailServer = self.handler
        record.connections += 1
        made: smtp.SMTP = super().factory()  # type: ignore[no-untyped-call]  # aiosmtpd ships no types for it
        return made


@contextmanager
def mail_server(
    *, rcpt: tuple[str, ...] = (), data: tuple[str, ...] = (), port: int = 0, **options: Any
) -> Iterator[MailServer]:
    """A real SMTP server on loopback that answers as told; `options` are aiosmtpd's (TLS, login)."""
    server = MailServer(list(rcpt), list(data))
    controller = _Counting(server, socket.create_server(("127.0.0.1", port)), **options)
    controller.start()
    server.port, server.connections = controller.port, 0  # starting has knocked once itself
    try:
        yield server
    finally:
        controller.stop()


@dataclass(frozen=True)
class Asked:
    """A request that came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes


@dataclass
class WebServer:
    """A server on loopback that keeps what it is asked, and answers what `answers` says."""

    answers: Callable[[Asked], tuple[int, Mapping[str, str], bytes]]
    asked: list[Asked] = field(default_factory=list)
    url: str = ""


@contextmanager
def web_server(answers: Callable[[Asked], tuple[int, Mapping[str, str], bytes]]) -> Iterator[WebServer]:
    """A real HTTP server; status, headers and body are whatever `answers` makes of a request."""
    server = WebServer(answers)

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body)
            server.asked.append(asked)
            status, more, content = server.answers(asked)
            with suppress(OSError):  # whoever asked may have had enough
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **more}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

        do_GET = do_POST = do_PUT = _any  # noqa: N815 -- http.server's names

        def log_message(self, *_: object) -> None:
            """Nothing: a test that fails says why."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        server.url = f"http://127.0.0.1:{listening.server_address[1]}"
        try:
            yield server
        finally:
            listening.shutdown()
            thread.join()
