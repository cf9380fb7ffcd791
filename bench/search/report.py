"""Owns the figures of a run: recall, reciprocal ranks, nothing found, bytes, requests, times. Refuses to run peers."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Run:
    """A set of queries through the shipped client."""

    rows: list[Row]
    opened: float
    """Milliseconds to load and read the head."""
    session: int
    """Bytes that a customer loads for three queries, the code included, compressed."""


@dataclass(frozen=True)
class Scores:
    """What one tool reached with one kind of queries."""

    tool: str
    kind: str
    count: int
    recall_1: float
    recall_5: float
    mrr_10: float
    nothing: float
    kilobytes: float
    requests: float
    ms_95: float


def client_rows(folder: Path, queries: Path) -> Run:
    """Every query with nothing loaded but the head."""
    answer = node(HERE / "run.mjs", folder, queries)
    return Run(answer["rows"], answer["opened"], answer["session"])


def node(*arguments: object, **environment: str) -> Any:
    command = ["node", *map(str, arguments)]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=_environment(environment))
    return json.loads(run.stdout.splitlines()[-1])


def _environment(more: dict[str, str]) -> dict[str, str]:
    import os  # noqa: PLC0415 -- only for what Node inherits

    return {**os.environ, **more}


def scores_by_kind(tool: str, rows: list[Row]) -> list[Scores]:
    """All kinds together, then each."""
    kinds = list(dict.fromkeys(row["kind"] for row in rows))
    named = [("all", rows), *((kind, [row for row in rows if row["kind"] == kind]) for kind in kinds)]
    return [_scores(tool, kind, some) for kind, some in named[: 1 if len(kinds) == 1 else None]]


def _scores(tool: str, kind: str, rows: list[Row]) -> Scores:
    def share(values: Iterable[float]) -> float:
        return round(sum(values) / len(rows), 4)

    times = sorted(row.get("ms", 0) for row in rows)
    return Scores(
        tool,
        kind,
        len(rows),
        share(row["rank"] == 0 for row in rows),
        share(0 <= row["rank"] < 5 for row in rows),
        share(1 / (row["rank"] + 1) for row in rows if row["rank"] >= 0),
        share(row["count"] == 0 for row in rows),
        round(share(row.get("bytes", 0) for row in rows) / 1000, 1),
        round(share(row.get("requests", 0) for row in rows), 2),
        round(times[int(len(times) * 0.95)], 1),
    )


def print_scores(scores: Iterable[Scores]) -> None:
    print(f"  {'tool':10}{'kind':16}{'n':>5}  R@1   R@5   MRR   none    kB  req.  p95 ms")
    for one in scores:
        print(
            f"  {one.tool:10}{one.kind:16}{one.count:>5} {one.recall_1:.3f} {one.recall_5:.3f} {one.mrr_10:.3f} "
            f"{one.nothing:.4f} {one.kilobytes:5.1f} {one.requests:5.2f} {one.ms_95:6.1f}"
        )
