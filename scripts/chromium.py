"""Find a Chromium for browser tests, screenshots and benches."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is the same engine without a window's toolbars, which cost a whole Chromium half of its processor time."""


def find_chromium() -> str | None:
    """`HAEDAP_CHROMIUM`, a Chromium on the path, or the one that Playwright installed."""
    named = os.environ.get("HAEDAP_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    return named or _playwrights()


def _playwrights() -> str | None:
    """The newest that `playwright install` has put where it puts them."""
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    found = sorted(cache.glob("chromium-*/chrome-linux*/chrome"))
    return str(found[-1]) if found else None
