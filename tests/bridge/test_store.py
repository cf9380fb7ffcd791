"""What the store promises, on both databases: all or nothing, each delivery in one hand, nothing told too early."""

from __future__ import annotations

import hashlib
import io
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

import postgresql as programs
from bridge.files.rooms import CHUNK, Folder, Room
from bridge.inquiry import REPLY, Consent, Screening
from bridge.store import Store, StoreError, open_store
from bridge.store.grouped import GroupCommit
from bridge.store.tables import consents, deliveries, files, inquiries
from bridge.testing import sample_inquiry

NOW = sample_inquiry().received_at
SOON = NOW + timedelta(minutes=30)


@pytest.fixture
def store(where: Path | str) -> Iterator[Store]:
    with closing(open_store(where)) as store:
        yield store


def counts(store: Store) -> list[int]:
    with store.database.reading() as connection:
        tables = (inquiries, files, deliveries, consents)
        return [connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables]


def test_what_is_accepted_comes_back_the_same(store: Store) -> None:
    """To the microsecond and to the last character, whatever zone the database thinks in."""
    assert store.accept(sample_inquiry(), ["smtp", "webhook"], "key-00000001")
    entry = store.entry("0000-0000-000")
    assert entry is not None
    assert entry.inquiry == sample_inquiry()
    assert [(way.sink, way.state, way.next_at) for way in entry.deliveries] == [
        ("smtp", "queued", NOW), ("webhook", "queued", NOW),
    ]  # fmt: skip  # two rows
    assert store.receipt_for("daon", "inquiry", "key-00000001") == "0000-0000-000"
    assert store.receipt_for("daon", "other", "key-00000001") is None


@pytest.mark.parametrize("second", [{"key": "key-00000001"}, {"receipt": "0000-0000-000"}])
def test_what_is_there_already_leaves_no_trace(store: Store, second: dict[str, str]) -> None:
    """A key or a number that is taken: nothing of the second inquiry is recorded, its files and deliveries included."""
    consent = Consent("privacy", "notice", "ab" * 32, "1", "ko", given=True)
    assert store.accept(sample_inquiry(), ["smtp"], "key-00000001", consents=[consent])
    assert counts(store) == [1, 1, 1, 1]
    again = sample_inquiry(1, receipt=second.get("receipt", "0001-0000-000"))
    assert not store.accept(again, ["smtp"], second.get("key"), consents=[consent])
    assert counts(store) == [1, 1, 1, 1]


def test_what_is_held_is_not_delivered(store: Store) -> None:
    assert store.accept(sample_inquiry(), ["smtp"], None, screening=Screening(held=("links",), content_hash="cd" * 32))
    assert store.lease(NOW, SOON, "a" * 32) is None
    (entry,) = store.entries(state="held")
    assert entry.deliveries[0].next_at is None


def test_one_failing_write_takes_nothing_of_the_others_with_it(store: Store) -> None:
    """Sixteen threads at once, half of them with the same key: one of these is recorded, all others are, too."""
    start = threading.Barrier(16)

    def accept(number: int) -> bool:
        start.wait()
        return store.accept(sample_inquiry(number), ["smtp"], "the-same-key" if number % 2 else None)

    with ThreadPoolExecutor(16) as threads:
        outcomes = list(threads.map(accept, range(16)))
    assert outcomes[::2] == [True] * 8
    assert sorted(outcomes[1::2]) == [False] * 7 + [True]
    assert counts(store)[:3] == [9, 9, 9]


def test_each_delivery_is_in_one_hand(store: Store) -> None:
    """Eight couriers lease until nothing is due: every delivery once, the oldest first in each hand."""
    for number in range(40):
        assert store.accept(sample_inquiry(number), ["smtp"], None)
    later = NOW + timedelta(hours=1)

    def lease_all(hand: int) -> list[str]:
        def one() -> Iterator[str]:
            while lease := store.lease(later, later + timedelta(minutes=30), f"{hand:032}"):
                yield lease.receipt

        return list(one())

    with ThreadPoolExecutor(8) as threads:
        hands = list(threads.map(lease_all, range(8)))
    assert sorted(receipt for hand in hands for receipt in hand) == [sample_inquiry(at).receipt for at in range(40)]
    assert all(hand == sorted(hand) for hand in hands)


