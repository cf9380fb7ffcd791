"""Owns the peers' programs: where they come from, how a set of queries runs through them. Refuses to score."""

from __future__ import annotations

import subprocess
from importlib.util import find_spec
from pathlib import Path

from bench.search.build import language_of, write_site
from bench.search.report import HERE, Row, node

PEERS = ("lunr", "material", "pagefind")
_PACKAGES = ("lunr@2.3.9", "pagefind@1")


def install(tools: Path) -> Path:
    """lunr and Pagefind from npm, once."""
    tools = tools.resolve()
    if not (tools / "node_modules" / "pagefind").is_dir():
        tools.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(tools), *_PACKAGES]
        subprocess.run(command, check=True)
    return tools


def peer_rows(peer: str, tools: Path, corpus: Path, queries: Path, site: Path) -> list[Row]:
    """Ranks by one peer, on the same documents."""
    if peer == "pagefind" and not (site / "pagefind").is_dir():
        write_site(corpus, site)
        command = [str(tools / "node_modules/.bin/pagefind"), "--site", str(site)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    arguments = (HERE / "peers.mjs", peer, tools, corpus / "docs.jsonl", queries, language_of(corpus), site)
    rows: list[Row] = node(*arguments, **_material())["rows"]
    return rows


def _material() -> dict[str, str]:
    """Where the installed package keeps its worker."""
    spec = find_spec("material")
    folder = Path(spec.origin if spec and spec.origin else "material").parent / "templates" / "assets" / "javascripts"
    return {"MATERIAL": str(folder), "MATERIAL_WORKER": str(next((folder / "workers").glob("search.*.js")))}
