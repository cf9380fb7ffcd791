"""The bridge's service as a process of its own, for tests that need one."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bridge.testing import ANSWERS

COMMAND = str(Path(sys.executable).parent / "haedap-bridge")
ENGLISH = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


@dataclass
class Served:
    process: subprocess.Popen[str]
    address: str

    def post(self, form: str = "/f/daon/ko/inquiry", **more: str) -> str:
        request = urllib.request.Request(
            self.address + form, urlencode(ANSWERS | more).encode(), {"Accept": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert answer.status == 202
            return str(json.load(answer)["receipt"])

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.address + path, timeout=60) as answer:
            return str(answer.read().decode())

    def until_logged(self, words: str) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if words in line:
                return
        pytest.fail(f"never logged: {words}")

    def stop(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


@contextlib.contextmanager
def serving(root: Path, *options: str, **environment: str) -> Iterator[Served]:
    process = subprocess.Popen(
        [COMMAND, "serve", "--root", str(root), "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | ENGLISH | environment,
    )
    watchdog = threading.Timer(120, process.kill)  # a test that waits for a line must not wait for ever
    watchdog.start()
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                break
        found = re.search(r"http://127\.0\.0\.1:\d+", "".join(lines))
        assert found, process.stderr and process.stderr.read()
        yield Served(process, found[0])
    finally:
        watchdog.cancel()
        process.kill()
        process.communicate()
