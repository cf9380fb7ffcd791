"""Owns when each text was last changed, as the git repository around a help centre knows. Refuses to guess.

Without git, outside of a repository, or in a shallow clone (where every file seems to be as old as the clone) there are
no dates, and nothing that is made of them.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from portal_builder.library import TREES

_MARK = "\x01"
_SECONDS = 60  # a repository that takes longer is on a disk that hangs


def committed(root: Path) -> Mapping[str, datetime]:
    """The instant of the newest commit that touched each text, by path below `root`."""
    if _git(root, "rev-parse", "--is-shallow-repository").strip() != "false":
        return {}
    log = _git(root, "log", f"--format={_MARK}%cI", "--name-only", "--no-renames", "--relative", "--", *TREES)
    found: dict[str, datetime] = {}
    for path, at in _touched(log):
        found.setdefault(path, at)  # the newest commit comes first
    return found


def _touched(log: str) -> Iterator[tuple[str, datetime]]:
    at: datetime | None = None
    for line in log.splitlines():
        if line.startswith(_MARK):
            at = datetime.fromisoformat(line.removeprefix(_MARK)).astimezone(UTC)
        elif line and at:
            yield line, at


def _git(root: Path, *arguments: str) -> str:
    """What git says, or nothing: a help centre need not lie in a repository, nor git be there."""
    command = ["git", "-C", str(root), "-c", "core.quotepath=off", *arguments]
    try:
        run = subprocess.run(command, capture_output=True, check=False, timeout=_SECONDS)  # noqa: S603 -- our own arguments
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout.decode("utf-8", "replace") if run.returncode == 0 else ""
