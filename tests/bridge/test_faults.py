"""The disk, the clock and the process fail in every way this machine can make: nothing thanked for is lost.

The numbers R1 to R28 are those of docs/reliability.md, which says for each fault what is to come of it.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bench.bridge.load import fixed_rate
from bench.bridge.powercut import build_shim, find_compiler
from bench.bridge.queue import fill
from bench.bridge.served import PATH, Served, form, form_with_file, post, served
from bridge.cli import commands
from bridge.delivery.courier import Courier
from bridge.inquiry import Inquiry
from bridge.outside import Steady
from bridge.testing import mail_server, open_house, sample_inquiry, write_centre
from portal_builder.speech import tool_words

FIRST_INBOX = Path(__file__).parent / "first_inbox.sql"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_centre(tmp_path)


@contextmanager
def connected(service: Served) -> Iterator[http.client.HTTPConnection]:
    with closing(http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)) as connection:
        yield connection


def run(root: Path, *arguments: str, language: str = "C.UTF-8", **environment: str) -> Result:
    environment |= {"LC_ALL": language}
    return CliRunner(env=environment).invoke(commands(tool_words(environment)), [*arguments, "--root", str(root)])


def stored(file: Path) -> list[str]:
    """Receipt numbers in a database that nobody works with."""
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [receipt for (receipt,) in database.execute("SELECT receipt FROM inquiries")]


def attachments(data: Path) -> set[str]:
    return {file.name for file in (data / "attachments").iterdir()}


def filed(data: Path) -> set[str]:
    with closing(sqlite3.connect(data / "inbox.sqlite")) as database:
        return {name for (name,) in database.execute("SELECT id FROM files")}


# -- R3: the disk is full


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m,mode=0700", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a small disk needs root, and the right to mount")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill_up(disk: Path) -> Path:
    """Not a byte is left."""
    file = disk / "filler"
    with file.open("wb", buffering=0) as filler:
        for size in (65536, 4096, 1):
            try:
                while filler.write(b"\0" * size):
                    pass
            except OSError:
                continue
    return file


@pytest.mark.parametrize("kind", ["text", "file"])
def test_a_full_disk_is_said_and_passes_without_a_restart(root: Path, small_disk: Path, kind: str) -> None:
    """R3: 503 with Retry-After and the brand's address, no ghost row, no file left behind; then accepted again."""

    def body() -> tuple[bytes, str]:
        return form() if kind == "text" else form_with_file("사진.pdf", b"%PDF" + b"x" * 300_000)

    told: list[str] = []
    with served(root, "--no-courier", environment={"HAEDAP_DATA": str(small_disk)}) as service:
        with connected(service) as connection:
            for _ in range(3):
                status, receipt = post(connection, *body())
                assert status == 202
                told.append(receipt)
            filler = fill_up(small_disk)
            for _ in range(20):
                content, kind_of = body()
                connection.request("POST", PATH, content, {"Content-Type": kind_of})
                answer = connection.getresponse()
                page = answer.read().decode()
                if answer.status == 303:  # what was left in SQLite's log
                    told.append((answer.headers["Location"] or "").rsplit("/", 1)[-1])
            assert answer.status == 503
            assert answer.headers["Retry-After"] == "60"
            assert "help@daon.example" in page
            filler.unlink()
            status, receipt = post(connection, *body())
            assert status == 202
            told.append(receipt)
        service.kill()
    assert sorted(stored(small_disk / "inbox.sqlite")) == sorted(told)
    assert attachments(small_disk) == filed(small_disk)
    assert len(filed(small_disk)) == (len(told) if kind == "file" else 0)


# -- R4: fsync fails


@pytest.mark.skipif(find_compiler() is None, reason="fsync is made to fail by a C library, and there is no compiler")
def test_a_sync_that_fails_accepts_nothing_more(root: Path) -> None:
    """R4: after the first EIO of a commit nothing is accepted, the service says why and ends; a new start finds all
    that was thanked for. The same sync is not asked again: its second answer may be a lie. The commit that failed may
    be on the disk all the same; with its key it is still one inquiry."""
    failing = root / "failing"
    shim = str(build_shim(root))
    environment = {"LD_PRELOAD": shim, "POWERCUT_ROOT": str(root / "var"), "POWERCUT_EIO": str(failing)}
    refused = form(_key="refused-at-first")
    with served(root, "--no-courier", environment=environment) as service, connected(service) as connection:
        status, receipt = post(connection, *form())
        assert status == 202
        failing.touch()
        assert post(connection, *refused)[0] == 503
        failing.unlink()  # the disk answers yes again, and is not believed
        assert service.process.wait() == 1
    assert "The disk refused" in (root / "log").read_text("utf-8")
    with served(root, "--no-courier") as service, connected(service) as connection:
        status, again = post(connection, *refused)
        assert status == 202
    assert sorted(stored(root / "var/inbox.sqlite")) == sorted([receipt, again])


