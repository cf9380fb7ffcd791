"""`python -m bench.brands`: 30 brands x 3 languages x 200 articles, one edit, and the memory and time they take.

Refuses to estimate: it builds with the command that people use, and weighs that process with all of its children.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from bench.brands.tree import LANGUAGES, SHARED, brands_of_shared, write_centre

_EVERY = 0.1
"""Seconds between two looks at the memory."""


def main() -> int:
    asked = _asked()
    folder = Path(asked.folder or tempfile.mkdtemp(prefix="haedap-brands-"))
    try:
        return _measure(folder, asked.brands, asked.articles)
    finally:
        if not asked.folder:
            shutil.rmtree(folder, ignore_errors=True)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.brands")
    parser.add_argument("--brands", type=int, default=30)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--folder", help="keep the tree here instead of in a folder that is removed")
    return parser.parse_args()


def _measure(root: Path, brands: int, articles: int) -> int:
    write_centre(root, brands, articles)
    portals = brands * len(LANGUAGES)
    print(f"{brands} brands x {len(LANGUAGES)} languages x {articles} articles: {portals} portals", flush=True)
    before = _build(root, "first build")
    _build(root, "nothing changed")
    before = _bytes(root, before)
    file = root / f"content/{SHARED}.ko.md"
    file.write_text(file.read_text("utf-8").replace("3영업일", "5영업일"), "utf-8")
    told = {name for name, state in _states(root).items() if state != "current"}
    _build(root, "one shared article edited")
    touched = {name for name, digest in _bytes(root, before).items() if before[name] != digest}
    # The edited text is Korean: its translations in other portals are other files.
    wanted = {f"{brand}/ko" for brand in brands_of_shared(brands)}
    print(
        f"portals that show it: {len(wanted)}; `haedap status` said: {len(told)}; whose bytes changed: {len(touched)}"
    )
    is_right = wanted == told == touched
    print("exactly the right portals" if is_right else f"WRONG: {sorted(wanted ^ told)} {sorted(wanted ^ touched)}")
    return 0 if is_right else 1


def _build(root: Path, what: str) -> dict[str, str]:
    """Build, and say what it took. Gives the portals."""
    haedap = Path(sys.executable).parent / "haedap"
    start, cpu = time.monotonic(), _children_cpu()
    process = subprocess.Popen([haedap, "build", "--root", root, "--json"], stdout=subprocess.PIPE)
    peak: list[int] = [0]
    watcher = threading.Thread(target=_watch, args=(process.pid, peak))
    watcher.start()
    out, _ = process.communicate()
    watcher.join()
    if process.returncode:
        raise SystemExit(out.decode())
    spent = _children_cpu() - cpu
    seconds = time.monotonic() - start
    print(f"{what}: {seconds:.1f} s, {spent:.1f} s of processor time, at most {peak[0] / 1e6:.0f} MB", flush=True)
    return dict.fromkeys(json.loads(out)["portals"], "")


def _children_cpu() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _watch(pid: int, peak: list[int]) -> None:
    """The most memory that a process and all below it held together, shared pages counted once (PSS)."""
    while Path(f"/proc/{pid}").exists():
        weights = [_weight(one) for one in _family(pid)]
        if not any(weights):
            return
        peak[0] = max(peak[0], sum(weights))
        time.sleep(_EVERY)


def _family(pid: int) -> list[int]:
    found, to_ask = [], [pid]
    while to_ask:
        one = to_ask.pop()
        found.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                to_ask += map(int, task.read_text().split())
            except OSError:
                continue  # it has ended meanwhile
    return found


def _weight(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _bytes(root: Path, portals: Mapping[str, str]) -> dict[str, str]:
    """What each portal consists of."""
    digests = {}
    for name in portals:
        digest = hashlib.sha256()
        for file in sorted((root / "build/site" / name).rglob("*")):
            if file.is_file():
                digest.update(str(file).encode() + file.read_bytes())
        digests[name] = digest.hexdigest()
    return digests


def _states(root: Path) -> dict[str, str]:
    haedap = Path(sys.executable).parent / "haedap"
    run = subprocess.run([haedap, "status", "--root", root, "--json"], stdout=subprocess.PIPE, check=True)
    return {portal["portal"]: portal["state"] for portal in json.loads(run.stdout)["portals"]}


if __name__ == "__main__":
    sys.exit(main())
