"""Owns a `haedap-bridge serve` in a process group of its own, and posting to it. Refuses to judge its answers."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlencode

from bench.bridge.forked import Child, Nursery
from bridge.testing import ANSWERS

PATH = "/f/daon/ko/inquiry"
URLENCODED = "application/x-www-form-urlencoded"
_BOUNDARY = "haedap-bench-boundary"


@dataclass(frozen=True)
class Served:
    process: subprocess.Popen[str] | Child
    port: int

    def kill(self) -> None:
        """The whole group at once, as the kernel or an operator in a hurry would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def memory(self) -> int:
        """Bytes of RAM that the process has had at most."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        return int(found[1]) * 1024 if found else 0


def start(
    root: Path, *options: str, environment: Mapping[str, str] | None = None, program: Sequence[str] | None = None
) -> Served:
    """Returns when it answers. `program` stands in for `haedap-bridge`."""
    command = [*(program or [str(Path(sys.executable).parent / "haedap-bridge")]), "serve", "--root", str(root)]
    with (root / "log").open("ab") as log:
        process = subprocess.Popen(
            [*command, "--port", "0", *options],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
            env={**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})},
        )
    return Served(process, _port(process.stdout or (), root))


def start_fork(nursery: Nursery, root: Path, *options: str) -> Served:
    """The same as a fork of a process that has imported everything."""
    output = root / "output"
    output.unlink(missing_ok=True)
    os.mkfifo(output)
    arguments = ["serve", "--root", str(root), "--port", "0", *options]
    child = nursery.start(arguments, output, root / "log")
    with output.open(encoding="utf-8") as said:
        return Served(child, _port(said, root))


def _port(said: Iterable[str], root: Path) -> int:
    for line in said:
        if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
            return int(found[1])
    raise RuntimeError((root / "log").read_text("utf-8")[-2000:])


@contextlib.contextmanager
def served(root: Path, *options: str, environment: Mapping[str, str] | None = None) -> Iterator[Served]:
    """A service until the end of the block."""
    service = start(root, *options, environment=environment)
    try:
        yield service
    finally:
        service.kill()


def form(**more: str) -> tuple[bytes, str]:
    """The answers of a form without files, as a browser sends them; each is another inquiry unless `_key` says not."""
    return urlencode(ANSWERS | {"_key": token_hex(12)} | more).encode(), URLENCODED


def form_with_file(name: str, content: bytes, **more: str) -> tuple[bytes, str]:
    """The same with a file."""
    return form_with_files({name: content}, **more)


def form_with_files(files: Mapping[str, bytes], **more: str) -> tuple[bytes, str]:
    """The same with several."""
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in (ANSWERS | {"_key": token_hex(12)} | more).items()
    ]
    for name, content in files.items():
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        parts += [head.encode(), b"Content-Type: application/octet-stream\r\n\r\n", content, b"\r\n"]
    return b"".join(parts) + f"--{_BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={_BOUNDARY}"


def post(connection: http.client.HTTPConnection, body: bytes, kind: str, path: str = PATH) -> tuple[int, str]:
    """Status and receipt number (or nothing). OSError and HTTPException where no answer came."""
    connection.request("POST", path, body, {"Content-Type": kind, "Accept": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    return answer.status, json.loads(text).get("receipt", "") if answer.status == 202 else ""
