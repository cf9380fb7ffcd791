"""Owns what a command costs: CPU with its children, wall clock, memory of its largest process. Refuses ratios."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
"""Where it is set, a program that was not installed from a wheel would be compiled in every run; the others were."""


@dataclass(frozen=True)
class Cost:
    """Of one run, or the medians of several."""

    cpu: float
    wall: float
    peak: float
    """Megabytes of the largest process."""


def cost(commands: Sequence[Sequence[str]], folder: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Run commands one after another; the first that fails ends the measurement with its own words."""
    begun, cpu, peak = time.monotonic(), 0.0, 0
    base = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
    for command in commands:
        log = folder / ".bench.log"
        with log.open("wb") as said:
            process = subprocess.Popen(
                command, cwd=folder, env={**base, **(environment or {})}, stdout=said, stderr=subprocess.STDOUT
            )
            _, status, used = os.wait4(process.pid, 0)
        if status:
            raise RuntimeError(" ".join(command) + "\n" + log.read_text("utf-8", "replace")[-2000:])
        log.unlink()
        process.returncode = 0
        cpu += used.ru_utime + used.ru_stime
        peak = max(peak, used.ru_maxrss)
    return Cost(cpu, time.monotonic() - begun, peak / 1024)


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each."""
    return Cost(median(one.cpu for one in costs), median(one.wall for one in costs), median(one.peak for one in costs))


def size(folder: Path) -> int:
    """Bytes of every file below."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