@pytest.mark.skipif(find_compiler() is None, reason="the same")
def test_a_file_that_cannot_be_synced_is_not_accepted(root: Path) -> None:
    """R4, for attachments: 503 and no file left, whichever of the syncs fails."""
    failing = root / "failing"
    shim = str(build_shim(root))
    environment = {"LD_PRELOAD": shim, "POWERCUT_ROOT": str(root / "var/attachments"), "POWERCUT_EIO": str(failing)}
    with served(root, "--no-courier", environment=environment) as service, connected(service) as connection:
        failing.touch()
        assert post(connection, *form_with_file("사진.pdf", b"%PDF"))[0] == 503
        assert attachments(root / "var") == set()
        failing.unlink()
        assert post(connection, *form_with_file("사진.pdf", b"%PDF"))[0] == 202


# -- R19: the clock jumps


def test_the_service_keeps_its_own_time() -> None:
    """R19: its clock goes on evenly from where it began, so that setting the machine's neither bursts nor stalls."""
    long_ago = sample_inquiry().received_at
    clock = Steady(long_ago)
    first, second = clock(), clock()
    assert long_ago <= first <= second < long_ago + timedelta(minutes=1)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_restart_after_the_clock_was_set_makes_one_attempt(tmp_path: Path, days: int) -> None:
    """R19: whichever way it jumped while the service was down, what is due is tried once, not again and again."""
    sent: list[str] = []

    def send(inquiry: Inquiry, _: str) -> None:
        sent.append(inquiry.receipt)

    with open_house(write_centre(tmp_path)) as house:
        for number in range(5):
            assert house.base.store.accept(sample_inquiry(number, files=()), ["smtp"], None)
        house.clock.forward(days=days, minutes=1)
        courier = Courier(house.base.store, send, house.base.outside)
        courier.deliver_due()
        courier.deliver_due()
        house.clock.forward(days=1)
        courier.deliver_due()
    assert sorted(sent) == [sample_inquiry(number).receipt for number in range(5)]


def test_a_retry_by_hand_is_due_whatever_the_clocks_say(tmp_path: Path) -> None:
    """`inbox retry` is another process: its clock may be a day ahead of the one that delivers."""
    with open_house(write_centre(tmp_path)) as house:
        store, now = house.base.store, house.clock.time
        assert store.accept(sample_inquiry(files=(), received_at=now), ["smtp"], None)
        lease = store.lease(now, now + timedelta(minutes=30), "a" * 32)
        assert lease is not None
        store.record(lease, "dead", now, error="550")
        store.retry(lease.receipt, now + timedelta(days=1))
        assert store.lease(now, now + timedelta(minutes=30), "a" * 32) is not None


# -- R22, R23: uploads that stop, uploads that trickle


def begun_upload(service: Served, body: tuple[bytes, str], share: float) -> socket.socket:
    """A connection that has sent only so much of a form."""
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: {body[1]}\r\nContent-Length: {len(body[0])}\r\n\r\n"
    client = socket.create_connection(("127.0.0.1", service.port))
    client.sendall(head.encode() + body[0][: int(share * len(body[0]))])
    return client


_LEFT = 40
"""Uploads that are begun and left, of each kind."""


def open_files(service: Served) -> int:
    return len(list(Path(f"/proc/{service.process.pid}/fd").iterdir()))


def test_a_client_that_leaves_in_mid_upload_leaves_nothing(root: Path) -> None:
    """R22: no row, no file, no descriptor that stays open."""
    body = form_with_file("사진.pdf", b"%PDF" + b"x" * 900_000)
    with served(root, "--no-courier") as service, connected(service) as connection:
        assert post(connection, *form())[0] == 202
        before = open_files(service)
        for share in (0.001, 0.3, 0.99):
            for _ in range(_LEFT):
                begun_upload(service, body, share).close()
        until = time.monotonic() + 60
        while open_files(service) >= before + _LEFT:  # its threads open files of their own, fewer than that
            assert time.monotonic() < until, "descriptors stay open"
            assert post(connection, *form())[0] == 202
        assert not attachments(root / "var")
        assert not list((root / "var/kept").iterdir())


