"""Owns what a build does after pressing, in a process of its own: read the pages, write the index. Refuses all else.

python -m bench.search.indexing SITE LANGUAGE FOLDER CACHE [PAGE]

With the name of a page it tells the index that this one alone is another, and prints what that took.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from portal_builder.search.pages import Source, read_page, read_pages
from portal_builder.search.write import write_index


def index_site(site: Path, language: str, folder: Path, cache: Path) -> None:
    """Index the pages below `faq/`."""
    names = sorted(entry.name for entry in os.scandir(site / "faq"))
    sources = [Source(f"faq/{name}", f"faq/{name}/", language) for name in names]
    write_index(read_pages(sources, site, cache), language, folder, cache=cache)


def amend_page(site: Path, language: str, folder: Path, cache: Path, name: str) -> float:
    """Amend the index by one page; the CPU seconds that it took, modules not counted."""
    from portal_builder.search.amend import amended_index  # noqa: PLC0415 -- loading is no part of the figure

    source, started = Source(f"faq/{name}", f"faq/{name}/", language), time.process_time()
    page = read_page((site / source.url / "index.html").read_text("utf-8"), source)
    amended = amended_index([page], folder, language, cache)
    if amended is None:
        raise SystemExit("the index could not be amended")
    for file, data in amended.files.items():
        (folder / file).write_bytes(data)
    for file in amended.gone:
        (folder / file).unlink()
    return time.process_time() - started


if __name__ == "__main__":
    where = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
    if sys.argv[5:]:
        print(amend_page(*where, sys.argv[5]))
    else:
        index_site(*where)
