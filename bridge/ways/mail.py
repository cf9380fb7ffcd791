"""Owns the mail an inquiry becomes: every answer, readable as plain text, safe to reply to. Refuses to send or to read.

From is always ours and Reply-To the customer's: a mail that claims to come from the customer's domain fails DMARC and
is thrown away unseen. `Auto-Submitted` is set exactly where the bridge answers the customer itself: help desks send no
answer of their own to mails that carry it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from bridge.inquiry import AddressState, Answer, Inquiry
from bridge.ways.parcel import Link, Notice
from bridge.wording import one_line
from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue
from portal_builder.localised import language_name, long_moment, size_text


class _Encoded(str):
    """A header's text in ASCII, folded, ready to be sent."""

    __slots__ = ()


class _Policy(EmailPolicy):
    """Leaves alone what is encoded. The library's own folding loses spaces in long Korean text (CPython 3.11), and it
    believes a customer whose words look like an encoded header."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return (name, str(value)) if isinstance(value, _Encoded) else super().header_store_parse(name, value)


_POLICY = _Policy(linesep="\r\n", cte_type="7bit", refold_source="none")  # not every server on the way says 8BITMIME
_TYPES = {  # what a mail program may show a preview of; anything else stays opaque
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
    "heic": "image/heic", "heif": "image/heif", "pdf": "application/pdf", "txt": "text/plain",
}  # fmt: skip  # one line a few reads better than a column


def new_mail() -> EmailMessage:
    return EmailMessage(policy=_POLICY)


def build_mail(
    inquiry: Inquiry,
    brand: Brand,
    words: Catalogue,
    to: Sequence[str],
    contents: Sequence[bytes | Link],
    *,
    answered: bool = False,
    address: AddressState = "",
) -> EmailMessage:
    """The mail for the team, in the brand's source language; `contents` are those of `inquiry.files`, in order."""
    mail = new_mail()
    for name, value in _headers(inquiry, brand, words, to):
        mail[name] = value
    if answered:
        mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_body(inquiry, brand, words, contents, address), charset="utf-8", cte="base64")
    for file, content in zip(inquiry.files, contents, strict=True):
        if isinstance(content, Link):
            continue
        maintype, _, subtype = _type_of(file.name).partition("/")
        mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=file.name)
    return mail


def build_notice(notice: Notice, to: Sequence[str]) -> EmailMessage:
    """What the team is told about the bridge itself."""
    mail = EmailMessage(policy=_POLICY)
    brand = notice.brand
    mail["From"] = address_header("From", brand.say(brand.file.name, brand.source_language), sender(brand))
    mail["To"] = tuple(Address(addr_spec=address) for address in to)
    mail["Subject"] = encoded_header("Subject", notice.title)
    mail["Date"] = format_datetime(notice.at)
    mail["Message-ID"] = f"<{notice.key}@{domain(brand)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Haedap-Alarm"] = notice.kind
    mail.set_content("\n".join(notice.lines) + "\n", charset="utf-8", cte="base64")
    return mail


def sender(brand: Brand) -> str:
    """Our own address, in From and in the envelope."""
    return brand.file.bridge.sender or brand.file.email


def domain(brand: Brand) -> str:
    return sender(brand).rpartition("@")[2]


def _headers(
    inquiry: Inquiry, brand: Brand, words: Catalogue, to: Sequence[str]
) -> Iterable[tuple[str, str | tuple[Address, ...]]]:
    brand_name = brand.say(brand.file.name, words.language)
    customer = one_line(inquiry.one("name"), 60)
    name = words.say("mail.from", name=customer, brand=brand_name) if customer else brand_name
    yield "From", address_header("From", name, sender(brand))
    if reply_to := _reply_to(inquiry.email):
        yield "Reply-To", address_header("Reply-To", customer, reply_to)
    yield "To", tuple(Address(addr_spec=address) for address in to)
    yield (
        "Subject",
        encoded_header("Subject", f"[{brand_name}] {inquiry.title}: {inquiry.subject} (#{inquiry.receipt})"),
    )
    yield "Date", format_datetime(inquiry.received_at)
    yield "Message-ID", f"<{inquiry.receipt}@{domain(brand)}>"
    yield "List-Id", f"<{brand.folder}.inquiries.{domain(brand)}>"
    yield "X-Haedap-Receipt", inquiry.receipt
    yield "X-Haedap-Brand", inquiry.brand
    yield "X-Haedap-Language", inquiry.language
    yield "X-Haedap-Form", inquiry.form


def encoded_header(header: str, text: str) -> _Encoded:
    return _Encoded(Header(one_line(text, 500), "utf-8", header_name=header).encode())


def address_header(header: str, name: str, address: str) -> _Encoded:
    checked = Address(addr_spec=address)  # ValueError for what is no address
    return _Encoded(f"{encoded_header(header, name)}\n <{checked.addr_spec}>" if name else checked.addr_spec)


def ascii_address(address: str) -> str:
    """As every mail server takes it; UnicodeError where its local part has letters beyond ASCII."""
    local, _, host = address.rpartition("@")
    return f"{local.encode('ascii').decode()}@{host.encode('idna').decode()}"


def _reply_to(address: str) -> str:
    """An address that cannot stand in a header that every server takes is in the body all the same."""
    try:
        return ascii_address(address)
    except UnicodeError:
        return ""


def _body(
    inquiry: Inquiry, brand: Brand, words: Catalogue, contents: Sequence[bytes | Link], address: AddressState
) -> str:
    blocks = [*text_blocks(inquiry, brand, words, address), *_files_block(inquiry, brand, words, contents)]
    blocks.append(f"-- \n{words.say('mail.reply', email=inquiry.email)}")
    return "\n\n".join(blocks) + "\n"


def text_blocks(inquiry: Inquiry, brand: Brand, words: Catalogue, address: AddressState = "") -> list[str]:
    """What there is to read: the facts, then each answer."""
    received = inquiry.received_at.astimezone(brand.zone)
    facts = [
        ("mail.receipt", inquiry.receipt),
        ("mail.brand", brand.say(brand.file.name, words.language)),
        ("mail.form", inquiry.title),
        ("mail.language", f"{language_name(inquiry.language, words.language)} ({inquiry.language})"),
        ("mail.received", f"{long_moment(received, words.language)} ({brand.file.zone})"),
        ("mail.page", inquiry.page),
        ("mail.tags", ", ".join(f"{tag.cause} ({tag.polarity})" for tag in inquiry.tags)),
    ]
    blocks = ["\n".join(f"{words.say(key)}: {value}" for key, value in facts if value)]
    if address:
        blocks.append(f"※ {words.say(f'mail.address.{address}', email=inquiry.email)}")
    return blocks + [_block(answer) for answer in inquiry.answers if answer.shown]


def _files_block(inquiry: Inquiry, brand: Brand, words: Catalogue, contents: Sequence[bytes | Link]) -> Iterable[str]:
    if not inquiry.files:
        return
    lines = [f"■ {words.say('mail.files', count=len(inquiry.files))}"]
    links = [content for content in contents if isinstance(content, Link)]
    if links:
        until = links[0].until.astimezone(brand.zone)
        lines.append(words.say("mail.links", until=long_moment(until, words.language)))
    for file, content in zip(inquiry.files, contents, strict=True):
        lines.append(f"- {file.name} ({size_text(file.size, words.language)})")
        if isinstance(content, Link):
            lines.append(f"  {content.url}")
    yield "\n".join(lines)


def _block(answer: Answer) -> str:
    return f"■ {answer.label}\n" + "\n".join(answer.shown)


def _type_of(name: str) -> str:
    return _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
