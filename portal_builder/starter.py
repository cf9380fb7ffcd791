"""Owns `haedap init`: a small complete help centre to begin with. Refuses to overwrite anything."""

from __future__ import annotations

import shutil
from pathlib import Path

_TEMPLATE = Path(__file__).parent / "starter"
_HARMLESS = frozenset({".git", ".gitignore", "README.md", "LICENSE"})
"""What a new repository may hold already."""


class NotEmptyError(Exception):
    """The folder holds something that init will not touch."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(name)


def write_starter(folder: Path) -> int:
    """Write the starter and return how many files it has. Raises NotEmptyError before anything is written."""
    present = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    if folder.exists() and not folder.is_dir():
        raise NotEmptyError(folder.name)
    for name in present:
        if name not in _HARMLESS:
            raise NotEmptyError(name)
    files = [file for file in sorted(_TEMPLATE.rglob("*")) if file.is_file() and file.suffix != ".pyc"]
    written = 0
    for file in files:
        target = folder / _real_name(file.relative_to(_TEMPLATE))
        if target.exists():
            continue  # their README stays theirs
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        written += 1
    return written


def _real_name(path: Path) -> Path:
    """Files whose names begin with a dot are kept under a name that packaging does not skip."""
    return path.with_name(path.name.replace("dot-", ".", 1)) if path.name.startswith("dot-") else path
