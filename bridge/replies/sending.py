"""Owns sending an automatic reply that the budgets have let through. Refuses to send it late, or unwanted.

A reply is a courtesy: where it cannot be delivered, it is skipped and nobody is alarmed; the inquiry is not touched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from bridge.centre import Centre
from bridge.inquiry import Inquiry
from bridge.outside import Outside
from bridge.replies.mail import ReplyMails
from bridge.replying import TOO_LATE, SkippedError, address_hash
from bridge.store import Store
from bridge.ways.mail import ascii_address, sender
from bridge.ways.parcel import SinkError
from bridge.wording import one_line
from portal_builder.brand import Brand

HandOver = Callable[[Brand, EmailMessage, str, Sequence[str]], None]
"""Give a mail to the mail server: whose it is, the mail, the envelope's sender and recipients. SinkError where not."""


@dataclass(frozen=True)
class Replies:
    centre: Centre
    store: Store
    mails: ReplyMails
    secret: str
    hand_over: HandOver
    outside: Outside

    def send(self, inquiry: Inquiry, brand: Brand) -> None:
        """SkippedError where it is not to be sent any more, SinkError where it can be tried again."""
        now, hashed = self.outside.now(), address_hash(inquiry.email, self.secret)
        if now - inquiry.received_at > TOO_LATE:
            raise SkippedError("too_late")
        if self.store.is_suppressed(hashed):
            raise SkippedError("suppressed")
        words = self.centre.catalogues[inquiry.language]
        try:
            address = ascii_address(inquiry.email)
            mail = self.mails.build(inquiry, brand, words, verify=self.asks(brand, inquiry.form))
        except UnicodeError:
            raise SkippedError("not_ascii") from None
        try:
            self.hand_over(brand, mail, brand.file.bridge.bounces or sender(brand), [address])
        except SinkError as error:
            if not error.permanent:
                raise
            if error.message.startswith("RCPT TO"):  # the mailbox is not there: its owner did not ask us
                self.store.suppress(hashed, "refused", now)
            raise SkippedError(f"refused: {one_line(error.message)}") from error

    def asks(self, brand: Brand, form: str) -> bool:
        """Whether the customer has to show that the address is theirs: always, or while the breaker is open."""
        mode = brand.reply_mode(form)
        return mode == "verify" or (mode == "ack" and brand.folder in self.store.open_breakers(self.outside.now()))
