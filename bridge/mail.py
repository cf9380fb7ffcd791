"""Owns the mail an inquiry becomes: every answer, readable as plain text, safe to reply to. Refuses to send or to read.

From is always ours and Reply-To the customer's: a mail that claims to come from the customer's domain fails DMARC and is
thrown away unseen. `Auto-Submitted` is not set: help desks send no answer of their own to mails that carry it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime

from babel.dates import format_datetime as in_words

from bridge.inquiry import Answer, Inquiry
from bridge.wording import one_line, size_text
from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue
from portal_builder.portal_view import babel_locale

_POLICY: EmailPolicy[EmailMessage] = SMTP.clone(cte_type="7bit")  # not every server on the way says 8BITMIME
_TYPES = {  # what a mail program may show a preview of; anything else stays opaque
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
    "heic": "image/heic", "heif": "image/heif", "pdf": "application/pdf", "txt": "text/plain",
}  # fmt: skip  # one line a few reads better than a column


def build_mail(
    inquiry: Inquiry, brand: Brand, words: Catalogue, to: Sequence[str], contents: Sequence[bytes]
) -> EmailMessage:
    """The mail for the team, in the brand's source language; `contents` are the bytes of `inquiry.files`, in order."""
    mail = EmailMessage(policy=_POLICY)
    for name, value in _headers(inquiry, brand, words, to):
        mail[name] = value
    mail.set_content(_body(inquiry, brand, words), charset="utf-8", cte="base64")
    for file, content in zip(inquiry.files, contents, strict=True):
        maintype, _, subtype = _type_of(file.name).partition("/")
        mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=file.name)
    return mail


def sender(brand: Brand) -> str:
    """Our own address, in From and in the envelope."""
    return brand.file.bridge.sender or brand.file.email


def domain(brand: Brand) -> str:
    return sender(brand).rpartition("@")[2]


def _headers(
    inquiry: Inquiry, brand: Brand, words: Catalogue, to: Sequence[str]
) -> Iterable[tuple[str, str | Address | tuple[Address, ...]]]:
    brand_name = brand.say(brand.file.name, words.language)
    customer = one_line(inquiry.one("name"), 60)
    name = words.say("mail.from", name=customer, brand=brand_name) if customer else brand_name
    yield "From", _address(name, sender(brand))
    if reply_to := _reply_to(inquiry.email):
        yield "Reply-To", _address(customer, reply_to)
    yield "To", tuple(_address("", address) for address in to)
    yield "Subject", one_line(f"[{brand_name}] {inquiry.title}: {inquiry.subject} (#{inquiry.receipt})", 500)
    yield "Date", format_datetime(inquiry.received_at)
    yield "Message-ID", f"<{inquiry.receipt}@{domain(brand)}>"
    yield "List-Id", f"<{brand.folder}.inquiries.{domain(brand)}>"
    yield "X-Haedap-Receipt", inquiry.receipt
    yield "X-Haedap-Brand", inquiry.brand
    yield "X-Haedap-Language", inquiry.language
    yield "X-Haedap-Form", inquiry.form


def _address(name: str, address: str) -> Address:
    return Address(display_name=name, addr_spec=address)


def _reply_to(address: str) -> str:
    """The address in ASCII. One with a local part beyond ASCII cannot stand in a header that every server takes; it is
    in the body all the same."""
    local, _, host = address.rpartition("@")
    try:
        return f"{local.encode('ascii').decode()}@{host.encode('idna').decode()}"
    except UnicodeError:
        return ""


def _body(inquiry: Inquiry, brand: Brand, words: Catalogue) -> str:
    language = babel_locale(inquiry.language)
    received = inquiry.received_at.astimezone(brand.zone)
    facts = [
        ("mail.receipt", inquiry.receipt),
        ("mail.brand", brand.say(brand.file.name, words.language)),
        ("mail.form", inquiry.title),
        ("mail.language", f"{language.get_display_name(words.language.split('-')[0])} ({inquiry.language})"),
        ("mail.received", f"{in_words(received, locale=babel_locale(words.language))} ({brand.file.zone})"),
        ("mail.page", inquiry.page),
        ("mail.tags", ", ".join(f"{tag.cause} ({tag.polarity})" for tag in inquiry.tags)),
    ]
    blocks = ["\n".join(f"{words.say(key)}: {value}" for key, value in facts if value)]
    blocks += [_block(answer) for answer in inquiry.answers if answer.shown]
    if inquiry.files:
        files = "\n".join(f"- {file.name} ({size_text(file.size)})" for file in inquiry.files)
        blocks.append(f"■ {words.say('mail.files', count=len(inquiry.files))}\n{files}")
    blocks.append(f"-- \n{words.say('mail.reply', email=inquiry.email)}")
    return "\n\n".join(blocks) + "\n"


def _block(answer: Answer) -> str:
    return f"■ {answer.label}\n" + "\n".join(answer.shown)


def _type_of(name: str) -> str:
    return _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
