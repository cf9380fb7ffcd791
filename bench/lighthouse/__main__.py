"""Owns the measurement of portals by Lighthouse, as a phone on a slow line sees them. Refuses to judge by one run.

    python -m bench.lighthouse [--runs 5] [--site DIR]

Lighthouse comes from npm, pinned, once, into `build/tools/lighthouse`; the browser is the one of the tests. The portals
are served with gzip and with the cache lifetimes of docs/hosting.md, as the hosts described there do.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Thread

from bench.lighthouse.host import host

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "scripts"))
from chromium import find_chromium  # noqa: E402 -- scripts/ is no package

LIGHTHOUSE = "lighthouse@12.8.2"
"""The last that runs on Node 20."""
PAGES = {"home": "ondam/ko/", "article": "ondam/ko/faq/billing/refund-time/"}
TARGETS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
_CHROME = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
_METRICS = {"first-contentful-paint": "FCP", "largest-contentful-paint": "LCP", "total-blocking-time": "TBT"}


def main() -> int:
    """Print the median of each score and what Lighthouse would mend; 1 where a target is missed."""
    options = _options()
    program = _installed(ROOT / "build/tools/lighthouse")
    with tempfile.TemporaryDirectory() as folder, _served(options.site, Path(folder)) as address:
        reports = {
            name: [_report(program, f"{address}/{path}", Path(folder)) for _ in range(options.runs)]
            for name, path in PAGES.items()
        }
    reached = [_told(name, runs) for name, runs in reports.items()]
    return 0 if all(reached) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.lighthouse")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--site", type=Path, help="portals that are built already; canonical links lead elsewhere then")
    return parser.parse_args()


def _installed(tools: Path) -> Path:
    program = tools / "node_modules/.bin/lighthouse"
    if not program.exists():
        tools.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(tools), LIGHTHOUSE]
        subprocess.run(command, check=True, env={**os.environ, "PUPPETEER_SKIP_DOWNLOAD": "1"})
    return program


@contextmanager
def _served(site: Path | None, folder: Path) -> Iterator[str]:
    """The shipped portals at an address of this machine; built for it, so that canonical links lead there."""
    site = site or folder / "site"
    with host(site) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        if not (site / "ondam").is_dir():
            command = [
                str(Path(sys.executable).parent / "haedap"),
                "build",
                "--root",
                str(ROOT),
                "--portal",
                "ondam/ko",
            ]
            subprocess.run([*command, "--out", str(site), "--base", address], check=True, stdout=subprocess.DEVNULL)
        Thread(target=server.serve_forever, daemon=True).start()
        yield address
        server.shutdown()


def _report(program: Path, url: str, folder: Path) -> dict[str, float | list[str]]:
    """One run: each category's score of 100, the times in ms, and the audits that are not passed."""
    target = folder / "report.json"
    command = [str(program), url, "--quiet", "--output=json", f"--output-path={target}", f"--chrome-flags={_CHROME}"]
    environment = {**os.environ, "CHROME_PATH": str(find_chromium())}
    run = subprocess.run(command, env=environment, capture_output=True, check=False)
    if run.returncode:
        raise SystemExit(run.stderr.decode())
    tree = json.loads(target.read_text("utf-8"))
    scores = {name: round(100 * tree["categories"][name]["score"]) for name in TARGETS}
    times = {short: tree["audits"][name]["numericValue"] for name, short in _METRICS.items()}
    counted = {ref["id"] for name in TARGETS for ref in tree["categories"][name]["auditRefs"] if ref["weight"]}
    failed = [name for name in sorted(counted) if (tree["audits"][name]["score"] or 0) < 0.9 and _is_judged(tree, name)]
    return {**scores, **times, "failed": failed}


def _is_judged(tree: dict[str, dict[str, dict[str, str]]], name: str) -> bool:
    return tree["audits"][name]["scoreDisplayMode"] not in {"notApplicable", "manual", "informative"}


def _told(name: str, runs: list[dict[str, float | list[str]]]) -> bool:
    """One line for a page, and whether every target is reached."""

    def middle(key: str) -> float:
        return median(float(value) for run in runs if not isinstance(value := run[key], list))

    scores = {key: middle(key) for key in TARGETS}
    times = " ".join(f"{short} {middle(short):.0f} ms" for short in _METRICS.values())
    said = ", ".join(f"{key} {score:.0f}" for key, score in scores.items())
    print(f"{name}: {said} ({times}; {len(runs)} runs)")
    failed = sorted({audit for run in runs if isinstance(found := run["failed"], list) for audit in found})
    if failed:
        print(f"  not passed in some run: {', '.join(failed)}")
    return all(scores[key] >= least for key, least in TARGETS.items())


if __name__ == "__main__":
    sys.exit(main())
