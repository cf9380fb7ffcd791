"""Owns which doors of others are shut to us: a login refused three times, a webhook that is gone. Refuses to knock.

A door is named by a keyed hash of address and password: with other settings it is another door, and open. So a
password that was changed is tried without anybody having to say so, and one that is wrong locks no account.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bridge.outside import Outside

REFUSALS = 3
"""So often a login is tried. Many servers lock an account at five."""


@dataclass(frozen=True)
class Door:
    refusals: int
    at: datetime
    """Of the last refusal."""
    why: str

    @property
    def is_shut(self) -> bool:
        return self.refusals >= REFUSALS


class DoorBook(Protocol):
    """Where refusals are kept, so that a restart forgets none."""

    def doors(self) -> Mapping[str, Door]: ...
    def note_door(self, name: str, door: Door) -> None: ...
    def forget_door(self, name: str) -> None: ...


@dataclass(frozen=True)
class Doors:
    book: DoorBook
    secret: str
    outside: Outside

    def name(self, *parts: str | None) -> str:
        """For an address with the password used there; says neither."""
        text = "\0".join(part or "" for part in parts)
        return hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]

    def shut_ones(self) -> Mapping[str, Door]:
        return {name: door for name, door in self.book.doors().items() if door.is_shut}

    def is_shut(self, name: str) -> bool:
        return name in self.shut_ones()

    def refused(self, name: str, why: str) -> None:
        """One more refusal."""
        known = self.book.doors().get(name)
        self.book.note_door(name, Door((known.refusals if known else 0) + 1, self.outside.now(), why))

    def gone(self, name: str, why: str) -> None:
        """The other side asked never to be called again."""
        self.book.note_door(name, Door(REFUSALS, self.outside.now(), why))

    def passed(self, name: str) -> None:
        """It let us in: what was before does not count any more."""
        if name in self.book.doors():
            self.book.forget_door(name)
