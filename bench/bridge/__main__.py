"""Owns the command line of the bridge's benchmark. Refuses to measure: each subcommand is a module beside it.

    python -m bench.bridge accept [--rounds N] [--seconds S]     what durability costs
    python -m bench.bridge trickle [--slow N]                    whom slow uploads hold up
    python -m bench.bridge memory [--uploads N]                  what large uploads take
    python -m bench.bridge restart [--queued N]                  how soon it serves again
    python -m bench.bridge mails [--each N]                      how fast a queue goes out over one connection
    python -m bench.bridge soak [--minutes M] [--rate R]         whether it grows, or loses, in a long time
    python -m bench.bridge crash [--kills N] [--accepted N] [--power-cut] [--mutant NAME] [--seed N] [--forked]

Each prints its figures as JSON, and ends with 1 where one that is to be held is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from bench.bridge.accept import accept
from bench.bridge.crash import MUTANTS, crash
from bench.bridge.mails import mails
from bench.bridge.restart import restart
from bench.bridge.soak import soak
from bench.bridge.uploads import memory, trickle


def main() -> int:
    options = vars(_parser().parse_args())
    measure: Callable[..., Any] = options.pop("measure")
    figures = measure(**options)
    print(json.dumps(asdict(figures)))
    return 0 if figures.held else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.bridge")
    commands = parser.add_subparsers(required=True)

    def command(measure: Callable[..., Any], **numbers: float) -> argparse.ArgumentParser:
        own = commands.add_parser(measure.__name__)
        own.set_defaults(measure=measure)
        for name, usual in numbers.items():
            own.add_argument(f"--{name}", type=type(usual), default=usual)
        return own

    command(accept, rounds=8, seconds=4.0)
    command(trickle, slow=300, rounds=5, seconds=5.0)
    command(memory, uploads=8)
    command(restart, queued=10_000, rounds=3)
    command(mails, each=40, rounds=3)
    command(soak, minutes=1440.0, rate=1.0, seconds=60.0)
    kills = command(crash, kills=20, accepted=0, seed=0)
    kills.add_argument("--power-cut", action="store_true", help="what was not fsynced is gone after each kill")
    kills.add_argument("--mutant", choices=MUTANTS, help="break a promise, to see that it is noticed")
    kills.add_argument("--forked", action="store_true", help="start forks of one process, which is faster")
    return parser


if __name__ == "__main__":
    sys.exit(main())
