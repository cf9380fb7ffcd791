"""Webhooks (docs/reliability.md, R18): signed, bounded, never led astray; and the guard of the way out."""

from __future__ import annotations

import base64
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from bridge.settings import Settings, SettingsError
from bridge.testing import BRAND, Asked, House, WebServer, loopback_settings, open_house, web_server, write_centre
from bridge.ways.outgoing import LONGEST_ANSWER, FormPart, Outgoing, OutgoingError, form_data, is_public

SECRET = "whsec_" + base64.b64encode(b"a secret of the tests").decode()
NEXT = "whsec_" + base64.b64encode(b"the one that follows it").decode()
Answers = Callable[[Asked], tuple[int, Mapping[str, str], bytes]]


def always(status: int, **headers: str) -> Answers:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: (status, named, b"{}")


@contextmanager
def hooked(root: Path, answers: Answers) -> Iterator[tuple[House, WebServer]]:
    """A help centre whose inquiries go to a webhook."""
    with web_server(answers) as server:
        hook = f"{{sink: webhook, url: '{server.url}/hook', secret: [hook, next]}}"
        brand = f"{BRAND}bridge: {{deliver: [{hook}], alarm: [{hook}]}}\n"
        with open_house(write_centre(root, brand=brand)) as house:
            yield house, server


def settings(**more: Any) -> Settings:
    return loopback_settings(1, secrets={"hook": SECRET, "next": NEXT}, private_hosts="127.0.0.1", **more)


def state(house: House, receipt: str) -> str:
    return house.deliveries(receipt)["webhook"].state


