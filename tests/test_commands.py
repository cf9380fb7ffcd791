"""The `haedap` command as a writer uses it: real processes in a folder that init made."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal_builder.machines.brandwide import ABOVE
from support import SCRIPTS, SMALL, article, free_port, haedap, running, write_tree


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    run = haedap("init", tmp_path / "centre")
    assert run.returncode == 0, run.stderr
    return tmp_path / "centre"


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=60) as answer:
        text: str = answer.read().decode()
        return text


def test_init_makes_a_help_centre_that_checks_and_builds_at_once(centre: Path) -> None:
    """init, check and build one after another, with nothing in between."""
    assert haedap("check", "--root", centre).returncode == 0
    run = haedap("build", "--root", centre)
    assert run.returncode == 0, run.stderr
    out = centre / "build/site"
    assert {path.name for path in out.iterdir()} == {".haedap", "acme", "index.html", "robots.txt"}
    for page in (
        "index.html",
        "ko/index.html",
        "en/faq/billing/refund-time/index.html",
        "ko/contact/inquiry/index.html",
    ):
        assert (out / "acme" / page).is_file(), page
    assert 'action="/f/acme/ko/inquiry"' in (out / "acme/ko/contact/inquiry/index.html").read_text("utf-8")


def test_init_touches_nothing_that_is_there(centre: Path) -> None:
    """A folder that holds something is left as it is: exit code 1 and the name of what is in the way."""
    before = {path: path.stat().st_mtime_ns for path in centre.rglob("*")}
    run = haedap("init", centre)
    assert run.returncode == 1
    assert "content" in run.stderr
    assert {path: path.stat().st_mtime_ns for path in centre.rglob("*")} == before


def test_a_second_build_presses_nothing(centre: Path) -> None:
    """What is there already is not built again; one edited article presses its portals only."""
    haedap("build", "--root", centre)
    stamps = {path: path.stat().st_mtime_ns for path in (centre / "build/site/acme/ko").rglob("*.html")}
    run = haedap("build", "--root", centre)
    assert run.stdout.count("unchanged") == 2
    assert {path: path.stat().st_mtime_ns for path in (centre / "build/site/acme/ko").rglob("*.html")} == stamps
    write_tree(centre, {"content/faq/orders/cancel.en.md": article("Cancelling")})
    run = haedap("build", "--root", centre)
    assert "unchanged" not in run.stdout  # the Korean page names its new translation
    write_tree(centre, {"content/faq/orders/cancel.en.md": article("Cancelling", "text")})
    run = haedap("build", "--root", centre)
    assert "acme/en: unchanged" not in run.stdout
    assert "acme/ko: unchanged" in run.stdout


def test_build_takes_portals_an_instant_and_a_folder(centre: Path, tmp_path: Path) -> None:
    """--portal, --at and --out: only what was asked for, as it is at that instant."""
    run = haedap(
        "build", "--root", centre, "--portal", "acme/ko", "--at", "2027-01-25 09:00", "--out", tmp_path / "out"
    )
    assert run.returncode == 0, run.stderr
    assert {path.name for path in (tmp_path / "out/acme").iterdir()} == {"ko", "index.html", *ABOVE}
    assert (tmp_path / "out/acme/ko/notices/new-year/index.html").is_file()
    haedap("build", "--root", centre, "--at", "2027-01-25 08:59", "--out", tmp_path / "early")
    assert not any("new-year" in path.as_posix() for path in (tmp_path / "early").rglob("*"))


def test_a_brand_or_language_that_is_gone_leaves_the_output(centre: Path) -> None:
    """Taking a language out of brand.yml, and its texts away, takes its portal out at the next build."""
    haedap("build", "--root", centre)
    for file in centre.rglob("content/**/*.en.md"):
        file.unlink()
    brand = centre / "themes/acme/brand.yml"
    brand.write_text(brand.read_text("utf-8").replace("[ko, en] ", "[ko] "), "utf-8")
    assert haedap("build", "--root", centre).returncode == 0
    assert not (centre / "build/site/acme/en").exists()


def test_nothing_that_is_not_ours_is_removed(centre: Path, tmp_path: Path) -> None:
    """Folders beside the portals stay; a folder in a portal's place that is no portal stops the build."""
    write_tree(tmp_path, {"pub/blog/index.html": "mine"})
    assert haedap("build", "--root", centre, "--out", tmp_path / "pub").returncode == 0
    assert (tmp_path / "pub/blog/index.html").read_text("utf-8") == "mine"
    write_tree(tmp_path, {"other/acme/ko/thesis.txt": "mine"})
    run = haedap("build", "--root", centre, "--out", tmp_path / "other")
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert (tmp_path / "other/acme/ko/thesis.txt").read_text("utf-8") == "mine"


