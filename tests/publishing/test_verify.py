"""The last look at portals: pages that were looked at before are not read again, and nothing is overlooked for it."""

from __future__ import annotations

from pathlib import Path

from portal_builder.publishing.looked import built_files
from portal_builder.publishing.verify import faults_of
from support import write_tree

PAGE = '<html><body><a href="{}">x</a></body></html>'
PORTAL = {
    "daon/ko/index.html": PAGE.format("a/"),
    "daon/ko/a/index.html": PAGE.format("../"),
    "daon/ko/404.html": PAGE.format("a/"),
    "daon/ko/sitemap.xml": "x",
    "daon/ko/search/head.json": "{}",
}


def dead(out: Path, memory: Path | None) -> list[tuple[str, object]]:
    found = built_files(out, ["daon"])
    return [(problem.path, dict(problem.values)["href"]) for problem in faults_of(out, ["daon/ko"], found, memory)]


def test_what_is_remembered_finds_what_a_whole_look_finds(tmp_path: Path) -> None:
    """A page that came to lead nowhere, a file that went away, a memory that is damaged or gone."""
    out, memory = write_tree(tmp_path / "out", PORTAL), tmp_path / "memory"
    assert dead(out, memory) == dead(out, None) == []
    write_tree(out, {"daon/ko/a/index.html": PAGE.format("../nowhere/")})
    assert dead(out, memory) == dead(out, None) == [("daon/ko/a/index.html", "../nowhere/")]
    (out / "daon/ko/a/index.html").unlink()
    gone = [("daon/ko/404.html", "a/"), ("daon/ko/index.html", "a/")]
    assert dead(out, memory) == dead(out, None) == gone
    (memory / "daon/ko").write_bytes(b"x")
    assert dead(out, memory) == gone
    (memory / "daon/ko").unlink()
    assert dead(out, memory) == gone
