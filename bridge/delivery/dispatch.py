"""Owns handing one inquiry to one sink: finds the sink, packs the parcel. Refuses to retry; that is the courier's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

from bridge.centre import Centre
from bridge.files.vault import Vault
from bridge.inquiry import REPLY, AddressState, Inquiry, StoredFile
from bridge.replies.sending import HandOver, Replies
from bridge.replying import SkippedError
from bridge.settings import MAIN_SERVER
from bridge.sinks import Sink, Teller
from bridge.ways.equipment import Equipment
from bridge.ways.ladder import GIVES_UP_AFTER
from bridge.ways.mail import domain
from bridge.ways.mailservers import Letter
from bridge.ways.parcel import Parcel, SinkError
from portal_builder.brand import Brand


@dataclass(frozen=True)
class Dispatch:
    centre: Centre
    sinks: Mapping[tuple[str, str], Sink]
    """By brand and name of the route."""
    vault: Vault
    attempt: Callable[[str, str], int]
    """At which attempt a delivery is, by receipt and sink."""
    equipment: Equipment
    replies: Replies

    def send(self, inquiry: Inquiry, name: str) -> None:
        route, _, part = name.partition(":")
        brand = self.centre.brands.get(inquiry.brand)
        if brand and name == REPLY:
            self.replies.send(inquiry, brand)
            return
        sink = self.sinks.get((inquiry.brand, route))
        if brand is None or sink is None:
            raise SinkError(f"brand.yml has no {inquiry.brand} or no sink {route} any more", permanent=True)
        attempt = self.attempt(inquiry.receipt, name)
        words = self.centre.source_words(brand)
        answered, address = brand.reply_mode(inquiry.form) != "off", self._address(inquiry, brand)
        sink.send(Parcel(inquiry, brand, words, self._read, part, attempt, answered, address))

    def shut(self) -> frozenset[tuple[str, str]]:
        """Sinks that there is no use in trying: every door they have refused us."""
        return frozenset(self.shut_because())

    def shut_because(self) -> Mapping[tuple[str, str], str]:
        shut = self.equipment.doors.shut_ones()
        if not shut:  # nearly always: then no sink has to work out its doors
            return {}
        doors = {key: sink.doors() for key, sink in self.sinks.items()}
        return {key: shut[own[0]].why for key, own in doors.items() if own and all(door in shut for door in own)}

    def gives_up_after(self, name: str, brand: str) -> timedelta:
        """How long a sink is tried."""
        sink = self.sinks.get((brand, name.partition(":")[0]))
        own: timedelta = getattr(sink, "gives_up_after", GIVES_UP_AFTER)
        return own

    def rest(self) -> None:
        """Nothing is to be sent now."""
        self.equipment.servers.rest()

    def _read(self, file: StoredFile) -> bytes:
        try:
            return self.vault.read(file.id)
        except FileNotFoundError as error:
            raise SinkError(f"a file is gone from the data folder: {error.filename}", permanent=True) from error

    def _address(self, inquiry: Inquiry, brand: Brand) -> AddressState:
        if not inquiry.email or not self.replies.asks(brand, inquiry.form):
            return ""
        entry = self.replies.store.entry(inquiry.receipt)
        return "verified" if entry and entry.verified_at else "unverified"


def connect_sinks(
    centre: Centre,
    vault: Vault,
    attempt: Callable[[str, str], int],
    equipment: Equipment,
    replies: Callable[[HandOver], Replies],
) -> Dispatch:
    """Every sink of every brand; SettingsError where one lacks a setting."""
    sinks = {
        (brand.folder, route.name): route.connect(brand, equipment)
        for brand in centre.brands.values()
        for route in centre.routes[brand.folder]
    }

    def hand_over(brand: Brand, mail: EmailMessage, sender: str, to: Sequence[str]) -> None:
        names = brand.file.bridge.servers or (MAIN_SERVER,)
        if not all(equipment.servers.knows(name) for name in names):
            raise SkippedError("no_mail_server")
        data = mail.as_bytes()
        equipment.servers.send(names, Letter(sender, domain(brand), to, lambda _: data))

    return Dispatch(centre, sinks, vault, attempt, equipment, replies(hand_over))


def connect_tellers(centre: Centre, equipment: Equipment) -> Mapping[str, Sequence[Teller]]:
    """By brand, the ways to tell a person that something is wrong."""
    return {
        brand.folder: [route.connect_teller(brand, equipment) for route in centre.alarms[brand.folder]]
        for brand in centre.brands.values()
    }
