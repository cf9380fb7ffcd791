"""Owns the figures as docs/performance.md shows them: a table, a plot, date and machine. Refuses to measure."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

Figures = Mapping[str, Mapping[str, Any]]
_BEGIN, _END = "<!-- figures: python -m bench.build --write docs/performance.md -->", "<!-- end of figures -->"
_NAMES = {
    "ours": "Haedap",
    "ours, nothing changed": "Haedap, nothing changed",
    "ours, one article": "Haedap, a sentence added to one article",
    "ours, one heading": "Haedap, a heading added to one article",
    "ours, one more": "Haedap, an article of one brand added",
    "ours, one colour": "Haedap, a brand's colour changed",
    "prune": "Material, pruned navigation",
    "material": "Material, stock",
    "zensical": "Zensical",
    "hugo": "Hugo + Pagefind",
    "hugo again": "Hugo alone, again",
    "hugo-same": "Hugo + Pagefind, pages that say what ours say",
    "hugo-same again": "the same Hugo alone, again",
    "vitepress": "VitePress, its own search",
}
_TARGETS = (
    ("cold, one portal of 1,000, CPU against Hugo with Pagefind", "0.6", "1000 ours", "1000 hugo", "cpu"),
    ("the same against Hugo's pages that say what ours say", "0.6", "1000 ours", "1000 hugo-same", "cpu"),
    ("cold, one portal of 1,000, CPU against Material pruned", "0.5", "1000 ours", "1000 prune", "cpu"),
    ("cold, 9 portals of 1,000, a third shared, CPU against one portal", "5", "9x1000 ours", "1000 ours", "cpu"),
    ("the same, wall clock", "5", "9x1000 ours", "1000 ours", "wall"),
    ("cold, 4,000 articles, CPU against 1,000", "4.2", "4000 ours", "1000 ours", "cpu"),
    (
        "nothing changed, 9 portals of 1,000, CPU against Hugo's rebuild of 1,000",
        "0.05",
        "9x1000 ours, nothing changed",
        "1000 hugo again",
        "cpu",
    ),
    (
        "one article edited, shown by 9 portals of 1,000, CPU against the same",
        "0.15",
        "9x1000 ours, one article",
        "1000 hugo again",
        "cpu",
    ),
    (
        "the same against the rebuild of pages that say what ours say",
        "0.15",
        "9x1000 ours, one article",
        "1000 hugo-same again",
        "cpu",
    ),
    (
        "a sentence, one portal of 1,000, CPU against Hugo's rebuild",
        "",
        "1000 ours, one article",
        "1000 hugo again",
        "cpu",
    ),
    ("peak memory of 9 portals of 1,000, MB of the largest process", "400", "9x1000 ours", None, "peak"),
)
"""What it is, what was asked, and which figure against which other one."""
_BAR, _ROW, _LEFT = 420, 22, 250


def write_report(figures: Figures, file: Path) -> None:
    """Renew what stands between the marks, and the plot beside the file."""
    text = file.read_text("utf-8")
    before, after = text.partition(_BEGIN)[0], text.partition(_END)[2]
    plot = file.parent / "images/performance.svg"
    plot.write_text(_plot(figures), "utf-8")
    file.write_text(f"{before}{_BEGIN}\n\n{_table(figures)}\n{_END}{after}", "utf-8")


def _table(figures: Figures) -> str:
    today = datetime.now(UTC).date().isoformat()
    machine = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()} {platform.release()}"
    lines = [
        f"Measured on {today}: {machine}, Python {platform.python_version()}. Medians of interleaved runs.",
        "",
        "| articles | what | runs | CPU s | against ours | wall s | peak MB | output bytes a page |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for key, one in figures.items():
        size, _, name = key.partition(" ")
        cold = figures[f"{size} ours"]["cpu"]
        weight = f"{one['page']:,.0f}" if one.get("page") else ""
        name = _NAMES.get(name, name)
        cells = (
            f"{one['runs']}",
            f"{one['cpu']:.2f}",
            f"{one['cpu'] / cold:.2f}",
            f"{one['wall']:.1f}",
            f"{one['peak']:.0f}",
            weight,
        )
        lines.append(f"| {size} | {name} | {' | '.join(cells)} |")
    return "\n".join([*lines, "", *_reached(figures), "", "![CPU seconds of each build](images/performance.svg)", ""])


def _reached(figures: Figures) -> Iterator[str]:
    """Every target whose both sides were measured."""
    yield "| case | asked | reached |"
    yield "|---|---:|---:|"
    for case, asked, one, other, what in _TARGETS:
        if one in figures and (other is None or other in figures):
            value = figures[one][what] / (figures[other][what] if other else 1)
            yield f"| {case} | {asked} | {value:,.0f} |" if other is None else f"| {case} | {asked} | {value:.2f} |"


def _plot(figures: Figures) -> str:
    """CPU seconds as bars, one group a size."""
    most = max(one["cpu"] for one in figures.values())
    parts: list[str] = []
    for row, (key, one) in enumerate(figures.items()):
        size, _, name = key.partition(" ")
        y, length = row * _ROW + 24, max(1.0, _BAR * one["cpu"] / most)
        colour = "#1f6f54" if name.startswith("ours") else "#8a949e"
        label = escape(f"{size} {_NAMES.get(name, name)}")
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 12}" text-anchor="end">{label}</text>')
        parts.append(f'<rect x="{_LEFT}" y="{y}" width="{length:.1f}" height="15" fill="{colour}"/>')
        parts.append(f'<text x="{_LEFT + length + 6:.1f}" y="{y + 12}">{one["cpu"]:.2f}</text>')
    box = f'viewBox="0 0 {_LEFT + _BAR + 70} {len(figures) * _ROW + 32}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif" font-size="12">'
    title = '<title>CPU seconds of each build</title><text x="4" y="14" font-weight="bold">CPU seconds</text>'
    return f"{head}{title}{''.join(parts)}</svg>\n"
