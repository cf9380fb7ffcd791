"""The shipped client, asked in Node."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from node import find_node

ASK = Path(__file__).with_name("ask.mjs")


def ask(folder: Path, queries: list[str], broken: str = "", *, complete: bool = False) -> dict[str, Any]:
    """Run queries through the shipped client, in one process."""
    job = json.dumps({"folder": str(folder), "queries": queries, "broken": broken, "complete": complete})
    run = subprocess.run([find_node() or "node", ASK], input=job, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer
