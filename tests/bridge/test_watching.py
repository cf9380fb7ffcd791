"""What is told of the running service: logs without contents, metrics not for strangers, changed files taken up."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import Client

from bridge.logs import Lines, address_mark, reason
from bridge.reload import Reload
from bridge.settings import Settings
from bridge.testing import ANSWERS, BRAND, FORM, House, StillClock, mail_server, open_house, write_centre
from bridge.web.app import create_app
from service import serving

FORM_ADDRESS = "/f/daon/ko/inquiry"
TOKEN = re.compile("zq[0-9]{4}qz", re.IGNORECASE)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(write_centre(tmp_path)) as house:
        yield house


def metrics(client: Client, **headers: str) -> dict[str, float]:
    answer = client.get("/metrics", headers=headers, base_url="http://127.0.0.1:8000")
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.text)
    return {
        sample.name + "".join(f" {value}" for _, value in sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def test_what_is_measured(house: House) -> None:
    """Posts by outcome, the queue by state and how late it is, attempts by sink and outcome, times."""
    client = create_app(house.service).test_client()
    assert client.post(FORM_ADDRESS, data=ANSWERS).status_code == 303
    assert client.post(FORM_ADDRESS, data={"name": "x"}).status_code == 422
    house.clock.forward(seconds=90)
    told = metrics(client)
    assert told["haedap_posts_total accepted"] == told["haedap_posts_total returned"] == 1
    assert told["haedap_accept_seconds_count"] == 1
    assert told["haedap_deliveries queued"] == 1
    assert told["haedap_oldest_due_seconds"] == 90
    with mail_server(rcpt=("451 later", "550 no")) as server:
        courier = house.courier(server.port)
        courier.deliver_due()
        house.clock.forward(minutes=5)
        courier.deliver_due()
    told = metrics(client)
    assert told["haedap_delivery_attempts_total retry smtp"] == told["haedap_delivery_attempts_total dead smtp"] == 1
    assert told["haedap_deliveries dead"] == 1
    assert told["haedap_inquiries"] == 1
    assert client.get("/healthz").json == {"status": "attention"}
    assert client.get("/readyz").status_code == 200


def test_metrics_are_not_for_strangers(house: House) -> None:
    """Without a token only for this machine, and not through a proxy on it; with one only for who brings it."""
    client = create_app(house.service).test_client()

    def status(address: str = "127.0.0.1", base: str = "http://127.0.0.1:8000", **headers: str) -> int:
        return client.get(
            "/metrics", headers=headers, base_url=base, environ_overrides={"REMOTE_ADDR": address}
        ).status_code

    assert status() == status(base="http://localhost") == status("::1", "http://[::1]:8000") == 200
    assert status("203.0.113.9") == 404
    assert status(base="http://help.daon.example") == 404
    assert status(**{"X-Forwarded-For": "127.0.0.1"}) == 404
    token = "0123456789abcdef"
    service = house.base.service(Settings.model_validate({"metrics_token": token}), lambda: None)
    client = create_app(service).test_client()
    assert status() == 404
    assert status("203.0.113.9", Authorization=f"Bearer {token}") == 200
    assert status("203.0.113.9", Authorization="Bearer wrong-wrong-wrong") == 404


def test_not_ready_while_nothing_can_be_written(house: House) -> None:
    client = create_app(house.service).test_client()
    house.base.store.close()
    house.base.data.database.write_bytes(b"")
    house.base.data.database.chmod(0o400)
    for log in house.base.data.path.glob("inbox.sqlite-*"):
        log.unlink()
    if os.geteuid() == 0:  # whom no mode stops
        house.base.data.database.unlink()
        house.base.data.database.mkdir()
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


# -- logs --------------------------------------------------------------------------------------------------------------


def line(
    message: str, *args: object, name: str = "bridge.x", form: str = "json", error: Exception | None = None
) -> str:
    record = logging.LogRecord(
        name, logging.INFO, "/x/library.py", 7, message, args, (type(error), error, None) if error else None
    )
    return Lines("json" if form == "json" else "text").format(record)


def test_lines_for_machines() -> None:
    """A mapping behind a line becomes fields; an error is its kind and place, never its text."""
    tree = json.loads(line("accepted %(receipt)s", {"receipt": "7KQ2-M9XF-3T8"}))
    assert tree["event"] == "accepted 7KQ2-M9XF-3T8"
    assert (tree["receipt"], tree["level"], tree["logger"]) == ("7KQ2-M9XF-3T8", "info", "bridge.x")
    assert json.loads(line("accepted %s, %d files", "7KQ2-M9XF-3T8", 2))["args"] == ["7KQ2-M9XF-3T8", 2]
    assert "secret" not in line("failed", error=ValueError("secret words"))
    assert "ValueError" in line("failed", error=ValueError("secret words"))
    assert line("two\nlines", form="text").count("\n") == 0


def test_libraries_say_where_and_not_what() -> None:
    assert json.loads(line("serving %s", "/secret", name="waitress"))["event"] == "library.py:7 serving %s"
    assert json.loads(line("serving /secret", name="waitress"))["event"] == "library.py:7"


def test_addresses_are_told_apart_for_a_day() -> None:
    clock = StillClock()
    secret = "s" * 32
    mark = address_mark("203.0.113.9", secret, clock())
    assert mark == address_mark("203.0.113.9", secret, clock())
    assert mark != address_mark("203.0.113.8", secret, clock())
    assert mark != address_mark("203.0.113.9", secret, clock() + timedelta(days=1))
    assert mark != address_mark("203.0.113.9", "t" * 32, clock())
    assert "203" not in mark


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("RCPT TO: 550 5.1.1 <zq0001qz@x.example> unknown", "RCPT TO: 550 5.1.1"),
        ("DATA: 554 spam: subject 'zq0001qz'", "DATA: 554"),
        ("ValueError at mail.py:31 < courier.py:77", "ValueError at mail.py:31 < courier.py:77"),
        ("<zq0001qz>", "?"),
    ],
)
def test_what_a_server_answered_is_cut_to_its_code(error: str, said: str) -> None:
    assert reason(error) == said


def test_nothing_anybody_wrote_is_logged(tmp_path: Path) -> None:
    """Tokens in every field, file name, header, path and query; faults, broken bodies, a mail server that quotes the
    mail, a template that breaks, many at once: none of the tokens is in what the service wrote, and much else is."""
    root = write_centre(tmp_path)
    tokens = (f"zq{number:04}qz" for number in range(10_000))
    quoted = tuple(
        f"{code} 5.7.1 refused: {next(tokens)} <{next(tokens)}@x.example>" for code in (451, 550, 554) for _ in range(5)
    )
    with mail_server(rcpt=quoted, data=quoted) as mail:
        smtp = {"HAEDAP_SMTP_HOST": "127.0.0.1", "HAEDAP_SMTP_PORT": str(mail.port), "HAEDAP_SMTP_SECURITY": "none"}
        with serving(root, **smtp, HAEDAP_LOG_FORMAT="json") as served:
            log: list[str] = []
            reading = threading.Thread(target=lambda: log.extend(served.process.stderr or ()))
            reading.start()
            jobs = [(served.address, kind, [next(tokens) for _ in range(12)]) for kind in KINDS for _ in range(6)]
            with ThreadPoolExecutor(8) as many:
                statuses = list(many.map(lambda job: KINDS[job[1]](job[0], job[2]), jobs))
            broken = root / "themes/daon/templates/form.html"
            broken.parent.mkdir(parents=True)
            broken.write_text("{{ meta.form.nothing.at.all }}", "utf-8")
            statuses += [KINDS["fault"](served.address, [next(tokens) for _ in range(12)])]
            served.stop(signal.SIGTERM)
            reading.join(20)
    text = "".join(log)
    assert set(statuses) >= {202, 400, 404, 422}
    assert text.count('"event"') > 30
    assert "accepted" in text
    assert TOKEN.findall(text) == []
    assert all(json.loads(one)["event"] for one in log)


def send(address: str, path: str, body: bytes, kind: str, marks: list[str], method: str = "POST") -> int:
    headers = {
        "Content-Type": kind, "Accept": "application/json", "User-Agent": marks[-1], "Referer": f"http://x.example/{marks[-2]}",
        "Cookie": f"a={marks[-3]}", "X-Forwarded-For": marks[-4], "X-Other": marks[-5], "Origin": f"http://{marks[-6]}.example",
    }  # fmt: skip  # a line of headers
    request = urllib.request.Request(address + path, body or None, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            status: int = answer.status
            return status
    except urllib.error.HTTPError as error:
        return error.code


def multipart(marks: list[str], **more: str) -> bytes:
    names = ("name", "email", "subject", "message", "_page")
    written = dict(zip(names, marks, strict=False))
    fields = written | {"topic": "delivery", "email": f"{marks[1]}@example.com", "_page": f"/{marks[4]}"} | more
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    )
    file = (
        f'--x\r\nContent-Disposition: form-data; name="files"; filename="{marks[5]}.txt"\r\n\r\n{marks[5]}\r\n--x--\r\n'
    )
    return (parts + file).encode()


KINDS = {
    "good": lambda address, marks: send(
        address, FORM_ADDRESS, multipart(marks), "multipart/form-data; boundary=x", marks
    ),
    "fault": lambda address, marks: send(
        address,
        FORM_ADDRESS,
        multipart(marks, email=marks[1], topic=marks[0]),
        "multipart/form-data; boundary=x",
        marks,
    ),
    "broken": lambda address, marks: send(
        address, FORM_ADDRESS, multipart(marks)[:-9] + marks[1].encode(), "multipart/form-data; boundary=x", marks
    ),
    "nowhere": lambda address, marks: send(
        address, f"/f/{marks[0]}/ko/{marks[1]}?q={marks[2]}", b"", "text/plain", marks, "GET"
    ),
    "strange": lambda address, marks: send(address, FORM_ADDRESS, marks[0].encode(), f"text/{marks[1]}", marks),
    "method": lambda address, marks: send(
        address, FORM_ADDRESS, marks[0].encode(), "text/plain", marks, marks[1].upper()
    ),
}


# -- changed files -----------------------------------------------------------------------------------------------------


def test_changed_files_are_taken_up_and_wrong_ones_are_not(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Once they have stopped changing; what is wrong is said with file and line, and the old go on."""
    root = house.base.centre.root
    taken: list[int] = []
    reload = Reload(root, lambda centre: taken.append(len(centre.forms)))
    reload.look()
    assert taken == []
    (root / "content/forms/other.yml").write_text(FORM, "utf-8")
    reload.look()
    assert taken == []  # it may still be changing
    reload.look()
    assert taken == [2]
    (root / "content/forms/other.yml").write_text("titel: x\n", "utf-8")
    for _ in range(3):
        reload.look()
    assert taken == [2]
    assert "content/forms/other.yml:1" in caplog.text
    (root / "content/forms/other.yml").unlink()
    for _ in range(2):
        reload.look()
    assert taken == [2, 1]
    reload.asked.set()
    reload.look()
    assert taken == [2, 1, 1]


