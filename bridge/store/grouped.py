"""Owns group commit: what several threads want to write at the same moment is one transaction, and one fsync.

No thread of its own: whoever finds nobody at work does the work of all who wait, and each is told how its own ended.
Refuses to answer anybody before the commit that holds their work.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

Result = TypeVar("Result")
Work = Callable[[sa.Connection], Result]


@dataclass(eq=False)
class _Ticket(Generic[Result]):
    """Somebody's work, and how it ended."""

    work: Work[Result]
    is_done: bool = False
    result: Any = None
    error: BaseException | None = None


@dataclass(frozen=True)
class GroupCommit:
    engine: sa.Engine
    _waiting: list[_Ticket[Any]] = field(default_factory=list)
    _list: threading.Lock = field(default_factory=threading.Lock)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def write(self, work: Work[Result]) -> Result:
        """Do the work in a transaction that others may share; return when it is committed, raise what it raised."""
        ticket = _Ticket(work)
        with self._list:
            self._waiting.append(ticket)
        with self._turn:
            if not ticket.is_done:
                self._commit_all()
        if ticket.error is not None:
            raise ticket.error
        result: Result = ticket.result
        return result

    def _commit_all(self) -> None:
        with self._list:
            tickets = list(self._waiting)
            self._waiting.clear()
        try:
            self._commit(tickets)
        except BaseException as error:  # noqa: BLE001 -- whoever waits has to hear of it, and raises it
            for ticket in tickets:
                ticket.error = error
        for ticket in tickets:
            ticket.is_done = True

    def _commit(self, tickets: Sequence[_Ticket[Any]]) -> None:
        if len(tickets) == 1:
            with self.engine.begin() as connection:
                tickets[0].result = tickets[0].work(connection)
            return
        with self.engine.begin() as connection:
            for ticket in tickets:
                _attempt(connection, ticket)


def _attempt(connection: sa.Connection, ticket: _Ticket[Any]) -> None:
    """One that fails takes back its own work, not that of the others."""
    try:
        with connection.begin_nested():
            ticket.result = ticket.work(connection)
    except Exception as error:  # noqa: BLE001 -- raised where the work came from
        ticket.error = error
