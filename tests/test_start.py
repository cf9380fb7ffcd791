"""What a command loads: its own parts, and nothing of the others."""

from __future__ import annotations

import subprocess
import sys

import pytest

_LOADED = "import sys; from portal_builder.cli import main; main.get_command(None, sys.argv[1]); print(*sys.modules)"


@pytest.mark.parametrize("command", ["build", "check"])
def test_a_command_loads_nothing_of_the_others(command: str) -> None:
    """Loading all of them takes longer than a build of what one edit changed."""
    run = subprocess.run([sys.executable, "-c", _LOADED, command], capture_output=True, text=True, check=True)
    heavy = {"icalendar", "portal_builder.preview", "portal_builder.publishing.publish", "mkdocs", "flask"}
    assert heavy & set(run.stdout.split()) == set()
    assert "portal_builder.library" in run.stdout.split()


def test_what_publishes_loads_nothing_that_reads_or_makes_texts() -> None:
    """That takes longer than a release of what one edit changed; where more changed, it is loaded."""
    run = subprocess.run([sys.executable, "-c", _LOADED, "publish"], capture_output=True, text=True, check=True)
    heavy = {"portal_builder.library", "portal_builder.build", "portal_builder.retouch.retouch", "jinja2", "markdown"}
    assert heavy & set(run.stdout.split()) == set()
    assert "portal_builder.publishing.publish" in run.stdout.split()


def test_a_program_that_ends_looks_for_no_garbage() -> None:
    """A tenth of a second of a small build went into looking through all that it had read, right before the end."""
    program = "import atexit, gc, sys; atexit.register(lambda: print(gc.get_freeze_count()))"
    start = f"{program}; sys.argv[1:] = ['--help']; from portal_builder.start import main; main()"
    run = subprocess.run([sys.executable, "-c", start], capture_output=True, text=True, check=True)
    assert int(run.stdout.split()[-1]) > 1000
