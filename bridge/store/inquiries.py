"""Owns inquiries and their files as rows: written once, read back as values. Refuses to know how they are delivered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from bridge.inquiry import STATES, Answer, Consent, Delivery, Entry, Inquiry, Screening, State, StoredFile, Tag
from bridge.store.tables import consent_texts, consents, deliveries, files, inquiries

_COPIED = ("receipt", "brand", "language", "form", "title", "received_at", "email", "subject", "page", "retention_days")
_MOST = 500
"""Databases bound the number of parameters of one query."""
# Made once: making a statement takes longer than running it.
_INSERT = sa.insert(inquiries)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_BY_KEY = sa.select(inquiries.c.receipt).where(
    inquiries.c.brand == sa.bindparam("of_brand"),
    inquiries.c.form == sa.bindparam("of_form"),
    inquiries.c.idempotency_key == sa.bindparam("key"),
    inquiries.c.received_at > sa.bindparam("since", type_=inquiries.c.received_at.type),
)


def insert(
    connection: sa.Connection,
    inquiry: Inquiry,
    key: str | None,
    screening: Screening,
    given: Iterable[Consent],
) -> None:
    """IntegrityError where the key or the receipt number is taken."""
    own = {"idempotency_key": key, "content_hash": screening.content_hash}
    reasons = {"held": list(screening.held) or None, "masked": list(screening.masked) or None}
    connection.execute(_INSERT, _row(inquiry) | own | reasons)
    stored = [asdict(file) | {"receipt": inquiry.receipt, "position": at} for at, file in enumerate(inquiry.files)]
    if stored:
        connection.execute(sa.insert(files), stored)
    for consent in given:
        row = asdict(consent) | {"receipt": inquiry.receipt, "at": inquiry.received_at}
        _keep_text(connection, consent.text_hash, row.pop("text"))
        connection.execute(sa.insert(consents), row)


def consents_of(connection: sa.Connection, receipt: str) -> tuple[Consent, ...]:
    """What the customer read and ticked, with its text."""
    joined = sa.select(consents, consent_texts.c.text).join(
        consent_texts, consent_texts.c.text_hash == consents.c.text_hash
    )
    rows = connection.execute(joined.where(consents.c.receipt == receipt).order_by(consents.c.id)).mappings()
    return tuple(Consent(**{field.name: row[field.name] for field in fields(Consent)}) for row in rows)


def _keep_text(connection: sa.Connection, text_hash: str, text: str) -> None:
    """Once for all inquiries that were told the same; another process may be doing so just now."""
    insert_ = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    connection.execute(insert_(consent_texts).values(text_hash=text_hash, text=text).on_conflict_do_nothing())


def receipt_for(connection: sa.Connection, brand: str, form: str, key: str, since: datetime | None) -> str | None:
    asked = {"of_brand": brand, "of_form": form, "key": key, "since": since or _EVER}
    receipt: str | None = connection.scalar(_BY_KEY, asked)
    return receipt


def entry(connection: sa.Connection, receipt: str, of_form: tuple[str, str] | None) -> Entry | None:
    query = sa.select(inquiries).where(inquiries.c.receipt == receipt)
    if of_form:
        brand, form = of_form
        query = query.where(inquiries.c.brand == brand, inquiries.c.form == form)
    return next(iter(entries_of(connection, query)), None)


def entries(
    connection: sa.Connection, *, state: State | None, brand: str | None, held: bool, limit: int
) -> tuple[Entry, ...]:
    """The newest first."""
    query = sa.select(inquiries).order_by(inquiries.c.received_at.desc(), inquiries.c.receipt).limit(limit)
    if brand:
        query = query.where(inquiries.c.brand == brand)
    if held:
        query = query.where(inquiries.c.held.is_not(None), inquiries.c.released_at.is_(None))
    if state:
        of_inquiry = sa.select(deliveries.c.receipt).where(deliveries.c.receipt == inquiries.c.receipt)
        more_urgent = STATES[: STATES.index(state)]
        query = query.where(
            sa.exists(of_inquiry.where(deliveries.c.state == state)),
            ~sa.exists(of_inquiry.where(deliveries.c.state.in_(more_urgent))),
        )
    return entries_of(connection, query)


def close(connection: sa.Connection, receipt: str, at: datetime) -> bool:
    """Say that nothing more is to be done: what waits, or was given up, is not sent any more."""
    columns = deliveries.c
    over = sa.and_(columns.receipt == receipt, columns.state.in_(("queued", "retry", "held", "dead")))
    error = sa.case((columns.error == "", "closed"), else_=columns.error)
    connection.execute(
        sa.update(deliveries).where(over).values(state="skipped", next_at=None, settled_at=at, error=error)
    )
    closing = sa.update(inquiries).where(inquiries.c.receipt == receipt).values(closed_at=at)
    return connection.execute(closing).rowcount == 1


def file(connection: sa.Connection, id_: str) -> StoredFile | None:
    row = connection.execute(sa.select(files).where(files.c.id == id_)).mappings().first()
    return StoredFile(**_named(StoredFile, row)) if row else None


def known_files(connection: sa.Connection, ids: Sequence[str]) -> set[str]:
    """Those of the ids that belong to an inquiry."""
    found: set[str] = set()
    for start in range(0, len(ids), _MOST):
        query = sa.select(files.c.id).where(files.c.id.in_(ids[start : start + _MOST]))
        found.update(connection.scalars(query))
    return found


def entries_of(connection: sa.Connection, query: sa.Select[Any]) -> tuple[Entry, ...]:
    rows = connection.execute(query).mappings().all()
    receipts = [row["receipt"] for row in rows]
    stored = _grouped(connection, sa.select(files).order_by(files.c.position), files, receipts)
    ways = _grouped(connection, sa.select(deliveries).order_by(deliveries.c.id), deliveries, receipts)
    return tuple(_entry(row, stored.get(row["receipt"], ()), ways.get(row["receipt"], ())) for row in rows)


def _row(inquiry: Inquiry) -> dict[str, Any]:
    row = {name: getattr(inquiry, name) for name in _COPIED}
    answers = [asdict(answer) for answer in inquiry.answers]
    return row | {"answers": answers, "tags": [asdict(tag) for tag in inquiry.tags]}


_Rows = Mapping[str, list[sa.RowMapping]]


def _grouped(connection: sa.Connection, query: sa.Select[Any], table: sa.Table, receipts: Sequence[str]) -> _Rows:
    """The rows of these inquiries, by receipt."""
    grouped: dict[str, list[sa.RowMapping]] = {}
    for start in range(0, len(receipts), _MOST):
        chunk = query.where(table.c.receipt.in_(receipts[start : start + _MOST]))
        for row in connection.execute(chunk).mappings():
            grouped.setdefault(row["receipt"], []).append(row)
    return grouped


def _entry(row: sa.RowMapping, stored: Iterable[sa.RowMapping], ways: Iterable[sa.RowMapping]) -> Entry:
    inquiry = Inquiry(
        **{name: row[name] for name in _COPIED},
        answers=tuple(_answer(tree) for tree in row["answers"]),
        tags=tuple(Tag(**tree) for tree in row["tags"]),
        files=tuple(StoredFile(**_named(StoredFile, file)) for file in stored),
    )
    deliveries_ = tuple(Delivery(**_named(Delivery, way)) for way in ways)
    return Entry(
        inquiry,
        deliveries_,
        held=tuple(row["held"] or ()) if row["released_at"] is None else (),
        verified_at=row["verified_at"],
        masked=tuple(row["masked"] or ()),
        closed_at=row["closed_at"],
    )


def _named(kind: type[StoredFile | Delivery], row: sa.RowMapping) -> dict[str, Any]:
    return {field.name: row[field.name] for field in fields(kind)}


def _answer(tree: Mapping[str, Any]) -> Answer:
    return Answer(tree["name"], tree["type"], tree["label"], tuple(tree["values"]), tuple(tree["shown"]))
