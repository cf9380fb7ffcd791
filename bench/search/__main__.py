"""Owns the benchmark of the search: query sets through the shipped client, beside its peers. Refuses to hold any data.

    python -m bench.search --data FOLDER [--set NAME ...] [--peers] [--browser] [--tools FOLDER] [--json]

`--data` (or `HAEDAP_SEARCH_DATA`) holds a folder for each corpus: `docs.jsonl` (id, title, body) and sets of queries
(`queries.jsonl`, `habits.jsonl`: text, relevant, kind). `--peers` installs lunr and Pagefind by npm into `--tools` and
takes Material's worker from the package that is installed here. `--browser` adds how long a reader waits in Chromium at
a quarter of the speed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.search.build import BuildCost, build_costs, index_set, index_sizes
from bench.search.peers import PEERS, install, peer_rows
from bench.search.report import Scores, client_rows, print_scores, scores_by_kind


def main() -> int:
    options = _options()
    sets = options.set or sorted(
        f"{file.parent.name}/{file.stem}" for file in options.data.glob("*/*.jsonl") if file.stem != "docs"
    )
    result: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as work:
        for corpus in dict.fromkeys(name.partition("/")[0] for name in sets):
            folder = Path(work) / corpus
            index_set(options.data / corpus, folder)
            result[f"{corpus}/sizes"] = sizes = index_sizes(folder)
            print(f"\n{corpus}: " + ", ".join(f"{name} {value}" for name, value in sizes.items()))
            for name in (one for one in sets if one.startswith(f"{corpus}/")):
                queries = options.data / f"{name}.jsonl"
                run = client_rows(folder, queries)
                print(
                    f"{name}: head read in {run.opened:.0f} ms, three queries and the code {run.session / 1000:.1f} kB"
                )
                result[name] = _show(scores_by_kind("ours", run.rows))
                if options.browser:
                    result[f"{name}/browser"] = _browser(name, folder, queries)
                if options.peers:
                    for peer in PEERS:
                        tools = install(options.tools)
                        rows = peer_rows(peer, tools, options.data / corpus, queries, Path(work) / f"{corpus}.site")
                        result[f"{name}/{peer}"] = _show(scores_by_kind(peer, rows))
            if options.peers:
                costs = build_costs(options.data / corpus, install(options.tools), Path(work), options.page)
                result[f"{corpus}/build"] = dict(_costs(corpus, costs))
    if options.json:
        json.dump(result, sys.stdout, ensure_ascii=False, indent=1)
    return 0


def _browser(name: str, folder: Path, queries: Path) -> dict[str, float]:
    from bench.search.browser import SLOWER, waits  # noqa: PLC0415 -- needs Chromium, the other figures do not

    waited = waits(folder, queries)
    times = waited.times
    found = {name: round(times[int(len(times) * share)], 1) for name, share in (("p50", 0.5), ("p95", 0.95))}
    print(f"{name}: Chromium at 1/{SLOWER} of the speed, keystroke to results in ms: {found}, {len(times)} queries")
    print(f"{name}: head opened in ms, the first time and again: {', '.join(f'{time:.0f}' for time in waited.opened)}")
    found["opened"] = round(waited.opened[0], 1)
    return found


def _show(scores: list[Scores]) -> list[dict[str, object]]:
    print_scores(scores)
    return [score.__dict__ for score in scores]


def _costs(corpus: str, costs: list[BuildCost]) -> Iterator[tuple[str, float]]:
    for cost in costs:
        print(f"{corpus}: {cost.what:34} {cost.cpu:7.3f} CPU s")
        yield cost.what, cost.cpu


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("HAEDAP_SEARCH_DATA"))
    parser.add_argument("--set", action="append", help="corpus/queries; all where none is named")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--tools", type=Path, default=Path(".cache/bench"))
    parser.add_argument("--page", type=Path, help="a pressed article: pages as heavy as it for what indexing costs")
    parser.add_argument("--browser", action="store_true", help="times in a throttled Chromium")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.data is None:
        parser.error("name the folder of the query sets: --data FOLDER, or HAEDAP_SEARCH_DATA")
    options.data = Path(options.data)
    return options


if __name__ == "__main__":
    sys.exit(main())