def test_an_interrupted_build_is_not_believed(centre: Path) -> None:
    """What lies there after a stop in mid-build is built anew, whatever it is: nothing unpublished stays."""
    assert haedap("build", "--root", centre).returncode == 0
    bad = write_tree(centre, {"themes/acme/templates/list.html": "{% if %}"}) / "themes/acme/templates/list.html"
    later = haedap("build", "--root", centre, "--at", "2027-01-26")
    assert later.returncode == 1
    bad.unlink()
    # What a kill between two portals leaves: one of them already shows the later instant.
    assert haedap("build", "--root", centre, "--at", "2027-01-26", "--out", centre / "later").returncode == 0
    (centre / "later/acme/ko").rename(centre / "moved")
    (centre / "build/site/acme/ko").rename(centre / "old")
    (centre / "moved").rename(centre / "build/site/acme/ko")
    assert haedap("build", "--root", centre).returncode == 0
    assert not (centre / "build/site/acme/ko/notices/new-year").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("build", "--portal", "acme/k"), 2, "Did you mean acme/ko?"),
        (("build", "--at", "tomorrow"), 2, "`tomorrow` is no instant"),
        (("check", "--root", "/"), 2, "no help centre"),
        (("build", "--out", "CENTRE/content/x"), 2, "Choose another folder"),
        (("build", "--out", "/proc/x"), 1, "/proc/x"),
        (("serve", "--host", "nowhere.invalid"), 1, "nowhere.invalid"),
        (("publsh",), 2, "publsh"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_was_meant(
    centre: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    """Exit code 2, one clear sentence."""
    rest = () if "--root" in arguments or arguments[0] == "publsh" else ("--root", str(centre))
    run = haedap(*(argument.replace("CENTRE", str(centre)) for argument in arguments), *rest)
    assert run.returncode == code
    assert said in run.stderr
    assert "Traceback" not in run.stderr


def test_next_and_status_tell_what_is_due(centre: Path) -> None:
    """As text and as JSON."""
    due = json.loads(haedap("next", "--root", centre, "--at", "2027-01-01", "--json").stdout)
    assert due["at"] == "2027-01-25T00:00:00+00:00"
    assert {change["article"] for change in due["changes"]} == {"notices/new-year"}
    assert "notices/new-year comes out" in haedap("next", "--root", centre, "--at", "2027-01-01").stdout
    states = json.loads(haedap("status", "--root", centre, "--json").stdout)["portals"]
    assert [state["state"] for state in states] == ["missing", "missing"]
    haedap("build", "--root", centre)
    write_tree(centre, {"content/faq/orders/cancel.en.md": article("Cancelling")})
    states = json.loads(haedap("status", "--root", centre, "--json").stdout)["portals"]
    assert {state["portal"]: state["state"] for state in states}["acme/en"] == "changed"


def test_a_reader_who_has_seen_enough_is_no_fault(centre: Path) -> None:
    """A listing whose reader goes away (`haedap status | head -0`) ends without a word of complaint."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [str(SCRIPTS / "haedap"), "status", "--root", str(centre)]
    run = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert run.stderr == ""


def test_messages_are_korean_for_korean_writers(centre: Path) -> None:
    """LANG decides; HAEDAP_LANG overrides it."""
    write_tree(centre, {"content/faq/x.ko.md": article(sumary="x")})
    assert "summary" in haedap("check", "--root", centre, HAEDAP_LANG="", LC_ALL="ko_KR.UTF-8").stdout
    assert "모르는 키 sumary" in haedap("check", "--root", centre, HAEDAP_LANG="", LC_ALL="ko_KR.UTF-8").stdout
    assert "unknown key sumary" in haedap("check", "--root", centre, HAEDAP_LANG="en", LC_ALL="ko_KR.UTF-8").stdout


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    root = write_tree(tmp_path / "small", SMALL)
    port = free_port()
    with running(
        SCRIPTS / "haedap", "serve", "--root", root, "--port", port, ready=f"http://127.0.0.1:{port}/"
    ) as process:
        yield root, f"http://127.0.0.1:{port}"
        assert process.poll() is None


def test_serve_shows_an_edit_without_a_rebuild(served: tuple[Path, str]) -> None:
    """The page changes, and the browser that shows it is told so."""
    root, address = served
    page = f"{address}/daon/ko/faq/billing/refund/"
    before = get(page)
    assert "<h1" in before
    version = before.partition('data-version="')[2].partition('"')[0]
    write_tree(root, {"content/faq/billing/refund.ko.md": article(body="고친 글")})
    assert "data: changed" in get(f"{address}/_haedap/events?since={version}")
    assert "고친 글" in get(page)


def test_serve_shows_problems_instead_of_dying(served: tuple[Path, str]) -> None:
    """A broken brand, a broken article and a dead link stand on the page; mending them brings the portal back."""
    root, address = served
    write_tree(root, {"content/faq/billing/bad.ko.md": article(sumary="x", body="[x](gone.ko.md)")})
    page = _until(f"{address}/daon/ko/", "sumary")
    assert "haedap-problems" in page
    assert "Did you mean summary?" in page
    write_tree(root, {"themes/daon/brand.yml": "name: [\n"})
    assert "themes/daon/brand.yml:" in _until(f"{address}/", "brand.yml")
    write_tree(root, SMALL)
    (root / "content/faq/billing/bad.ko.md").unlink()
    assert "haedap-problems" not in _until(f"{address}/daon/ko/", "<h1")


def test_serve_sees_a_folder_that_is_made_anew(served: tuple[Path, str]) -> None:
    """A git checkout takes folders away and makes them again; edits in them are still seen."""
    root, address = served
    page = f"{address}/daon/ko/faq/billing/refund/"
    get(page)
    (root / "content").rename(root / "away")
    _until(f"{address}/daon/ko/", "data-version")
    write_tree(root, SMALL)
    _until(page, "<h1")
    write_tree(root, {"content/faq/billing/refund.ko.md": article(body="다시 고친 글")})
    assert "다시 고친 글" in _until(page, "다시 고친 글")


def test_serve_survives_whatever_half_written_files_break(served: tuple[Path, str]) -> None:
    """A lone brace in a word, a broken template, odd addresses: an answer each time, and the process lives."""
    root, address = served
    write_tree(root, {"i18n/ko.yml": 'home.articles: "{count"\n'})
    assert "home.articles" in _until(f"{address}/daon/ko/", "home.articles")
    (root / "i18n/ko.yml").unlink()
    for path in ("/daon/ko/%00", "/daon/ko/" + "a" * 400, "/_haedap/events?since=x", "/%2e%2e/%2e%2e/etc/passwd"):
        try:
            said = get(address + path)
        except urllib.error.HTTPError as error:
            said = error.read().decode()
        assert "root:" not in said


def _until(url: str, sign: str) -> str:
    """The page as soon as it holds the sign: each try waits for the next change that the server notices."""
    for _ in range(20):
        try:
            page = get(url)
        except urllib.error.HTTPError as error:
            page = error.read().decode()
        if sign in page:
            return page
        version = page.partition('data-version="')[2].partition('"')[0]
        get(f"{url.split('/', 3)[0]}//{url.split('/', 3)[2]}/_haedap/events?since={version or 0}")
    raise AssertionError(page)