def test_a_lease_ends_by_being_recorded_or_by_expiring(store: Store) -> None:
    assert store.accept(sample_inquiry(), ["smtp"], None)
    first = store.lease(NOW, SOON, "a" * 32)
    assert first is not None
    assert (first.attempt, first.queued_at) == (1, NOW)
    assert store.lease(SOON - timedelta(seconds=1), SOON, "b" * 32) is None
    second = store.lease(SOON, SOON + timedelta(minutes=30), "b" * 32)
    assert second is not None
    assert second.attempt == 2
    assert not store.record(first, "delivered", SOON)
    assert store.record(second, "dead", SOON, error="550")
    assert store.count("dead") == 1
    assert store.retry(first.receipt, SOON) == 1
    assert store.release(SOON) == 0


def test_without_a_number_everything_is_tried_again_that_the_team_has_not_got(store: Store) -> None:
    for number in range(3):
        assert store.accept(sample_inquiry(number), ["smtp", REPLY], None)
    while lease := store.lease(SOON, SOON + timedelta(hours=1), "a" * 32):
        delivered = lease.receipt == sample_inquiry(0).receipt
        assert store.record(lease, "delivered" if delivered else "dead", SOON, error="550")
    assert store.retry(None, SOON) == 2
    again = [store.lease(SOON, SOON + timedelta(hours=1), "b" * 32) for _ in range(3)]
    assert [lease and (lease.receipt, lease.sink) for lease in again] == [
        (sample_inquiry(1).receipt, "smtp"), (sample_inquiry(2).receipt, "smtp"), None,
    ]  # fmt: skip  # a row each


def test_the_inbox_is_listed_by_state_and_brand(store: Store) -> None:
    for number in range(5):
        assert store.accept(sample_inquiry(number, brand="daon" if number else "other"), ["smtp", "webhook"], None)
    for state in ("delivered", "dead"):
        lease = store.lease(SOON, SOON + timedelta(hours=1), "a" * 32)
        assert lease is not None
        store.record(lease, state, SOON)
    assert [entry.inquiry.receipt[:4] for entry in store.entries(brand="daon", limit=2)] == ["0004", "0003"]
    assert [entry.inquiry.receipt[:4] for entry in store.entries(state="dead")] == ["0000"]
    assert store.entries(state="delivered") == ()
    assert len(store.entries(state="queued")) == 4


def test_more_names_than_a_query_takes(store: Store) -> None:
    assert store.accept(sample_inquiry(7), ["smtp"], None)
    assert store.known_files([f"{number:032x}" for number in range(1200)]) == {f"{7:032x}"}


def test_a_secret_is_made_once(store: Store, where: Path | str) -> None:
    """Two processes that start at once agree on one."""
    with closing(open_store(where)) as other, ThreadPoolExecutor(2) as threads:
        said = list(threads.map(lambda one: one[0].secret("signing", one[1]), [(store, "a"), (other, "b")]))
    assert said[0] == said[1] == store.secret("signing", "c")


