"""Asked again while nothing has changed: the same answer without the work; and the work, whatever has changed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal_builder.again import UNSETTLED, Asked, Said, answer, asked, recall, remember, stamps
from support import SMALL, article, haedap, write_tree

NOW = datetime(2026, 12, 1, tzinfo=UTC)
LATER = 10**10
"""Nanoseconds: what was just written has settled."""


def clock() -> int:
    return time.time_ns() + LATER


def known(root: Path) -> Asked:
    """A help centre and an output that a build has left a record of."""
    write_tree(root, dict(SMALL) | {"scheduled/faq/x.ko.md": article(), "i18n/ko.yml": "a: b", "mkdocs.yml": "x: y"})
    write_tree(root / "out", {".haedap/release.json": "{}", "index.html": "", "daon/ko/index.html": "", "daon/x": ""})
    subprocess.run(["git", "init", "-q", "-b", "main", root], check=True)
    found = asked(["build", "--root", str(root)], {}, is_terminal=False)
    assert found
    remember(found, stamps(root, clock()), root / "out", (NOW, NOW + timedelta(days=1)), Said({}, "as before\n"))
    return found


def answered(command: Asked, at: datetime, now: int) -> str | None:
    return answer(recall(command), at, stamps(command.root, now))


def commit(root: Path) -> None:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "-qm", "x", "--allow-empty"]
    subprocess.run(command, cwd=root, check=True)


CHANGES: dict[str, Callable[[Path], object]] = {
    "an article": lambda root: (root / "content/faq/billing/refund.ko.md").write_text(article(body="다른 글"), "utf-8"),
    "the same article again": lambda root: os.utime(root / "content/faq/billing/refund.ko.md", ns=(1, 1)),
    "a new article": lambda root: write_tree(root, {"content/faq/new.ko.md": article()}),
    "an article less": lambda root: (root / "content/faq/billing/refund.ko.md").unlink(),
    "another name": lambda root: (root / "content/faq").rename(root / "content/guides"),
    "what waits": lambda root: (root / "scheduled/faq/x.ko.md").unlink(),
    "a brand": lambda root: write_tree(root, {"themes/daon/static/x.css": "a{}"}),
    "a word": lambda root: write_tree(root, {"i18n/ko.yml": "a: c"}),
    "the engine's settings": lambda root: write_tree(root, {"mkdocs.yml": "x: z"}),
    "a commit": commit,
    "the record of the release": lambda root: write_tree(root, {"out/.haedap/release.json": "{ }"}),
    "a portal less": lambda root: (root / "out/daon/ko/index.html").unlink(),
    "a page above the portals": lambda root: write_tree(root, {"out/daon/x": "y"}),
    "no output": lambda root: (root / "out").rename(root / "elsewhere"),
    "a damaged record": lambda root: next((root / "build").rglob("*.json")).write_text("{"),
    "no record": lambda root: next((root / "build").rglob("*.json")).unlink(),
}


def test_nothing_has_changed(tmp_path: Path) -> None:
    """The answer is the recorded one, from the instant it was built for up to the next change."""
    command = known(tmp_path)
    assert answered(command, NOW, clock()) == "as before\n"
    assert answered(command, NOW + timedelta(hours=23), clock()) == "as before\n"


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_is_carried_out(change: str, tmp_path: Path) -> None:
    """Each thing that a build reads or writes."""
    command = known(tmp_path)
    CHANGES[change](tmp_path)
    assert answered(command, NOW, clock()) is None


@pytest.mark.parametrize("at", [NOW - timedelta(seconds=1), NOW + timedelta(days=1)])
def test_an_instant_beyond_the_next_change_is_carried_out(at: datetime, tmp_path: Path) -> None:
    """What begins or ends by itself shows without an edit; a clock put back is no reason to show the future."""
    assert answered(known(tmp_path), at, clock()) is None


def test_a_file_that_is_being_written_is_not_trusted(tmp_path: Path) -> None:
    """It may change again with the same stamp: neither the record nor the answer relies on it."""
    command = known(tmp_path)
    file = tmp_path / "content/faq/billing/refund.ko.md"
    just_now = stamps(tmp_path, file.stat().st_mtime_ns + 1)
    assert just_now is None or just_now.texts["content/faq/billing/refund.ko.md"] == UNSETTLED
    assert answered(command, NOW, file.stat().st_mtime_ns + 1) is None


def test_a_history_that_lies_elsewhere_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a hook of git: what it says of dates is not seen to change."""
    known(tmp_path)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert stamps(tmp_path, clock()) is None


def test_another_command_has_another_answer(tmp_path: Path) -> None:
    """Other options, another language, a terminal, another folder: none is answered for another."""
    command = known(tmp_path)
    words = ["build", "--root", str(tmp_path)]
    others = [
        asked([*words, "--json"], {}, is_terminal=False),
        asked(words, {"LANG": "ko_KR"}, is_terminal=False),
        asked(words, {}, is_terminal=True),
    ]
    assert all(other and answered(other, NOW, clock()) is None for other in others)
    assert answered(command, NOW, clock()) == "as before\n"
    assert asked(["check"], {}, is_terminal=False) is None
    assert asked(words, {"GIT_DIR": "x"}, is_terminal=False) is None


def test_the_command_says_the_same_with_and_without_the_work(tmp_path: Path) -> None:
    """Built, found unchanged, answered: the last two in the same words, and an edit is built."""
    write_tree(tmp_path, SMALL)
    time.sleep(
        0.1
    )  # files of this moment are not trusted; what is measured is the age of a file, nothing is waited for
    first, second, third = (haedap("build", "--root", tmp_path) for _ in range(3))
    assert "unchanged" not in first.stdout
    assert second.stdout == third.stdout
    assert "unchanged" in third.stdout
    write_tree(tmp_path, {"content/faq/billing/refund.ko.md": article(body="새 글")})
    assert haedap("build", "--root", tmp_path).returncode == 0
    assert "새 글" in (tmp_path / "build/site/daon/ko/faq/billing/refund/index.html").read_text("utf-8")


def test_the_answer_loads_nothing_that_takes_time() -> None:
    """Neither the planner nor an engine, nor what reads YAML."""
    command = [sys.executable, "-c", "import sys, portal_builder.start; print(*sys.modules)"]
    loaded = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    assert not loaded & {"yaml", "jinja2", "markdown", "pydantic", "click", "mkdocs", "portal_builder.plan"}
