"""Owns carrying out a fold: files moved and removed, in git as one clean change to commit. Refuses to commit.

Refuses, too, to begin where a file it would touch holds something that git does not know: that would be lost.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from portal_builder.fold import Fold

_SECONDS = 60


class UncommittedError(Exception):
    """Files with changes that are not committed."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        self.paths = paths
        super().__init__(", ".join(paths))


def carry_out(root: Path, fold: Fold) -> None:
    """Move and remove. Raises UncommittedError before anything is touched."""
    repository = _Repository.of(root, fold.touched)
    if repository.changed:
        raise UncommittedError(repository.changed)
    for source, target in (*fold.pictures, *fold.texts):
        (root / target).parent.mkdir(parents=True, exist_ok=True)
        if source in repository.tracked:
            repository.run("mv", "-f", "--", source, target)
        else:
            (root / source).replace(root / target)
    for path in fold.removed:
        if path in repository.tracked:
            repository.run("rm", "-q", "--", path)
        (root / path).unlink(missing_ok=True)
    _remove_empty(root / "scheduled")


@dataclass(frozen=True)
class _Repository:
    """What git knows of some files; nothing where there is no git."""

    root: Path
    tracked: frozenset[str] = frozenset()
    changed: tuple[str, ...] = ()

    @classmethod
    def of(cls, root: Path, paths: Iterable[str]) -> _Repository:
        there = [path for path in paths if (root / path).exists()]
        nothing = cls(root)
        try:
            nothing.run("rev-parse", "--is-inside-work-tree")
        except (OSError, subprocess.CalledProcessError):
            return nothing
        if not there:
            return nothing
        tracked = nothing.run("ls-files", "-z", "--", *there)
        changed = nothing.run("ls-files", "-z", "--modified", "--others", "--exclude-standard", "--", *there)
        staged = nothing.run("diff", "--cached", "--name-only", "--relative", "-z", "--", *there)
        return cls(root, frozenset(_names(tracked)), tuple(dict.fromkeys((*_names(changed), *_names(staged)))))

    def run(self, *arguments: str) -> str:
        command = ("git", "--literal-pathspecs", *arguments)
        answer = subprocess.run(command, cwd=self.root, capture_output=True, check=True, timeout=_SECONDS)  # noqa: S603 -- no shell
        return answer.stdout.decode("utf-8", "surrogateescape")


def _names(listed: str) -> list[str]:
    return [name for name in listed.split("\0") if name]


def _remove_empty(folder: Path) -> None:
    """Folders that held nothing but what went."""
    for inner in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        if not any(inner.iterdir()):
            inner.rmdir()
