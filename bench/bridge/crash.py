"""Owns the proof that nothing is lost: the service is killed at random under load, again and again, and counted.

Clients do what the page does: a form keeps its key until an answer came, however often it has to be sent. At the end
every receipt number that anybody was given is looked up. With `--power-cut` everything that was not fsynced is gone
after each kill (`powercut.c`). A mutant breaks the promise on purpose, to show that the count would notice.

    python -m bench.bridge crash [--kills N] [--accepted N] [--power-cut] [--mutant normal|ack-first] [--json]
"""

from __future__ import annotations

import hashlib
import http.client
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
import uuid
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bench.bridge.forked import Nursery
from bench.bridge.powercut import Disk, build_shim
from bench.bridge.served import Served, form, form_with_file, post, start, start_fork
from bridge.testing import write_centre

CLIENTS = 8
_WITH_FILE = 0.1
"""Share of the forms that bring a file."""
LONGEST = 1.2
"""Seconds of load before the latest kill."""

MUTANTS = {
    "normal": """
import bridge.store.engines as engines
real = engines._pragmas
engines._pragmas = lambda c, *p: real(c, *(one.replace("synchronous=FULL", "synchronous=NORMAL") for one in p))
""",
    "ack-first": """
import threading, bridge.store as store
real = store.Store.accept
def accept(self, *given, **more):
    threading.Timer(0.05, lambda: real(self, *given, **more)).start()
    return True
store.Store.accept = accept
""",
    "files-unsynced": """
import bridge.files.rooms as rooms
rooms.Folder.settle = lambda self: None
""",
}
"""Programs run before the service, each breaking one promise: a commit that does not wait for the disk; thanks before
the commit; names of files that were never synced."""


@dataclass
class Form:
    """What one customer wants to say, until the receipt number came."""

    key: str
    body: bytes
    kind: str
    sha256: str


@dataclass
class Count:
    """What came of it. Everything from `lost` on has to be 0."""

    kills: int = 0
    accepted: int = 0
    retried: int = 0
    """Forms that had to be sent again because a kill came before the answer."""
    lost: int = 0
    doubled: int = 0
    wrong_deliveries: int = 0
    wrong_files: int = 0
    corrupt: int = 0

    @property
    def held(self) -> bool:
        return not (self.lost or self.doubled or self.wrong_deliveries or self.wrong_files or self.corrupt)


