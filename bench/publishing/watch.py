"""Owns the proof that `watch` keeps time: boundaries close together, and a reader who notes when each text appears.

python -m bench.publishing.watch [--boundaries N] [--seconds S] [--json]
"""

from __future__ import annotations

import argparse
import json
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.publishing.centre import article, write_centre

ALLOWED = 2.0
"""Seconds that a text may be late, beside the time of a build."""
_PROGRAM = "from portal_builder.cli import main\nmain()"


@dataclass
class Count:
    """What became of it."""

    boundaries: int
    build: float
    """Seconds that `publish` took before, with nobody waiting."""
    late: list[float] = field(default_factory=list)
    over: int = 0
    """Texts later than is allowed and the build that brought them took."""
    early: int = 0
    """Texts that were seen before their instant."""
    missing: int = 0
    twice: int = 0
    """Instants that two releases say they were made for."""
    code: int = -1
    """How `watch` ended on SIGTERM."""

    @property
    def held(self) -> bool:
        return not (self.over or self.early or self.missing or self.twice or self.code)


def keep_time(boundaries: int, seconds: float | None = None) -> Count:
    """So many boundaries, evenly over so many seconds; as close as this machine builds without them."""
    with tempfile.TemporaryDirectory(prefix="haedap-watch-") as name:
        root = write_centre(Path(name), more={"publish.yml": "keep: 1000\nevery: 3600\n"})
        began = time.monotonic()
        subprocess.run(_command("publish", root), check=True, stdout=subprocess.DEVNULL)
        count = Count(boundaries, time.monotonic() - began)
        seconds = seconds or boundaries * max(3.0, 2.5 * count.build)
        first = datetime.now(UTC) + timedelta(seconds=10 + 3 * count.build)
        instants = [
            (first + timedelta(seconds=seconds / boundaries * index)).replace(microsecond=0)  # writers know no more
            for index in range(boundaries)
        ]
        notices = {
            f"content/notices/n{index}.ko.md": article(index, publish_at=instant.isoformat())
            for index, instant in enumerate(instants)
        }
        write_centre(root, more=notices)
        watch = subprocess.Popen(_command("watch", root), stdout=subprocess.DEVNULL)
        try:
            seen = _read(root, instants, count)
        finally:
            watch.send_signal(signal.SIGTERM)
            count.code = watch.wait(60)
        count.twice = _twice(root)
        count.over = _over(root, instants, seen)
    return count


def _read(root: Path, instants: list[datetime], count: Count) -> Mapping[int, float]:
    """Note when each text is there. A look that began before its instant must not find it."""
    end = instants[-1] + timedelta(seconds=60 + 3 * count.build)
    waited, seen = dict(enumerate(instants)), dict[int, float]()
    while waited and datetime.now(UTC) < end:
        time.sleep(0.01)
        site = root / "build/public/current/site/daon/ko/notices"
        for index, instant in list(waited.items()):
            is_there = (site / f"n{index}/index.html").is_file()
            now = datetime.now(UTC)
            if is_there:
                count.early += now < instant
                seen[index] = (now - instant).total_seconds()
                del waited[index]
            elif instant > now + timedelta(seconds=60):
                break
    count.missing, count.late = len(waited), list(seen.values())
    return seen


def _over(root: Path, instants: list[datetime], seen: Mapping[int, float]) -> int:
    """Against the first release that shows each."""
    files = (root / "build/public/releases").glob("*/release.json")
    records = [json.loads(file.read_text("utf-8")) for file in files]
    shown = sorted((datetime.fromisoformat(record["at"]), float(record["took"])) for record in records)
    took = {index: next(took for at, took in shown if at >= instants[index]) for index in seen}
    return sum(late > ALLOWED + took[index] for index, late in seen.items())


def _twice(root: Path) -> int:
    records = (root / "build/public/releases").glob("*/release.json")
    planned = [json.loads(record.read_text("utf-8"))["planned"] for record in records]
    known = [instant for instant in planned if instant]
    return len(known) - len(set(known))


def _command(name: str, root: Path) -> list[str]:
    return [sys.executable, "-c", _PROGRAM, name, "--root", str(root)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--boundaries", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    count = keep_time(options.boundaries, options.seconds)
    late = sorted(count.late) or [0.0]
    shown = asdict(count) | {
        "late": {"median": statistics.median(late), "most": late[-1], "over_2_s": sum(one > ALLOWED for one in late)},
        "held": count.held,
    }
    print(json.dumps(shown, indent=2) if options.json else "\n".join(f"{key}: {text}" for key, text in shown.items()))
    return 0 if count.held else 1


if __name__ == "__main__":
    sys.exit(main())
