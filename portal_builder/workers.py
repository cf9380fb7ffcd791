"""Owns doing the same work on several things at once, in processes. Refuses threads: Python runs one at a time."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

Thing = TypeVar("Thing")
Result = TypeVar("Result")
_WORK: list[Callable[[Any], Any]] = []
"""In a worker: what it was started for. A fork inherits it as it is, however large what it knows; nothing is copied."""


def done(work: Callable[[Thing], Result], things: Sequence[Thing]) -> Iterator[Result]:
    """The result for each thing, in their order; an exception of the work is raised here."""
    gc.freeze()  # what they share is not to be looked through, and so is not copied either
    try:
        yield from _done(work, things, min(_cores(), len(things)))
    finally:
        gc.unfreeze()


def _done(work: Callable[[Thing], Result], things: Sequence[Thing], workers: int) -> Iterator[Result]:
    if workers < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield from (_swept(work, thing) for thing in things)
        return
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_WORK.append, initargs=(work,)) as pool:
        yield from pool.map(_do, things)


def _cores() -> int:
    """Those that this process may use: in a container fewer than the machine has."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _do(thing: Any) -> Any:
    return _swept(_WORK[-1], thing)


def _swept(work: Callable[[Thing], Result], thing: Thing) -> Result:
    """The result; garbage in cycles is looked for before the work, not again and again in all that the work holds. So
    nobody looks for what the last one left."""
    was_enabled = gc.isenabled()
    gc.disable()
    gc.collect()
    try:
        return work(thing)
    finally:
        if was_enabled:
            gc.enable()
