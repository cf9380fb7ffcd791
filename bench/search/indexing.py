"""Owns what a build does after pressing, in a process of its own: read the pages, write the index. Refuses all else.

python -m bench.search.indexing SITE LANGUAGE FOLDER CACHE
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from portal_builder.search.pages import Source, read_pages
from portal_builder.search.write import write_index


def index_site(site: Path, language: str, folder: Path, cache: Path) -> None:
    """Index the pages below `faq/`."""
    names = sorted(entry.name for entry in os.scandir(site / "faq"))
    sources = [Source(f"faq/{name}", f"faq/{name}/", language) for name in names]
    write_index(read_pages(sources, site, cache), language, folder, cache=cache)


if __name__ == "__main__":
    index_site(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
