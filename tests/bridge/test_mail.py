"""Whatever a form accepts becomes a mail with exactly our headers and recipients, and reads back as it was written."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.centre import Centre, Place, load_centre
from bridge.inquiry import Inquiry, StoredFile
from bridge.intake.compose import compose
from bridge.testing import ANSWERS, write_centre
from bridge.ways.mail import build_mail
from portal_builder.answers import Answers, Upload, check, clean_file_name

HEADERS = [
    "From", "Reply-To", "To", "Subject", "Date", "Message-ID", "List-Id", "X-Haedap-Receipt", "X-Haedap-Brand",
    "X-Haedap-Language", "X-Haedap-Form", "MIME-Version", "Content-Type",
]  # fmt: skip  # one line a few reads better than a column
BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\0"]
ANYTHING = st.text(st.characters(codec="utf-16", exclude_categories=())) | st.text(
    '가나다 :;<>@"\\\r\n\x85\u2028=?,(,)'
)


def centre() -> Centre:
    with tempfile.TemporaryDirectory() as folder:
        return load_centre(write_centre(Path(folder)))


CENTRE = centre()


def place() -> Place:
    found = CENTRE.place("daon", "en", "inquiry")
    assert found is not None
    return found


def inquiry_of(raw: Mapping[str, str], names: tuple[str, ...] = ()) -> Inquiry | None:
    """What becomes of a post, or None where the form does not take it."""
    uploads = {"files": [Upload(name, 3) for name in names]}
    checked = check(place().form, {name: [text] for name, text in raw.items()}, uploads)
    if not isinstance(checked, Answers):
        return None
    files = [StoredFile("0" * 32, "files", upload.name, 3, "") for upload in checked.files["files"]]
    words = CENTRE.source_words(place().brand)
    received = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
    return compose("0000-0000-000", place(), words, checked, files, "", received)


def mail_of(inquiry: Inquiry) -> tuple[EmailMessage, bytes]:
    """The mail as it is sent and as it is read."""
    brand = place().brand
    contents = [b"abc" for _ in inquiry.files]
    raw = build_mail(inquiry, brand, CENTRE.source_words(brand), ["help@daon.example"], contents).as_bytes()
    read = message_from_bytes(raw, policy=default)
    assert isinstance(read, EmailMessage)
    return read, raw


@settings(max_examples=300, deadline=None)
@given(
    st.fixed_dictionaries({"name": ANYTHING, "subject": ANYTHING, "message": ANYTHING}), st.lists(ANYTHING, max_size=2)
)
def test_every_accepted_inquiry_becomes_a_mail(texts: dict[str, str], names: list[str]) -> None:
    inquiry = inquiry_of(ANSWERS | texts, tuple(f"{name}.pdf" for name in names))
    if inquiry is None:
        return
    mail, raw = mail_of(inquiry)
    assert sorted(mail.keys()) == sorted(HEADERS if names else [*HEADERS, "Content-Transfer-Encoding"])
    assert [address.addr_spec for address in mail["To"].addresses] == ["help@daon.example"]
    assert [address.addr_spec for address in mail["From"].addresses] == ["help@daon.example"]
    assert [address.addr_spec for address in mail["Reply-To"].addresses] == ["hong@example.com"]
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert len(list(mail.iter_attachments())) == len(names)


@pytest.mark.parametrize("field", ["name", "email", "subject", "topic"])
@pytest.mark.parametrize("line_break", BREAKS)
def test_no_field_can_begin_a_header(field: str, line_break: str) -> None:
    inquiry = inquiry_of(ANSWERS | {field: f"{ANSWERS[field]}{line_break}Bcc: victim@example.org"})
    if inquiry is None:
        return
    mail, _ = mail_of(inquiry)
    assert mail["Bcc"] is None
    assert len(mail["To"].addresses) == 1


@pytest.mark.parametrize("field", ["name", "subject", "title", "page", "email", "language"])
@pytest.mark.parametrize("line_break", BREAKS)
def test_even_an_inquiry_that_nobody_cleaned_cannot(field: str, line_break: str) -> None:
    """A second wall: what comes out of the database is not believed either."""
    clean = inquiry_of(ANSWERS)
    assert clean is not None
    dirty = f"x{line_break}Bcc: victim@example.org"
    if field == "name":
        answers = [dataclasses.replace(a, values=(dirty,)) if a.name == "name" else a for a in clean.answers]
        soiled = dataclasses.replace(clean, answers=tuple(answers))
    else:
        soiled = dataclasses.replace(clean, **{field: dirty})  # type: ignore[arg-type]  # each of these is a text
    try:
        mail, raw = mail_of(soiled)
    except ValueError:
        return  # the mail is not built at all; the delivery ends as dead, for a person to see
    assert mail["Bcc"] is None
    assert b"\r\nBcc:" not in raw.split(b"\r\n\r\n")[0]


@pytest.mark.parametrize(
    ("address", "reply_to"),
    [
        ("kim+shop@한국.kr", "kim+shop@xn--3e0b707e.kr"),
        ("김@example.com", None),
        ("o'hara@example.com", "o'hara@example.com"),
    ],
)
def test_addresses_beyond_ascii(address: str, reply_to: str | None) -> None:
    inquiry = inquiry_of(ANSWERS | {"email": address})
    assert inquiry is not None
    mail, _ = mail_of(inquiry)
    assert (mail["Reply-To"].addresses[0].addr_spec if mail["Reply-To"] else None) == reply_to
    body = mail.get_body()
    assert body is not None
    assert address in body.get_content()


@pytest.mark.parametrize("subject", ["짧은 제목", "가나다 " * 24, "x" * 100, 'a,b;c <d> "e" =?utf-8?q?f?='])
def test_subjects_and_names_read_back(subject: str) -> None:
    inquiry = inquiry_of(ANSWERS | {"subject": subject, "name": '김, "철수" <x@y.z>'})
    assert inquiry is not None
    mail, _ = mail_of(inquiry)
    assert " ".join(mail["Subject"].split()) == f"[다온] 문의하기: {' '.join(subject.split())} (#0000-0000-000)"
    assert mail["From"].addresses[0].display_name == '김, "철수" <x@y.z> (via 다온)'


def test_without_a_subject_the_first_line_is_one() -> None:
    inquiry = inquiry_of(ANSWERS | {"subject": "", "message": "첫 줄\n둘째 줄"})
    assert inquiry is not None
    assert inquiry.subject == "첫 줄"


@given(ANYTHING)
def test_clean_file_names(name: str) -> None:
    cleaned = clean_file_name(name)
    assert cleaned
    assert len(cleaned) <= 120
    assert not set('/\\:*?"<>|\r\n\0\x85\u2028\u202e') & set(cleaned)
    assert cleaned not in {".", ".."}
    assert clean_file_name(cleaned) == cleaned


@given(st.text("가나다라마바사 ()._-0", min_size=1, max_size=60))
def test_korean_file_names_survive(stem: str) -> None:
    name = clean_file_name(f"{stem}.hwp")
    inquiry = inquiry_of(ANSWERS, (name,))
    assert inquiry is not None
    mail, _ = mail_of(inquiry)
    (attachment,) = mail.iter_attachments()
    assert attachment.get_filename() == name
    assert attachment.get_content_type() == "application/octet-stream"
