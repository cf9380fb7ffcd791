"""Targets, each against a real server on this machine: what differs is sent, HTML last, and half a release is none."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import boto3
import pytest
from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.serving import make_server

import sshd
from portal_builder.brand import Brand, load_brands
from portal_builder.publishing.parcel import TargetOptions
from portal_builder.publishing.send import Delivery, deliver, release_at, waiting
from portal_builder.publishing.settings import Target, load_settings
from portal_builder.publishing.shelf import Published, Shelf
from portal_builder.publishing.targets import target_modules
from portal_builder.publishing.tree import Tree
from support import BRAND, REPOSITORY, free_port, write_tree

NOW = datetime(2026, 12, 1, tzinfo=UTC)
FIRST = {
    "index.html": "all",
    "daon/index.html": "door",
    "daon/ko/index.html": "처음",
    "daon/ko/404.html": "없음",
    "daon/ko/search/head.json": "{}",
    "daon/ko/search/a.bin": "index",
    "daon/ko/faq/환불/index.html": "withdrawn",
    "daon/ko/old/index.html": "leads to ko/new/",
    "daon/ko/new/index.html": "new",
    "daon/.well-known/haedap.json": "1",
    "daon/.haedap/nginx.conf": "not for others",
}


@dataclass
class Town:
    """A shelf with releases, and one target."""

    root: Path
    shelf: Shelf
    brands: Mapping[str, Brand]
    targets: tuple[Target, ...]

    def publish(self, files: Mapping[str, str]) -> Published:
        with self.shelf.held():
            tree = Tree(Path(), {}).with_files({path: text.encode() for path, text in files.items()})
            record = Published(
                number=self.shelf.next_number(), at=NOW, published=NOW, planned=None, next_change=None,
                digest=tree.digest, pages=1, gone=("daon/ko/faq/환불/",), redirects={"daon/ko/old/": "daon/ko/new/"},
            )  # fmt: skip  # one value
            self.shelf.reveal(self.shelf.make(tree, record), record)
            return record

    def deliver(self, record: Published) -> Delivery:
        (only,) = deliver(self.shelf, self.targets, record, self.brands, NOW)
        return only


@pytest.fixture
def town(tmp_path: Path) -> Callable[..., Town]:
    def make(**keys: object) -> Town:
        root = write_tree(tmp_path / "centre", {"themes/daon/brand.yml": BRAND})
        write_tree(root, {"publish.yml": json.dumps({"targets": [{"brand": "daon", **keys}]})})
        brands, _ = load_brands(root)
        settings, problems = load_settings(root, brands)
        assert not problems, problems
        return Town(root, Shelf(settings.folder), brands, settings.targets)

    return make


def expected(files: Mapping[str, str]) -> dict[str, str]:
    """What one brand's host has to have, files for the host aside."""
    below = {path.removeprefix("daon/"): text for path, text in files.items() if path.startswith("daon/")}
    return {path: text for path, text in below.items() if not path.startswith(".haedap/")}


def files_in(folder: Path) -> dict[str, str]:
    folder = folder.resolve()
    return {
        file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in folder.rglob("*") if file.is_file()
    }


def changed(files: Mapping[str, str]) -> dict[str, str]:
    """One page edited, one added, one removed."""
    edited = {**files, "daon/ko/new/index.html": "newer", "daon/ko/more/index.html": "more"}
    del edited["daon/ko/search/a.bin"]
    return edited


def test_every_key_of_every_target_is_documented() -> None:
    """docs/publishing.md has a section for each kind, with exactly its keys."""
    text = (REPOSITORY / "docs/publishing.md").read_text("utf-8")
    for kind, module in target_modules().items():
        section = text.partition(f"\n### {kind}\n")[2].partition("\n#")[0]
        keys = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
        assert keys == module.Options.model_fields.keys() - TargetOptions.model_fields.keys(), kind


# -- directory