def test_a_running_service_takes_up_a_new_form(tmp_path: Path) -> None:
    """At SIGHUP, without a restart: the new form takes inquiries, and after a wrong change both still do."""
    root = write_centre(tmp_path)
    with serving(root, "--catch-mail") as served:
        first = served.post()
        (root / "content/forms/other.yml").write_text(FORM, "utf-8")
        served.process.send_signal(signal.SIGHUP)
        served.until_logged("taken up anew")
        assert first != served.post("/f/daon/ko/other")
        (root / "themes/daon/brand.yml").write_text(BRAND.replace("name:", "nam:"), "utf-8")
        served.process.send_signal(signal.SIGHUP)
        served.until_logged("not taken up, the old go on: themes/daon/brand.yml:1")
        assert served.post("/f/daon/ko/other")
        assert served.stop(signal.SIGTERM) == 0


def test_what_was_counted_is_not_forgotten_when_forms_are_taken_up(tmp_path: Path) -> None:
    root = write_centre(tmp_path, own="")
    with serving(root, "--catch-mail", HAEDAP_LIMIT_ALL="2 per hour") as served:
        for message in ("first", "second"):
            served.post(message=message)
        served.process.send_signal(signal.SIGHUP)
        served.until_logged("taken up anew")
        with pytest.raises(urllib.error.HTTPError, match="429"):
            served.post(message="third")