def test_uploads_that_trickle_hold_up_nobody(root: Path) -> None:
    """R23: 300 begun uploads are open, and every other form is answered. `bench.bridge trickle` has the figure."""
    body = form_with_file("사진.pdf", b"%PDF" + b"x" * 100_000)
    with served(root, "--no-courier") as service, ExitStack() as stack:
        slow = [stack.enter_context(closing(begun_upload(service, body, 0.5))) for _ in range(300)]
        load = fixed_rate(service.port, form, 2.0, 20.0)
        assert load.refused == 0
        assert len(load.taken) == 40
        for client in slow:
            client.sendall(body[0][len(body[0]) // 2 : len(body[0]) // 2 + 10])


# -- R24, R25, R26: started again, copied, brought up to date


def test_a_restart_with_a_long_queue_serves(root: Path) -> None:
    """R24: with 10,000 deliveries queued it takes the next form, and they are all still there. How soon it does is a
    figure of `bench.bridge restart`."""
    fill(root / "var/inbox.sqlite", 10_000)
    with served(root, "--no-courier") as service, connected(service) as connection:
        assert post(connection, *form())[0] == 202
    assert len(stored(root / "var/inbox.sqlite")) == 10_001


def test_a_backup_taken_while_writing_can_be_restored(root: Path, tmp_path: Path) -> None:
    """R25: whatever was accepted before the backup began is in it, attachments too, and a service starts on it."""
    copy = tmp_path / "copy"
    hashes: dict[str, str] = {}
    over = threading.Event()

    def write(number: int) -> None:
        with connected(service) as connection:
            while not over.is_set():
                content = f"%PDF {number} {len(hashes)}".encode()
                status, receipt = post(connection, *form_with_file("사진.pdf", content))
                assert status == 202
                hashes[receipt] = hashlib.sha256(content).hexdigest()

    with served(root, "--no-courier") as service:
        writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for writer in writers:
            writer.start()
        while len(hashes) < 30:
            time.sleep(0)
        before = dict(hashes)
        told = run(root, "backup", str(copy))
        over.set()
        for writer in writers:
            writer.join()
    assert told.exit_code == 0, told.stderr
    assert set(before) <= set(stored(copy / "inbox.sqlite")) <= set(hashes)
    with closing(sqlite3.connect(copy / "inbox.sqlite")) as database:
        for receipt, name, sha256 in database.execute("SELECT receipt, id, sha256 FROM files"):
            assert hashlib.sha256((copy / "attachments" / name).read_bytes()).hexdigest() == sha256 == hashes[receipt]
    with (
        served(root, "--no-courier", environment={"HAEDAP_DATA": str(copy)}) as restored,
        connected(restored) as connection,
    ):
        connection.request("GET", f"{PATH}/{next(iter(before))}")
        assert connection.getresponse().status == 200
    again = run(root, "backup", str(copy))
    assert again.exit_code == 1
    assert "is not empty" in again.stderr


def test_an_inbox_of_the_version_before_is_delivered(root: Path) -> None:
    """R26: a queue that waited while the program was replaced goes out, each once."""
    (root / "var").mkdir()
    with closing(sqlite3.connect(root / "var/inbox.sqlite")) as database:
        database.executescript(FIRST_INBOX.read_text("utf-8"))
    with mail_server() as server:
        smtp = {"HAEDAP_SMTP_HOST": "127.0.0.1", "HAEDAP_SMTP_PORT": str(server.port), "HAEDAP_SMTP_SECURITY": "none"}
        assert run(root, "work", "--once", **smtp).exit_code == 0
        sent = sorted(mail["X-Haedap-Receipt"][:4] for mail in server.taken)
    assert sent == ["2222", "3333", "4444"]


# -- a damaged database


@pytest.mark.parametrize(("language", "words"), [("C.UTF-8", "is damaged"), ("ko_KR.UTF-8", "손상되어")])
def test_a_damaged_database_is_said_in_words(root: Path, language: str, words: str) -> None:
    """Neither a traceback nor an empty inbox: what happened, and what to do."""
    file = root / "var/inbox.sqlite"
    fill(file, 300)
    content = bytearray(file.read_bytes())
    for damage in (b"not a database at all" * 400, bytes(content[:8192]) + os.urandom(len(content) - 8192)):
        file.write_bytes(damage)
        for command in (("inbox",), ("work", "--once")):
            said = run(root, *command, language=language, HAEDAP_SMTP_HOST="127.0.0.1")
            assert said.exit_code == 1, said.output
            assert words in said.stderr
            assert "Traceback" not in said.stderr
