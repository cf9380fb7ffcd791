"""Owns what the index depends on besides the pages: this code, and the analysers that are installed."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_ANALYSERS = ("kiwipiepy", "kiwipiepy_model", "sudachipy", "sudachidict_small", "sudachidict_core", "rjieba", "lunr")


def search_version() -> str:
    """Changes with every line of the search and with every analyser, so that portals are then indexed anew."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.*")):
        digest.update(file.read_bytes())
    for name in _ANALYSERS:
        digest.update(f"{name} {_installed(name)}\n".encode())
    return digest.hexdigest()[:16]


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"
