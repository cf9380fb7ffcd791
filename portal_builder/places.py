"""Owns where texts lie below a help centre's root, and where a build leaves what the next one can use. Refuses to read
or write any."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TREES = ("content", "scheduled")
"""Where texts lie."""
CONVERSIONS = "build/cache/markdown"
"""What Markdown became; safe to delete, as everything in `build/cache`."""
MAKINGS = "build/cache/makings"
"""What each portal was planned of."""
PAGES = "build/cache/pages"
"""What each page of a portal was made of."""
PLANS = "build/cache/plans"
"""What of each portal's plan is needed to make one of its pages again."""
SEARCH = "build/cache/search"
"""What the search learned."""
AMENDING = "amending"
"""Beside what the search learned of a portal, while that is ahead of the portal."""
RIGHT = "build/cache/right"
"""Which portals were looked at last before they were published, and found to be right."""
LOOKED_AT = "build/cache/verified"
"""Where the links of pages lead that were published."""
DIGESTS = "build/cache/digests"
"""Of the files that were published, by their stamps."""
WORK = "build/stage"
"""Where portals are made, each in a folder of its own."""
SITE = "site"
"""What becomes of one there."""


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """One build at a time in one help centre; a second one waits."""
    work = root / WORK
    work.mkdir(parents=True, exist_ok=True)
    with (work / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
