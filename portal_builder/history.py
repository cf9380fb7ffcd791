"""Owns when each text was last changed, as git remembers it. Refuses to guess: where git does not know, nor do we.

A file that was only moved has not changed. A shallow clone knows only its last commits and would call every text new,
so it knows nothing; `git clone` without `--depth` (`fetch-depth: 0` in CI) brings the dates.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from portal_builder.places import TREES

_COMMIT = "\x01"
_SECONDS = 60
"""A repository that takes longer is on a disk that hangs."""
_LOG = ("log", f"--format={_COMMIT}%cI", "--raw", "--no-abbrev", "--relative", "--find-renames=100%", "--", *TREES)


def committed(root: Path) -> Mapping[str, datetime]:
    """By path relative to `root`, when the newest commit that changed the file was made. Empty without git."""
    try:
        if git(root, "rev-parse", "--is-shallow-repository").strip() != b"false":
            return {}
        log = git(root, *_LOG).decode("utf-8", "replace")
    except (OSError, subprocess.SubprocessError):
        return {}
    return _newest(log.splitlines())


def git(root: Path, *arguments: str, told: str = "") -> bytes:
    """What git answers; raises OSError or SubprocessError where it cannot."""
    command = ("git", "-c", "core.quotePath=false", *arguments)
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    answer = subprocess.run(  # noqa: S603 -- no shell
        command, cwd=root, env=environment, input=told.encode(), capture_output=True, check=True, timeout=_SECONDS
    )
    return answer.stdout


def _newest(lines: Iterable[str]) -> dict[str, datetime]:
    """From a log that begins with the newest commit."""
    found: dict[str, datetime] = {}
    now_called: dict[str, str] = {}
    for at, changes in _commits(lines):
        removed = {change.before: change.old for change in changes if change.status == "D"}
        for change in (change for change in changes if change.status != "D"):
            name = now_called.get(change.new, change.new)
            came_from = change.old if change.status == "R" else removed.get(change.after, change.new)
            if came_from != change.new:  # also where it took the place of another text, as `haedap fold` does
                now_called[came_from] = name
            else:
                found.setdefault(name, at)
    return found


@dataclass(frozen=True)
class _Change:
    """What one commit did to one file; both paths are one but for a file that was moved."""

    status: str
    """Git's letter."""
    before: str
    """What was in it, as git names contents; zeros for nothing."""
    after: str
    old: str
    new: str


def _commits(lines: Iterable[str]) -> Iterator[tuple[datetime, list[_Change]]]:
    """When each commit was made, and what it changed."""
    at, changes = datetime.min.replace(tzinfo=UTC), list[_Change]()
    for line in lines:
        if line.startswith(_COMMIT):
            yield at, changes
            at, changes = datetime.fromisoformat(line[1:]).astimezone(UTC), []
        elif line.startswith(":"):
            told, *paths = line.split("\t")
            _, _, before, after, status = told.split()
            changes.append(_Change(status[:1], before, after, paths[0], paths[-1]))
    yield at, changes
