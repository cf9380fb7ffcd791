"""Owns what passes between the courier and a sink: parcel, notice, failure. Refuses to carry any of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.inquiry import AddressState, Inquiry, StoredFile
from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue


class SinkError(Exception):
    """A delivery failed. Tried again later, unless `permanent`: then only a person can mend it.

    `retry_after` is what the other side asked for, where it did.
    """

    def __init__(self, message: str, *, permanent: bool = False, retry_after: timedelta | None = None) -> None:
        self.message, self.permanent, self.retry_after = message, permanent, retry_after
        super().__init__(message)


@dataclass(frozen=True)
class Link:
    """Where a file can be fetched, instead of the file."""

    url: str
    until: datetime


@dataclass(frozen=True)
class Parcel:
    """What a sink is given: the inquiry, whose it is, and a way to its files."""

    inquiry: Inquiry
    brand: Brand
    words: Catalogue
    """In the brand's source language."""
    read: Callable[[StoredFile], bytes]
    """The bytes of one of the inquiry's files."""
    part: str = ""
    """The one recipient this delivery is for, where the sink has several."""
    attempt: int = 1
    """1 for the first. From the second on, the other side may have the inquiry already."""
    answered: bool = False
    """Whether this brand answers automatically here: then nobody else should, not even where a budget held it back."""
    address: AddressState = ""


@dataclass(frozen=True)
class Notice:
    """Something a person has to be told, without anything a customer wrote."""

    key: str
    """The same for each attempt to tell it."""
    kind: str
    brand: Brand
    title: str
    lines: tuple[str, ...]
    at: datetime
