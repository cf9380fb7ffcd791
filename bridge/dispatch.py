"""Owns handing one inquiry to one sink: finds the sink, packs the parcel. Refuses to retry; that is the courier's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from bridge.centre import Centre
from bridge.inquiry import Inquiry
from bridge.mail import AddressState, domain
from bridge.replies import HandOver, Replies
from bridge.replying import REPLY, SkippedError
from bridge.settings import Settings
from bridge.sinks import Parcel, Sink, SinkError
from bridge.sinks.smtp import Smtp
from bridge.vault import Vault
from portal_builder.brand import Brand


@dataclass(frozen=True)
class Dispatch:
    centre: Centre
    sinks: Mapping[tuple[str, str], Sink]
    """By brand and name of the route."""
    vault: Vault
    replies: Replies

    def send(self, inquiry: Inquiry, name: str) -> None:
        brand = self.centre.brands.get(inquiry.brand)
        if brand and name == REPLY:
            self.replies.send(inquiry, brand)
            return
        sink = self.sinks.get((inquiry.brand, name))
        if brand is None or sink is None:
            raise SinkError(f"brand.yml has no {inquiry.brand} or no sink {name} any more", permanent=True)
        try:
            contents = tuple(self.vault.read(file.id) for file in inquiry.files)
        except FileNotFoundError as error:
            raise SinkError(f"a file is gone from the data folder: {error.filename}", permanent=True) from error
        sink.send(Parcel(inquiry, brand, self.centre.source_words(brand), contents, self._address(inquiry, brand)))

    def _address(self, inquiry: Inquiry, brand: Brand) -> AddressState:
        if not inquiry.email or not self.replies.asks(brand, inquiry.form):
            return ""
        entry = self.replies.store.entry(inquiry.receipt)
        return "verified" if entry and entry.verified_at else "unverified"


def connect_sinks(centre: Centre, settings: Settings, vault: Vault, replies: Callable[[HandOver], Replies]) -> Dispatch:
    """Every sink of every brand; SettingsError where one lacks a setting."""
    sinks = {
        (brand.folder, route.name): route.connect(brand, settings)
        for brand in centre.brands.values()
        for route in centre.routes[brand.folder]
    }

    def hand_over(brand: Brand, mail: EmailMessage, sender: str, to: Sequence[str]) -> None:
        if not settings.smtp_host:
            raise SkippedError("no_mail_server")
        Smtp(to, sender, domain(brand), settings).hand_over(mail)

    return Dispatch(centre, sinks, vault, replies(hand_over))
