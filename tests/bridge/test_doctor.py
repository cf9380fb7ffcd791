"""The doctor finds what is wrong with DNS, mail server, clock, disk and folder, against real servers on loopback."""

from __future__ import annotations

import json
import os
import socket
import struct
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from aiosmtpd.smtp import AuthResult
from click.testing import CliRunner

from bridge.cli import commands
from bridge.datafolder import DataFolder
from bridge.doctor.checks import Place, examine, ntp_offset, sqlite_finding
from bridge.doctor.findings import Finding
from bridge.doctor.mail import Names, NoNames, Resolver
from bridge.settings import Settings
from bridge.testing import mail_server, open_house, write_centre
from portal_builder.catalogue import load_tool_words

GOOD = {
    ("daon.example.", "MX"): ["10 mx.daon.example."],
    ("daon.example.", "TXT"): ['"v=spf1 include:mail.example -all"', '"something else"'],
    ("haedap._domainkey.daon.example.", "TXT"): ['"v=DKIM1; k=rsa; p=MIIB" "IjAN"'],
    ("_dmarc.daon.example.", "TXT"): ['"v=DMARC1; p=reject; rua=mailto:d@daon.example"'],
}


@contextmanager
def answering(answer: Any) -> Iterator[int]:
    """A UDP server on loopback; gives its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve() -> None:
            while True:
                data, who = server.recvfrom(4096)
                if data == b"stop":
                    return
                server.sendto(answer(data), who)

        thread = threading.Thread(target=serve)
        thread.start()
        port: int = server.getsockname()[1]
        try:
            yield port
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stopping:
                stopping.sendto(b"stop", ("127.0.0.1", port))
            thread.join()


@contextmanager
def name_server(zone: Mapping[tuple[str, str], list[str]]) -> Iterator[Resolver]:
    """A DNS server that knows these records and nothing else."""

    def answer(data: bytes) -> bytes:
        query = dns.message.from_wire(data)
        (asked,) = query.question
        kind = "MX" if asked.rdtype == 15 else "TXT"
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        records = zone.get((str(asked.name), kind), [])
        if records:
            response.answer.append(dns.rrset.from_text(str(asked.name), 60, "IN", kind, *records))
        elif not any(name == str(asked.name) for name, _ in zone):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire()

    with answering(answer) as port:
        yield Resolver(("127.0.0.1",), port)


def found(
    root: Path, names: Names, settings: Settings | None = None, ntp: tuple[str, int] | None = None
) -> dict[str, Finding]:
    place = Place(root, settings or Settings(), DataFolder(root / "var"), names, ntp)
    return {finding.check: finding for finding in examine(place)}


def verdicts(findings: Mapping[str, Finding]) -> dict[str, tuple[str, str]]:
    return {check: (finding.level, finding.code) for check, finding in findings.items()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_centre(tmp_path)


def test_a_domain_in_order(root: Path) -> None:
    with name_server(GOOD) as names:
        verdict = verdicts(found(root, names, Settings(dkim_selector="haedap")))
    assert [verdict[check] for check in ("spf", "dkim", "dmarc")] == [("ok", "good")] * 3
    assert "mx" not in verdict


@pytest.mark.parametrize(
    ("records", "check", "verdict"),
    [
        ({("daon.example.", "TXT"): []}, "spf", ("fail", "none")),
        ({("daon.example.", "TXT"): ['"v=spf1 -all"', '"v=spf1 ~all"']}, "spf", ("fail", "several")),
        ({("daon.example.", "TXT"): ['"v=spf1 +all"']}, "spf", ("warn", "everybody")),
        ({("daon.example.", "MX"): []}, "mx", ("warn", "none")),
        ({("haedap._domainkey.daon.example.", "TXT"): []}, "dkim", ("fail", "none")),
        ({("_dmarc.daon.example.", "TXT"): ['"v=DMARC1; p=none"']}, "dmarc", ("warn", "weak")),
        ({("_dmarc.daon.example.", "TXT"): []}, "dmarc", ("warn", "none")),
    ],
)
def test_a_domain_out_of_order(
    root: Path, records: dict[tuple[str, str], list[str]], check: str, verdict: tuple[str, str]
) -> None:
    with name_server(GOOD | records) as names:
        findings = found(root, names, Settings(dkim_selector="haedap"))
    assert verdicts(findings)[check] == verdict


def test_the_usual_names_of_keys_and_the_organisations_policy(root: Path) -> None:
    """Without a selector the usual ones are tried; a subdomain without a DMARC record has its parent's."""
    brand = root / "themes/daon/brand.yml"
    brand.write_text(brand.read_text("utf-8") + "bridge: {sender: no-reply@mail.daon.example}\n", "utf-8")
    zone = GOOD | {("google._domainkey.mail.daon.example.", "TXT"): ['"p=MIIB"']}
    with name_server(zone) as names:
        findings = found(root, names)
    assert findings["dkim"].values["selector"] == "google"
    assert findings["dmarc"].values["domain"] == "daon.example"


