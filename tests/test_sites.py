"""A folder is a configuration: `tests/sites/<case>/` is a help centre, its `golden/` the staged projects it must give.

`case.yml` of a case says at which instant it is planned and what it shows. What every portal stages alike (templates,
styles, words and icons) is left out of the goldens, so that they change only when a portal's own content does.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import yaml

from portal_builder.centre import load_centre
from portal_builder.check import check
from portal_builder.instant import instant, parse_moment
from portal_builder.plan import plan
from portal_builder.press import press
from portal_builder.stage import project_files, write_project

SITES = Path(__file__).parent / "sites"
CASES = sorted(path.name for path in SITES.iterdir() if path.is_dir())
RENEW = "HAEDAP_RENEW_GOLDENS" in os.environ


def staged(case: Path) -> dict[str, str]:
    """Every file that is a portal's own, by `<brand>/<lang>/<path>`."""
    centre = load_centre(case)
    assert check(centre) == ()
    at = parse_moment(yaml.safe_load((case / "case.yml").read_text("utf-8"))["at"])
    found: dict[str, str] = {}
    for portal in centre.portals():
        edition = plan(centre, portal, instant(at, centre.brands[portal.brand].zone))
        for path, content in project_files(centre, edition).items():
            if path.startswith(("overrides/", "docs/static/")) or path in {"base.yml", "synonyms.json"}:
                continue
            data = content.read_bytes() if isinstance(content, Path) else content
            text = _without_words(data.decode()) if path == "mkdocs.yml" else data.decode()
            found[f"{portal}/{path}"] = text
    return found


def _without_words(config: str) -> str:
    tree = yaml.safe_load(config)
    for name in ("t", "plurals", "icons"):
        del tree["extra"]["portal"][name]
    text: str = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=2**16)
    return text


@pytest.mark.parametrize("case", CASES)
def test_a_help_centre_is_staged_as_its_golden_says(case: str) -> None:
    """The staged project of each case equals its golden, file by file."""
    golden = SITES / case / "golden"
    files = staged(SITES / case)
    if RENEW:
        shutil.rmtree(golden, ignore_errors=True)
        write_project({path: text.encode() for path, text in files.items()}, golden)
    expected = {
        file.relative_to(golden).as_posix(): file.read_text("utf-8") for file in golden.rglob("*") if file.is_file()
    }
    assert sorted(files) == sorted(expected)
    for path, text in files.items():
        assert text == expected[path], path


@pytest.mark.parametrize("case", CASES)
def test_the_engine_takes_every_case_without_a_warning(case: str, tmp_path: Path) -> None:
    """MkDocs in strict mode presses each case, and every page has a title and a language."""
    centre = load_centre(SITES / case)
    at = parse_moment(yaml.safe_load((SITES / case / "case.yml").read_text("utf-8"))["at"])
    for portal in centre.portals():
        edition = plan(centre, portal, instant(at, centre.brands[portal.brand].zone))
        project = write_project(project_files(centre, edition), tmp_path / "stage" / str(portal))
        site = press(project.folder)
        for page in edition.pages:
            html = (site / page.url / "index.html").read_text("utf-8")
            assert f'<html lang="{portal.language}"' in html
            assert "<title>" in html
