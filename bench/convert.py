"""Measures what the quick way for plain texts saves: its share of the texts, and the CPU of a text either way.

`python -m bench.convert [--root FOLDER] [--articles 1000] [--data FOLDER]` converts the texts of a help centre as its
portals stage them, and the documents of `bench.build`, each in turn by Python-Markdown and by the quick way.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from bench.build import corpus
from portal_builder.centre import load_centre
from portal_builder.lean.config import Dialect, config_of
from portal_builder.lean.convert import Converter
from portal_builder.plan import plan
from portal_builder.project import Project, Sheet
from portal_builder.shipped import shipped
from portal_builder.stage import project_of

AT = datetime(2026, 12, 1, tzinfo=UTC)
Written = tuple[str, str]
"""A text as it is staged, and where."""


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path())
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    dialect = _dialect()
    print("| texts | all | quick | Python-Markdown, ms each | quick way, ms each | ratio |")
    print("|---|---:|---:|---:|---:|---:|")
    _tell("of the help centre", {*_staged(options.root)}, dialect)
    for language in ("ko", "en", "ja"):
        documents = corpus.texts(options.articles, language, options.data)
        _tell(
            f"of the benchmark, {language}", {(f"{text.body}\n", f"faq/{text.slug}.md") for text in documents}, dialect
        )


def _tell(name: str, texts: Iterable[Written], dialect: Dialect) -> None:
    """Only texts that take the quick way are timed."""
    usual, quick = Converter(dialect, is_quick=False), Converter(dialect)
    everything = sorted(texts)
    plain = [(text, source) for text, source in everything if quick.quickly(text, source)]
    spent = {usual: 0.0, quick: 0.0}
    for text, source in plain:
        for converter in spent:
            begun = process_time()
            converter.convert(text, source)
            spent[converter] += process_time() - begun
    slow, fast = (1000 * seconds / max(len(plain), 1) for seconds in spent.values())
    share = len(plain) / max(len(everything), 1)
    print(f"| {name} | {len(everything)} | {share:.0%} | {slow:.2f} | {fast:.2f} | {fast / (slow or 1):.2f} |")


def _staged(root: Path) -> Iterable[Written]:
    centre = load_centre(root)
    for portal in centre.portals():
        for source, sheet in project_of(centre, plan(centre, portal, AT)).pages.items():
            yield f"{sheet.text}\n".lstrip("\n"), source


def _dialect() -> Dialect:
    base = (shipped() / "mkdocs.yml").read_text("utf-8")
    return config_of(Project({"INHERIT": "base.yml", "site_name": "x"}, base, {"index.md": Sheet({}, "")}, {})).dialect


if __name__ == "__main__":
    main()