def test_an_inquiry_comes_signed_with_links_to_its_files(tmp_path: Path) -> None:
    with hooked(tmp_path, always(204)) as (house, server):
        house.clock.time = house.base.outside.now().__class__.now(tz=house.clock.time.tzinfo)  # the verifier reads one
        receipt = house.take(files={"영수증.pdf": b"%PDF-"})
        assert house.base.courier(settings()).deliver_due() == 1
    (asked,) = server.asked
    for secret in (SECRET, NEXT):
        Webhook(secret).verify(asked.body, dict(asked.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(asked.body.replace(receipt.encode(), b"0000-0000-000"), dict(asked.headers))
    tree = json.loads(asked.body)
    assert tree["type"] == "inquiry.received"
    assert tree["data"]["receipt"] == receipt
    assert {answer["name"]: answer["values"] for answer in tree["data"]["answers"]}["name"] == ["홍길동"]
    (file,) = tree["data"]["files"]
    assert file["name"] == "영수증.pdf"
    assert file["url"].startswith("https://help.daon.example/a/")
    assert asked.headers["webhook-id"] == f"inquiry-{receipt}"
    assert state(house, receipt) == "delivered"


def test_r18_an_error_goes_up_the_ladder_for_three_days_with_the_same_id(tmp_path: Path) -> None:
    with hooked(tmp_path, always(500)) as (house, server):
        receipt = house.take()
        courier, began = house.base.courier(settings()), house.clock.time
        while due := house.deliveries(receipt)["webhook"].next_at:
            house.clock.time = due
            courier.deliver_due()
        assert timedelta(days=3) - timedelta(hours=6) < house.clock.time - began <= timedelta(days=3)
        assert state(house, receipt) == "dead"
        assert len({asked.headers["webhook-id"] for asked in server.asked}) == 1
        assert len({asked.headers["webhook-timestamp"] for asked in server.asked}) == len(server.asked)


@pytest.mark.parametrize(
    ("said", "minutes"), [("1800", 30), ("Sat, 21 Nov 2026 05:04:05 GMT", 120), ("0", 1), ("9999999", 24 * 60)]
)
def test_r18_retry_after_is_honoured(tmp_path: Path, said: str, minutes: int) -> None:
    """Seconds or a moment; never sooner than a minute, never later than a day."""
    with hooked(tmp_path, always(429, Retry_After=said)) as (house, _):
        receipt = house.take()
        house.base.courier(settings()).deliver_due()
        due = house.deliveries(receipt)["webhook"].next_at
        assert due is not None
        wait = due - house.clock.time
        assert timedelta(minutes=minutes) <= wait <= timedelta(minutes=minutes * 1.1)


def test_r18_gone_is_never_called_again_until_somebody_says_so(tmp_path: Path) -> None:
    status = [410]
    with hooked(tmp_path, lambda _: (status[0], {}, b"")) as (house, server):
        receipts = [house.take() for _ in range(3)]
        for _ in range(5):
            house.base.courier(settings()).deliver_due()
            house.clock.forward(hours=1)
        assert len(server.asked) == 1
        assert {state(house, receipt) for receipt in receipts} == {"queued", "retry"}
        courier = house.base.courier(settings())
        courier.watch()
        assert house.base.store.needs_attention()
        status[0] = 200
        house.base.store.forget_door(None)  # what `inbox retry` does
        courier.deliver_due()
        courier.watch()
        assert {state(house, receipt) for receipt in receipts} == {"delivered"}
        assert not house.base.store.needs_attention()


def test_r18_a_redirect_is_not_followed(tmp_path: Path) -> None:
    with web_server(always(200)) as inner, hooked(tmp_path, always(302, Location=inner.url)) as (house, _):
        receipt = house.take()
        house.base.courier(settings()).deliver_due()
        assert inner.asked == []
        assert "302" in house.deliveries(receipt)["webhook"].error


def test_r18_a_long_answer_is_cut(tmp_path: Path) -> None:
    with hooked(tmp_path, lambda _: (200, {"Content-Length": "30000000"}, b"x" * 30_000_000)) as (house, server):
        receipt = house.take()
        house.base.courier(settings()).deliver_due()
        assert state(house, receipt) == "delivered"
        answer = Outgoing(["127.0.0.1"]).ask("GET", server.url, {})
        assert len(answer.body) == LONGEST_ANSWER


def dripping(listening: socket.socket, over: threading.Event) -> None:
    """An answer whose headers never end."""
    connection, _ = listening.accept()
    with connection:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not over.wait(0.05):
            try:
                connection.sendall(b"X: y\r\n")
            except OSError:
                return


@pytest.mark.parametrize("drips", [True, False])
def test_r18_an_answer_that_does_not_end_is_ended(*, drips: bool) -> None:
    """Fifteen seconds in the product, half of one here: for silence as well as for one byte after the other."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        target = dripping if drips else lambda *_: over.wait(120)
        thread = threading.Thread(target=target, args=(listening, over), daemon=True)
        thread.start()
        began = time.monotonic()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        with pytest.raises(OutgoingError):
            Outgoing(["127.0.0.1"]).ask("POST", url, {}, b"{}", within=0.5)
        assert time.monotonic() - began < 60  # it would have been two minutes, or for ever
        over.set()
        thread.join(5)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "https://127.0.0.1:{port}/",
        "https://localhost:{port}/",
        "https://[::1]:{port}/",
        "https://[::ffff:127.0.0.1]:{port}/",
        "https://2130706433:{port}/",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/",
        "https://user:pass@192.168.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
    ],
)
def test_addresses_inside_are_refused_and_nobody_is_knocked_at(url: str) -> None:
    with web_server(always(200)) as server:
        with pytest.raises(OutgoingError):
            Outgoing().ask("GET", url.format(port=server.url.rpartition(":")[2]), {})
        assert server.asked == []


def test_what_is_connected_to_is_what_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that says something harmless first and our own address next gains nothing: it is asked once."""
    asked: list[str] = []

    def look_up(host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        asked.append(host)
        address = "192.0.2.1" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    with web_server(always(200)) as server:
        connected: list[tuple[str, int]] = []

        def connect(address: tuple[str, int], *_: object) -> socket.socket:
            connected.append(address)
            raise ConnectionRefusedError

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        monkeypatch.setattr(socket, "create_connection", connect)
        monkeypatch.setattr("bridge.ways.outgoing.is_public", lambda address: address == "192.0.2.1")
        with pytest.raises(OutgoingError):
            Outgoing().ask("GET", "https://rebinding.example/", {})
        assert (asked, connected) == (["rebinding.example"], [("192.0.2.1", 443)])
        assert server.asked == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 -- judged, not bound
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::a00:1", False),
    ],
)
def test_which_addresses_are_public(address: str, *, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize("secrets", [{}, {"hook": "whsec_!", "next": NEXT}])
def test_a_secret_that_is_missing_or_none_is_named_at_start(tmp_path: Path, secrets: dict[str, str]) -> None:
    with hooked(tmp_path, always(200)) as (house, _), pytest.raises(SettingsError) as caught:
        house.base.courier(loopback_settings(1, secrets=secrets))
    assert "HAEDAP_SECRETS__HOOK" in caught.value.faults


def test_an_alarm_comes_as_a_webhook_too(tmp_path: Path) -> None:
    with hooked(tmp_path, always(200)) as (house, server):
        receipt = house.take()
        now = house.clock.time
        lease = house.base.store.lease(now, now + timedelta(hours=1), "me")
        assert lease is not None
        assert house.base.store.record(lease, "dead", now, error="no")
        house.base.courier(settings()).watch()
        tree = json.loads(server.asked[0].body)
        assert tree["type"] == "alarm.dead"
        assert any(receipt in line for line in tree["data"]["lines"])


def test_the_name_of_a_file_cannot_break_out_of_a_form() -> None:
    kind, body = form_data([FormPart("a", b"1"), FormPart("f", b"\r\n--x", 'e"v\r\nX: y.pdf')])
    boundary = kind.partition("boundary=")[2].encode()
    assert body.count(b"--" + boundary) == 3
    assert b'filename="e%22v X: y.pdf"' in body
