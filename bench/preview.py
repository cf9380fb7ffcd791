"""Owns `python -m bench.preview`: how long an edit takes to be seen in a browser. Refuses to count what nobody sees.

    python -m bench.preview [--articles 1000] [--edits 15] [--write docs/performance.md]

One portal of so many articles is served by `haedap serve`; a real Chromium shows one of them, scrolled down. The clock
runs from before the file is written until the browser has drawn the first frame that holds the new words. With
`--write`, the table in that file is renewed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from bench.build.ours import Shape, write_centre

sys.path.append(str(Path(__file__).parents[1] / "scripts"))
from chromium import find_chromium

_HAEDAP = str(Path(sys.executable).parent / "haedap")
_BEGIN, _END = "<!-- preview: python -m bench.preview --write docs/performance.md -->", "<!-- end of preview -->"
_DEPTH = 400
"""Pixels that the page is scrolled down by."""
_PAUSE = 2.0
"""Seconds between edits: a hand is no faster, and what the preview looks over meanwhile is not counted."""
_TELL = """
const tell = () => console.log(JSON.stringify({
  seen: performance.timeOrigin + performance.now(),
  place: scrollY,
  text: document.querySelector(".text")?.innerText ?? "",
}));
addEventListener("DOMContentLoaded", () => requestAnimationFrame(() => setTimeout(tell)));
"""


@dataclass(frozen=True)
class Seen:
    """What came of the edits."""

    articles: int
    first: float
    """Milliseconds from the command until the first page has been drawn."""
    edits: Sequence[float]
    """Milliseconds each."""
    places: Sequence[float]
    """Where the page stood after each."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.preview")
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--edits", type=int, default=15)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="haedap-bench-") as folder:
        root = write_centre(Path(folder), Shape(1, ("ko",), options.articles), None)
        seen = _measured(root, options.articles, options.edits)
    table = _table(seen)
    print(table)
    if options.write:
        text = options.write.read_text("utf-8")
        before, after = text.partition(_BEGIN)[0], text.partition(_END)[2]
        options.write.write_text(f"{before}{_BEGIN}\n\n{table}\n{_END}{after}", "utf-8")
    return 0


def _measured(root: Path, articles: int, edits: int) -> Seen:
    file = sorted((root / "content").rglob("*.ko.md"))[articles // 2]
    url = file.relative_to(root / "content").as_posix().removesuffix(".ko.md")
    started = time.time()
    with _served(root) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.add_init_script(_TELL)
        page.goto(f"{address}/brand00/ko/{url}/")
        first = (time.time() - started) * 1000
        page.evaluate(f"scrollTo(0, {_DEPTH})")
        found = [_edit(page, file, number) for number in range(edits)]
        browser.close()
    return Seen(articles, first, [took for took, _ in found], [place for _, place in found])


def _edit(page: Page, file: Path, number: int) -> tuple[float, float]:
    """One sentence more; how long until it was seen, and where the page stood then."""
    page.wait_for_timeout(_PAUSE * 1000)
    mark = f"고친 문장 {number} 끝"
    text = file.read_text("utf-8") + f"\n\n{mark}\n"
    with page.expect_console_message(lambda message: mark in message.text, timeout=60_000) as said:
        before = time.time() * 1000
        file.write_text(text, "utf-8")
    told = json.loads(said.value.text)
    return told["seen"] - before, told["place"]


@contextmanager
def _served(root: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([_HAEDAP, "serve", "--root", str(root), "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/_haedap/reload.js", process)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 -- of the server that we started
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
    raise RuntimeError(process.returncode)


def _table(seen: Seen) -> str:
    today = datetime.now(UTC).date().isoformat()
    machine = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()} {platform.release()}"
    edits = sorted(seen.edits)
    stayed = sum(place == _DEPTH for place in seen.places)
    figures = (median(edits), edits[0], edits[-1])
    row = (f"{seen.articles:,}", len(edits), *map(round, figures), f"{stayed} of {len(edits)}", round(seen.first))
    return f"""\
Measured on {today}: {machine}, Python {platform.python_version()}, Chromium; milliseconds of wall clock.

| articles | edits | median | fastest | slowest | scrolled as before | command to first page |
|---:|---:|---:|---:|---:|---:|---:|
| {" | ".join(map(str, row))} |
"""


if __name__ == "__main__":
    sys.exit(main())
