"""What sinks leave in the store, on both engines: alarms, doors, turns, and deliveries that wait for a shut sink."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bridge.inquiry import Inquiry, Lease, State
from bridge.outside import Outside
from bridge.store import Store, open_store
from bridge.ways.doors import Door, Doors

NOW = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
INQUIRY = Inquiry("0000-0000-000", "daon", "ko", "inquiry", "문의", NOW, "hong@example.com", "제목", "", ())


@pytest.fixture
def store(where: Path | str) -> Iterator[Store]:
    opened = open_store(where)
    yield opened
    opened.close()


def accept(store: Store, number: int, *sinks: str, brand: str = "daon") -> str:
    receipt = f"0000-0000-{number:03}"
    assert store.accept(replace(INQUIRY, receipt=receipt, brand=brand), sinks, None)
    return receipt


def lease(store: Store, *shut: tuple[str, str], at: datetime = NOW) -> Lease | None:
    return store.lease(at, at + timedelta(hours=1), "token", shut=shut)


def test_what_goes_to_a_shut_sink_stays_as_it_is(store: Store) -> None:
    accept(store, 1, "desk:kim-1234", "room")
    accept(store, 2, "desk", brand="other")
    accept(store, 3, "desk_", "desks")
    taken = set()
    while found := lease(store, ("daon", "desk"), ("daon", "room")):
        taken.add((found.receipt, found.sink))
    assert taken == {("0000-0000-002", "desk"), ("0000-0000-003", "desk_"), ("0000-0000-003", "desks")}
    first = lease(store)
    assert first is not None
    assert (first.receipt, first.sink, first.attempt) == ("0000-0000-001", "desk:kim-1234", 1)


def test_a_delivery_given_up_is_an_alarm_in_the_same_transaction(store: Store) -> None:
    receipt = accept(store, 1, "desk")
    found = lease(store)
    assert found is not None
    assert store.record(found, "dead", NOW, error="550 no")
    assert not store.record(found, "dead", NOW, error="550 no")
    (alarm,) = store.untold(["daon"])
    assert (alarm.kind, alarm.subject, alarm.detail, alarm.brand) == ("dead", receipt, "desk\n550 no", "daon")
    assert store.needs_attention()
    assert store.claim(alarm)
    assert not store.claim(alarm)  # another process had it in hand
    assert store.untold(["daon"])[0].attempts == 1
    store.told([alarm.id], NOW)
    assert store.untold(["daon"]) == ()


def test_what_lasts_is_told_once_and_forgotten_when_it_is_over(store: Store) -> None:
    for _ in range(2):
        store.stand("late", [("daon/desk", "3\nno"), ("daon/room", "1\nno")], NOW)
    assert [alarm.subject for alarm in store.untold(["daon"])] == ["daon/desk", "daon/room"]
    assert [alarm.brand for alarm in store.untold(["daon"])] == ["daon", "daon"]
    store.told([alarm.id for alarm in store.untold(["daon"])], NOW)
    store.stand("late", [("daon/room", "1\nno")], LATER)
    assert store.untold(["daon"]) == ()
    store.stand("late", [("daon/desk", "3\nno"), ("daon/room", "1\nno")], LATER)
    assert [alarm.subject for alarm in store.untold(["daon"])] == ["daon/desk"]
    store.stand("late", [], LATER)
    assert not store.needs_attention()


def test_alarms_of_a_brand_that_nobody_hears_hold_up_no_other(store: Store) -> None:
    store.stand("late", [(f"mute/{number}", "1\nno") for number in range(600)], NOW)
    store.stand("shut", [("daon/desk", "no"), ("daon-2/desk", "no")], NOW)
    assert [alarm.subject for alarm in store.untold(["daon"])] == ["daon/desk"]


def test_late_is_what_failed_and_waits(store: Store) -> None:
    for number in range(3):
        accept(store, number, "desk")
    for error in ("451 no", "451 no", ""):
        found = lease(store)
        assert found is not None
        state: State = "retry" if error else "delivered"
        assert store.record(found, state, NOW, next_at=LATER if error else None, error=error)
    accept(store, 9, "room")  # never tried: no failure
    assert store.late(NOW - timedelta(seconds=1)) == ()
    (late,) = store.late(NOW)
    assert (late.brand, late.sink, late.count, late.since, late.error) == ("daon", "desk", 2, NOW, "451 no")


def test_doors_survive_a_restart_and_open_with_other_settings(where: Path | str) -> None:
    outside = Outside(now=lambda: NOW)
    for refusal in range(3):
        store = open_store(where)
        doors = Doors(store, "a secret", outside)
        door = doors.name("smtp", "host", "old password")
        assert doors.is_shut(door) == (refusal > 3)
        doors.refused(door, f"535 number {refusal}")
        store.close()
    store = open_store(where)
    doors = Doors(store, "a secret", outside)
    assert doors.is_shut(door)
    assert store.doors()[door] == Door(3, NOW, "535 number 2")
    assert not doors.is_shut(doors.name("smtp", "host", "new password"))
    assert "password" not in str(store.doors())
    doors.passed(door)
    assert not doors.is_shut(door)
    store.close()


def test_turns_are_taken_once_each_by_many_at_a_time(store: Store) -> None:
    taken: list[int] = []

    def take() -> None:
        for _ in range(5):
            taken.append(store.take_turn("daon", "rest"))  # noqa: PERF401 -- seen by the other threads as it grows

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(20))
    assert store.turn("daon", "rest") == 20
    assert store.turn("daon", "other") == 0
