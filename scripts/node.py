"""Find a Node for the tests and benches of the search client."""

from __future__ import annotations

import os
import shutil
import subprocess

NAMES = ("node", "nodejs")
_OLDEST = 18


def find_node() -> str | None:
    """`HAEDAP_NODE`, or a Node on the path that is new enough."""
    named = os.environ.get("HAEDAP_NODE")
    return named or next((path for path in filter(None, map(shutil.which, NAMES)) if _is_new(path)), None)


def _is_new(path: str) -> bool:
    answer = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    return answer.startswith("v") and int(answer[1:].partition(".")[0]) >= _OLDEST
