"""Owns starting the service many times without importing it each time. Refuses to share anything but imported code.

A process imports the service and waits; each start is a fork of it, in a process group of its own.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROGRAM = """
import json, os, signal, sys
import bridge.cli, bridge.web.app, alembic.command, sqlalchemy.dialects.sqlite
{before}
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    arguments, output, log = json.loads(line)
    if child := os.fork():
        print(child, flush=True)
        continue
    os.setsid()
    for descriptor, path in ((1, output), (2, log)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), descriptor)
    sys.argv = ["haedap-bridge", *arguments]
    bridge.cli.main()
"""


@dataclass(frozen=True)
class Child:
    """A fork; ends like any process, though it is not ours to wait for."""

    pid: int

    def wait(self) -> int:
        while Path(f"/proc/{self.pid}").exists():
            os.sched_yield()
        return 0


@dataclass(frozen=True)
class Nursery:
    """The process that waits. `before` is run once, ahead of every start."""

    process: subprocess.Popen[str]

    @classmethod
    def open(cls, environment: Mapping[str, str], before: str = "") -> Nursery:
        return cls(
            subprocess.Popen(
                [sys.executable, "-c", PROGRAM.replace("{before}", before)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "LC_ALL": "C.UTF-8", **environment},
            )
        )

    def start(self, arguments: list[str], output: Path, log: Path) -> Child:
        """What it prints goes to `output`, which may be a pipe."""
        stdin, stdout = self.process.stdin, self.process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("opened without pipes")
        stdin.write(json.dumps([arguments, str(output), str(log)]) + "\n")
        stdin.flush()
        return Child(int(stdout.readline()))

    def close(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()
