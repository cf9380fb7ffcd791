"""Make sure that the programs which the tests drive are there: found, installed by Debian's packages, or named.

All that is missing is installed in one go, as root; others are told the one command. Nothing is skipped in silence.
It needs no more than Python, so that it can run while `make setup` does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from ctypes.util import find_library
from dataclasses import dataclass

from node import find_node

from chromium import find_chromium
from postgresql import find_binaries

_PLACES = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))


def find_program(name: str) -> str | None:
    """Servers often lie where only root looks."""
    return shutil.which(name, path=_PLACES)


@dataclass(frozen=True)
class Need:
    """Something that tests drive."""

    what: str
    is_there: Callable[[], bool]
    packages: tuple[str, ...]
    """Debian's."""


def _programs(*names: str) -> Callable[[], bool]:
    return lambda: all(map(find_program, names))


NEEDS = (
    Need("a Chromium", lambda: bool(find_chromium()), ("chromium-headless-shell",)),
    Need("libatomic, which Playwright's driver needs", lambda: find_library("atomic") is not None, ("libatomic1",)),
    Need("Node 18 or newer", lambda: find_node() is not None, ("nodejs",)),
    Need("PostgreSQL", lambda: find_binaries() is not None, ("postgresql",)),
    Need("Dovecot", _programs("dovecot"), ("dovecot-imapd",)),
    Need("ssh and rsync", _programs("sshd", "ssh", "rsync"), ("openssh-server", "openssh-client", "rsync")),
    Need("nginx", _programs("nginx"), ("nginx-light",)),
    Need("Apache", _programs("apache2"), ("apache2-bin",)),
)


def missing() -> list[Need]:
    return [need for need in NEEDS if not need.is_there()]


def _install(needs: Sequence[Need]) -> None:
    """By apt, which starts none of their services and waits for another that is at work."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    packages = [package for need in needs for package in need.packages]
    for command in ([*apt, "update"], [*apt, "install", "-y", "--no-install-recommends", *packages]):
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


def main() -> int:
    needs = missing()
    if needs and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"The tests drive {', '.join(need.what for need in needs)}; installing ...", flush=True)
        _install(needs)
        needs = missing()
    if needs:
        packages = " ".join(package for need in needs for package in need.packages)
        print(f"Still missing: {', '.join(need.what for need in needs)}", file=sys.stderr)
        print(f"Install with: sudo apt-get install --no-install-recommends {packages}", file=sys.stderr)
    return len(needs) > 0


if __name__ == "__main__":
    sys.exit(main())
