"""Owns when each text was last changed, as git remembers it. Refuses to guess: where git does not know, nor do we.

A file that was only moved has not changed. A shallow clone knows only its last commits and would call every text new,
so it knows nothing; `git clone` without `--depth` (`fetch-depth: 0` in CI) brings the dates.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from portal_builder.library import TREES

_COMMIT = "\x01"
_SECONDS = 60
"""A repository that takes longer is on a disk that hangs."""
_LOG = ("log", f"--format={_COMMIT}%cI", "--name-status", "--relative", "--find-renames=100%", "--", *TREES)


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
    for at, status, old, new in _changes(lines):
        name = now_called.get(new, new)
        if status == "R":
            now_called[old] = name
        else:
            found.setdefault(name, at)
    return found


def _changes(lines: Iterable[str]) -> Iterator[tuple[datetime, str, str, str]]:
    """When, how (git's letter), the path before and the path after; both are one but for a file that was moved."""
    at = datetime.min.replace(tzinfo=UTC)
    for line in lines:
        if line.startswith(_COMMIT):
            at = datetime.fromisoformat(line[1:]).astimezone(UTC)
        elif line:
            status, *paths = line.split("\t")
            yield at, status[:1], paths[0], paths[-1]
