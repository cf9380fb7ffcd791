"""Budgets, breaker, held inquiries and used tokens as the database keeps them, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bridge.inquiry import REPLY, Delivery, Screening
from bridge.intake.receipt import new_receipt
from bridge.replying import FLOOR, ReplyPlan
from bridge.store import Store, open_store
from bridge.testing import sample_inquiry

NOW = sample_inquiry().received_at
HELD = Screening(("no_token", "unconfirmed"), content_hash="h" * 64)


@pytest.fixture
def store(where: Path | str) -> Iterator[Store]:
    with closing(open_store(where)) as store:
        yield store


def accept(
    store: Store,
    number: int,
    *,
    at: datetime = NOW,
    domain: str = "",
    screening: Screening | None = None,
    tokens: dict[str, datetime] | None = None,
) -> str:
    """The receipt number, or nothing where the store refused."""
    receipt = new_receipt(lambda size: number.to_bytes(size, "big"))
    inquiry = replace(sample_inquiry(), receipt=receipt, received_at=at, email=f"u{number}@x.example", files=())
    plan = ReplyPlan("daon", f"hash{number}", domain or f"d{number}.example")
    taken = store.accept(
        inquiry, ["smtp"], f"key-{number}", screening=screening or Screening(), reply=plan, tokens=tokens
    )
    return receipt if taken else ""


def reply(store: Store, receipt: str) -> Delivery:
    entry = store.entry(receipt)
    assert entry is not None
    return next(way for way in entry.deliveries if way.sink == REPLY)


def test_many_at_once_do_not_outrun_the_budget(store: Store) -> None:
    """Forty threads' inquiries in the same second: exactly the budget is sent, the breaker opens once, all are kept."""
    with ThreadPoolExecutor(8) as threads:
        receipts = list(threads.map(lambda number: accept(store, number), range(FLOOR + 20)))
    states = [reply(store, receipt).state for receipt in receipts]
    assert states.count("queued") == FLOOR
    assert states.count("skipped") == 20
    assert list(store.open_breakers(NOW)) == ["daon"]
    assert store.open_breakers(NOW + timedelta(hours=25)) == {}


def test_addresses_and_domains_have_budgets_of_their_own(store: Store) -> None:
    """A mail provider's domain is everybody's."""
    first = accept(store, 1)
    again = replace(sample_inquiry(), receipt=new_receipt(lambda _: b"\1" * 7), files=())
    assert store.accept(again, ["smtp"], "other", reply=ReplyPlan("daon", "hash1", "d1.example"))
    assert (reply(store, first).error, reply(store, again.receipt).error) == ("", "address_budget")


def test_what_is_held_waits_until_it_is_confirmed_or_released(store: Store) -> None:
    """Reasons go one by one; the last one sets the deliveries off, with the reply; a person's word needs no reasons."""
    receipt = accept(store, 1, screening=HELD)
    plan = ReplyPlan("daon", "hash1", "d1.example")
    assert [entry.held for entry in store.entries(held=True)] == [HELD.held]
    assert store.lease(NOW, NOW + timedelta(minutes=1), "t") is None
    assert not store.confirm(receipt, "unconfirmed", NOW, plan)
    assert not store.confirm(receipt, "unconfirmed", NOW, plan)
    assert store.held(receipt) == ("no_token",)
    assert store.confirm(receipt, "no_token", NOW, plan)
    assert (store.held(receipt), reply(store, receipt).state) == ((), "queued")
    second = accept(store, 2, screening=HELD)
    assert store.let_go(second, NOW) == 1
    assert store.let_go(second, NOW) == 0
    assert store.entries(held=True) == ()


def test_a_token_is_used_by_one_inquiry(store: Store) -> None:
    """The second is not recorded, and is told so; after its time it is forgotten."""
    token = {"nonce": NOW + timedelta(hours=24)}
    assert accept(store, 1, tokens=token)
    assert store.used_tokens(["nonce", "other"]) == {"nonce"}
    assert not accept(store, 2, tokens=token)
    assert store.entry(new_receipt(lambda size: (2).to_bytes(size, "big"))) is None
    later = NOW + timedelta(hours=25)
    assert accept(store, 3, at=later, tokens={"fresh": later + timedelta(hours=24)})
    assert store.used_tokens(["nonce"]) == frozenset()


def test_who_sent_the_same_text_and_who_wants_no_mail(store: Store) -> None:
    """Addresses of a text within a time; an address is suppressed once, a customer verified once."""
    receipts = [accept(store, number, screening=HELD) for number in range(3)]
    assert store.senders_of("h" * 64, NOW - timedelta(hours=1)) == {f"u{number}@x.example" for number in range(3)}
    assert store.senders_of("h" * 64, NOW) == frozenset()
    for _ in range(2):
        store.suppress("hash9", "not-mine", NOW)
    assert store.is_suppressed("hash9")
    assert accept(store, 9)
    assert [store.verify(receipts[0], NOW) for _ in range(2)] == [True, False]
    assert store.receipt_for("daon", "inquiry", "key-0", NOW) is None
    assert store.receipt_for("daon", "inquiry", "key-0", NOW - timedelta(minutes=1)) == receipts[0]
