"""Owns the automatic reply as a mail, in the customer's language and the brand's look. Refuses what was typed.

Brand, receipt number, promise and links: nothing else. A reply that repeats a subject or a name sends a stranger's
words to whatever address the stranger likes.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from bridge.addresses import receipt_address
from bridge.inquiry import Inquiry
from bridge.screening.tokens import Tokens
from bridge.ways.mail import address_header, ascii_address, domain, encoded_header, new_mail, sender
from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue
from portal_builder.localised import direction
from portal_builder.look import template_folders
from portal_builder.promise import promise

VERIFY, NOT_MINE = "verify", "not-mine"
"""What the links of a reply are for; they stand in their addresses."""


@dataclass(frozen=True)
class ReplyMails:
    root: Path
    tokens: Tokens

    def build(self, inquiry: Inquiry, brand: Brand, words: Catalogue, *, verify: bool) -> EmailMessage:
        """The mail to the customer; UnicodeError for an address that no plain mail server takes."""
        said = self._said(inquiry, brand, words, verify=verify)
        mail = new_mail()
        name = brand.say(brand.file.name, words.language)
        mail["From"] = address_header("From", name, sender(brand))
        mail["To"] = address_header("To", "", ascii_address(inquiry.email))
        mail["Reply-To"] = address_header("Reply-To", name, brand.file.email)
        mail["Subject"] = encoded_header("Subject", f"[{name}] {said['title']} (#{inquiry.receipt})")
        mail["Date"] = format_datetime(inquiry.received_at)
        mail["Message-ID"] = f"<{inquiry.receipt}.reply@{domain(brand)}>"
        mail["In-Reply-To"] = mail["References"] = f"<{inquiry.receipt}@{domain(brand)}>"
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
        mail["Precedence"] = "auto_reply"
        mail.set_content(_plain(said), charset="utf-8", cte="base64")
        mail.add_alternative(self._html(brand, said), subtype="html", charset="utf-8", cte="base64")
        return mail

    def _said(self, inquiry: Inquiry, brand: Brand, words: Catalogue, *, verify: bool) -> dict[str, str]:
        page = receipt_address(brand, words.language, inquiry.form, inquiry.receipt)
        name = brand.say(brand.file.name, words.language)

        def link(purpose: str) -> str:
            return f"{page}/{purpose}/{self.tokens.for_inquiry(purpose, inquiry.receipt)}"

        return {
            "language": words.language,
            "brand": name,
            "title": words.say("reply.verify.title" if verify else "reply.title"),
            "text": words.say("reply.verify.text" if verify else "reply.text", brand=name),
            "verify": link(VERIFY) if verify else "",
            "verify_button": words.say("ask.verify.button"),
            "number_label": words.say("receipt.number"),
            "receipt": inquiry.receipt,
            "promise": promise(brand, words, inquiry.received_at),
            "page": page,
            "page_link": words.say("reply.page"),
            "automatic": words.say("reply.automatic"),
            "not_mine_question": words.say("reply.not_mine"),
            "not_mine_link": words.say("reply.not_mine.link"),
            "not_mine": link(NOT_MINE),
        }

    def _html(self, brand: Brand, said: dict[str, str]) -> str:
        environment = Environment(loader=FileSystemLoader(template_folders(self.root, brand.folder)), autoescape=True)
        look = {"colour": brand.file.colours.primary, "corner": brand.file.corner, "dir": direction(said["language"])}
        return environment.get_template("mail/reply.html").render(said | look)


def _plain(said: dict[str, str]) -> str:
    blocks = [
        f"{said['title']}\n\n{said['text']}",
        f"{said['verify_button']}:\n{said['verify']}" if said["verify"] else "",
        f"{said['number_label']}: {said['receipt']}",
        said["promise"],
        f"{said['page_link']}:\n{said['page']}",
        f"-- \n{said['brand']}\n{said['automatic']}",
        f"{said['not_mine_question']} {said['not_mine_link']}:\n{said['not_mine']}",
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"
