"""Make sure that a Node is there for the tests of the search client: found, installed, or named the one command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("node", "nodejs")
_OLDEST = 18


def find_node() -> str | None:
    """`HAEDAP_NODE`, or a Node on the path that is new enough."""
    named = os.environ.get("HAEDAP_NODE")
    return named or next((path for path in filter(None, map(shutil.which, NAMES)) if _is_new(path)), None)


def _is_new(path: str) -> bool:
    answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    return answer.startswith("v") and int(answer[1:].partition(".")[0]) >= _OLDEST


def main() -> int:
    if find_node():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("No Node found; installing one for the tests of the search client ...")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "nodejs"]):
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    if find_node():
        return 0
    print("The search tests need Node 18 or newer. Install it with: sudo apt-get install nodejs", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
