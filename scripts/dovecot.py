"""Make sure that a Dovecot is there for the test that reads mails back: found, installed, or named the one command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

_PLACES = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))


def find_dovecot() -> str | None:
    """Its program; servers often lie where only root looks."""
    return shutil.which("dovecot", path=_PLACES)


def main() -> int:
    if find_dovecot():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("No Dovecot found; installing one for the test that reads mails back ...")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "dovecot-imapd"]):
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    if find_dovecot():
        return 0
    print("One test needs Dovecot. Install it with: sudo apt-get install dovecot-imapd", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
