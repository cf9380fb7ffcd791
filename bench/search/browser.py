"""Owns the time a reader waits, from a keystroke to drawn results, in Chromium at a quarter of its speed. No verdicts.

The throttle of Chromium holds a page's main thread and no worker, so the shipped client runs on the main thread here:
worse than in a portal, where the page stays free. The page names its language, as a portal's pages do: without that
Chromium looks for a font letter by letter. Each query is asked once to
load what it needs, then three times, of which the best counts: the machine has other work.
"""

from __future__ import annotations

import functools
import http.server
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.append(str(Path(__file__).parents[2] / "scripts"))
from chromium import find_chromium

SLOWER = 4
AT_MOST = 400
"""Queries of a set, evenly taken."""
_PAGE = '<!doctype html><html lang="{language}"><meta charset="utf-8"><title>bench</title><input><ul></ul></html>'
_SCRIPT = """async (queries) => {
  const { openSearch } = await import("/search.js"), opened = [];
  for (let turn = 0; turn < 3; turn++) {
    const begin = performance.now();
    await openSearch(location.href).open();
    opened.push(performance.now() - begin);
  }
  const portal = openSearch(location.href);
  const input = document.querySelector("input"), list = document.querySelector("ul"), times = [];
  let done;
  input.addEventListener("input", async () => {
    const results = await portal.search(input.value, { limit: 8 });
    list.replaceChildren(...results.map(({ marked, excerpt }) => {
      const item = document.createElement("li");
      for (const parts of [marked, excerpt]) item.append(...parts.map((text, place) => {
        const mark = document.createElement("mark");
        mark.append(text);
        return place % 2 ? mark : text;
      }));
      return item;
    }));
    list.getBoundingClientRect();
    done();
  });
  const type = (query) => new Promise((drawn) => {
    done = drawn;
    input.value = query;
    input.dispatchEvent(new Event("input"));
  });
  for (const query of queries) {
    await type(query);
    let best = Infinity;
    for (let turn = 0; turn < 3; turn++) {
      const begin = performance.now();
      await type(query);
      best = Math.min(best, performance.now() - begin);
    }
    times.push(best);
  }
  return { times, opened };
}"""


@dataclass(frozen=True)
class Waits:
    """Milliseconds."""

    times: list[float]
    """From a keystroke to drawn results, sorted."""
    opened: list[float]
    """To load and read the head: the first time, when nothing is compiled yet, and twice more."""


def waits(folder: Path, queries: Path) -> Waits:
    """How long a reader waits for the head, and for the results of each query."""
    texts = [json.loads(line)["text"] for line in queries.read_text("utf-8").splitlines()]
    chosen = texts[:: max(1, len(texts) // AT_MOST)]
    language = json.loads((folder / "head.json").read_text("utf-8"))["language"]
    (folder / "bench.html").write_text(_PAGE.format(language=language), "utf-8")
    with _served(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.goto(f"{address}/bench.html")
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        found = page.evaluate(_SCRIPT.replace("location.href", json.dumps(f"{address}/")), chosen)
        browser.close()
    return Waits(sorted(found["times"]), found["opened"])


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
