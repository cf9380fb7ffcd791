"""Folding: what is current moves into content/ as one clean change, and no reader sees a difference, now or later."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from test_history import git
from test_timetable import boundaries, centres, shown

from portal_builder.centre import Centre, load_centre
from portal_builder.check import check
from portal_builder.edition import Edition
from portal_builder.fold import Fold, fold_at
from portal_builder.history import committed
from portal_builder.library import Library
from portal_builder.plan import plan
from portal_builder.stage import project_of
from support import BRAND, SMALL, article, haedap, write_tree

NOW = datetime(2026, 11, 22, tzinfo=UTC)
A = "content/faq/orders/x.ko.md"
S = "scheduled/faq/orders/"
SVG = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {} 9'/>"
PICTURE = "![x](images/x.svg)"
WAITING: dict[str, str | bytes] = {
    A: article("one", PICTURE),
    "content/faq/orders/images/x.svg": SVG.format(1),
    f"{S}x.ko.md": article("two", "![x](images/two.svg)", publish_at="2026-11-01"),
    f"{S}images/two.svg": SVG.format(2),
    f"{S}x@b.ko.md": article("three", PICTURE, publish_at="2026-11-10 09:00", attachments="[x.txt]"),
    f"{S}images/x.svg": SVG.format(3),
    f"{S}x.txt": "attached",
    f"{S}x@c.ko.md": article("four", PICTURE, publish_at="2026-12-24"),
    f"{S}new.en.md": article("new", publish_at="2026-11-20T00:00Z", expire_at="2026-11-21"),
}


def planned(root: Path, files: dict[str, str | bytes] | None = None) -> Fold:
    centre = load_centre(write_tree(root, {**SMALL, **(files or {})}))
    assert check(centre) == ()
    return fold_at(centre, NOW)


def digests(root: Path, *moments: str) -> list[str]:
    """The whole of what each portal is staged from, at these instants, with the dates that git tells."""
    centre = load_centre(root, committed(root))
    assert check(centre) == ()
    return [
        project_of(centre, plan(centre, portal, datetime.fromisoformat(f"{moment}T00:00:00+00:00"))).digest
        for moment in moments
        for portal in centre.portals()
    ]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = write_tree(tmp_path, {**SMALL, **WAITING, ".gitignore": "build/\n"})  # as `haedap init` writes it
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first", on="2026-10-01")
    return root


def written(root: Path) -> dict[Path, bytes]:
    """What people wrote: without git's own files, and those that can be made again."""
    files = (path for path in root.rglob("*") if path.is_file() and not {".git", "build"} & {*path.parts})
    return {path: path.read_bytes() for path in files}


def test_what_is_current_moves_as_one_clean_change(repository: Path) -> None:
    """Text, picture and attachment come along, the version between is removed, what waits stays; nobody sees it."""
    moments = ("2026-11-22", "2026-12-25", "2027-06-01")
    before = digests(repository, *moments)
    run = haedap("fold", "--root", repository)
    assert run.returncode == 0, run.stderr
    assert f"{S}x@b.ko.md -> {A}" in run.stdout
    left = {path.relative_to(repository).as_posix() for path in (repository / "scheduled").rglob("*") if path.is_file()}
    assert left == {f"{S}x@c.ko.md"}
    git(repository, "commit", "-qm", "fold", on="2026-11-22")
    assert digests(repository, *moments) == before
    clean = subprocess.run(["git", "status", "--porcelain"], cwd=repository, capture_output=True, text=True, check=True)
    assert clean.stdout == ""
    assert "publish_at: 2026-11-10 09:00" in (repository / A).read_text("utf-8")
    assert haedap("fold", "--root", repository).stdout == "Nothing has to move.\n"


