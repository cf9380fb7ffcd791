"""Nothing of a text outside of its time is in the output: real builds, every byte looked at, packed ones too.

`make embargo` does the same 200 times.
"""

from __future__ import annotations

import gzip
import random
from datetime import timedelta
from pathlib import Path

import pytest

from bench.embargo import START, Version, png, run, scan, texts, without_secrets


def test_no_canary_leaves_the_house_outside_of_its_time(tmp_path: Path) -> None:
    """Six instants with warm caches, two of them again from scratch with other secrets: not a byte differs."""
    told = run(tmp_path, 20261122, texts_in_all=10, builds=6, compared=2)
    assert told["leaks"] == [], told
    assert told["differing"] == [], told
    assert told["proper"], "canaries of texts that are out have to be found, or the scan sees nothing"


@pytest.mark.parametrize("hidden", ["name", "text", "gzip", "png"])
def test_the_scan_sees_a_canary_wherever_it_hides(tmp_path: Path, hidden: str) -> None:
    """In a file's name, as text, in a compressed file, in the deflated pixels of a picture."""
    waiting = Version("faq/orders/qslug", "ko", "all", START, None, "", "secret")
    canary = waiting.canary
    file = tmp_path / "daon/ko" / (f"{canary}.txt" if hidden == "name" else "x.bin")
    file.parent.mkdir(parents=True)
    kept = {"text": canary.encode(), "gzip": gzip.compress(canary.encode()), "png": png(canary.encode())}
    file.write_bytes(kept.get(hidden, b""))
    leaks, proper = scan([waiting], tmp_path, START - timedelta(seconds=1))
    assert {leak.canary for leak in leaks} == {canary}
    assert scan([waiting], tmp_path, START) == ([], 1)
    assert proper == 0


def test_what_nobody_may_know_is_taken_out_for_the_comparison() -> None:
    """Texts to come are moved years away or left out, and every secret that is not shown is another one."""
    versions = texts(random.Random(3), 20)  # noqa: S311 -- a drawing that can be repeated
    at = START + timedelta(hours=15)
    known = without_secrets(versions, at)
    kept = {version.canary for version in known}
    waiting = [version for version in versions if version.begins and version.begins > at]
    assert waiting
    assert not kept & {version.canary for version in waiting}
    assert kept & {version.canary for version in versions}
