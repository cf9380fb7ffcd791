"""`publish`, `rollback`, `releases`: what readers get changes in one step, or not at all."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal_builder.publishing.late import LateCentre
from portal_builder.publishing.publish import prepare, reveal
from portal_builder.publishing.shelf import Shelf
from support import SCRIPTS, SMALL, article, haedap, write_tree

PAGE = "daon/ko/faq/billing/refund/index.html"
REFUND = "content/faq/billing/refund.ko.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "centre", SMALL)


def site(root: Path) -> Path:
    return root / "build/public/current/site"


def shelf_of(root: Path) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(haedap("releases", "--root", root, "--json").stdout)
    return answer


def publish(root: Path, *more: str) -> subprocess.CompletedProcess[str]:
    run = haedap("publish", "--root", root, *more)
    assert run.returncode == 0, run.stdout + run.stderr
    return run


def test_an_edit_is_a_new_release_that_costs_what_it_changed(root: Path) -> None:
    """Files that are the same are one file on the disk; nothing changed means no release; the mark tells which."""
    publish(root)
    assert "Nothing has changed" in publish(root).stdout
    write_tree(root, {REFUND: article(body="고친 글")})
    publish(root)
    assert "고친 글" in (site(root) / PAGE).read_text("utf-8")
    mark = json.loads((site(root) / "daon/.well-known/haedap.json").read_text("utf-8"))
    assert mark.keys() == {"release", "at"}
    assert mark["release"] == 2
    first, second = (root / f"build/public/releases/{number}/site" for number in (1, 2))
    same = [path for path in files(first) & files(second) if (first / path).samefile(second / path)]
    assert len(same) > len(files(second)) / 2
    assert not (first / PAGE).samefile(second / PAGE)
    assert not (second / PAGE).samefile(root / "build/publish" / PAGE)  # a build may write into its own file


def files(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def test_going_back_holds_until_a_person_goes_forward(root: Path) -> None:
    """rollback swaps and pins; what runs by itself leaves it alone; publish by hand lifts it."""
    publish(root)
    write_tree(root, {REFUND: article(body="잘못된 글")})
    publish(root)
    assert haedap("rollback", "--root", root).returncode == 0
    assert "잘못된 글" not in (site(root) / PAGE).read_text("utf-8")
    assert shelf_of(root)["is_held"]
    assert "went back" in publish(root, "--due").stdout
    assert "잘못된 글" not in (site(root) / PAGE).read_text("utf-8")
    publish(root)
    assert "잘못된 글" in (site(root) / PAGE).read_text("utf-8")
    listed = shelf_of(root)
    assert not listed["is_held"]
    assert [one["number"] for one in listed["releases"]] == [3, 2, 1]
    assert haedap("rollback", "--root", root, "1").returncode == 0
    run = haedap("rollback", "--root", root, "9")
    assert run.returncode == 1
    assert "There are: 2, 3" in run.stderr


def test_the_last_releases_are_kept_and_no_more(root: Path) -> None:
    """keep: 2 keeps two, each whole, though from the fourth on they are made of those that are not kept. Whoever
    wrote into a release, or into one that is aside, has changed no later one."""
    write_tree(root, {"publish.yml": "keep: 2\nfolder: ../out\n", "content/guides/more.ko.md": article("더")})
    releases = root / "../out/releases"
    for number in range(1, 6):
        write_tree(root, {REFUND: article(body=f"글 {number}")})
        publish(root)
        assert all(map(is_as_recorded, releases.iterdir())), number
        if number == 3:
            (root / "content/guides/more.ko.md").unlink()
    assert {path.name for path in releases.iterdir()} == {"4", "5"}
    assert "글 4" in (releases / "4/site" / PAGE).read_text("utf-8")
    spare = releases / "../.spare/site"
    assert (spare / "daon/ko/guides/more").is_dir()
    write_tree(spare, {"daon/ko/mine.html": "mine", "daon/ko/sitemap.xml": "x"})
    (releases / "5/site/daon/ko/404.html").write_text("x", "utf-8")
    write_tree(root, {REFUND: article(body="글")})
    publish(root)
    assert is_as_recorded(releases / "6")
    assert not (releases / "6/site/daon/ko/guides/more").exists()


def is_as_recorded(release: Path) -> bool:
    digests: dict[str, str] = json.loads((release / "files.json").read_text("utf-8"))
    site = release / "site"
    return {path: hashlib.sha256((site / path).read_bytes()).hexdigest() for path in files(site)} == digests


def test_a_built_file_that_somebody_wrote_to_is_not_taken_for_the_one_it_was(root: Path) -> None:
    """Its bytes are of the same number, and its release says what is in it."""
    publish(root)
    built = root / "build/publish/daon/ko/404.html"
    built.write_text(built.read_text("utf-8").replace("html", "lmth"), "utf-8")
    publish(root)
    assert is_as_recorded(root / "build/public/releases/2")


def test_what_was_due_is_recorded_with_when_it_came(root: Path) -> None:
    """A text's instant passes: the record says what was planned and how late it was, and `status` tells it."""
    planned = datetime(2026, 11, 20, 9, tzinfo=UTC)
    write_tree(root, {"content/notices/soon.ko.md": article("곧", publish_at=planned.isoformat())})
    shelf = Shelf(root / "build/public")
    with shelf.held():
        for at in (planned - timedelta(hours=1), planned - timedelta(seconds=1), planned + timedelta(seconds=90)):
            prepared = prepare(LateCentre(root), shelf, at)
            assert (prepared is None) == (at == planned - timedelta(seconds=1))
            if prepared:
                reveal(shelf, prepared, at + timedelta(seconds=2), keep=5)
            assert (site(root) / "daon/ko/notices/soon/index.html").exists() == (at > planned)
    newest, oldest = shelf_of(root)["releases"]
    assert datetime.fromisoformat(newest["planned"]) == planned
    assert newest["late"] == 92
    assert oldest["late"] is None
    assert "92.0 s" in haedap("status", "--root", root).stdout
    assert json.loads(haedap("status", "--root", root, "--json").stdout)["releases"][0]["late"] == 92


