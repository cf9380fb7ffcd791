"""Owns the long run: a service under a steady trickle of forms, before a mail server whose mood changes all the time.

The mail server is well, away, greylisting or too busy in turn (docs/reliability.md, R5 to R7). Then it is well, what
still waits is sent at once (`haedap-bridge inbox retry`), and everything that was accepted must have come exactly once,
while the service took no more memory and descriptors at the end than early on.
"""

from __future__ import annotations

import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from aiosmtpd import smtp

from bench.bridge.load import Body, Load, fixed_rate
from bench.bridge.served import Served, form, form_with_file, served
from bridge.catchmail import OnSocket
from bridge.testing import write_centre

_PORTIONS = (("well", 5), ("away", 1), ("well", 3), ("greylisting", 1), ("well", 3), ("busy", 1))
"""How many parts of each round the mail server is in a mood."""
_ANSWERS = {"greylisting": "451 4.7.1 come again", "busy": "421 4.3.2 too busy"}
_RECEIPT = re.compile(rb"^X-Haedap-Receipt: (\S+)", re.MULTILINE)
_GROWTH = 1.1


@dataclass
class TeamsServer:
    """The mail server of the team: keeps no mail, but counts which inquiries came."""

    mood: str = "well"
    came: Counter[str] = field(default_factory=Counter)

    async def handle_RCPT(  # noqa: N802 -- aiosmtpd's name
        self, _: smtp.SMTP, __: object, envelope: smtp.Envelope, address: str, ___: object
    ) -> str:
        if answer := _ANSWERS.get(self.mood):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: smtp.SMTP, __: object, envelope: smtp.Envelope) -> str:  # noqa: N802 -- the same
        content = envelope.content or b""
        found = _RECEIPT.search(content if isinstance(content, bytes) else content.encode())
        self.came[found[1].decode() if found else ""] += 1
        return "250 OK"


@dataclass
class Looks:
    """What the service took, each time somebody looked."""

    service: Served
    memory: list[int] = field(default_factory=list)
    """Bytes."""
    descriptors: list[int] = field(default_factory=list)

    def look(self) -> None:
        process = Path(f"/proc/{self.service.process.pid}")
        pages = int((process / "statm").read_text("ascii").split()[1])
        self.memory.append(pages * os.sysconf("SC_PAGE_SIZE"))
        self.descriptors.append(len(list((process / "fd").iterdir())))

    def ends(self) -> tuple[float, float, int, int]:
        """In the second tenth of the looks, when it has all it needs, and in the last: MB, the median, and descriptors,
        the fewest, because those of whoever is being served come and go.
        """
        tenth = max(1, len(self.memory) // 10)
        then, now = slice(tenth, 2 * tenth), slice(-tenth, None)
        memory = [round(statistics.median(self.memory[part]) / 1e6, 1) for part in (then, now)]
        files = [min(self.descriptors[part]) for part in (then, now)]
        return memory[0], memory[1], files[0], files[1]


@dataclass(frozen=True)
class Soak:
    minutes: float
    accepted: int
    refused: int
    delivered: int
    twice: int
    """Inquiries that came more than once."""
    memory_then: float
    """MB early and at the end."""
    memory_now: float
    descriptors_then: int
    descriptors_now: int
    moods: int
    """How often the mail server changed its mood."""

    @property
    def held(self) -> bool:
        is_flat = self.memory_now <= _GROWTH * self.memory_then
        is_closed = self.descriptors_now <= _GROWTH * self.descriptors_then
        return self.accepted == self.delivered and not (self.refused or self.twice) and is_flat and is_closed


def soak(minutes: float = 1440.0, rate: float = 1.0, seconds: float = 60.0) -> Soak:
    """`rate` is forms a second, `seconds` one part of a round of moods. R28 is a day at one form a second."""
    with tempfile.TemporaryDirectory(prefix="haedap-soak-") as folder:
        root, team, port = write_centre(Path(folder)), TeamsServer(), _free_port()
        mail = {"HAEDAP_SMTP_HOST": "127.0.0.1", "HAEDAP_SMTP_PORT": str(port), "HAEDAP_SMTP_SECURITY": "none"}
        with served(root, environment=mail) as service:
            load, looks = Load(), Looks(service)
            forms = threading.Thread(target=lambda: load.add(_load(service, minutes * 60, rate)))
            forms.start()
            moods = _through_moods(team, port, forms, looks, seconds)
            with _listening(team, port):
                _last_ones(root, team, len(load.taken))
    memory_then, memory_now, files_then, files_now = looks.ends()
    return Soak(
        minutes, len(load.taken), load.refused, len(team.came), sum(many > 1 for many in team.came.values()),
        memory_then, memory_now, files_then, files_now, moods,
    )  # fmt: skip  # figures in their order


def _load(service: Served, seconds: float, rate: float) -> Load:
    """One form in ten brings a file."""
    makers: Iterator[Body] = cycle([form] * 9 + [lambda: form_with_file("사진.pdf", os.urandom(20_000))])

    def body() -> tuple[bytes, str]:
        return next(makers)()

    return fixed_rate(service.port, body, seconds, rate, clients=4)


def _free_port() -> int:
    """A server that goes away and comes back has to have the same one."""
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        port: int = found.getsockname()[1]
    return port


@contextmanager
def _listening(team: TeamsServer, port: int) -> Iterator[None]:
    controller = OnSocket(team, socket.create_server(("127.0.0.1", port)))
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def _through_moods(team: TeamsServer, port: int, forms: threading.Thread, looks: Looks, seconds: float) -> int:
    """Until there are no more forms; how many moods that were. The last is well."""
    for count, (mood, parts) in enumerate(cycle(_PORTIONS)):
        if not forms.is_alive():
            team.mood = "well"
            return count
        team.mood = mood
        with _listening(team, port) if mood != "away" else nullcontext():
            for _ in range(parts):
                forms.join(seconds)
                looks.look()
    raise AssertionError("moods never end")


def _last_ones(root: Path, team: TeamsServer, accepted: int) -> None:
    """What still waits is tried again at once, as an operator would; for a quarter of an hour at most."""
    retry = [str(Path(sys.executable).parent / "haedap-bridge"), "inbox", "retry", "--root", str(root)]
    patience = time.monotonic() + 900
    while len(team.came) < accepted and time.monotonic() < patience:
        subprocess.run(retry, capture_output=True, check=True)
        time.sleep(20)
