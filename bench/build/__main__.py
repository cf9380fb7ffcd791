"""Owns `python -m bench.build`: ours and others on the same documents, and what a change costs. Refuses
to hide runs.

    python -m bench.build [--sizes 250 1000 4000] [--runs 5] [--tools build/peers] [--data FOLDER]
                          [--only NAME ...] [--portals 9x1000 30x3x200] [--portal-runs 3]
                          [--json FILE] [--from FILE ...] [--write docs/performance.md]

Runs are interleaved, so that a busy minute hits all. With `--write`, the tables and the plot in that file are renewed;
with `--from`, by figures that were measured before and left with `--json`. A quick run compares what the targets do:

    python -m bench.build --sizes 1000 --runs 1 --only hugo prune --portals
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.build.corpus import texts
from bench.build.measure import Cost, cost, middle, size
from bench.build.ours import Shape, write_centre
from bench.build.peers import Peer, fresh, peers
from bench.build.report import write_report

_HAEDAP = str(Path(sys.executable).parent / "haedap")
_SHAPES = {"9x1000": Shape(9, ("ko",), 1000, 1 / 3), "30x3x200": Shape(30, ("ko", "en", "ja"), 200, 1 / 3)}
"""Nine brands of one language, so that a shared article is shown by nine portals."""
Figures = dict[str, dict[str, Any]]


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="haedap-bench-") as folder:
        work = Path(folder)
        figures: Figures = {}
        for file in options.known:
            figures |= json.loads(file.read_text("utf-8"))
        for count in options.sizes:
            figures |= _compared(work, count, options)
        for name in options.portals:
            figures |= _ours(work, _SHAPES[name], name, options.portal_runs, options.data)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), "utf-8")
    print(json.dumps(figures, indent=1))
    if options.write:
        write_report(figures, options.write)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.build")
    parser.add_argument("--sizes", type=int, nargs="*", default=[250, 1000, 4000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--tools", type=Path, default=Path("build/peers"))
    parser.add_argument("--data", type=Path)
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--portals", nargs="*", choices=_SHAPES, default=[*_SHAPES])
    parser.add_argument("--portal-runs", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--from", type=Path, nargs="*", default=[], dest="known")
    parser.add_argument("--write", type=Path)
    return parser.parse_args()


def _compared(work: Path, count: int, options: argparse.Namespace) -> Figures:
    """Every generator on the same documents."""
    documents = texts(count, "ko", options.data)
    known = {name: peer for name, peer in peers(options.tools.resolve()).items() if name in (options.only or [name])}
    if count > 1000:
        known.pop("material", None)
    seen: dict[str, list[Cost]] = {}
    bytes_of: dict[str, int] = {}
    for _ in range(options.runs):
        for name, one in _ours_once(work, Shape(1, ("ko",), count), options.data, bytes_of):
            seen.setdefault(name, []).append(one)
        for name, peer in known.items():
            for step, one in _peer_once(work / name, peer, documents, bytes_of, name):
                seen.setdefault(step, []).append(one)
    return {
        f"{count} {name}": {**_figure(costs), "page": bytes_of.get(name, 0) / count} for name, costs in seen.items()
    }


def _peer_once(
    root: Path, peer: Peer, documents: Sequence[Any], bytes_of: dict[str, int], name: str
) -> Iterator[tuple[str, Cost]]:
    peer.write(fresh(root), documents)
    yield name, cost(peer.commands, root)
    bytes_of[name] = size(root / peer.out)
    if name.startswith("hugo"):
        yield f"{name} again", cost(peer.again, root)


def _ours(work: Path, shape: Shape, name: str, runs: int, data: Path | None) -> Figures:
    """Ours alone, with many portals."""
    seen: dict[str, list[Cost]] = {}
    for _ in range(runs):
        for step, one in _ours_once(work, shape, data, {}):
            seen.setdefault(f"{name} {step}", []).append(one)
    return {step: _figure(costs) for step, costs in seen.items()}


def _ours_once(work: Path, shape: Shape, data: Path | None, bytes_of: dict[str, int]) -> Iterator[tuple[str, Cost]]:
    """Cold, nothing changed, the words of one article, a heading of it, an article of one brand more, its colour."""
    root = write_centre(fresh(work / "ours"), shape, data)
    build = [[_HAEDAP, "build", "--root", str(root)]]
    yield "ours", cost(build, root)
    bytes_of["ours"] = size(root / "build/site")
    yield "ours, nothing changed", cost(build, root)
    shared = sorted((root / "content/faq").glob("shared-*/*.md")) or sorted((root / "content/faq").rglob("*.md"))
    for step, added in (("one article", "새로 쓴 문장입니다."), ("one heading", "## 새로 쓴 제목")):
        shared[3].write_text(shared[3].read_text("utf-8") + f"\n\n{added}\n", "utf-8")
        yield f"ours, {step}", cost(build, root)
    new = "---\ntitle: 새로 쓴 글\nbrand: brand00\n---\n\n새로 쓴 문장입니다.\n"
    shared[3].with_name("zz-new.ko.md").write_text(new, "utf-8")
    yield "ours, one more", cost(build, root)
    brand = root / "themes/brand00/brand.yml"
    brand.write_text(brand.read_text("utf-8").replace("1f6f54", "1f6f99"), "utf-8")
    yield "ours, one colour", cost(build, root)


def _figure(costs: Sequence[Cost]) -> dict[str, Any]:
    return {**asdict(middle(costs)), "runs": len(costs)}


if __name__ == "__main__":
    sys.exit(main())
