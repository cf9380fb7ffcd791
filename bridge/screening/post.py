"""Owns what a form's post is before anything of it is believed, and what makes two posts one. Refuses to judge it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

SAME_WITHIN = timedelta(minutes=10)
"""Without a key from the page, the same answers within this time are one inquiry."""


@dataclass(frozen=True)
class Incoming:
    """A file as it arrived."""

    name: str
    size: int
    stream: IO[bytes]

    def open(self) -> IO[bytes]:
        self.stream.seek(0)
        return self.stream


@dataclass(frozen=True)
class Post:
    """A form as it arrived."""

    raw: Mapping[str, Sequence[str]]
    files: Mapping[str, Sequence[Incoming]]
    kept: Mapping[str, Sequence[str]]
    """Tokens of files that came with an earlier post of this form."""
    dropped: Mapping[str, Sequence[str]]
    """Tokens of those that are not to be sent after all."""
    page: str
    key: str | None
    token: str = ""
    """Says when the form was opened."""
    trap: str = ""
    """What stands in the field that people do not see."""
    proof: str = ""
    by_script: bool = False
    """Whether a script sent it and reads JSON, rather than a browser that shows the answer."""
    is_foreign: bool = False
    """Whether a page of somebody else sent it, as the browser says."""
    flood: bool = False

    def marks(self, now: datetime) -> tuple[str, ...]:
        """What this post may be known by already; the first is what it is recorded under.

        The page's key and what is said: a key that comes again with other answers (a page gone back to, and written
        anew) is another inquiry. It may be taken twice, but never lost. Without a key the time takes its place.
        """
        if self.key is not None:
            return (self._mark(self.key),)
        turn = int(now.timestamp() // SAME_WITHIN.total_seconds())
        return self._mark(f"turn {turn}"), self._mark(f"turn {turn - 1}")

    def _mark(self, of: str) -> str:
        files = {name: [(file.name, file.size) for file in files] for name, files in self.files.items()}
        said = json.dumps([of, self.raw, files, self.kept, self.dropped], default=list, sort_keys=True)
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
