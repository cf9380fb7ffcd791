"""Run a PostgreSQL for tests and benches of the store: a real server in a folder of its own, on a socket.

A server refuses to run as root, so then it runs as `postgres` or `nobody`.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


def find_binaries() -> Path | None:
    """`HAEDAP_POSTGRESQL`, the newest that Debian has installed, or the folder of the `postgres` on the path."""
    named = os.environ.get("HAEDAP_POSTGRESQL")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    on_path = [Path(found).resolve().parent for found in [shutil.which("postgres")] if found]
    folders = [Path(named)] if named else [*debian, *on_path]
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


@dataclass
class Server:
    """A running server. It trusts whoever can reach its socket, and that is this user alone."""

    folder: Path
    binaries: Path
    process: subprocess.Popen[bytes]
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def address(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://haedap@/{database}?host={self.folder}"

    def create(self) -> str:
        """A new database; its address."""
        name = f"haedap_{os.getpid()}_{next(self.numbers)}"
        self.psql(f"CREATE DATABASE {name}")
        return self.address(name)

    def psql(self, statement: str, database: str = "postgres") -> str:
        command = [str(self.binaries / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement]
        where = ["-h", str(self.folder), "-U", "haedap", database]
        return subprocess.run([*command, *where], check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def running(*options: str) -> Iterator[Server]:
    """A server until the end of the block; `options` are its settings, `fsync=off` for example."""
    binaries = find_binaries()
    if binaries is None:
        raise FileNotFoundError("PostgreSQL is not installed. Install it with: sudo apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="haedap-pg-"))  # a socket's path may have 107 characters
    user = _user(folder)
    try:
        data = folder / "data"
        made = [str(binaries / "initdb"), "-D", str(data), "-U", "haedap", "-A", "trust", "-E", "UTF8", "-N"]
        subprocess.run([*made, "--locale=C.UTF-8"], check=True, capture_output=True, cwd=folder, **user)
        server = start(folder, binaries, options)
        try:
            yield server
        finally:
            stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def start(folder: Path, binaries: Path, options: Sequence[str] = ()) -> Server:
    """Start the server of a folder that is there already, and wait until it answers."""
    settings = [f"unix_socket_directories={folder}", "listen_addresses=", "max_connections=60", *options]
    arguments = [part for setting in settings for part in ("-c", setting)]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [str(binaries / "postgres"), "-D", str(folder / "data"), *arguments],
            stdout=log, stderr=log, cwd=folder, start_new_session=True, **_user(folder),
        )  # fmt: skip  # one line of plumbing
    ready = [str(binaries / "pg_isready"), "-q", "-t", "1", "-h", str(folder), "-U", "haedap"]
    while subprocess.run(ready, check=False).returncode != 0:
        if process.poll() is not None:
            raise RuntimeError((folder / "log").read_text("utf-8")[-2000:])
    return Server(folder, binaries, process)


def stop(server: Server, how: signal.Signals = signal.SIGINT) -> None:
    """By SIGINT connections are cut and everything is written; by SIGQUIT nothing is, as in a crash."""
    with suppress(ProcessLookupError):
        server.process.send_signal(how)
    server.process.wait(timeout=30)


def _user(folder: Path) -> dict[str, Any]:
    """Whom a server may run as: whoever we are, but not root. The folder becomes theirs."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            found = pwd.getpwnam(name)
            os.chown(folder, found.pw_uid, found.pw_gid)
            return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise KeyError("neither a user postgres nor a user nobody")
