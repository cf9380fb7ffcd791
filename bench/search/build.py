"""Owns what indexing costs: our index in a process of its own, Pagefind on the same pages. Refuses to judge results."""

from __future__ import annotations

import gzip
import html
import json
import os
import re
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from portal_builder.search.document import Document
from portal_builder.search.write import write_index

_PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head><body>
<main><article class="article"><header class="page-head"><h1>{title}</h1></header>
<div class="text" lang="{language}"><p>{body}</p></div></article></main></body></html>
"""


@dataclass(frozen=True)
class BuildCost:
    """CPU seconds, user and system, of everything a process did."""

    what: str
    cpu: float


def documents(corpus: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (corpus / "docs.jsonl").read_text("utf-8").splitlines()]


def language_of(corpus: Path) -> str:
    """By its letters: a corpus does not name its language."""
    text = "".join(one["body"] for one in documents(corpus)[:50])
    kana, hangul = (sum(low <= letter <= high for letter in text) for low, high in ("ぁヿ", "가힣"))
    han = sum("一" <= letter <= "鿿" for letter in text)
    if max(kana, hangul, han) < len(text) / 10:
        return "en"
    return "ko" if hangul > kana + han else "ja" if kana * 10 > han else "zh"


def index_set(corpus: Path, folder: Path) -> None:
    found = [
        Document(f"faq/{one['id']}", f"faq/{one['id']}/", one["title"], one["body"], "faq") for one in documents(corpus)
    ]
    write_index(found, language_of(corpus), folder)


def index_sizes(folder: Path) -> dict[str, int]:
    """Compressed bytes."""
    sizes = {file.name: len(gzip.compress(file.read_bytes(), 9)) for file in folder.iterdir()}
    return {
        "files": len(sizes),
        "bytes": sum(sizes.values()),
        "head": sizes["head.json"],
        "code": sizes["search.js"],
    }


def page_template(pressed: Path | None) -> str:
    """A page to fill: a pressed article with its title and text taken out, or as little as there can be."""
    if pressed is None:
        return _PAGE
    source = pressed.read_text("utf-8").replace("{", "{{").replace("}", "}}")
    source = re.sub(r"<title>.*?</title>", "<title>{title}</title>", source, flags=re.DOTALL)
    source = re.sub(r"<h1>.*?</h1>", "<h1>{title}</h1>", source, count=1, flags=re.DOTALL)
    text = '<div class="text" lang="{language}"><p>{body}</p></div><aside'
    return re.sub(r'<div class="text".*?</div>\s*<aside', text, source, count=1, flags=re.DOTALL)


def write_site(corpus: Path, site: Path, pressed: Path | None = None) -> None:
    """The same documents as finished pages."""
    language, template = language_of(corpus), page_template(pressed)
    for one in documents(corpus):
        folder = site / "faq" / one["id"]
        folder.mkdir(parents=True, exist_ok=True)
        words = {name: html.escape(one[name]) for name in ("title", "body")}
        (folder / "index.html").write_text(template.format(language=language, **words), "utf-8")


def build_costs(corpus: Path, tools: Path, work: Path, pressed: Path | None) -> list[BuildCost]:
    """Pagefind; ours without and with a memory; ours after one article changed, asked for all and told which one."""
    site, folder, cache = (work / f"{corpus.name}.{name}" for name in ("pages", "index", "memory"))
    write_site(corpus, site, pressed)
    ours = [sys.executable, "-m", "bench.search.indexing", str(site), language_of(corpus), str(folder), str(cache)]
    pagefind = [str(tools / "node_modules/.bin/pagefind"), "--site", str(site)]
    costs = [BuildCost("Pagefind, all pages", cpu_of(pagefind)), BuildCost("ours, all pages", cpu_of(ours))]
    changed, *_, other = sorted(site.glob("faq/*/index.html"))
    _change(changed)
    costs.append(BuildCost("ours, one article changed", cpu_of(ours)))
    _change(other)
    told = subprocess.run([*ours, other.parent.name], check=True, capture_output=True, text=True, env=_environment())
    return [*costs, BuildCost("ours, told of one, modules loaded", round(float(told.stdout), 3))]


def _change(page: Path) -> None:
    page.write_text(page.read_text("utf-8").replace("</p>", " 1234 changed</p>", 1), "utf-8")


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path.cwd())}


def cpu_of(command: list[str]) -> float:
    """CPU seconds of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=_environment())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2)