def test_without_a_network_it_says_so(root: Path) -> None:
    verdict = verdicts(found(root, NoNames(), ntp=("127.0.0.1", 9)))
    assert verdict["dns"] == ("skip", "offline")
    assert verdict["clock"] == ("skip", "offline")
    assert "spf" not in verdict


@pytest.mark.parametrize(("ahead", "level"), [(0.0, "ok"), (90.0, "warn"), (-3600.0, "warn")])
def test_the_clock_beside_another(root: Path, ahead: float, level: str) -> None:
    def answer(_: bytes) -> bytes:
        seconds = time.time() + ahead + 2_208_988_800
        return bytes(40) + struct.pack("!II", int(seconds), int(seconds % 1 * 2**32))

    with answering(answer) as port:
        assert abs(ntp_offset("127.0.0.1", port, time.time) - ahead) < 2
        assert found(root, NoNames(), ntp=("127.0.0.1", port))["clock"].level == level


@pytest.mark.parametrize(
    ("version", "level"),
    [
        ((3, 40, 1), "warn"),
        ((3, 51, 2), "warn"),
        ((3, 51, 3), "ok"),
        ((3, 50, 7), "ok"),
        ((3, 44, 6), "ok"),
        ((3, 45, 0), "warn"),
    ],
)
def test_sqlite_with_the_bug(version: tuple[int, int, int], level: str) -> None:
    assert sqlite_finding(version).level == level


def test_the_login_at_the_mail_server(root: Path) -> None:
    """A right password, a wrong one, a server that is not there; no mail is sent."""

    def authenticate(*given: Any) -> AuthResult:
        return AuthResult(success=given[-1].password == b"right", handled=False)

    with mail_server(authenticator=authenticate, auth_require_tls=False) as server:

        def settings(password: str) -> Settings:
            own = {"smtp_user": "me", "smtp_password": password, "smtp_security": "none"}
            return Settings.model_validate(
                {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_timeout": 5} | own
            )

        assert verdicts(found(root, NoNames(), settings("right")))["smtp"] == ("ok", "good")
        wrong = found(root, NoNames(), settings("wrong"))["smtp"]
        assert (wrong.level, wrong.code) == ("fail", "refused")
        assert "535" in str(wrong.values["why"])
        away = settings("right")
        assert server.taken == []
    assert verdicts(found(root, NoNames(), away))["smtp"] == ("fail", "refused")


def test_the_data_folder(root: Path) -> None:
    with open_house(root):
        pass
    verdict = verdicts(found(root, NoNames()))
    assert verdict["folder"] == verdict["disk"] == verdict["database"] == verdict["deliveries"] == ("ok", "good")
    assert verdict["disk_clock"] == ("ok", "good")
    (root / "var").chmod(0o755)
    assert verdicts(found(root, NoNames()))["folder"] == ("fail", "open")
    (root / "var").chmod(0o700)
    (root / "var/inbox.sqlite").write_bytes(b"no database" * 1000)
    for log in (root / "var").glob("inbox.sqlite-*"):
        log.unlink()
    assert verdicts(found(root, NoNames()))["database"] == ("fail", "corrupt")


def test_a_shared_database_and_its_clock(root: Path, where: Path | str) -> None:
    if isinstance(where, Path):
        pytest.skip("it has no clock of its own")
    with open_house(root, where=where):
        pass
    verdict = verdicts(found(root, NoNames(), Settings.model_validate({"database": where})))
    assert verdict["database"] == verdict["database_clock"] == ("ok", "good")
    gone = Settings.model_validate({"database": "postgresql://127.0.0.1:1/none"})
    assert verdicts(found(root, NoNames(), gone))["database"] == ("fail", "away")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_it_is_said_in_words_and_as_json(root: Path, language: str) -> None:
    """Exit code 1 where something has to be mended; each finding says what in the reader's language."""
    words = load_tool_words(language)
    environment = {name: None for name in os.environ if name.startswith("HAEDAP_")}
    fine = CliRunner(env=environment).invoke(commands(words), ["doctor", "--offline", "--root", str(root)])
    assert fine.exit_code == 0, fine.output
    assert words.say("doctor.fine") in fine.output
    (root / "themes/daon/brand.yml").write_text("nam: x\n", "utf-8")
    wrong = CliRunner(env=environment).invoke(commands(words), ["doctor", "--offline", "--root", str(root), "--json"])
    assert wrong.exit_code == 1
    first = json.loads(wrong.output)[0]
    assert (first["check"], first["level"], first["code"]) == ("content", "fail", "wrong")
    assert first["text"] == words.say("doctor.content.wrong", count=first["values"]["count"])


def test_every_finding_has_words() -> None:
    """Whatever code a check gives, it is said."""
    source = "".join(
        (Path(__file__).parents[2] / f"bridge/doctor/{name}.py").read_text("utf-8") for name in ("checks", "mail")
    )
    words = load_tool_words("ko").words
    checks = {key.split(".")[1] for key in words if key.startswith("doctor.") and key.count(".") == 2}
    assert checks >= {"content", "folder", "disk", "sqlite", "database", "clock", "spf", "dkim", "dmarc", "smtp"}
    for check in checks:
        assert f'"{check}"' in source, check
