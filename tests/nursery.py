"""Owns running commands of ours many times without importing them each time. Refuses those that go on running.

One process has imported every command and waits. Each run is a fork of it with its own environment, folder and output:
all that differs from typing the command is that the second in which Python reads the libraries is spent once.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROGRAM = """
import json, os, sys, time
import bridge.cli, portal_builder.cli, portal_builder.retouch.retouch, portal_builder.start
from importlib import import_module
for program in (portal_builder, bridge):
    for place in program.cli.PLACES.values():
        import_module(f"{program.__name__}.commands.{place.partition('.')[0]}")

def run(command, arguments, environment, output):
    for descriptor, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(os.path.join(output, name), os.O_WRONLY | os.O_CREAT), descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv = [command, *arguments]
    {"haedap": portal_builder.start.main, "haedap-bridge": bridge.cli.main}[command]()

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        sys.exit(run(*json.loads(line)))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@dataclass(frozen=True)
class Nursery:
    """The process that waits."""

    process: subprocess.Popen[str]

    @classmethod
    def open(cls) -> Nursery:
        command = [sys.executable, "-c", PROGRAM]
        return cls(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))

    def run(
        self, command: str, arguments: list[str], environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """As `subprocess.run` with captured output, for `haedap` and `haedap-bridge`."""
        stdin, stdout = self.process.stdin, self.process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("opened without pipes")
        with tempfile.TemporaryDirectory(prefix="haedap-run-") as output:
            stdin.write(json.dumps([command, arguments, dict(environment), output]) + "\n")
            stdin.flush()
            code = int(stdout.readline())
            out, err = ((Path(output) / name).read_text("utf-8") for name in ("out", "err"))
        return subprocess.CompletedProcess([command, *arguments], code, out, err)

    def close(self) -> None:
        """Ends as soon as nothing more can be asked."""
        self.process.communicate()
