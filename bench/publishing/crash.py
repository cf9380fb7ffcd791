"""Owns the proof that readers get whole releases: `publish` is killed at random moments while somebody reads.

The reader resolves `current` once, as a browser's visit does, then reads both portals and the mark, and compares every
file of each release it meets with its recorded digest. Half of the kills fall anywhere in a run, half while the release
is on its way to the shelf. After each of them a run must succeed and show the last edit.

    python -m bench.publishing.crash [--kills N] [--minutes M] [--mutant in-place] [--seed N] [--json]
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from bench.publishing.centre import PAGE, stamp_in, write_centre

MUTANTS = {
    "": "",
    "in-place": """
import shutil
from portal_builder.publishing import shelf
real = shelf.Shelf.reveal
def reveal(self, making, record):
    current = self.current()
    if current is None:
        return real(self, making, record)
    for file in sorted((making / "site").rglob("*")):
        if file.is_file():
            target = self.site(current.number) / file.relative_to(making / "site")
            target.unlink(missing_ok=True)
            shutil.copy(file, target)
    real(self, making, record)
shelf.Shelf.reveal = reveal
""",
}
"""What is run before the program, to break the promise on purpose and see whether the count notices."""
_START = "{mutant}\nfrom portal_builder.cli import main\nmain()"


@dataclass
class Count:
    """What became of it."""

    kills: int = 0
    while_making: int = 0
    """Of these, with a half-made release on the shelf."""
    reads: int = 0
    releases_seen: int = 0
    missing: int = 0
    """Reads that found no release."""
    mixed: int = 0
    """Reads that found parts of two."""
    damaged: int = 0
    """Releases with a file that is not the recorded one."""
    not_repaired: int = 0
    """Runs after a kill that failed, left something behind, or showed an old edit."""
    faults: list[str] = field(default_factory=list)

    @property
    def held(self) -> bool:
        return not (self.missing or self.mixed or self.damaged or self.not_repaired)


class Reader:
    """Reads without pause, until it is told to stop."""

    def __init__(self, folder: Path, count: Count) -> None:
        self._folder, self._count = folder, count
        self._stopped = threading.Event()
        self._whole: set[str] = set()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()
        self._count.releases_seen = len(self._whole)

    def _run(self) -> None:
        while not self._stopped.wait(0.001):
            self._count.reads += 1
            try:
                self._visit()
            except OSError as error:
                self._count.missing += 1
                self._count.faults.append(str(error))

    def _visit(self) -> None:
        release = (self._folder / "current").readlink()
        site = self._folder / release / "site"
        stamps = {stamp_in((site / f"daon/{language}" / PAGE).read_text("utf-8")) for language in ("ko", "en")}
        mark = json.loads((site / "daon/.well-known/haedap.json").read_text("utf-8"))["release"]
        if len(stamps) != 1 or str(mark) != release.name:
            self._count.mixed += 1
            self._count.faults.append(f"{release}: {stamps} {mark}")
        if release.name not in self._whole:
            self._look_through(site, release.name)

    def _look_through(self, site: Path, name: str) -> None:
        self._whole.add(name)
        known: dict[str, str] = json.loads((site.parent / "files.json").read_text("utf-8"))
        there = {file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file()}
        if there != known.keys() or any(_digest(site / path) != digest for path, digest in known.items()):
            self._count.damaged += 1
            self._count.faults.append(f"{name}: {sorted(there ^ known.keys())[:3]}")


def crash(kills: int, mutant: str = "", seed: int = 1, minutes: float = 24 * 60) -> Count:
    """So many kills, or as many as the time allows, each followed by a run that has to repair."""
    count, dice = Count(), random.Random(seed)  # noqa: S311 -- moments, no secrets
    with tempfile.TemporaryDirectory(prefix="haedap-publish-") as name:
        root = Path(name)
        folder = root / "build/public"
        for stamp in (0, kills + 1):  # the second takes as long as those that are killed
            write_centre(root, stamp)
            began = time.monotonic()
            if _publish(root, mutant).wait() != 0:
                raise RuntimeError("a run that nobody killed failed")
        longest = time.monotonic() - began
        with Reader(folder, count):
            for stamp in range(1, kills + 1):
                if time.monotonic() - began > 60 * minutes:
                    break
                write_centre(root, stamp)
                _kill_one(_publish(root, mutant), folder, dice, longest, count)
                _repair(root, stamp, mutant, count)
    return count


def _publish(root: Path, mutant: str) -> subprocess.Popen[bytes]:
    program = _START.format(mutant=MUTANTS[mutant])
    command = [sys.executable, "-c", program, "publish", "--root", str(root)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def _kill_one(
    process: subprocess.Popen[bytes], folder: Path, dice: random.Random, longest: float, count: Count
) -> None:
    """By SIGKILL, with every process it started."""
    if dice.random() < 0.5:
        _wait(process, dice.random() * longest)
    else:
        while process.poll() is None and not any((folder / "releases").glob(".*.making")):
            time.sleep(0.0005)
        _wait(process, dice.random() * 0.02)
    count.while_making += any((folder / "releases").glob(".*.making"))
    count.kills += process.poll() is None
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def _repair(root: Path, stamp: int, mutant: str, count: Count) -> None:
    code = _publish(root, mutant).wait()
    folder = root / "build/public"
    shown = stamp_in((folder / "current/site/daon/en" / PAGE).read_text("utf-8"))
    left = [*(folder / "releases").glob(".*"), *folder.glob(".current*")]
    if code != 0 or shown != stamp or left:
        count.not_repaired += 1
        count.faults.append(f"code {code}, shows {shown} instead of {stamp}, left {[path.name for path in left]}")


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=24 * 60)
    parser.add_argument("--mutant", choices=sorted(MUTANTS), default="")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    count = crash(options.kills, options.mutant, options.seed, options.minutes)
    shown = asdict(count) | {"faults": count.faults[:10], "held": count.held}
    print(json.dumps(shown, indent=2) if options.json else "\n".join(f"{key}: {text}" for key, text in shown.items()))
    return 0 if count.held else 1


if __name__ == "__main__":
    sys.exit(main())
