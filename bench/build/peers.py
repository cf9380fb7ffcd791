"""Owns the same documents as a project of each generator, and its commands. Refuses to judge them.

Each gets a section of ten, a navigation by section and its own search, as its documentation advises for large sites.
Hugo has no search of its own: Pagefind reads what it wrote.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bench.build.corpus import Text
from bench.build.hugo import CONFIG, LAYOUTS

_MKDOCS = """\
site_name: Bench
site_url: https://bench.example/
theme: {{name: material, language: ko, font: false, features: [{features}]}}
plugins: [search]
markdown_extensions: [tables, admonition, toc]
"""
_HUGO = """\
baseURL = "https://bench.example/"
title = "Bench"
disableKinds = ["taxonomy", "term", "RSS"]
"""
_BASE = """\
<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{{ .Title }}</title>
<meta name="description" content="{{ .Params.summary }}"><link rel="canonical" href="{{ .Permalink }}"></head>
<body><nav><ul>{{ range .Site.Sections }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></nav>
<aside><ul>{{ with .CurrentSection }}{{ range .RegularPages }}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}{{ end }}</ul></aside>
<main data-pagefind-body><h1>{{ .Title }}</h1>{{ block "main" . }}{{ .Content }}{{ end }}</main></body></html>
"""
_LIST = """\
{{ define "main" }}<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}
"""
_VITEPRESS = """\
export default {{ title: 'Bench', themeConfig: {{ search: {{ provider: 'local' }}, sidebar: {sidebar} }} }}
"""


@dataclass(frozen=True)
class Peer:
    """A generator with its search."""

    name: str
    write: Callable[[Path, Sequence[Text]], None]
    commands: Sequence[Sequence[str]]
    out: str
    again: Sequence[Sequence[str]]
    """What one runs after a change."""


def peers(tools: Path) -> Mapping[str, Peer]:
    """Those that are installed below `tools`: zensical, hugo and pagefind in `venv/`, vitepress in `node_modules/`."""
    python = tools / "venv/bin/python"
    mkdocs = [[sys.executable, "-m", "mkdocs", "build"]]
    hugo = [[str(tools / "venv/bin/hugo"), "build"], [str(python), "-m", "pagefind", "--site", "public"]]
    found = {
        "material": Peer("Material, stock", _material(""), mkdocs, "site", mkdocs),
        "prune": Peer("Material, pruned navigation", _material("navigation.prune"), mkdocs, "site", mkdocs),
    }
    if (tools / "venv/bin/zensical").exists():
        build = [[str(tools / "venv/bin/zensical"), "build"]]
        found["zensical"] = Peer("Zensical", _material("navigation.prune"), build, "site", build)
    if (tools / "venv/bin/hugo").exists():
        found["hugo"] = Peer("Hugo + Pagefind", _hugo, hugo, "public", hugo[:1])
        found["hugo-same"] = Peer("Hugo + Pagefind, the same pages", _hugo_same, hugo, "public", hugo[:1])
    if (tools / "node_modules/.bin/vitepress").exists():
        build = [["node", str(tools / "node_modules/vitepress/bin/vitepress.js"), "build"]]
        found["vitepress"] = Peer("VitePress", _vitepress(tools), build, ".vitepress/dist", build)
    return found


def page(text: Text) -> str:
    return f"---\ntitle: {text.title!r}\nsummary: {text.summary!r}\n---\n\n{text.body}\n"


def _material(features: str) -> Callable[[Path, Sequence[Text]], None]:
    def write(root: Path, texts: Sequence[Text]) -> None:
        _put(root / "mkdocs.yml", _MKDOCS.format(features=features))
        _put(root / "docs/index.md", "# Bench\n")
        for text in texts:
            _put(root / "docs" / text.section / f"{text.slug}.md", page(text))

    return write


def _hugo(root: Path, texts: Sequence[Text]) -> None:
    _put(root / "hugo.toml", _HUGO)
    _put(root / "layouts/_default/baseof.html", _BASE)
    _put(root / "layouts/_default/list.html", _LIST)
    _put(root / "layouts/_default/single.html", '{{ define "main" }}{{ .Content }}{{ end }}')
    _put(root / "layouts/index.html", _LIST)
    for text in texts:
        linked = text.body.replace(f"({text.next}.md)", f"(../{text.next}/)")
        _put(root / "content" / text.section / f"{text.slug}.md", page(text).replace(text.body, linked))
        _put(root / "content" / text.section / "_index.md", f"---\ntitle: {text.section}\n---\n")


def _hugo_same(root: Path, texts: Sequence[Text]) -> None:
    _hugo(root, texts)
    shutil.rmtree(root / "layouts")
    _put(root / "hugo.toml", CONFIG)
    for name, text in LAYOUTS.items():
        _put(root / "layouts" / name, text)
    _put(root / "content/all.md", "---\ntitle: 전체\nlayout: all\n---\n")


def _vitepress(tools: Path) -> Callable[[Path, Sequence[Text]], None]:
    def write(root: Path, texts: Sequence[Text]) -> None:
        sections = sorted({text.section for text in texts})
        sidebar = {
            f"/{section}/": [
                {"text": text.title, "link": f"/{section}/{text.slug}"} for text in texts if text.section == section
            ]
            for section in sections
        }
        _put(root / ".vitepress/config.mjs", _VITEPRESS.format(sidebar=json.dumps(sidebar, ensure_ascii=False)))
        _put(root / "package.json", '{"type": "module"}')
        (root / "node_modules").symlink_to(tools / "node_modules")
        _put(root / "index.md", "# Bench\n")
        for text in texts:
            _put(root / text.section / f"{text.slug}.md", page(text))

    return write


def fresh(folder: Path) -> Path:
    """An empty folder; what was there is put aside. Right behind thousands of files that were removed, a file system
    may make new ones slowly: ext4 took 1.0 s of CPU for a portal's 2,600 files, else 0.2."""
    if folder.exists():
        folder.rename(next(aside for at in count(1) if not (aside := folder.with_name(f"{folder.name}.{at}")).exists()))
    folder.mkdir(parents=True)
    return folder


def _put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
