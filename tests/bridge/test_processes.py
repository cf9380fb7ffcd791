"""The commands as they are run: real processes, real HTTP, real SMTP; killed, stopped, started twice."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
from mailbox import Maildir
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bridge.cli import commands
from bridge.testing import mail_server, write_centre
from portal_builder.speech import tool_words
from service import COMMAND, ENGLISH, serving


def run(root: Path, *arguments: str, **environment: str) -> Result:
    """A command that ends by itself, in this process: starting one takes longer than what it does."""
    words = tool_words(ENGLISH | environment)
    return CliRunner(env=ENGLISH | environment).invoke(commands(words), [*arguments, "--root", str(root)])


def inbox(root: Path, *arguments: str) -> list[dict[str, object]]:
    listed = run(root, "inbox", "--json", *arguments)
    assert listed.exit_code == 0, listed.stderr
    tree = json.loads(listed.stdout)
    assert isinstance(tree, list)
    return tree


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_centre(tmp_path)


def test_the_whole_way_from_a_form_to_a_maildir(root: Path) -> None:
    site = root / "site/daon/ko"
    site.mkdir(parents=True)
    (site / "index.html").write_text("portal", "utf-8")
    with serving(root, "--catch-mail", "--site", str(root / "site")) as served:
        assert served.get("/daon/ko/") == "portal"
        receipt = served.post()
        served.until_logged(f"delivered {receipt}")
        (message,) = Maildir(root / "var/mail")
        assert message["X-Haedap-Receipt"] == receipt
        (listed,) = inbox(root)
        assert listed["receipt"] == receipt
        assert listed["state"] == "delivered"
        assert listed["email"] == "hong@example.com"
        assert receipt in served.get(f"/f/daon/ko/inquiry/{receipt}")
        assert served.stop(signal.SIGINT) == 0
    told = subprocess.run([COMMAND, "inbox", "--json"], cwd=root, capture_output=True, check=True)
    assert json.loads(told.stdout) == [listed]


def test_sigterm_stops_it_too(root: Path) -> None:
    with serving(root, "--catch-mail") as served:
        assert served.stop(signal.SIGTERM) == 0


def test_killed_after_the_receipt_nothing_is_lost(root: Path) -> None:
    with serving(root, "--no-courier") as served:
        receipt = served.post(_key="a-key-from-the-page")
        assert served.stop(signal.SIGKILL) == -signal.SIGKILL
    (listed,) = inbox(root)
    assert (listed["receipt"], listed["state"]) == (receipt, "queued")
    with serving(root, "--catch-mail") as served:
        served.until_logged(f"delivered {receipt}")
        assert served.post(_key="a-key-from-the-page") == receipt
        assert served.stop(signal.SIGINT) == 0
    assert [entry["state"] for entry in inbox(root)] == ["delivered"]


def test_the_mail_in_progress_is_finished(root: Path) -> None:
    """The server holds its answer back until the service has been told to stop."""
    with mail_server() as server:
        server.hold = threading.Event()
        smtp = {"HAEDAP_SMTP_HOST": "127.0.0.1", "HAEDAP_SMTP_PORT": str(server.port), "HAEDAP_SMTP_SECURITY": "none"}
        with serving(root, **smtp) as served:
            served.post()
            assert server.arrived.wait(20)
            assert [entry["state"] for entry in inbox(root)] == ["sending"]
            served.process.send_signal(signal.SIGINT)
            server.hold.set()
            assert served.process.wait(timeout=60) == 0
        assert len(server.taken) == 1
    assert [entry["state"] for entry in inbox(root)] == ["delivered"]


def test_a_second_one_is_refused(root: Path) -> None:
    with serving(root, "--catch-mail"):
        for arguments in (("serve", "--catch-mail", "--port", "0"), ("work", "--once")):
            second = run(root, *arguments, HAEDAP_SMTP_HOST="127.0.0.1")
            assert second.exit_code == 1
            assert "Another haedap-bridge" in second.stderr


def test_work_once_and_retry(root: Path) -> None:
    with serving(root, "--no-courier") as served:
        receipt = served.post()
    with mail_server(rcpt=("550 no", "250 OK")) as server:
        smtp = {"HAEDAP_SMTP_HOST": "127.0.0.1", "HAEDAP_SMTP_PORT": str(server.port), "HAEDAP_SMTP_SECURITY": "none"}
        died = run(root, "work", "--once", **smtp)
        assert died.exit_code == 1
        assert "Everything that was tried was given up" in died.stderr
        assert [entry["receipt"] for entry in inbox(root, "--state", "dead")] == [receipt]
        assert inbox(root, "--state", "delivered") == []
        assert run(root, "inbox", "retry", receipt.lower()).exit_code == 0
        assert run(root, "work", "--once", **smtp).exit_code == 0
    assert [entry["state"] for entry in inbox(root)] == ["delivered"]
    again = run(root, "inbox", "retry", receipt)
    assert "everything is delivered" in again.stdout


def test_retry_beside_a_running_service(root: Path) -> None:
    with mail_server(rcpt=("550 no", "250 OK")) as server:
        smtp = {"HAEDAP_SMTP_HOST": "127.0.0.1", "HAEDAP_SMTP_PORT": str(server.port), "HAEDAP_SMTP_SECURITY": "none"}
        with serving(root, **smtp) as served:
            receipt = served.post()
            served.until_logged("is DEAD")
            assert "1 delivery" in run(root, "inbox", "retry").stdout
            served.until_logged(f"delivered {receipt}")
    assert "Everything is delivered" in run(root, "inbox", "retry").stdout


def test_the_inbox_in_words(root: Path) -> None:
    assert inbox(root) == []
    assert "No inquiry" in run(root, "inbox").stdout
    assert "문의가 없어요" in run(root, "inbox", LC_ALL="ko_KR.UTF-8").stdout
    assert not (root / "var/inbox.sqlite").exists()
    with serving(root, "--no-courier") as served:
        receipt = served.post()
    assert receipt in run(root, "inbox").stdout
    shown = run(root, "inbox", "show", receipt).stdout
    for text in (receipt, "어제 온다고 했는데", "배송", "queued"):
        assert text in shown
    tree = json.loads(run(root, "inbox", "show", receipt, "--json").stdout)
    assert tree["answers"][0] == {"name": "topic", "label": "주제", "values": ["delivery"], "shown": ["배송"]}
    assert json.loads(run(root, "inbox", "--json", "show", receipt).stdout) == tree
    assert inbox(root, "--brand", "nobody") == []
    missing = run(root, "inbox", "show", "0000-0000-000")
    assert (missing.exit_code, missing.stdout) == (1, "")


def test_wrong_usage_and_wrong_settings(root: Path) -> None:
    assert run(root, "serve", "--nonsense").exit_code == 2
    assert run(root, "inbox", "--state", "lost").exit_code == 2
    no_server = run(root, "serve", "--port", "0")
    assert no_server.exit_code == 1
    assert "HAEDAP_SMTP_HOST is not set" in no_server.stderr
    wrong = run(root, "serve", HAEDAP_SMTP_PORT="many")
    assert wrong.exit_code == 1
    assert "HAEDAP_SMTP_PORT" in wrong.stderr
    (root / "themes/daon/brand.yml").write_text("nam: x\n", "utf-8")
    broken = run(root, "serve", "--catch-mail")
    assert broken.exit_code == 1
    assert "themes/daon/brand.yml:1:" in broken.stderr
    assert "Traceback" not in broken.stderr + wrong.stderr + no_server.stderr


def test_a_port_that_is_taken_is_said(root: Path) -> None:
    with mail_server() as server:
        taken = run(root, "serve", "--catch-mail", "--port", str(server.port))
    assert taken.exit_code == 1
    assert "port is taken" in taken.stderr
