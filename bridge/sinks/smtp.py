"""Owns handing an inquiry to the team by mail. Refuses to know how servers are talked to; that is `mailservers.py`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bridge.inquiry import StoredFile
from bridge.settings import MAIN_SERVER, SettingsError, Wrong, variable
from bridge.ways.equipment import Equipment
from bridge.ways.mail import build_mail, build_notice, domain, sender
from bridge.ways.mailservers import Letter
from bridge.ways.parcel import Notice, Parcel, SinkError
from portal_builder.brand import Brand, Mailboxes
from portal_builder.schema import Names, Strict

CAN_TELL = True
_TEXT = 64 * 1024
"""Kept free for everything but files when a limit has to be met; a longer text is found out by trying."""


class Options(Strict):
    """`{sink: smtp, to: help@brand.example}`; without `to` the brand's own address."""

    to: Mailboxes = ()
    servers: Names = ()
    """By the names of the settings, in the order they are tried; without any the brand's, `bridge.servers`."""


def parts(options: Options) -> Sequence[str]:
    """Each recipient is a delivery of its own: one that is refused holds up no other and is not repeated to them."""
    return tuple(_part(address) for address in options.to)


def _part(address: str) -> str:
    """Short, to be told from others, and no address in logs: `kim-3f2a` for kim@brand.example."""
    return f"{address.partition('@')[0][:14].lower()}-{hashlib.sha256(address.encode()).hexdigest()[:4]}"


@dataclass(frozen=True)
class Smtp:
    to: Sequence[str]
    brand: Brand
    names: Sequence[str]
    """Of the servers."""
    equipment: Equipment

    def send(self, parcel: Parcel) -> None:
        to = [address for address in self.to if parcel.part in {"", _part(address)}]
        if not to:
            raise SinkError("brand.yml does not name this recipient any more", permanent=True)
        self._send(to, lambda limit: self._written(parcel, limit))

    def tell(self, notice: Notice) -> None:
        mail = build_notice(notice, self.to).as_bytes()
        self._send(self.to, lambda _: mail)

    def doors(self) -> Sequence[str]:
        return self.equipment.servers.doors(self.names)

    def _send(self, to: Sequence[str], write: Callable[[int | None], bytes]) -> None:
        self.equipment.servers.send(self.names, Letter(sender(self.brand), domain(self.brand), to, write))

    def _written(self, parcel: Parcel, limit: int | None) -> bytes:
        """The mail with as many files as it may hold and links to the others."""
        inquiry = parcel.inquiry
        enclosed = enclosed_files(inquiry.files, limit)
        while True:
            contents = [
                parcel.read(file)
                if file.id in enclosed
                else self.equipment.links.link(self.brand, file, inquiry.received_at)
                for file in inquiry.files
            ]
            mail = build_mail(
                inquiry, self.brand, parcel.words, self.to, contents, answered=parcel.answered, address=parcel.address
            )
            data = mail.as_bytes()
            if limit is None or len(data) <= limit or not enclosed:
                return data
            enclosed = frozenset()


def enclosed_files(files: Sequence[StoredFile], limit: int | None) -> frozenset[str]:
    """The ids of those that go into a mail of at most so many bytes: the small ones first, so that most do."""
    room = None if limit is None else limit - _TEXT
    enclosed = []
    for file in sorted(files, key=lambda file: file.size):
        encoded = file.size * 4 // 3 * 78 // 76 + 2_000  # base64 in lines of 76 characters, and a head
        if room is not None:
            room -= encoded
            if room < 0:
                break
        enclosed.append(file.id)
    return frozenset(enclosed)


def connect(options: Options, brand: Brand, equipment: Equipment) -> Smtp:
    names = options.servers or brand.file.bridge.servers or (MAIN_SERVER,)
    for name in names:
        if not equipment.servers.knows(name):
            where = "smtp_host" if name == MAIN_SERVER else "smtp_servers"
            key = variable(where) if name == MAIN_SERVER else f"{variable(where)}__{name.upper()}__HOST"
            raise SettingsError({key: Wrong("not_set")})
    return Smtp(options.to or (brand.file.email,), brand, names, equipment)
