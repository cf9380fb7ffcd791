"""Make sure that a Chromium is there for the tests: found, installed, or named the one command that would."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """`HAEDAP_CHROMIUM`, a Chromium on the path, or the one that Playwright installed."""
    named = os.environ.get("HAEDAP_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    return named or _playwrights()


def _playwrights() -> str | None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- slow, and mostly not needed

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def main() -> int:
    if find_chromium():
        return 0
    is_debian_root = os.geteuid() == 0 and shutil.which("apt-get")
    print("No Chromium found; installing one for the browser tests ...")
    if is_debian_root:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        commands = [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]]
    else:
        environment, commands = dict(os.environ), [[sys.executable, "-m", "playwright", "install", "chromium"]]
    for command in commands:
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    if find_chromium():
        return 0
    print("The browser tests need Chromium. Install it with: sudo apt-get install chromium", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