def test_a_dry_run_and_the_future_change_nothing(repository: Path) -> None:
    """--dry-run says what would be done, also for a later instant, which without it would lose what is shown now."""
    before = written(repository)
    told = json.loads(haedap("fold", "--root", repository, "--dry-run", "--json").stdout)
    assert told["texts"] == [[f"{S}new.en.md", "content/faq/orders/new.en.md"], [f"{S}x@b.ko.md", A]]
    assert set(told["removed"]) == {f"{S}x.ko.md", f"{S}images/two.svg"}
    later = haedap("fold", "--root", repository, "--dry-run", "--at", "2100-01-01").stdout
    assert f"{S}x@c.ko.md -> {A}" in later
    assert haedap("fold", "--root", repository, "--at", "2100-01-01").returncode == 2
    after = written(repository)
    assert before == after


def test_what_git_does_not_know_is_not_lost(repository: Path) -> None:
    """A touched file with changes that are not committed stops everything, by name."""
    (repository / A).write_text(article("edited", PICTURE), "utf-8")
    run = haedap("fold", "--root", repository)
    assert run.returncode == 1
    assert A in run.stderr
    assert (repository / f"{S}x@b.ko.md").is_file()
    assert (repository / f"{S}x.ko.md").is_file()


def test_without_git_files_are_moved_all_the_same(tmp_path: Path) -> None:
    """The same outcome in a plain folder."""
    root = write_tree(tmp_path, {**SMALL, **WAITING})
    before = digests(root, "2026-11-22", "2026-12-25")
    assert haedap("fold", "--root", root).returncode == 0
    assert digests(root, "2026-11-22", "2026-12-25") == before
    assert "three" in (root / A).read_text("utf-8")


@pytest.mark.parametrize(
    ("files", "why", "other"),
    [
        (
            {
                "themes/lumi/brand.yml": BRAND.replace("daon", "lumi"),
                A: article("for all"),
                f"{S}x.ko.md": article("for one", brand="daon", publish_at="2026-11-01"),
            },
            "brands",
            A,
        ),
        (
            {
                A: article(),
                "content/faq/orders/x.en.md": article(body=PICTURE),
                "content/faq/orders/images/x.svg": SVG.format(1),
                f"{S}x.ko.md": article(body=PICTURE, publish_at="2026-11-01"),
                f"{S}images/x.svg": SVG.format(2),
            },
            "picture",
            "content/faq/orders/x.en.md",
        ),
        (
            {
                "themes/lumi/brand.yml": BRAND.replace("daon", "lumi"),
                f"{S}x.ko.md": article(brand="daon", publish_at="2026-11-01"),
                f"{S}x@b.ko.md": article(brand="lumi", publish_at="2026-11-02"),
            },
            "place",
            f"{S}x@b.ko.md",
        ),
    ],
)
def test_what_somebody_still_needs_stays_with_the_reason(
    tmp_path: Path, files: dict[str, str | bytes], why: str, other: str
) -> None:
    """A brand that is shown the old text, a picture of the same name in use, two versions for one place."""
    found = planned(tmp_path, files)
    assert [(one.path, one.why, one.other) for one in found.staying] == [(f"{S}x.ko.md", why, other)]
    assert f"{S}x.ko.md" not in dict(found.texts)
    assert found.removed == ()


def folded(centre: Centre, fold: Fold) -> Centre:
    """The help centre after a fold, in memory."""
    homes = dict(fold.texts)
    overwritten = {*homes.values(), *fold.removed}
    kept = (one for one in centre.library.articles if one.path in homes or one.path not in overwritten)
    moved = tuple(replace(one, path=homes.get(one.path, one.path)) for one in kept)
    return replace(centre, library=Library(moved, {}))


def all_of(centre: Centre, moments: list[datetime]) -> Iterator[list[Edition]]:
    return (shown(centre, moment) for moment in moments)


@given(centres())
@settings(max_examples=30)
def test_no_reader_sees_a_difference_now_or_later(centre: Centre) -> None:
    """Random libraries in all zones, folded at each boundary: the editions from then on are the same."""
    edges = boundaries(centre)
    for place, edge in enumerate(edges):
        after = folded(centre, fold_at(centre, edge))
        assert len({one.path for one in after.library.articles}) == len(after.library.articles)
        assert list(all_of(after, edges[place:])) == list(all_of(centre, edges[place:]))
        assert fold_at(after, edge).texts == ()
