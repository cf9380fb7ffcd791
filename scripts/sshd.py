"""Make sure that tests of the target rsync have ssh and rsync, and run a server: a real sshd on loopback.

The programs are found, or installed by Debian's packages as root, or the one command that would install them is named.
"""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("openssh-server", "openssh-client", "rsync")
COMMAND = f"sudo apt-get install {' '.join(PACKAGES)}"
_PLACES = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))
_SETTINGS = """\
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/key.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
"""


def find_program(name: str) -> str | None:
    """Servers often lie where only root looks."""
    return shutil.which(name, path=_PLACES)


@dataclass(frozen=True)
class Server:
    """A running server; who has the key may log in."""

    port: int
    user: str
    key: Path
    known_hosts: Path


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """A server until the end of the block."""
    program, keygen = find_program("sshd"), find_program("ssh-keygen")
    if not program or not keygen:
        raise FileNotFoundError(f"There is no sshd. Install it with: {COMMAND}")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    for name in ("host", "key"):
        subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
    (folder / "config").write_text(_SETTINGS.format(port=port, folder=folder), "utf-8")
    (folder / "known").write_text(f"[127.0.0.1]:{port} {(folder / 'host.pub').read_text('utf-8')}", "utf-8")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd asks for it when root starts it
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "-D", "-e", "-f", str(folder / "config")], stderr=log)
    try:
        _wait_for(port, process)
        yield Server(port, getpass.getuser(), folder / "key", folder / "known")
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
    raise RuntimeError("sshd did not start")


def main() -> int:
    def there() -> bool:
        return all(find_program(name) for name in ("sshd", "ssh", "rsync"))

    if not there() and os.geteuid() == 0 and shutil.which("apt-get"):
        print("The tests of the target rsync need ssh and rsync; installing them ...", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}  # starts no service
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *PACKAGES]):
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    if there():
        return 0
    print(f"The tests of the target rsync need ssh and rsync. Install them with: {COMMAND}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