@dataclass
class Crash:
    root: Path
    chance: random.Random
    power_cut: bool
    mutant: str | None
    longest: float
    nursery: Nursery | None = None
    count: Count = field(default_factory=Count)
    receipts: dict[str, str] = field(default_factory=dict)
    """By key, what a customer was told."""
    hashes: dict[str, str] = field(default_factory=dict)
    """By receipt number, of the file that came with it."""
    waiting: list[Form] = field(default_factory=list)
    """Forms without an answer."""

    @property
    def data(self) -> Path:
        return self.root / "var"

    def run(self, kills: int, accepted: int, *, forked: bool) -> Count:
        """As many rounds as it takes for both."""
        write_centre(self.root)
        environment = self._environment()
        if forked:
            self.nursery = Nursery.open(environment, MUTANTS.get(self.mutant or "", ""))
        try:
            return self._rounds(kills, accepted)
        finally:
            if self.nursery:
                self.nursery.close()

    def _rounds(self, kills: int, accepted: int) -> Count:
        while self.count.kills < kills or self.count.accepted < accepted:
            service = self._start()
            self._load(service, self.chance.uniform(0.05, self.longest))
            self.count.kills += 1
            if self.power_cut:
                self._cut()
        service = self._start()
        self._load(service, 0.5)
        self._judge()
        return self.count

    def _start(self) -> Served:
        if self.nursery:
            return start_fork(self.nursery, self.root, "--no-courier")
        program = None
        if self.mutant:
            code = MUTANTS[self.mutant] + "\nfrom bridge.cli import main\nmain()\n"
            program = [sys.executable, "-c", code]
        return start(self.root, "--no-courier", program=program, environment=self._environment())

    def _load(self, service: Served, seconds: float) -> None:
        """All clients at once, until the kill; it comes while they wait for answers."""
        over = threading.Event()
        clients = [threading.Thread(target=self._client, args=(service.port, over)) for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        time.sleep(seconds)
        service.kill()
        over.set()
        for client in clients:
            client.join()

    def _client(self, port: int, over: threading.Event) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        with closing(connection):
            while not over.is_set():
                try:
                    sent, again = self.waiting.pop(), True
                except IndexError:
                    sent, again = self._new_form(), False
                try:
                    status, receipt = post(connection, sent.body, sent.kind)
                except (OSError, http.client.HTTPException):
                    self.waiting.append(sent)
                    return
                if status != 202:
                    self.waiting.append(sent)
                    continue
                self._told(sent, receipt, again=again)

    def _told(self, sent: Form, receipt: str, *, again: bool) -> None:
        self.receipts[sent.key] = receipt
        self.count.accepted += 1
        self.count.retried += again
        if sent.sha256:
            self.hashes[receipt] = sent.sha256

    def _new_form(self) -> Form:
        key = uuid.uuid4().hex
        if self.chance.random() > _WITH_FILE:
            return Form(key, *form(_key=key, message=key), "")
        content = self.chance.randbytes(self.chance.randrange(1, 60_000))
        body, kind = form_with_file("사진.pdf", content, _key=key, message=key)
        return Form(key, body, kind, hashlib.sha256(content).hexdigest())

    # -- the judgement

    def _judge(self) -> None:
        with closing(sqlite3.connect(self.data / "inbox.sqlite")) as database:
            self.count.corrupt = int(database.execute("PRAGMA integrity_check").fetchone() != ("ok",))
            messages = "SELECT json_extract(answers, '$[4].values[0]'), receipt FROM inquiries"
            stored: dict[str, list[str]] = {}
            for key, receipt in database.execute(messages):
                stored.setdefault(key, []).append(receipt)
            deliveries = dict(database.execute("SELECT receipt, count(*) FROM deliveries GROUP BY receipt"))
            files = dict(database.execute("SELECT receipt, id FROM files"))
        self.count.lost = sum(receipt not in stored.get(key, ()) for key, receipt in self.receipts.items())
        self.count.doubled = sum(len(receipts) > 1 for receipts in stored.values())
        rows = [receipt for receipts in stored.values() for receipt in receipts]
        self.count.wrong_deliveries = sum(deliveries.get(receipt) != 1 for receipt in rows)
        self.count.wrong_files = sum(
            not self._is_whole(files.get(receipt), self.hashes[receipt]) for receipt in self.hashes
        )

    def _is_whole(self, name: str | None, sha256: str) -> bool:
        file = self.data / "attachments" / (name or "none")
        return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == sha256

    # -- power cuts

    def _environment(self) -> dict[str, str]:
        if not self.power_cut:
            return {}
        disk = Disk(self.data, self.root / "shadow")
        disk.prepare()
        return {
            "LD_PRELOAD": str(build_shim(self.root)),
            "POWERCUT_ROOT": str(self.data),
            "POWERCUT_SHADOW": str(disk.shadow),
        }

    def _cut(self) -> None:
        Disk(self.data, self.root / "shadow").cut_power()


def crash(
    kills: int,
    accepted: int = 0,
    *,
    power_cut: bool = False,
    mutant: str | None = None,
    seed: int = 0,
    longest: float = LONGEST,
    forked: bool = False,
) -> Count:
    """The whole run in a folder of its own, which stays where something was found. Forks start sooner than commands."""
    root = Path(tempfile.mkdtemp(prefix="haedap-crash-"))
    chance = random.Random(seed)  # noqa: S311 -- guards nothing
    count = Crash(root, chance, power_cut=power_cut, mutant=mutant, longest=longest).run(kills, accepted, forked=forked)
    if count.held or mutant:
        shutil.rmtree(root)
    else:
        print(f"what was found stays in {root}", file=sys.stderr)
    return count
