"""Owns finding everything of one person, and reading inquiries out one after the other for exports and reports. Refuses
to change anything; what is to be deleted is deleted by `retention.py`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bridge.inquiry import Consent, Entry, Tag
from bridge.store.engines import Database
from bridge.store.inquiries import consents_of, entries_of
from bridge.store.tables import inquiries, tombstones

PAGE = 200
"""Inquiries that are held in memory at once."""


@dataclass(frozen=True)
class Record:
    """An inquiry with all that is kept about it."""

    entry: Entry
    consents: tuple[Consent, ...]


@dataclass(frozen=True)
class Choice:
    """Which inquiries are meant; `since` and `until` are instants, the second not included."""

    brand: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    receipts: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Asked:
    """What a report counts of an inquiry: nothing that the customer typed."""

    received_at: datetime
    brand: str
    language: str
    form: str
    tags: tuple[Tag, ...]


@dataclass(frozen=True)
class Traces:
    """Where an address stands: as the customer's own, and in the words of other inquiries."""

    own: tuple[str, ...]
    mentioned: tuple[str, ...]


def traces(database: Database, address: str) -> Traces:
    """An address is the same in any case and in any normal form of Unicode."""
    wanted = _folded(address)
    own: list[str] = []
    mentioned: list[str] = []
    columns = inquiries.c
    # JSON keeps what is beyond ASCII as escapes, so the answers themselves are looked at where the text may be in them.
    near = sa.cast(columns.answers, sa.Text).icontains(address.partition("@")[2].encode("ascii", "ignore").decode())
    query = sa.select(columns.receipt, columns.email, columns.answers).where(
        sa.or_(sa.func.lower(columns.email) == wanted, near, ~sa.literal(address.isascii()))
    )
    with database.reading() as connection:
        for row in connection.execution_options(yield_per=PAGE).execute(query.order_by(columns.received_at)):
            texts = [(answer["type"], value) for answer in row.answers for value in answer["values"]]
            addresses = {_folded(row.email), *(_folded(value) for kind, value in texts if kind == "email")}
            if wanted in addresses:
                own.append(row.receipt)
            elif any(wanted in _folded(value) for _, value in texts):
                mentioned.append(row.receipt)
    return Traces(tuple(own), tuple(mentioned))


def records(database: Database, choice: Choice) -> Iterator[Record]:
    """The chosen inquiries, the oldest first, a page at a time."""
    after: tuple[datetime, str] | None = None
    while True:
        with database.reading() as connection:
            page = [Record(entry, consents_of(connection, entry.inquiry.receipt))
                    for entry in entries_of(connection, _page(choice, after))]  # fmt: skip  # one thought
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1].entry.inquiry
        after = (last.received_at, last.receipt)


def asked(database: Database, choice: Choice) -> Iterator[Asked]:
    """The chosen inquiries but those that are held as suspicious, the oldest first."""
    columns = inquiries.c
    wanted = (columns.received_at, columns.brand, columns.language, columns.form, columns.tags)
    query = _chosen(sa.select(*wanted), choice).where(sa.or_(columns.held.is_(None), columns.released_at.is_not(None)))
    with database.reading() as connection:
        for row in connection.execution_options(yield_per=PAGE).execute(query.order_by(columns.received_at)):
            tags = tuple(Tag(**tag) for tag in row.tags)
            yield Asked(row.received_at, row.brand, row.language, row.form, tags)


def field_names(database: Database, choice: Choice) -> tuple[str, ...]:
    """The names of all questions that the chosen inquiries answer, in the order they are met."""
    names: dict[str, None] = {}
    query = _chosen(sa.select(inquiries.c.answers), choice).order_by(inquiries.c.received_at)
    with database.reading() as connection:
        for (answers,) in connection.execution_options(yield_per=PAGE).execute(query):
            names |= dict.fromkeys(answer["name"] for answer in answers)
    return tuple(names)


def buried(database: Database, receipt: str) -> tuple[datetime, str] | None:
    """When and why an inquiry was deleted."""
    query = sa.select(tombstones.c.purged_at, tombstones.c.why).where(tombstones.c.receipt == receipt)
    with database.reading() as connection:
        row = connection.execute(query).first()
    return (row.purged_at, row.why) if row else None


def _page(choice: Choice, after: tuple[datetime, str] | None) -> sa.Select[Any]:
    received, receipt = inquiries.c.received_at, inquiries.c.receipt
    query = _chosen(sa.select(inquiries), choice).order_by(received, receipt).limit(PAGE)
    if after:
        query = query.where(sa.or_(received > after[0], sa.and_(received == after[0], receipt > after[1])))
    return query


def _chosen(query: sa.Select[Any], choice: Choice) -> sa.Select[Any]:
    columns = inquiries.c
    if choice.brand:
        query = query.where(columns.brand == choice.brand)
    if choice.since:
        query = query.where(columns.received_at >= choice.since)
    if choice.until:
        query = query.where(columns.received_at < choice.until)
    if choice.receipts is not None:
        query = query.where(columns.receipt.in_(choice.receipts))
    return query


def _folded(address: str) -> str:
    return unicodedata.normalize("NFC", address).strip().casefold()


def only(receipts: Sequence[str]) -> Choice:
    return Choice(receipts=tuple(receipts))
