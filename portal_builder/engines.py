"""Owns which engine makes a project's HTML. Refuses to know how either does it.

The lean one writes the same bytes as MkDocs at a fraction of its cost. What it does not know for certain it leaves to
MkDocs, whose words about a fault are also the ones that writers read.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from jinja2 import TemplateError

from portal_builder.lean.beyond import BeyondLeanError
from portal_builder.lean.engine import draw_one, makings_of, press_lean
from portal_builder.lean.kept import Kept
from portal_builder.lean.shared import Shared
from portal_builder.places import SITE
from portal_builder.press import engine, press
from portal_builder.project import Project
from portal_builder.search.memory import Stamp
from portal_builder.stage import files_of, write_project

LEAN, MKDOCS = "lean", "mkdocs"
ENGINES = (LEAN, MKDOCS)
_NOT_SURE = (BeyondLeanError, TemplateError, ValueError, LookupError, TypeError, AttributeError, AssertionError)
"""Whatever goes wrong in a template or an extension goes wrong in the reference engine as well, and it says what."""


def press_with(
    name: str,
    project: Project,
    folder: Path,
    cache: Path | None = None,
    kept: Kept | None = None,
    left: Callable[[str], None] = lambda _: None,
) -> Path:
    """Press a project with the engine of this name; the HTML is in the folder that is returned, below `folder`.

    `cache` keeps what Markdown became, for the next build and for other portals; `kept` is the portal as it was.
    `left` hears why a project was left to MkDocs though it has no fault. Raises PressError.
    """
    if name == LEAN:
        site = folder / SITE
        if not kept or not kept.amends:
            shutil.rmtree(site, ignore_errors=True)
        site.mkdir(parents=True, exist_ok=True)
        shared = Shared(cache, engines_version())
        try:
            press_lean(project, site, shared, kept or Kept(), engines_version())
        except _NOT_SURE as error:
            pressed = _press_staged(project, folder, kept)
            left(f"{error}" or type(error).__name__)
            return pressed
        finally:
            shared.trim()
        return site
    return _press_staged(project, folder, kept)


def glance(project: Project, source: str | None, cache: Path) -> str | None:
    """One page of a project as HTML, by its staged path, or the one for unknown addresses where none is named.

    Nothing where only the reference engine can draw it, or can say why it cannot.
    """
    try:
        return draw_one(project, source, Shared(cache, engines_version()))
    except _NOT_SURE:
        return None


def _press_staged(project: Project, folder: Path, kept: Kept | None) -> Path:
    """MkDocs makes every file itself, in a folder of its own."""
    if kept:
        kept.now.clear()
        kept.amends = False
    write_project(files_of(project), folder)
    return press(folder)


@lru_cache(maxsize=1)
def engines_version() -> str:
    """Both engines: the versions of the one, and every line of the other."""
    digest = hashlib.sha256()
    for file in sorted((Path(__file__).parent / "lean").glob("*.py")):
        digest.update(file.read_bytes())
    return f"{engine()} lean={digest.hexdigest()[:16]}"


def marks(project: Project) -> dict[str, Stamp]:
    """By staged path, what the HTML of each page depends on: a page with the same mark has the same bytes."""
    frame = f"{engines_version()} {project.frame}"
    return {source: (0, 0, 0, int(makings_of(frame, sheet)[:15], 16)) for source, sheet in project.pages.items()}
