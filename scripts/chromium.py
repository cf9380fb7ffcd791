"""Make sure that the browser tests can run: a Chromium, and the library that Playwright's driver needs.

Both are found, or installed (by Debian's packages as root, by Playwright otherwise), or the one command that would
install them is named. Nothing is skipped in silence.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is the same engine without a window's toolbars, which cost a whole Chromium half of its processor time."""
PACKAGES = ("chromium-headless-shell", "libatomic1")


def find_chromium() -> str | None:
    """`HAEDAP_CHROMIUM`, a Chromium on the path, or the one that Playwright installed."""
    named = os.environ.get("HAEDAP_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    return named or _playwrights()


def _playwrights() -> str | None:
    """The newest that `playwright install` has put where it puts them."""
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    found = sorted(cache.glob("chromium-*/chrome-linux*/chrome"))
    return str(found[-1]) if found else None


def driver_runs() -> bool:
    """Playwright speaks to the browser through a program of its own, which needs libatomic."""
    return _succeeds([sys.executable, "-m", "playwright", "--version"])


def _succeeds(command: Sequence[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0


def install() -> None:
    print("The browser tests need Chromium; installing it ...", flush=True)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _succeeds(["apt-get", "update"])
        _succeeds(["apt-get", "install", "-y", "--no-install-recommends", *PACKAGES])
    elif driver_runs():
        _succeeds([sys.executable, "-m", "playwright", "install", "chromium"])


def main() -> int:
    if not (find_chromium() and driver_runs()):
        install()
    if find_chromium() and driver_runs():
        return 0
    command = f"sudo apt-get install {' '.join(PACKAGES)}"
    print(f"The browser tests need Chromium. Install it with: {command}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
