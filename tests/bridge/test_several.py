"""Several processes on one PostgreSQL are one service: each inquiry once in, once out, whoever is asked."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import postgresql as programs
from bench.bridge.served import PATH, form, form_with_file, post, served
from bridge.store import Store, open_store
from bridge.testing import mail_server, sample_inquiry, write_centre

COMMAND = str(Path(sys.executable).parent / "haedap-bridge")


@pytest.fixture
def address(postgresql: programs.Server) -> str:
    return postgresql.create()


def fill(store: Store, many: int) -> set[str]:
    """So many inquiries without files, queued."""
    made = [sample_inquiry(number, files=()) for number in range(many)]
    for one in made:
        assert store.accept(one, ["smtp"], None)
    return {one.receipt for one in made}


def work_once(root: Path, address: str, port: int) -> subprocess.Popen[str]:
    smtp = {"HAEDAP_SMTP_HOST": "127.0.0.1", "HAEDAP_SMTP_PORT": str(port), "HAEDAP_SMTP_SECURITY": "none"}
    environment = os.environ | smtp | {"HAEDAP_DATABASE": address, "LC_ALL": "C.UTF-8"}
    command = [COMMAND, "work", "--once", "--root", str(root)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def test_three_couriers_deliver_three_hundred_once_each(tmp_path: Path, address: str) -> None:
    """Three processes lease from one table until nothing is due: no mail is missing and none comes twice."""
    write_centre(tmp_path)
    with closing(open_store(address)) as store, mail_server() as server:
        queued = fill(store, 300)
        server.hold = threading.Event()  # until all three have one in hand, so that none is done before another starts
        processes = [work_once(tmp_path, address, server.port) for _ in range(3)]
        while store.count("sending") < 3:
            assert all(process.poll() is None for process in processes)
        server.hold.set()
        said = [process.communicate(timeout=120)[0] for process in processes]
        assert [process.returncode for process in processes] == [0, 0, 0]
        made = [int(text.split()[0]) for text in said]
        assert sum(made) == 300
        assert min(made) > 0
        assert sorted(mail["X-Haedap-Receipt"] for mail in server.taken) == sorted(queued)
        assert store.count("delivered") == 300


def test_two_services_are_one_to_a_customer(tmp_path: Path, address: str) -> None:
    """Behind a load balancer: the same form posted to both at once has one number, either shows its page, a file one of
    them kept is sent through the other, and a courier on a third machine has the attachment."""
    roots = [write_centre(tmp_path / name) for name in ("first", "second", "third")]
    environment = {"HAEDAP_DATABASE": address}
    with ExitStack() as stack:
        one, two = (stack.enter_context(served(root, "--no-courier", environment=environment)) for root in roots[:2])
        connections = [http.client.HTTPConnection("127.0.0.1", service.port, timeout=30) for service in (one, two)]
        same = form_with_file("사진.pdf", b"%PDF-1.4 one", _key="the-same-key")
        with ThreadPoolExecutor(2) as threads:
            answers = list(threads.map(lambda connection: post(connection, *same), connections))
        assert answers[0] == answers[1]
        assert answers[0][0] == 202

        connections[0].request("POST", PATH, *_headed(form_with_file("사진.pdf", b"%PDF-1.4 two", email="nowhere")))
        returned = connections[0].getresponse()
        assert returned.status == 422
        token = re.findall(r'name="files\.kept" value="([^"]+)"', returned.read().decode())[0]
        status, receipt = post(connections[1], *form(**{"files.kept": token}))
        assert status == 202
        connections[0].request("GET", f"{PATH}/{receipt}")
        assert connections[0].getresponse().status == 200

    with mail_server() as server, closing(open_store(address)) as store:
        assert work_once(roots[2], address, server.port).wait(timeout=60) == 0
        assert store.count("delivered") == 2
        sent = {
            mail["X-Haedap-Receipt"]: [part.get_content() for part in mail.iter_attachments()] for mail in server.taken
        }
        assert sent == {answers[0][1]: [b"%PDF-1.4 one"], receipt: [b"%PDF-1.4 two"]}


def _headed(form: tuple[bytes, str]) -> tuple[bytes, dict[str, str]]:
    return form[0], {"Content-Type": form[1]}


def test_a_lease_outlives_the_start_of_another_process(tmp_path: Path, address: str) -> None:
    """What one process has in hand is not taken up by another one that starts: it may still be sending."""
    write_centre(tmp_path)
    with closing(open_store(address)) as store, mail_server() as server:
        (receipt,) = fill(store, 1)
        now = datetime.now(UTC)
        assert store.lease(now, now + timedelta(minutes=30), "a" * 32) is not None
        assert work_once(tmp_path, address, server.port).wait(timeout=60) == 0
        assert server.taken == []
        entry = store.entry(receipt)
        assert entry is not None
        assert entry.state == "sending"
