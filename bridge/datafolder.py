"""Owns the layout of the data folder, its secret, and the lock that lets one serving process in. Refuses to share it.

Everything in it is customers' data: the folder is the owner's alone.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class LockedError(Exception):
    """Another process serves from this data folder."""


@dataclass(frozen=True)
class DataFolder:
    path: Path

    @property
    def database(self) -> Path:
        return self.path / "inbox.sqlite"

    @property
    def attachments(self) -> Path:
        """Files of inquiries."""
        return self.path / "attachments"

    @property
    def kept(self) -> Path:
        """Files of forms that were not sent yet."""
        return self.path / "kept"

    @property
    def mail(self) -> Path:
        """The Maildir of `serve --catch-mail`."""
        return self.path / "mail"

    def prepare(self) -> None:
        for folder in (self.path, self.attachments, self.kept):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def secret(self, secret_bytes: Callable[[int], bytes]) -> str:
        """The signing secret, made at the first call."""
        file = self.path / "secret"
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return file.read_text("ascii").strip()
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secret_bytes(32).hex())
            stream.flush()
            os.fsync(stream.fileno())
        return file.read_text("ascii").strip()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Held while serving or working; the kernel lets go of it however the process ends."""
        with (self.path / "lock").open("a") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise LockedError(str(self.path)) from None
            yield


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, as fsync makes a file's bytes."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
