"""Owns files of a form that came back with faults, so that nobody has to choose them twice. Refuses to keep them long.

The browser holds a signed token for each; the token finds the bytes again, for the same form of the same brand only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from itsdangerous import BadSignature, URLSafeSerializer

from bridge.files.rooms import Room
from bridge.files.vault import LEFTOVER_AFTER
from bridge.outside import Outside
from bridge.store import StoreError

CAP = 1_000_000_000
"""Bytes of all kept files together: forms sent wrong on purpose must not fill the disk."""


@dataclass(frozen=True)
class KeptFile:
    """A file a customer sent already."""

    field: str
    name: str
    size: int
    token: str
    id: str
    room: Room

    def open(self) -> IO[bytes]:
        return self.room.open(self.id)


@dataclass(frozen=True)
class Kept:
    room: Room
    secret: str
    outside: Outside
    cap: int = CAP

    def keep(self, scope: str, field: str, name: str, size: int, stream: IO[bytes]) -> KeptFile | None:
        """Take a file in, or None when there is no room. Not fsynced: losing it costs one more choice, no inquiry."""
        random_name = self.outside.secret_bytes(16).hex()
        try:
            if size + self.room.size() > self.cap:
                return None
            self.room.put(random_name, stream)
        except (OSError, StoreError):
            return None
        token = self._signer(scope).dumps([random_name, field, name, size])
        return KeptFile(field, name, size, str(token), random_name, self.room)

    def find(self, scope: str, field: str, token: str) -> KeptFile | None:
        """The file a token stands for, or None for a token that is forged, of another form, or swept away."""
        try:
            random_name, of_field, name, size = self._signer(scope).loads(token)
        except (BadSignature, ValueError, TypeError):
            return None
        try:
            self.room.open(random_name).close()
        except FileNotFoundError:
            return None
        return KeptFile(field, name, size, token, random_name, self.room) if of_field == field else None

    def drop(self, file: KeptFile) -> None:
        self.room.discard([file.id])

    def sweep(self) -> int:
        return sweep_kept(self.room, self.outside)

    def _signer(self, scope: str) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret, salt=f"kept:{scope}")


def sweep_kept(room: Room, outside: Outside) -> int:
    """Remove what nobody came back for. Returns how many."""
    old = room.before(outside.now() - LEFTOVER_AFTER)
    room.discard(old)
    return len(old)
