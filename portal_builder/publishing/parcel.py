"""Owns what a target is handed and what it answers: values and one error. Refuses to send anything.

A target is one file below `portal_builder/publishing/targets/`, named as `to:` names it, with

    Options                 the keys it takes in `publish.yml`
    SECRETS                 environment variables it needs; each may be given as `<NAME>_FILE`, too
    host_of(options)        how redirects and headers are written there, a name of `hostfiles.HOSTS`
    send(options, parcel)   brings it there and gives a Sent, or raises TargetError
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from portal_builder.publishing.shelf import Published
from portal_builder.publishing.tree import Laid, Tree
from portal_builder.schema import Strict

_LINES = 6
_NONE: Mapping[int, str] = {}
_SECONDS = 1800
"""An upload that takes longer hangs."""


class TargetOptions(Strict):
    """What every target takes."""

    to: str
    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$")] | None = None
    """How messages and records call it; the kind and the brand without it."""
    brand: str | None = None
    """Only this brand's folder, as the top of what is sent; all brands, each in its folder, without it."""


class TargetError(Exception):
    """A place did not take a release; the message is its own words."""


@dataclass(frozen=True)
class Sent:
    """What a place took."""

    written: int
    removed: int


@dataclass(frozen=True)
class Parcel:
    """One release, as one place is to show it."""

    record: Published
    tree: Tree
    redirects: Mapping[str, str]
    """By old page below the top, where it leads: an address, or a path from the host's root."""
    desk: Path
    """A folder of this target's own that stays between releases."""
    environment: Mapping[str, str]
    """What programs are started with, secrets included."""
    laid: Laid
    """The release's own files, for links instead of copies."""

    @property
    def number(self) -> int:
        return self.record.number

    def unpack(self) -> Path:
        """Every file in one folder, for programs that want one."""
        folder = self.desk / "files"
        folder.mkdir(parents=True, exist_ok=True)
        self.tree.write(folder, self.laid)
        return folder


def secrets(names: Sequence[str], environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with each secret that a file holds (`<NAME>_FILE`) in its own variable."""
    whole = dict(environment)
    for name in names:
        if file := environment.get(f"{name}_FILE"):
            try:
                whole[name] = Path(file).read_text("utf-8").strip()
            except OSError as error:
                raise TargetError(f"{name}_FILE: {error.strerror}: {file}") from error
    return whole


def run(
    command: Sequence[str], parcel: Parcel, cwd: Path | None = None, given: str | None = None,
    meanings: Mapping[int, str] = _NONE,
) -> str:  # fmt: skip  # one line of arguments
    """Run a program; what it says, or a TargetError with its last words."""
    try:
        done = subprocess.run(  # noqa: S603 -- no shell; the words are ours and those of publish.yml
            command, cwd=cwd, env=parcel.environment, input=given, capture_output=True, text=True,
            errors="replace", timeout=_SECONDS, check=False, stdin=None if given is not None else subprocess.DEVNULL,
        )  # fmt: skip  # one line of plumbing
    except FileNotFoundError:
        raise TargetError(f"{command[0]} is not installed") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TargetError(f"{command[0]}: {error}") from error
    if done.returncode != 0:
        said = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        said += [meanings[done.returncode]] if done.returncode in meanings else []
        raise TargetError(f"{Path(command[0]).name} ({done.returncode}): {_hidden(' | '.join(said[-_LINES:]), parcel)}")
    return done.stdout


def _hidden(text: str, parcel: Parcel) -> str:
    """What programs say, without passwords that stand in our environment."""
    for name, value in parcel.environment.items():
        if len(value) >= 8 and name.endswith(("_TOKEN", "_KEY", "_SECRET", "_PASSWORD")):
            text = text.replace(value, "***")
    return text


def inherited() -> dict[str, str]:
    """The environment that programs are started with."""
    return {**os.environ, "LC_ALL": "C.UTF-8", "GIT_TERMINAL_PROMPT": "0"}