@pytest.fixture(params=["folder", "database"])
def room(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Room:
    (tmp_path / "room").mkdir()
    return Folder(tmp_path / "room") if request.param == "folder" else store.blobs("attachment", lambda: NOW)


@pytest.mark.parametrize("size", [0, 1, CHUNK, 3 * CHUNK + 5])
def test_a_room_gives_back_what_it_was_given(room: Room, size: int) -> None:
    content = hashlib.shake_256(b"seed").digest(size)
    room.put("a" * 32, io.BytesIO(content))
    room.settle()
    with room.open("a" * 32) as stream:
        assert stream.read() == content
    assert room.size() == size
    room.discard(["a" * 32, "b" * 32])
    assert room.size() == 0
    with pytest.raises(FileNotFoundError):
        room.open("a" * 32)


def test_a_stream_that_breaks_leaves_nothing(room: Room) -> None:
    class Breaking:
        parts = [b"x" * CHUNK]  # noqa: RUF012 -- one stream

        def read(self, _: int, /) -> bytes:
            if self.parts:
                return self.parts.pop()
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        room.put("a" * 32, Breaking())
    assert room.before(datetime(2999, 1, 1, tzinfo=UTC)) == []


def test_rooms_in_one_database_do_not_see_each_other(store: Store) -> None:
    ours, other = store.blobs("attachment", lambda: NOW), store.blobs("kept", lambda: NOW)
    ours.put("a" * 32, io.BytesIO(b"ours"))
    other.discard(["a" * 32])
    assert (ours.size(), other.size()) == (4, 0)
    assert ours.before(NOW) == []
    assert ours.before(SOON) == ["a" * 32]


def test_many_start_at_once_and_the_steps_are_taken_once(postgresql: programs.Server) -> None:
    """Four processes open an empty database at the same moment; all of them can work with it afterwards."""
    where = postgresql.create()
    program = f"import sys; from bridge.store import open_store; sys.stdin.readline(); open_store({where!r}).close()"
    processes = [
        subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, said


# -- the shared commit itself


@pytest.fixture
def group(tmp_path: Path) -> Iterator[GroupCommit]:
    """The one of a SQLite store, with a table to write to."""
    with closing(open_store(tmp_path / "inbox.sqlite")) as store:
        assert store.database.group is not None
        with store.database.transaction() as connection:
            connection.exec_driver_sql("CREATE TABLE numbers (n INTEGER PRIMARY KEY)")
        yield store.database.group


def together(group: GroupCommit, works: list[Callable[[sa.Connection], object]]) -> list[object]:
    """The outcomes of works that are all one transaction: they line up while the first one is held."""
    held, go_on = threading.Event(), threading.Event()

    def first(_: sa.Connection) -> None:
        held.set()
        assert go_on.wait(20)

    def outcome(work: Callable[[sa.Connection], object]) -> object:
        try:
            return group.write(work)
        except Exception as error:  # noqa: BLE001 -- handed back
            return error

    with ThreadPoolExecutor(len(works) + 1) as threads:
        leader = threads.submit(group.write, first)
        assert held.wait(20)
        waiting = [threads.submit(outcome, work) for work in works]
        while len(group._waiting) < len(works):
            pass
        go_on.set()
        leader.result()
        return [one.result() for one in waiting]


def insert(number: int) -> Callable[[sa.Connection], object]:
    return lambda connection: connection.exec_driver_sql("INSERT INTO numbers VALUES (?)", (number,)).rowcount


def test_writes_that_wait_share_one_commit(group: GroupCommit) -> None:
    commits: list[int] = []
    sa.event.listen(group.engine, "commit", lambda _: commits.append(1))
    outcomes = together(group, [insert(1), insert(2), insert(2), insert(3)])
    assert sorted(str(type(one).__name__) for one in outcomes) == ["IntegrityError", "int", "int", "int"]
    assert len(commits) == 2  # the one that was held, and all others
    with group.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM numbers").scalar() == 3


def test_a_commit_that_fails_is_told_to_all_who_shared_it(group: GroupCommit) -> None:
    """Nobody is answered by what never reached the disk. The commit is refused by a constraint that waits for it."""
    with group.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE owed (n REFERENCES numbers DEFERRABLE INITIALLY DEFERRED)")

    def owe(connection: sa.Connection) -> object:
        return connection.exec_driver_sql("INSERT INTO owed VALUES (99)").rowcount

    assert [type(one) for one in together(group, [insert(1), owe, insert(2)])] == [IntegrityError] * 3
    with group.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM numbers").scalar() == 0


def test_one_alone_is_told_its_own_error(group: GroupCommit) -> None:
    assert group.write(insert(1)) == 1
    with pytest.raises(IntegrityError):
        group.write(insert(1))
    assert group.write(insert(2)) == 1


def test_a_server_that_went_away_is_a_store_error_and_comes_back() -> None:
    """PostgreSQL is stopped as in a crash and started again: refused meanwhile, taken afterwards, nothing lost."""
    with programs.running() as server, closing(open_store(server.create())) as store:
        assert store.accept(sample_inquiry(1), ["smtp"], "key-00000001")
        programs.stop(server, signal.SIGQUIT)
        with pytest.raises(StoreError):
            store.accept(sample_inquiry(2), ["smtp"], "key-00000002")
        again = programs.start(server.folder, server.binaries)
        try:
            assert store.accept(sample_inquiry(2), ["smtp"], "key-00000002")
            assert [entry.inquiry.receipt[:4] for entry in store.entries()] == ["0002", "0001"]
        finally:
            programs.stop(again)
