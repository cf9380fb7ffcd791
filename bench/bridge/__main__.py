"""Owns the command line of the bridge's benchmark. Refuses to measure: each subcommand is a module beside it.

    python -m bench.bridge crash [--kills N] [--accepted N] [--power-cut] [--mutant NAME] [--seed N]
    python -m bench.bridge accept [--rounds N] [--seconds S]

Every subcommand prints its figures as JSON, and ends with 1 where one that is to be held is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from bench.bridge.accept import accept
from bench.bridge.crash import MUTANTS, crash


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.bridge")
    commands = parser.add_subparsers(required=True)
    kills = commands.add_parser("crash", help="kill -9 at random under load; nothing may be lost or doubled")
    kills.add_argument("--kills", type=int, default=20)
    kills.add_argument("--accepted", type=int, default=0)
    kills.add_argument("--power-cut", action="store_true", help="what was not fsynced is gone after each kill")
    kills.add_argument("--mutant", choices=MUTANTS, help="break a promise, to see that it is noticed")
    kills.add_argument("--seed", type=int, default=0)
    kills.set_defaults(run=_crash)
    cost = commands.add_parser("accept", help="what durability costs, beside a service that keeps nothing")
    cost.add_argument("--rounds", type=int, default=3)
    cost.add_argument("--seconds", type=float, default=6.0)
    cost.set_defaults(run=_accept)
    options = parser.parse_args()
    return int(options.run(options))


def _crash(options: argparse.Namespace) -> int:
    count = crash(
        options.kills, options.accepted, power_cut=options.power_cut, mutant=options.mutant, seed=options.seed
    )
    print(json.dumps(asdict(count)))
    return 0 if count.clean else 1


def _accept(options: argparse.Namespace) -> int:
    figures = accept(options.rounds, options.seconds)
    print(json.dumps(asdict(figures)))
    return 0 if figures.held else 1


if __name__ == "__main__":
    sys.exit(main())
