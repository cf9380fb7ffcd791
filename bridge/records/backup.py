"""Owns a copy of the data folder that is whole, taken while the service writes. Refuses a copy nobody can restore.

First the database as it is at one moment, then the files it names: none changes, and each was there before its row.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from bridge.datafolder import DataFolder, sync_folder
from bridge.store import copy_database


@dataclass(frozen=True)
class Copied:
    inquiries: int
    files: int
    missing: int
    """Files that were deleted while we copied, with their inquiries."""


def back_up(data: DataFolder, target: Path) -> Copied:
    """Copy into an empty or new folder, which a service can be started on as it is."""
    copy = DataFolder(target)
    copy.prepare()
    inquiries, names = copy_database(data.database, copy.database)
    missing = sum(not _copied(data.attachments / name, copy.attachments / name) for name in names)
    _copied(data.path / "secret", copy.path / "secret")
    for folder in (copy.attachments, copy.path):
        sync_folder(folder)
    return Copied(inquiries, len(names) - missing, missing)


def _copied(source: Path, target: Path) -> bool:
    try:
        shutil.copy2(source, target)
    except FileNotFoundError:
        return False
    descriptor = os.open(target, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return True
