"""Owns what `haedap publish` costs: the first release, one after a sentence, none where nothing changed. Refuses to
send any.

    python -m bench.publishing.cost [--portals N] [--articles N] [--runs N] [--json]

The portals are brands of one language that share a third of their articles; the sentence is one that all of them show.
`filling` is such a release while there are fewer than are kept: the others are made of the one that is kept no longer.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from bench.build.measure import Cost, cost, middle
from bench.build.ours import Shape, write_centre

_HAEDAP = str(Path(sys.executable).parent / "haedap")


def costs(root: Path, shape: Shape, runs: int) -> dict[str, Cost]:
    """The medians of so many runs; the first release is made once."""
    write_centre(root, shape, None)
    (root / "publish.yml").write_text("keep: 2\n", "utf-8")
    seen: dict[str, list[Cost]] = {}
    for step, one in _steps(root, runs):
        seen.setdefault(step, []).append(one)
    return {step: middle(found) for step, found in seen.items()}


def _steps(root: Path, runs: int) -> Iterator[tuple[str, Cost]]:
    command = [[_HAEDAP, "publish", "--root", str(root)]]
    yield "first", cost(command, root)
    text = min((root / "content/faq").glob("shared-*/*.md"))
    for step in ("filling", "filling", *["sentence"] * runs):
        text.write_text(text.read_text("utf-8") + "\n\n새로 쓴 문장입니다.\n", "utf-8")
        yield step, cost(command, root)
        yield "nothing changed", cost(command, root)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.publishing.cost")
    parser.add_argument("--portals", type=int, default=9)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="haedap-publish-") as folder:
        shown = costs(Path(folder), Shape(options.portals, ("ko",), options.articles, 1 / 3), options.runs)
        files = sum(file.is_file() for file in Path(folder, "build/public/current/site").rglob("*"))
    if options.json:
        print(json.dumps({"files": files} | {step: asdict(one) for step, one in shown.items()}, indent=2))
        return 0
    print(f"{files} files")
    for step, one in shown.items():
        print(f"{step}: {one.cpu:.2f} s of CPU, {one.wall:.2f} s, {one.peak:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
