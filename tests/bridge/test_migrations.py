"""An inbox of an earlier version goes on with everything that waits in it, there and back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bridge.store import Store, VersionError, open_store
from bridge.store.migrations import FIRST, head, migrate, revision
from bridge.store.migrations.__main__ import main as by_hand
from bridge.store.tables import metadata
from bridge.testing import sample_inquiry

FIRST_INBOX = Path(__file__).parent / "first_inbox.sql"
"""A dump of an inbox that a version without migrations made: one delivery in every state."""
STATES = ["queued", "sending", "retry", "dead", "delivered"]


@pytest.fixture
def first_inbox(tmp_path: Path) -> Path:
    file = tmp_path / "inbox.sqlite"
    with sqlite3.connect(file) as connection:
        connection.executescript(FIRST_INBOX.read_text("utf-8"))
    connection.close()
    return file


def states(store: Store) -> list[str]:
    return [entry.state for entry in store.entries()]


def step_to(store: Store, number: str) -> None:
    with store.database.transaction() as connection:
        migrate(connection, number)


def test_the_first_inbox_is_brought_up_to_date_without_loss(first_inbox: Path) -> None:
    """Every inquiry, file and delivery is there, and what was queued goes out."""
    store = open_store(first_inbox)
    assert states(store) == STATES
    entry = store.entry("0000-0000-000")
    assert entry is not None
    assert [file.name for file in entry.inquiry.files] == ["사업자등록증.pdf"]
    assert [answer.shown for answer in entry.inquiry.answers] == [("어제 온다고 했는데\n아직이에요.",)]
    assert store.receipt_for("daon", "inquiry", "key-2") == "2222-2222-222"
    now = entry.inquiry.received_at + timedelta(hours=2)
    leases = [store.lease(now, now + timedelta(minutes=1), "a" * 32) for _ in range(4)]
    assert [lease.receipt[:4] for lease in leases if lease] == ["4444", "2222", "3333"]
    store.close()


def test_opening_twice_changes_nothing(first_inbox: Path) -> None:
    open_store(first_inbox).close()
    before = list(sqlite3.connect(first_inbox).iterdump())
    open_store(first_inbox).close()
    assert list(sqlite3.connect(first_inbox).iterdump()) == before


def test_there_and_back_and_there_again(first_inbox: Path) -> None:
    """The way back to the version before keeps the queue; what it has no word for is shown as given up."""
    store = open_store(first_inbox)
    with store.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE deliveries SET state = 'held', next_at = NULL WHERE receipt LIKE '4444%'")
    step_to(store, FIRST)
    rows = sqlite3.connect(first_inbox).execute("SELECT state FROM deliveries ORDER BY id DESC").fetchall()
    assert [state for (state,) in rows] == ["dead", "sending", "retry", "dead", "delivered"]
    store.close()
    again = open_store(first_inbox)
    assert states(again) == ["dead", *STATES[1:]]
    assert again.retry("4444-4444-444", again.entries()[0].inquiry.received_at) == 1
    again.close()


def test_the_tables_are_what_the_steps_make(tmp_path: Path) -> None:
    """A column added to the tables and not to a step would be missing in every database in use."""
    store = open_store(tmp_path / "inbox.sqlite")
    with store.database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert revision(connection) == head()
    store.close()


def test_there_and_back_on_either_database(where: Path | str) -> None:
    """The same steps on PostgreSQL: a queue survives both ways, and the tables are what the steps make."""
    with closing(open_store(where)) as store:
        for number in range(3):
            assert store.accept(sample_inquiry(number), ["smtp"], f"key-{number}")
        step_to(store, FIRST)
        step_to(store, head())
        with store.database.reading() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert [entry.inquiry for entry in store.entries()] == [sample_inquiry(number) for number in (2, 1, 0)]
        assert store.receipt_for("daon", "inquiry", "key-1") == sample_inquiry(1).receipt


def test_by_hand(first_inbox: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What docs/bridge.md tells to type before an older program is put back."""
    assert by_hand([str(first_inbox), FIRST]) == 0
    assert capsys.readouterr().out == f"{FIRST}\n"
    with closing(sqlite3.connect(first_inbox)) as database:
        assert database.execute("SELECT count(*) FROM deliveries").fetchone() == (5,)


def test_a_guest_does_not_take_steps(first_inbox: Path) -> None:
    """`inbox` beside a service of the version before: said, not half understood."""
    with pytest.raises(VersionError, match="None"):
        open_store(first_inbox, owner=False)


def test_a_newer_inbox_is_refused(tmp_path: Path) -> None:
    """An older program does not write into a shape that it does not know."""
    file = tmp_path / "inbox.sqlite"
    store = open_store(file)
    with store.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    for owner in (True, False):
        with pytest.raises(VersionError, match="9999"):
            open_store(file, owner=owner)
