"""Owns the one place that knows MkDocs: a staged project in, finished HTML out. Refuses to know editions or brands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

_ENGINE = ("mkdocs", "mkdocs-material", "markdown", "pymdown-extensions", "jinja2")
_QUIET = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
_SITE = "site"


class PressError(Exception):
    """The engine could not make a portal; `lines` are its own words."""

    def __init__(self, project: Path, lines: tuple[str, ...]) -> None:
        self.project, self.lines = project, lines
        super().__init__(f"{project}: {' '.join(lines[-3:])}")

    def __reduce__(self) -> tuple[type[PressError], tuple[Path, tuple[str, ...]]]:
        """So that it comes out of a worker process as it was raised there."""
        return type(self), (self.project, self.lines)


def engine() -> str:
    """The engine and its versions: another engine makes another portal of the same project."""
    return " ".join(f"{name}={version(name)}" for name in _ENGINE)


def press(project: Path) -> Path:
    """Render a staged project and return the folder of its HTML, which lies within the project.

    Raises PressError where the engine stops or warns. A process of its own, because MkDocs keeps state in its modules.
    It is not told to be quiet: a quiet MkDocs does not count its warnings, and strict mode then means nothing.
    """
    site = project / _SITE
    shutil.rmtree(site, ignore_errors=True)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", "mkdocs.yml", "--site-dir", _SITE]
    environment = {**os.environ, **_QUIET, "SOURCE_DATE_EPOCH": "0", "PYTHONUTF8": "1"}
    run = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 -- our own arguments
    lines = tuple(line for line in (run.stdout + run.stderr).splitlines() if line.strip() and "INFO " not in line)
    if run.returncode != 0:
        raise PressError(project, lines)
    _prune(site)
    return site


def _prune(site: Path) -> None:
    """Leave out what no page of ours loads: Material's own styles and scripts, and the compressed second sitemap."""
    shutil.rmtree(site / "assets" / "javascripts", ignore_errors=True)
    shutil.rmtree(site / "assets" / "stylesheets", ignore_errors=True)
    shutil.rmtree(site / "assets" / "images", ignore_errors=True)
    if (site / "assets").is_dir() and not any((site / "assets").iterdir()):
        (site / "assets").rmdir()
    (site / "sitemap.xml.gz").unlink(missing_ok=True)
