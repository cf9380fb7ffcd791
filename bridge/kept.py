"""Owns files of a form that came back with faults, so that nobody has to choose them twice. Refuses to keep them long.

The browser holds a signed token for each; the token finds the bytes again, for the same form of the same brand only.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from itsdangerous import BadSignature, URLSafeSerializer

from bridge.outside import Outside
from bridge.vault import LEFTOVER_AFTER, files_before

CAP = 1_000_000_000
"""Bytes of all kept files together: forms sent wrong on purpose must not fill the disk."""


@dataclass(frozen=True)
class KeptFile:
    """A file a customer sent already."""

    field: str
    name: str
    size: int
    token: str
    path: Path

    def open(self) -> IO[bytes]:
        return self.path.open("rb")


@dataclass(frozen=True)
class Kept:
    folder: Path
    secret: str
    outside: Outside
    cap: int = CAP

    def keep(self, scope: str, field: str, name: str, size: int, stream: IO[bytes]) -> KeptFile | None:
        """Take a file in, or None when there is no room. Not fsynced: losing it costs one more choice, no inquiry."""
        if size + sum(self._sizes()) > self.cap:
            return None
        random_name = self.outside.secret_bytes(16).hex()
        path = self.folder / random_name
        try:
            with path.open("xb") as target:
                shutil.copyfileobj(stream, target)
        except OSError:
            path.unlink(missing_ok=True)
            return None
        token = self._signer(scope).dumps([random_name, field, name, size])
        return KeptFile(field, name, size, str(token), path)

    def find(self, scope: str, field: str, token: str) -> KeptFile | None:
        """The file a token stands for, or None for a token that is forged, of another form, or swept away."""
        try:
            random_name, of_field, name, size = self._signer(scope).loads(token)
        except (BadSignature, ValueError, TypeError):
            return None
        path = self.folder / random_name
        return KeptFile(field, name, size, token, path) if of_field == field and path.is_file() else None

    def drop(self, file: KeptFile) -> None:
        file.path.unlink(missing_ok=True)

    def sweep(self) -> int:
        """Remove what nobody came back for."""
        old = files_before(self.folder, self.outside.now() - LEFTOVER_AFTER)
        for file in old:
            file.unlink(missing_ok=True)
        return len(old)

    def _signer(self, scope: str) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret, salt=f"kept:{scope}")

    def _sizes(self) -> Iterator[int]:
        for file in self.folder.iterdir():
            with suppress(FileNotFoundError):  # swept meanwhile
                yield file.stat().st_size
