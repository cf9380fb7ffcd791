"""Gives tests of the store both databases: a SQLite file, and a database on a real PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import postgresql as programs


@pytest.fixture(scope="session")
def postgresql() -> Iterator[programs.Server]:
    """One server for all tests of a process. It does not wait for the disk: none of them cuts its power."""
    with programs.running("fsync=off", "synchronous_commit=off") as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a store may be. Whoever asks for it is run with each engine."""
    if request.param == "sqlite":
        return tmp_path / "inbox.sqlite"
    server: programs.Server = request.getfixturevalue("postgresql")
    return server.create()