def test_directory_is_a_shelf_of_its_own(town: Callable[..., Town], tmp_path: Path) -> None:
    """The other folder gets releases and a link; what did not change is one file on its disk."""
    there = town(to="directory", path=str(tmp_path / "other"), host="netlify")
    sent = there.deliver(there.publish(FIRST)).sent
    assert sent
    got = files_in(tmp_path / "other/current/site")
    assert got.items() >= expected(FIRST).items()
    assert got["_redirects"].splitlines() == [
        "/ko/old/ /ko/new/ 301!",
        "/ko/faq/%ED%99%98%EB%B6%88/ /ko/faq/%ED%99%98%EB%B6%88/index.html 404!",
        "/ko/* /ko/404.html 404",
    ]
    sent = there.deliver(there.publish(changed(FIRST))).sent
    assert sent
    assert (sent.written, sent.removed) == (2, 1)
    assert not there.deliver(there.publish(FIRST)).error
    (tmp_path / "other/current").unlink()
    write_tree(tmp_path / "other", {"current/mine.txt": "mine"})
    assert there.deliver(there.publish(FIRST)).error


# -- rsync


@pytest.fixture
def server(tmp_path: Path) -> Iterator[sshd.Server]:
    folder = tmp_path / "ssh"
    folder.mkdir()
    with sshd.running(folder) as started:
        yield started


def by_rsync(server: sshd.Server, path: Path) -> dict[str, object]:
    return {
        "to": "rsync", "server": f"{server.user}@127.0.0.1", "port": server.port, "path": str(path),
        "identity": str(server.key), "known_hosts": str(server.known_hosts), "keep": 2, "host": "apache",
    }  # fmt: skip  # one value


def test_rsync_sends_what_differs_and_swaps_a_link(
    town: Callable[..., Town], server: sshd.Server, tmp_path: Path
) -> None:
    """Over a real sshd: a release is a folder there, unchanged files are links to the last, two are kept."""
    there, top = town(**by_rsync(server, tmp_path / "www")), tmp_path / "www"
    assert there.deliver(there.publish(FIRST)).error == ""
    assert files_in(top / "current").items() >= expected(FIRST).items()
    assert "RedirectMatch 301" in files_in(top / "current")[".htaccess"]
    second = there.deliver(there.publish(changed(FIRST)))
    assert second.sent
    assert second.sent.written == 2
    assert expected(changed(FIRST)).items() <= files_in(top / "current").items()
    assert "ko/search/a.bin" not in files_in(top / "current")
    assert (top / "releases/1/ko/index.html").samefile(top / "releases/2/ko/index.html")
    back = there.deliver(there.shelf.read(1) or there.publish(FIRST))
    assert back.error == ""
    assert expected(FIRST).items() <= files_in(top / "current").items()
    assert len(list((top / "releases").iterdir())) == 2
    assert not list((top / "releases").glob(".*"))


def test_rsync_refuses_a_server_it_does_not_know(
    town: Callable[..., Town], server: sshd.Server, tmp_path: Path
) -> None:
    """Another key, or none: nothing is sent, no question is asked."""
    server.known_hosts.write_text("", "utf-8")
    there = town(**by_rsync(server, tmp_path / "www"))
    refused = there.deliver(there.publish(FIRST))
    assert refused.sent is None
    assert "Host key verification failed" in refused.error
    assert not (tmp_path / "www").exists()


