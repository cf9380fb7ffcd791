"""The whole surface of the bridge under requests that nobody would write by hand: no 5xx, no undocumented answer, no
mail that cannot be built, no markup, path or host of a stranger's making."""

from __future__ import annotations

import io
import random
import re
import tempfile
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine
from sqlalchemy.event import listen, remove
from werkzeug.test import Client

from bridge.intake.receipt import new_receipt
from bridge.replies.mail import ReplyMails
from bridge.server import address_of, make_server
from bridge.settings import Settings
from bridge.testing import ANSWERS, House, open_house, write_centre
from bridge.testing import FORM as TEST_FORM
from bridge.ways.mail import build_mail
from bridge.web.app import create_app
from support import REPOSITORY, article, write_tree

FORM, OTHER_FORM = "/f/daon/ko/inquiry", "/f/daon/ko/another"
JSON = {"Accept": "application/json"}
FREE = Settings(limit_address="off", limit_form="off", limit_all="off")
schema = schemathesis.openapi.from_dict(yaml.safe_load((REPOSITORY / "docs/bridge-openapi.yml").read_text("utf-8")))


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """One for all examples: what comes before must not matter."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_house(_centre(Path(folder)), settings=FREE) as house,
    ):
        yield house


def _centre(root: Path) -> Path:
    return write_tree(
        write_centre(root, own="reply: verify\n"),
        {f"content/faq/billing/refund.{language}.md": article() for language in ("ko", "en")}
        | {"content/forms/another.yml": TEST_FORM},
    )


@pytest.fixture(scope="module")
def client(house: House) -> Client:
    return create_app(house.service).test_client()


@pytest.fixture(scope="module")
def address(house: House) -> Iterator[str]:
    """The same under waitress, as it is served."""
    server = make_server(create_app(house.service), "127.0.0.1", 0, largest_body=10_000_000, behind_proxy=False)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield address_of(server)
    server.close()


@schema.parametrize()
@settings(max_examples=20)
def test_every_answer_is_documented(address: str, case: Case[Any]) -> None:
    """Schemathesis invents requests from docs/bridge-openapi.yml; every status and body has to stand there."""
    answer = case.call(base_url=address, allow_redirects=False)
    checks = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
    case.validate_response(answer, checks=checks)


TEXT = st.text(max_size=80) | st.sampled_from(
    [
        "a\r\nBcc: evil@evil.example",
        "\x85\u2028\x0b",
        "=?utf-8?b?aGk=?=",
        "\udcff",
        "<script>alert(1)</script>",
        "../../x",
    ]
)


@given(
    answers=st.fixed_dictionaries({}, optional=dict.fromkeys((*ANSWERS, "_key", "_page", "_token", "_proof"), TEXT)),
    as_json=st.booleans(),
)
@settings(max_examples=60)
def test_whatever_is_accepted_can_be_mailed(
    house: House, client: Client, answers: dict[str, str], as_json: bool
) -> None:
    """No 5xx; what is taken in becomes two mails with the expected headers and recipients, each once."""
    data = {name: value.encode("utf-8", "surrogatepass") for name, value in (ANSWERS | answers).items()}
    body = "&".join(f"{name}={_percent(value)}" for name, value in data.items())
    kind = "application/x-www-form-urlencoded"
    answer = client.post(FORM, data=body, content_type=kind, headers=JSON if as_json else {})
    assert answer.status_code in {202, 303, 400, 422}
    if answer.status_code in {202, 303}:
        receipt = answer.get_json()["receipt"] if as_json else answer.location.split("/")[5]
        for mail, to in mails_of(house, receipt):
            assert mail["To"].addresses[0].addr_spec == to
            assert mail["Bcc"] is None
            assert mail["Cc"] is None
            assert len(mail.get_all("From", [])) == len(mail.get_all("Subject", [])) == 1
            assert "evil" not in str(mail["To"]) + str(mail["From"].addresses[0].addr_spec)


def mails_of(house: House, receipt: str) -> Iterator[tuple[EmailMessage, str]]:
    """Both mails of an inquiry as a mail program reads them, and whom they must be for."""
    inquiry, brand = house.base.store.inquiry(receipt), house.base.centre.brands["daon"]
    words = house.base.centre.catalogues["ko"]
    contents = [house.base.vault.read(file.id) for file in inquiry.files]
    yield (
        parsed(build_mail(inquiry, brand, words, ["help@daon.example"], contents, address="unverified")),
        "help@daon.example",
    )
    reply = ReplyMails(house.base.centre.root, house.service.tokens).build(inquiry, brand, words, verify=True)
    yield parsed(reply), inquiry.email


def parsed(mail: EmailMessage) -> EmailMessage:
    return BytesParser(EmailMessage, policy=SMTP).parsebytes(mail.as_bytes())


def _percent(value: bytes) -> str:
    return "".join(f"%{byte:02X}" for byte in value)


HOSTILE = (
    '"><script>alert(1)</script>', "<img src=x onerror=alert(1)>", "javascript:alert(1)", "'-alert(1)-'", "{{7*7}}",
    "</textarea><svg/onload=alert(1)>", "<a href='https://evil.example'>here</a>", "&lt;b&gt;", "\u202egnp.exe",
)  # fmt: skip  # a list of attacks


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_stays_text(house: House, client: Client, text: str) -> None:
    """On the form that comes back, on the receipt, and in mails: no element and no script of theirs."""
    data = ANSWERS | {"name": text, "subject": text, "message": text, "_page": text, "_token": text}
    faulty = client.post(FORM, data=data | {"email": text}).text
    receipt = client.post(FORM, data=data, headers=JSON).get_json()["receipt"]
    pages = [faulty, client.get(f"{FORM}/{receipt}").text, client.get(f"{FORM}/{receipt}/confirm").text]
    for page in pages:
        for element in ("<script>alert", "<img src=x", "<svg/onload", "<a href='https://evil"):
            assert element not in page
        assert "49" not in re.findall(r"<textarea[^>]*>([^<]*)", page)
    (team, _), (reply, _) = mails_of(house, receipt)
    assert [part.get_content_type() for part in team.walk()] == ["text/plain"]
    assert text not in reply.as_string()
    html = reply.get_body(("html",))
    assert html is not None
    assert set(re.findall(r'href="([^"]*?)/', html.get_content())) == {"https:"}


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd.pdf", "..\\..\\windows\\x.pdf", "/etc/cron.d/x.pdf", "a/b/c.pdf", "\u202efdp.exe.pdf",
        "con.pdf",
        "x" * 300 + ".pdf", "사업자등록증.pdf", ".htaccess.pdf", "a\r\nContent-Type: text/html.pdf",
        '"><svg>.pdf', "a\0b.pdf",
    ],
)  # fmt: skip  # one line a few reads better than a column
def test_names_of_files_are_names(house: House, client: Client, name: str) -> None:
    """Bytes lie under a random name of our own; the shown name has no path, no control and no direction in it."""
    before = set(house.base.data.attachments.iterdir())
    data = ANSWERS | {"files": (io.BytesIO(b"%PDF-1.4"), name), "message": name.encode("unicode_escape").decode()}
    answer = client.post(FORM, data=data, content_type="multipart/form-data", headers=JSON)
    assert answer.status_code in {202, 400, 422}
    for file in set(house.base.data.attachments.iterdir()) - before:
        assert re.fullmatch(r"[0-9a-f]{32}", file.name)
    if answer.status_code == 202:
        for stored in house.base.store.inquiry(answer.get_json()["receipt"]).files:
            assert not re.search(r'[/\\<>"\x00-\x1f\u202a-\u202e]', stored.name)
            assert len(stored.name) <= 120


POLYGLOTS = {
    "gif-html.gif": b"GIF89a/*<script>alert(1)</script>*/=1;",
    "png-php.png": b"\x89PNG\r\n\x1a\n<?php system($_GET['c']); ?>",
    "pdf-js.pdf": b"%PDF-1.4 <script>alert(1)</script>",
    "html.txt": b"<html><script>alert(1)</script>",
    "svg.png": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "jar.zip": b"PK\x03\x04 META-INF",
}


@pytest.mark.parametrize(("name", "content"), POLYGLOTS.items(), ids=list(POLYGLOTS))
def test_polyglots_stay_opaque(house: House, client: Client, name: str, content: bytes) -> None:
    """Kept byte by byte, mailed as an attachment, and at no address of the bridge."""
    data = ANSWERS | {"files": (io.BytesIO(content), name), "message": name}
    answer = client.post(FORM, data=data, content_type="multipart/form-data", headers=JSON)
    receipt = answer.get_json()["receipt"]
    (stored,) = house.base.store.inquiry(receipt).files
    (team, _), _ = mails_of(house, receipt)
    (part,) = team.iter_attachments()
    assert part.get_content_disposition() == "attachment"
    assert part.get_payload(decode=True) == content
    for where in (stored.id, f"attachments/{stored.id}", f"f/_static/daon/{stored.id}", f"f/daon/ko/{stored.id}"):
        assert client.get(f"/{where}").status_code == 404


@pytest.mark.parametrize("suffix", ["", "/confirm", "/verify/x", "/not-mine/x"])
def test_a_body_for_a_button_is_bounded_too(client: Client, suffix: str) -> None:
    """The pages with one button take a few bytes; a bomb gets 413 and is not read."""
    receipt = client.post(FORM, data=ANSWERS | {"message": suffix or "-"}).location.split("/")[5]
    where = f"{FORM}/{receipt}{suffix}" if suffix else FORM
    bomb = b"_token=" + b"x" * 3_000_000
    answer = client.post(where, data=bomb, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {404, 413}


def test_where_one_is_sent_is_ours_alone(client: Client) -> None:
    """No parameter, header or host changes a redirect; confirm leads to the receipt of the same form."""
    evil = {"_next": "//evil.example", "next": "//evil.example", "url": "https://evil.example"}
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Referer": "https://evil.example"}
    answer = client.post(f"{FORM}?next=//evil.example", data=ANSWERS | evil | {"message": "open"}, headers=headers)
    assert re.fullmatch(rf"{FORM}/[\w-]+/confirm", answer.location)
    assert "evil" not in client.get(f"{answer.location}?next=//evil.example").text


def test_numbers_cannot_be_told_apart_by_trying(client: Client) -> None:
    """A number of another form, one that nobody has, and none at all: the same page; the first two by the same work,
    so that time tells nothing either."""
    receipt = client.post(FORM, data=ANSWERS | {"message": "apart"}, headers=JSON).get_json()["receipt"]
    unknown = new_receipt(random.Random(7).randbytes)  # noqa: S311 -- invents a number, guards nothing
    numbers = (receipt, unknown, receipt[:-1] + ("0" if receipt[-1] != "0" else "1"), "nonsense")
    pages, work = zip(*(looked_up(client, f"{OTHER_FORM}/{number}") for number in numbers), strict=True)
    assert len(set(pages)) == 1
    assert work[0] == work[1]
    assert client.get(f"{FORM}/{receipt}").text not in pages
    assert client.get(f"/f/daon/ko/nothing/{receipt}").status_code == 404


def looked_up(client: Client, address: str) -> tuple[str, tuple[str, ...]]:
    """The page, and what the database was asked for it."""
    asked: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    listen(Engine, "before_cursor_execute", hear)
    try:
        return client.get(address).text, tuple(asked)
    finally:
        remove(Engine, "before_cursor_execute", hear)