WRONG = (
    (REFUND, article(sumary="x"), "sumary"),
    ("publish.yml", "kep: 3\n", "publish.yml:1: unknown key kep"),
    ("publish.yml", "targets:\n  - to: rsnc\n", "Did you mean rsync?"),
    ("publish.yml", "targets:\n  - to: rsync\n    server: a b\n    path: /x\n", "publish.yml:3"),
    ("publish.yml", "targets:\n  - {to: s3, bucket: abc, brand: doan}\n", "Did you mean daon?"),
    ("publish.yml", "targets:\n  - {to: s3, bucket: abc}\n  - {to: s3, bucket: abd}\n", "publish.yml:3"),
    ("themes/daon/templates/article.html", '<a href="../gone/">x</a>', "leads to nothing"),
    ("themes/daon/templates/article.html", "{% if %}", "could not build"),
)


def test_what_is_wrong_stops_before_readers_notice(root: Path) -> None:
    """Problems of texts, of publish.yml and of what was built: told with their place, the current release untouched."""
    publish(root)
    for name, content, said in WRONG:
        write_tree(root, {name: content})
        run = haedap("publish", "--root", root)
        assert run.returncode == 1, said
        assert said in run.stdout + run.stderr
        (root / name).unlink()
        write_tree(root, SMALL)
    assert "Nothing has changed" in publish(root).stdout
    assert [one["number"] for one in shelf_of(root)["releases"]] == [1]


def test_what_was_built_and_never_looked_at_is_looked_at(root: Path) -> None:
    """As after a kill between the two: what the next run finds there may be wrong."""
    publish(root)
    home = '{% extends "_base/home.html" %}{% block main %}{{ super() }}<a href="nowhere/">x</a>{% endblock %}'
    write_tree(root, {"themes/daon/templates/home.html": home})
    assert haedap("build", "--root", root, "--out", root / "build/publish").returncode == 0
    refused = haedap("publish", "--root", root)
    assert refused.returncode == 1
    assert "nowhere/" in refused.stderr + refused.stdout
    assert [one["number"] for one in shelf_of(root)["releases"]] == [1]


@pytest.mark.parametrize(
    ("name", "known"),
    [("stamps.json", "null"), ("stamps.json", '{"daon/ko/404.html": 5}'), ("files.json", '{"daon/ko/404.html": 5}')],
)
def test_what_a_release_says_of_its_files_may_be_lost(name: str, known: str, root: Path) -> None:
    publish(root)
    write_tree(root, {f"build/public/releases/1/{name}": known, REFUND: article(body="고친 글")})
    publish(root)
    assert "고친 글" in (site(root) / PAGE).read_text("utf-8")
    assert files(root / "build/publish/daon/ko") == files(site(root) / "daon/ko")


def test_an_empty_folder_where_a_file_comes_is_no_hindrance(root: Path) -> None:
    write_tree(root, {"publish.yml": "keep: 2\n"})
    for text in ("글", "고친 글", "더 고친 글"):
        write_tree(root, {REFUND: article(body=text)})
        publish(root)
    (root / "build/public/.spare/site/daon/ko/static/new.css/within").mkdir(parents=True)
    write_tree(root, {"themes/daon/static/new.css": "p{}"})
    publish(root)
    assert (site(root) / "daon/ko/static/new.css").read_text("utf-8") == "p{}"


def test_what_is_in_the_way_is_said(root: Path) -> None:
    """A folder where the link belongs is not ours to remove."""
    write_tree(root, {"build/public/current/mine.txt": "mine"})
    run = haedap("publish", "--root", root)
    assert run.returncode == 1
    assert "in the way" in run.stderr
    assert (root / "build/public/current/mine.txt").read_text("utf-8") == "mine"


def test_two_publishers_never_mix(root: Path) -> None:
    """Started at once, one waits for the other: both end well, and there is one release."""
    command = [str(SCRIPTS / "haedap"), "publish", "--root", str(root)]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    assert [one["number"] for one in shelf_of(root)["releases"]] == [1]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m,mode=0700", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small disk needs root, and the right to mount")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_leaves_the_release_as_it_was(root: Path, small_disk: Path) -> None:
    """The shelf's disk is full: said in words, readers keep what they had; with room again the next run repairs."""
    write_tree(root, {"publish.yml": f"folder: {small_disk}/shelf\n"})
    publish(root)
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"\0" * 4096):
            pass
    write_tree(root, {REFUND: article(body="고친 글")})
    run = haedap("publish", "--root", root)
    assert run.returncode == 1
    assert "No space left" in run.stderr
    assert "Traceback" not in run.stderr
    current = small_disk / "shelf/current"
    assert current.readlink().name == "1"
    assert "고친 글" not in (current / "site" / PAGE).read_text("utf-8")
    filler.unlink()
    publish(root)
    assert "고친 글" in (current / "site" / PAGE).read_text("utf-8")
    assert not list((small_disk / "shelf/releases").glob(".*"))