def test_rsync_that_fails_half_way_goes_on(town: Callable[..., Town], server: sshd.Server, tmp_path: Path) -> None:
    """The server's disk fills up: its release stays, ours is not marked as there, and the next run goes on."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small disk needs root, and the right to mount")
    try:
        there = town(**by_rsync(server, disk / "www"))
        assert there.deliver(there.publish(FIRST)).error == ""
        (disk / "filler").write_bytes(b"x" * 600_000)
        record = there.publish({**FIRST, **{f"daon/ko/{name}.bin": "y" * 300_000 for name in "ab"}})
        failed = there.deliver(record)
        assert "rsync (11)" in failed.error
        assert files_in(disk / "www/current").items() >= expected(FIRST).items()
        assert release_at(there.shelf, there.targets[0].name) is None
        assert waiting(there.shelf, there.targets, record) == there.targets
        (disk / "filler").unlink()
        assert there.deliver(record).error == ""
        assert (disk / "www/current/ko/b.bin").stat().st_size == 300_000
        assert not waiting(there.shelf, there.targets, record)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


# -- S3


@dataclass
class Bucket:
    """A real S3 server, and what it was asked for."""

    address: str
    client: Any
    asked: list[tuple[str, str]]
    refuse_after: list[int]
    """How many objects it takes; one number or none."""

    def held(self) -> set[str]:
        return {one["Key"] for one in self.client.list_objects_v2(Bucket="portals").get("Contents", ())}


@contextmanager
def _bucket() -> Iterator[Bucket]:
    moto = create_backend_app("s3")
    asked: list[tuple[str, str]] = []
    refuse_after: list[int] = []

    def application(environ: Any, start: Any) -> Any:
        asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix("/portals/")))
        puts = sum(method == "PUT" for method, _ in asked)
        if environ["REQUEST_METHOD"] == "PUT" and refuse_after and puts > refuse_after[0]:
            start("403 Forbidden", [("Content-Type", "application/xml")])
            return [b"<Error><Code>AccessDenied</Code><Message>enough for today</Message></Error>"]
        return moto(environ, start)

    port = free_port()
    web = make_server("127.0.0.1", port, application, threaded=True)
    Thread(target=web.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{port}"
    keys = {"aws_access_key_id": "key-for-tests", "aws_secret_access_key": "secret-for-tests"}
    client = boto3.client("s3", endpoint_url=address, region_name="us-east-1", **keys)
    client.create_bucket(Bucket="portals")
    asked.clear()
    try:
        yield Bucket(address, client, asked, refuse_after)
    finally:
        web.shutdown()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Bucket]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key-for-tests")
    (tmp_path / "secret").write_text("secret-for-tests\n", "utf-8")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY_FILE", str(tmp_path / "secret"))
    with _bucket() as started:
        yield started


def test_s3_sends_what_differs_pages_last(town: Callable[..., Town], bucket: Bucket) -> None:
    """A real S3 server: what pages load comes before pages, deletions come last, what lies beside is left alone."""
    bucket.client.put_object(Bucket="portals", Key="mine.txt", Body=b"mine")
    there = town(to="s3", bucket="portals", prefix="help/", endpoint=bucket.address)
    bucket.asked.clear()
    assert there.deliver(there.publish(FIRST)).error == ""
    own = {f"help/{path}" for path in expected(FIRST)} | {"help/404.html"}
    assert bucket.held() == own | {"mine.txt"}
    order = [path for method, path in bucket.asked if method == "PUT"]
    assert order[0] == "help/ko/search/a.bin"
    assert order[-1] == "help/.well-known/haedap.json"
    page = bucket.client.head_object(Bucket="portals", Key="help/ko/index.html")
    assert page["ContentType"] == "text/html; charset=utf-8"
    assert page["CacheControl"] == "no-cache"
    old = bucket.client.head_object(Bucket="portals", Key="help/ko/old/index.html")
    assert old["WebsiteRedirectLocation"] == "/ko/new/"
    bucket.asked.clear()
    record = there.publish(changed(FIRST))
    (there.shelf.site(record.number) / "daon/ko/index.html").unlink()  # what is there already is not read again
    assert there.deliver(record).error == ""
    assert [path for method, path in bucket.asked if method == "PUT"] == [
        "help/ko/more/index.html", "help/ko/new/index.html",
    ]  # fmt: skip  # one value
    assert bucket.asked[-1][0] == "POST"  # the deletion
    assert "help/ko/search/a.bin" not in bucket.held()


def test_s3_that_fails_half_way_goes_on(town: Callable[..., Town], bucket: Bucket) -> None:
    """It refuses after half of the files: nothing was deleted, we are told, and only the rest is sent the next time."""
    there = town(to="s3", bucket="portals", endpoint=bucket.address)
    assert there.deliver(there.publish(FIRST)).error == ""
    many = changed(FIRST) | {f"daon/ko/{number}.bin": str(number) for number in range(6)}
    record = there.publish(many)
    bucket.asked.clear()
    bucket.refuse_after.append(4)
    failed = there.deliver(record)
    assert "enough for today" in failed.error
    assert "ko/search/a.bin" in bucket.held()
    assert waiting(there.shelf, there.targets, record)
    bucket.refuse_after.clear()
    bucket.asked.clear()
    (there.shelf.folder / "targets/s3-daon/md5").write_bytes(b"damaged")
    again = there.deliver(record)
    assert again.sent
    assert (again.sent.written, again.sent.removed) == (4, 1)
    assert not waiting(there.shelf, there.targets, record)


def test_a_storage_that_is_away_is_said(town: Callable[..., Town], bucket: Bucket) -> None:
    """No such bucket: in the storage's own words."""
    there = town(to="s3", bucket="nothere", endpoint=bucket.address)
    assert "NoSuchBucket" in there.deliver(there.publish(FIRST)).error


