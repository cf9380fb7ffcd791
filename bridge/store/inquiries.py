"""Owns inquiries and their files as rows: written once, read back as values. Refuses to know how they are delivered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

import sqlalchemy as sa

from bridge.inquiry import STATES, Answer, Consent, Delivery, Entry, Inquiry, Screening, State, StoredFile, Tag
from bridge.store.tables import consents, deliveries, files, inquiries

_COPIED = ("receipt", "brand", "language", "form", "title", "received_at", "email", "subject", "page")
_MOST = 500
"""Databases bound the number of parameters of one query."""
# Made once: making a statement takes longer than running it.
_INSERT = sa.insert(inquiries)
_BY_KEY = sa.select(inquiries.c.receipt).where(
    inquiries.c.brand == sa.bindparam("of_brand"),
    inquiries.c.form == sa.bindparam("of_form"),
    inquiries.c.idempotency_key == sa.bindparam("key"),
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
    agreed = [asdict(consent) | {"receipt": inquiry.receipt, "at": inquiry.received_at} for consent in given]
    for table, rows in ((files, stored), (consents, agreed)):
        if rows:
            connection.execute(sa.insert(table), rows)


def receipt_for(connection: sa.Connection, brand: str, form: str, key: str) -> str | None:
    receipt: str | None = connection.scalar(_BY_KEY, {"of_brand": brand, "of_form": form, "key": key})
    return receipt


def entry(connection: sa.Connection, receipt: str) -> Entry | None:
    return next(iter(_entries(connection, sa.select(inquiries).where(inquiries.c.receipt == receipt))), None)


def entries(connection: sa.Connection, *, state: State | None, brand: str | None, limit: int) -> tuple[Entry, ...]:
    """The newest first."""
    query = sa.select(inquiries).order_by(inquiries.c.received_at.desc(), inquiries.c.receipt).limit(limit)
    if brand:
        query = query.where(inquiries.c.brand == brand)
    if state:
        of_inquiry = sa.select(deliveries.c.receipt).where(deliveries.c.receipt == inquiries.c.receipt)
        more_urgent = STATES[: STATES.index(state)]
        query = query.where(
            sa.exists(of_inquiry.where(deliveries.c.state == state)),
            ~sa.exists(of_inquiry.where(deliveries.c.state.in_(more_urgent))),
        )
    return _entries(connection, query)


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


def _entries(connection: sa.Connection, query: sa.Select[Any]) -> tuple[Entry, ...]:
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
    return Entry(inquiry, tuple(Delivery(**_named(Delivery, way)) for way in ways))


def _named(kind: type[StoredFile | Delivery], row: sa.RowMapping) -> dict[str, Any]:
    return {field.name: row[field.name] for field in fields(kind)}


def _answer(tree: Mapping[str, Any]) -> Answer:
    return Answer(tree["name"], tree["type"], tree["label"], tuple(tree["values"]), tuple(tree["shown"]))
