"""`ci` and `watchdog`: workflows that their hosts take, and lateness that is told from another machine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from bridge.testing import mail_server
from portal_builder.publishing.workflows import minutes
from support import BRAND, SCRIPTS, SMALL, article, haedap, write_tree

TARGETS = """\
targets:
  - {to: s3, bucket: portals}
  - {to: pages, repository: "git@git.example:x.git"}
  - {to: netlify, site: x}
"""
KINDS = (("github", ".github/workflows/haedap.yml"), ("gitlab", ".gitlab-ci.yml"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "centre", SMALL)


@pytest.mark.parametrize(("host", "file"), KINDS)
@pytest.mark.parametrize("settings", ["", TARGETS], ids=["pages", "targets"])
def test_workflows_are_what_their_hosts_take(root: Path, host: str, file: str, settings: str) -> None:
    """The hosts' own schemas have no fault to find; what is there is never overwritten."""
    write_tree(root, {"publish.yml": settings})
    run = haedap("ci", host, "--root", root)
    assert run.returncode == 0, run.stderr
    schema = f"vendor.{host}-workflows" if host == "github" else "vendor.gitlab-ci"
    found = subprocess.run(
        [str(SCRIPTS / "check-jsonschema"), "--builtin-schema", schema, str(root / file)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip  # one line of plumbing
    assert found.returncode == 0, found.stdout
    text = (root / file).read_text("utf-8")
    assert ("NETLIFY_AUTH_TOKEN" in text) == bool(settings)
    assert "haedap publish" in text
    assert "haedap watchdog --online" in text
    assert haedap("ci", host, "--root", root).returncode == 1
    assert (root / file).read_text("utf-8") == text


def test_the_schema_would_find_a_fault(root: Path) -> None:
    """The check above can fail."""
    haedap("ci", "github", "--root", root)
    file = root / KINDS[0][1]
    file.write_text(file.read_text("utf-8").replace("runs-on", "run-on"), "utf-8")
    command = [str(SCRIPTS / "check-jsonschema"), "--builtin-schema", "vendor.github-workflows", str(file)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_what_a_workflow_runs_can_be_typed(root: Path) -> None:
    """Its steps are commands of ours: run here, in order, they publish, and the second time find nothing due."""
    haedap("ci", "gitlab", "--root", root)
    pipeline = yaml.safe_load((root / ".gitlab-ci.yml").read_text("utf-8"))
    (publish,) = (line for line in pipeline["pages"]["script"] if line.startswith("haedap"))
    assert publish == "haedap publish $DUE"
    for due, said in (([], "Release 1"), (["--due"], "Nothing is due")):
        run = haedap(*publish.split()[1:-1], *due, "--root", root)
        assert said in run.stdout
    write_tree(root, {"content/faq/billing/refund.ko.md": article(body="고친 글")})
    assert "Release 2" in haedap("publish", "--root", root).stdout
    assert json.loads(haedap("publish", "--due", "--json", "--root", root).stdout)["release"]["number"] == 2


def test_schedules_keep_off_the_full_hour() -> None:
    """Whatever a help centre is called and how often it runs; and not all run at the same minutes."""
    seen = set()
    for name in map(str, range(300)):
        for every in (5, 15, 30, 60):
            found = [int(minute) for minute in minutes(name, every).split(",")]
            assert found
            assert all(0 < minute < 60 for minute in found), (name, every)
        seen.add(minutes(name, 15))
    assert len(seen) > 5


# -- the watchdog


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Nothing: the test's own output is enough."""


@pytest.fixture
def host(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A web server of somebody else."""
    folder = tmp_path / "www"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


def test_lateness_is_told_from_another_machine(root: Path, host: tuple[Path, str]) -> None:
    """The texts here, the mark there: what passed unpublished is named with how late; once it is out all is well."""
    folder, url = host
    write_tree(root, {"themes/daon/brand.yml": BRAND.replace("https://help.daon.example/", url)})
    now = datetime.now(UTC).replace(microsecond=0)
    write_tree(root, {
        "content/notices/early.ko.md": article("앞", publish_at=(now - timedelta(minutes=42)).isoformat()),
        "content/notices/fresh.ko.md": article("방금", publish_at=(now - timedelta(minutes=2)).isoformat()),
        "content/notices/later.ko.md": article("뒤", publish_at=(now + timedelta(days=2)).isoformat()),
    })  # fmt: skip  # one tree
    silent = haedap("watchdog", "--online", "--root", root)
    assert silent.returncode == 1
    assert "404" in silent.stderr
    mark = {"release": 3, "at": (now - timedelta(hours=1)).isoformat()}
    write_tree(folder, {".well-known/haedap.json": json.dumps(mark)})
    late = haedap("watchdog", "--online", "--root", root)
    assert late.returncode == 1
    assert re.search(r"4[23] minute\(s\) late: content/notices/early.ko.md", late.stderr)
    assert "fresh" not in late.stderr
    answer = json.loads(haedap("watchdog", "--online", "--grace", "1m", "--root", root, "--json").stdout)
    assert [one["texts"] for one in answer["overdue"]] == [
        ["content/notices/early.ko.md"], ["content/notices/fresh.ko.md"],
    ]  # fmt: skip  # one value
    assert haedap("publish", "--root", root).returncode == 0
    shutil.copytree(root / "build/public/current/site/daon", folder, dirs_exist_ok=True)
    assert haedap("watchdog", "--online", "--root", root).returncode == 0
    assert haedap("watchdog", "--root", root).returncode == 0
    assert haedap("watchdog", "--grace", "soon", "--root", root).returncode == 2


def test_the_mark_says_nothing_of_what_comes(root: Path) -> None:
    """Neither the mark nor anything else a host shows names the instant of a text that is not out."""
    write_tree(root, {"content/notices/later.ko.md": article("뒤", publish_at="2031-05-17T03:04:05+00:00")})
    assert haedap("publish", "--root", root).returncode == 0
    site = (root / "build/public/current/site").resolve()
    assert json.loads((site / ".well-known/haedap.json").read_text("utf-8")).keys() == {"release", "at"}
    assert not [file for file in site.rglob("*") if file.is_file() and b"2031-05-17" in file.read_bytes()]


def test_the_team_is_mailed_once(root: Path) -> None:
    """A real mail server on loopback: one mail for one trouble, however often somebody looks; another for another."""
    now = datetime.now(UTC).replace(microsecond=0)
    notice = {"content/notices/early.ko.md": article("앞", publish_at=(now - timedelta(hours=2)).isoformat())}
    assert haedap("publish", "--root", root).returncode == 0
    record = root / "build/public/releases/1/release.json"
    at = json.loads(record.read_text("utf-8"))
    record.write_text(json.dumps(at | {"at": (now - timedelta(hours=3)).isoformat()}), "utf-8")
    write_tree(root, notice)
    with mail_server() as server:
        given = {"HAEDAP_SMTP_HOST": "127.0.0.1", "HAEDAP_SMTP_PORT": str(server.port), "HAEDAP_SMTP_SECURITY": "none"}
        for _ in range(2):
            run = haedap("watchdog", "--mail", "team@daon.example", "--root", root, **given)
            assert run.returncode == 1
        (mail,) = server.taken
        assert "content/notices/early.ko.md" in str(mail)
    run = haedap("watchdog", "--mail", "other@daon.example", "--root", root, HAEDAP_SMTP_HOST="127.0.0.1",
                 HAEDAP_SMTP_PORT="1")  # fmt: skip  # one command
    assert run.returncode == 1