# -- a branch of a git repository


def git(repository: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(repository), *arguments], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("history", [True, False])
def test_pages_pushes_commits_to_a_bare_repository(town: Callable[..., Town], tmp_path: Path, history: bool) -> None:
    """A commit for each release that differs, or one alone; dot files are files; another branch is left alone."""
    bare = tmp_path / "pages.git"
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    there = town(to="pages", repository=str(bare), domain="help.daon.example", history=history)
    assert there.deliver(there.publish(FIRST)).error == ""
    names = git(bare, "-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", "gh-pages").splitlines()
    assert set(names) == {*expected(FIRST), ".nojekyll", "CNAME", "404.html"}
    sent = there.deliver(there.publish(changed(FIRST))).sent
    assert sent
    assert (sent.written, sent.removed) == (2, 1)
    there.deliver(there.publish(changed(FIRST)))  # the same again
    assert git(bare, "rev-list", "--count", "gh-pages").strip() == ("2" if history else "1")
    shutil.rmtree(there.shelf.folder / "targets")  # another machine goes on where this one stopped
    assert there.deliver(there.publish(FIRST)).error == ""
    assert git(bare, "rev-list", "--count", "gh-pages").strip() == ("3" if history else "1")


def test_pages_for_gitlab_and_a_repository_that_is_away(town: Callable[..., Town], tmp_path: Path) -> None:
    """GitLab finds its job; a push that is refused is said, and the next one succeeds."""
    bare = tmp_path / "pages.git"
    there = town(to="pages", repository=str(bare), branch="pages", host="gitlab")
    record = there.publish(FIRST)
    assert "git (128)" in there.deliver(record).error
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    hook = bare / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n", "utf-8")
    hook.chmod(0o755)
    assert "not today" in there.deliver(record).error
    hook.unlink()
    assert there.deliver(record).error == ""
    names = git(bare, "ls-tree", "-r", "--name-only", "pages").splitlines()
    assert {".gitlab-ci.yml", "public/ko/index.html"} <= set(names)


# -- Netlify and Cloudflare Pages, by their own programs


RECORDER = """#!/bin/sh
echo "$NETLIFY_AUTH_TOKEN$CLOUDFLARE_API_TOKEN|$*" >> "{log}"
for word in "$@"; do [ -f "$word/index.html" ] && cp -r "$word" "{log}.files"; done
[ -e "{log}.refuse" ] && {{ echo "the token $NETLIFY_AUTH_TOKEN$CLOUDFLARE_API_TOKEN is wrong" >&2; exit 1; }}
exit 0
"""


@pytest.mark.parametrize(
    ("keys", "secret", "said"),
    [
        ({"to": "netlify", "site": "daon-help"}, "NETLIFY_AUTH_TOKEN", "deploy --prod --no-build --dir"),
        ({"to": "cloudflare", "project": "daon-help"}, "CLOUDFLARE_API_TOKEN", "pages deploy"),
    ],
)
def test_their_own_program_gets_the_files_and_the_secret(
    town: Callable[..., Town], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: Any, secret: str, said: str
) -> None:
    """The program is a stand-in that writes down how it was called; what it prints of our secret is not repeated."""
    log, program = tmp_path / "log", tmp_path / "program"
    program.write_text(RECORDER.format(log=log), "utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "token").write_text("very-secret-token\n", "utf-8")
    monkeypatch.setenv(f"{secret}_FILE", str(tmp_path / "token"))
    there = town(command=[str(program)], **keys)
    assert there.deliver(there.publish(FIRST)).error == ""
    assert log.read_text("utf-8").startswith(f"very-secret-token|{said}")
    assert "daon-help" in log.read_text("utf-8")
    got = files_in(tmp_path / "log.files")
    assert got.items() >= expected(FIRST).items()
    assert "frame-ancestors" in got["_headers"]
    assert "/ko/old/ /ko/new/ 301" in got["_redirects"]
    (tmp_path / "log.refuse").touch()
    failed = there.deliver(there.publish(FIRST))
    assert "the token *** is wrong" in failed.error


def test_a_program_that_is_not_there_is_said(town: Callable[..., Town]) -> None:
    """In one sentence."""
    there = town(to="netlify", site="x", command=["no-such-program"])
    assert "no-such-program is not installed" in there.deliver(there.publish(FIRST)).error
