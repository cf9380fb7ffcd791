"""Owns opening what was taken in for a person's commands: as owner of the data folder where nobody serves from it,
else as a guest beside the service. Refuses to serve or to deliver."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bridge.datafolder import DataFolder, LockedError
from bridge.files.vault import Vault
from bridge.intake.kept import sweep_kept
from bridge.outside import Outside
from bridge.records.retention import Purge
from bridge.service import Rooms, rooms_of
from bridge.store import Store, open_store


@dataclass(frozen=True)
class Archive:
    store: Store
    rooms: Rooms
    outside: Outside
    owner: bool
    """Whether the database's file is ours alone."""

    @property
    def vault(self) -> Vault:
        return Vault(self.rooms.attachments, self.outside)

    def purge(self) -> Purge:
        vault, store = self.vault, self.store
        return Purge(
            store.database,
            discard=vault.discard,
            sweep_kept=lambda: sweep_kept(self.rooms.kept, self.outside),
            sweep_leftovers=lambda: vault.sweep(store.known_files),
            clean=store.database.clean if self.owner else lambda: False,
        )


@contextmanager
def open_archive(data: DataFolder, outside: Outside, where: Path | str) -> Iterator[Archive | None]:
    """None where nothing was ever taken in: looking must not make a database."""
    if isinstance(where, Path) and not where.is_file():
        yield None
        return
    with ExitStack() as stack:
        owner = True
        if isinstance(where, Path):
            try:
                stack.enter_context(data.lock())
            except LockedError:
                owner = False
        store = open_store(where, owner=owner)
        stack.callback(store.close)
        yield Archive(store, rooms_of(data, store, outside), outside, owner)
