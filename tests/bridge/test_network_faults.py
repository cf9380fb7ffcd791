"""What a mail server can do to us (docs/reliability.md, R5 to R15): each inquiry arrives once, or a person is told."""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from bridge.catchmail import caught
from bridge.delivery.courier import Courier, CourierThreads
from bridge.inquiry import Answer
from bridge.settings import Settings
from bridge.testing import BRAND, FORM, House, MailServer, mail_server, open_house, write_centre
from bridge.web.app import create_app

ALARM = "bridge: {alarm: [{sink: smtp, to: chief@daon.example, servers: second}]}\n"
LARGE = FORM.replace("max_files: 2, max_mb: 1", "max_files: 5, max_mb: 10").replace(
    "max_total_mb: 2", "max_total_mb: 25"
)
POSTFIX = 10_240_000
"""What Postfix takes unless it is told otherwise."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(write_centre(tmp_path, brand=BRAND + ALARM)) as house:
        yield house


def second(port: int) -> dict[str, object]:
    """The settings of another mail server."""
    return {"smtp_servers": {"second": {"host": "127.0.0.1", "port": port, "security": "none"}}}


def states(house: House, *receipts: str) -> list[str]:
    return [delivery.state for receipt in receipts for delivery in house.deliveries(receipt).values()]


@contextmanager
def greeting(line: bytes) -> Iterator[tuple[int, list[int]]]:
    """A server that says one line and hangs up; its port, and a record of who came."""
    came: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            while True:
                try:
                    connection, (_, port) = listening.accept()
                except OSError:
                    return
                with connection:
                    came.append(port)
                    connection.sendall(line)

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        yield listening.getsockname()[1], came
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


# -- R5: away; R6: greylisting; R7: 421 ---------------------------------------------------------------------------


def test_r5_a_server_that_was_away_gets_everything_once_the_oldest_first(house: House) -> None:
    with mail_server() as away:
        port = away.port
    receipts = []
    for _ in range(5):
        receipts.append(house.take())
        house.clock.forward(seconds=1)
    gone = house.courier(port, **second(port))
    assert gone.deliver_due() == 5
    assert states(house, *receipts) == ["retry"] * 5
    house.clock.forward(minutes=2)
    with mail_server() as back:
        house.courier(back.port, **second(port)).deliver_due()
    assert [mail["X-Haedap-Receipt"] for mail in back.taken] == receipts
    assert states(house, *receipts) == ["delivered"] * 5


def test_r5_a_busy_brand_is_no_reason_to_leave_a_server_alone_for_ever(house: House) -> None:
    """Something is sent every ten seconds; half a minute after the server was found away it is asked again."""
    with mail_server() as away:
        port = away.port
    courier = house.courier(port, **second(port))
    house.take()
    courier.deliver_due()
    with mail_server(port=port) as back:
        for _ in range(4):
            house.clock.forward(seconds=10)
            house.take()
            courier.deliver_due()
    assert len(back.taken) == 2


def test_r6_a_greylisting_server_alarms_nobody_and_gets_it_once(house: House) -> None:
    receipt = house.take()
    with mail_server(rcpt=("451 4.7.1 greylisted",) * 3) as server, mail_server() as other:
        courier = house.courier(server.port, **second(other.port))
        for minutes in (0, 1, 5):
            house.clock.forward(minutes=minutes)
            assert courier.deliver_due() == 1
            courier.watch()
        house.clock.forward(minutes=8, seconds=59)
        courier.watch()
        assert other.taken == []
        assert not house.base.store.needs_attention()
        house.clock.forward(minutes=30)
        assert courier.deliver_due() == 1
        courier.watch()
    assert other.taken == []
    assert len(server.taken) == 1
    assert states(house, receipt) == ["delivered"]


def test_after_fifteen_minutes_of_failure_somebody_is_warned_once(house: House) -> None:
    receipts = [house.take(), house.take()]
    with mail_server(rcpt=("451 no",) * 20) as server, mail_server() as other:
        courier = house.courier(server.port, **second(other.port))
        courier.deliver_due()
        house.clock.forward(minutes=15)
        courier.watch()
        house.clock.forward(minutes=5)
        courier.deliver_due()
        courier.watch()
        (told,) = other.taken
        assert "문의 2건이 15분" in text_of(told)
        assert house.base.store.needs_attention()
        server.rcpt.clear()
        house.clock.forward(hours=1)
        courier.deliver_due()
        courier.watch()
    assert states(house, *receipts) == ["delivered"] * 2
    assert len(other.taken) == 1
    assert not house.base.store.needs_attention()


def test_r7_421_at_the_greeting_is_left_alone_for_a_while(house: House) -> None:
    receipts = [house.take() for _ in range(20)]
    with greeting(b"421 too busy\r\n") as (port, came):
        courier = house.courier(port, **second(port))
        assert courier.deliver_due() == 20
        assert len(came) == 1
    assert states(house, *receipts) == ["retry"] * 20
    house.clock.forward(minutes=2)
    with mail_server() as back:
        assert house.courier(back.port, **second(port)).deliver_due() == 20
    assert sorted(mail["X-Haedap-Receipt"] for mail in back.taken) == sorted(receipts)


@pytest.mark.parametrize("where", ["mail", "rcpt", "data"])
def test_r7_421_in_a_conversation(house: House, where: str) -> None:
    receipt = house.take()
    with mail_server() as server:
        getattr(server, where).append("421 4.3.2 shutting down")
        courier = house.courier(server.port, **second(server.port))
        courier.deliver_due()
        assert states(house, receipt) == ["retry"]
        house.clock.forward(minutes=1)
        courier.deliver_due()
    assert states(house, receipt) == ["delivered"]
    taken = server.taken[1:] if where == "data" else server.taken  # what was answered 421 was not taken
    assert len(taken) == 1


# -- R8, R9: refused for good ------------------------------------------------------------------------------------


def test_r8_a_refused_recipient_is_told_on_the_second_channel_within_a_minute(house: House) -> None:
    receipt = house.take()
    with mail_server(rcpt=("550 5.1.1 no such user",)) as server, mail_server() as other:
        courier = house.courier(server.port, **second(other.port))
        courier.deliver_due()
        house.clock.forward(seconds=10)
        courier.watch()
        (told,) = other.taken
        assert told["To"] == "chief@daon.example"
        assert told["Auto-Submitted"] == "auto-generated"
        assert f"{receipt}: smtp로 보내기를 포기했습니다. RCPT TO: 550" in text_of(told)
        for secret in ("홍길동", "hong@example.com", "아직이에요"):
            assert secret not in told.as_string() + text_of(told)
        house.clock.forward(minutes=1)
        courier.watch()
    assert len(other.taken) == 1
    assert states(house, receipt) == ["dead"]
    health = create_app(house.service).test_client().get("/healthz")
    assert health.json == {"status": "attention"}


def test_an_alarm_that_cannot_be_told_is_told_later(house: House) -> None:
    house.take()
    with mail_server() as gone:
        nobody = gone.port
    with mail_server(rcpt=("550 no",)) as server, greeting(b"421 busy\r\n") as (port, _):
        courier = house.courier(server.port, **second(nobody))
        courier.deliver_due()
        courier.watch()
        house.clock.forward(minutes=2)
        courier.watch()
        del port
    with mail_server() as back:
        house.clock.forward(minutes=2)
        house.courier(nobody, **second(back.port)).watch()
        assert len(back.taken) == 1


def test_many_dead_letters_make_few_alarms(house: House) -> None:
    receipts = [house.take() for _ in range(45)]
    with mail_server(rcpt=("550 no",) * 45) as server, mail_server() as other:
        courier = house.courier(server.port, **second(other.port))
        courier.deliver_due()
        for _ in range(6):
            courier.watch()
            house.clock.forward(seconds=10)
    assert states(house, *receipts) == ["dead"] * 45
    (told,) = other.taken
    assert "25건" in text_of(told)  # twenty by number, the others counted


def test_r9_a_customers_wrong_address_alarms_nobody(house: House) -> None:
    """The automatic answer is a delivery of its own: that it is refused changes nothing for the team."""
    store, receipt = house.base.store, house.take()
    inquiry = replace(store.inquiry(receipt), receipt="0000-0000-000")
    assert store.accept(inquiry, ["smtp", "reply"], None)
    with mail_server() as server, mail_server() as other:
        courier = house.courier(server.port, **second(other.port))
        leases = [store.lease(house.clock.time, house.clock.time + timedelta(hours=1), f"{at}") for at in range(3)]
        (reply,) = (lease for lease in leases if lease and lease.sink == "reply")
        assert store.record(reply, "dead", house.clock.time, error="RCPT TO: 550 no such user")
        store.release(house.clock.time)
        courier.deliver_due()
        courier.watch()
    assert other.taken == []
    assert house.deliveries(inquiry.receipt)["reply"].error == "RCPT TO: 550 no such user"
    assert house.deliveries(inquiry.receipt)["smtp"].state == "delivered"
    assert not store.needs_attention()


# -- R10: too large ----------------------------------------------------------------------------------------------

SIZES = (0, 1, 100_000, 7_300_000, 7_450_000, 7_500_000, 7_600_000, 9_990_000)
"""In bytes; around 7.5 MB a file stops to fit into what Postfix takes."""


@pytest.mark.parametrize("announced", [True, False])
def test_r10_every_size_reaches_the_team(tmp_path: Path, *, announced: bool) -> None:
    """One file of each size, several together up to 25 MB; whole in the mail or behind a link that works."""
    cases: list[tuple[int, ...]] = [(size,) for size in SIZES] if announced else [(7_450_000,), (9_990_000, 1_000)]
    cases += [(2_000_000, 3_000_000, 9_000_000), (5_000_000,) * 5] if announced else []
    with open_house(write_centre(tmp_path, form=LARGE)) as house, server_with_limit(announced) as server:
        sent = {}
        for sizes in cases:
            files = {f"파일 {at}.pdf": pattern(at, size) for at, size in enumerate(sizes) if size}
            sent[house.take(files=files)] = files
        courier = house.courier(server.port, smtp_timeout=60)
        assert courier.deliver_due() == len(cases)
        assert states(house, *sent) == ["delivered"] * len(cases)
        for mail in server.taken[-len(cases) :] if announced else accepted(server):
            assert_whole(house, mail, sent[mail["X-Haedap-Receipt"]])


def accepted(server: MailServer) -> list[EmailMessage]:
    """The last of each: what came before was answered 552."""
    return list({mail["X-Haedap-Receipt"]: mail for mail in server.taken}.values())


@contextmanager
def server_with_limit(announced: bool) -> Iterator[MailServer]:
    """One that says SIZE, or one that only says 552 when it is too late."""
    if announced:
        with mail_server(data_size_limit=POSTFIX) as server:
            yield server
    else:
        with mail_server(data_size_limit=None) as server:
            server.largest = POSTFIX
            yield server


def pattern(seed: int, size: int) -> bytes:
    return (hashlib.sha256(bytes([seed])).digest() * (size // 32 + 1))[:size]


def assert_whole(house: House, mail: EmailMessage, files: dict[str, bytes]) -> None:
    attached = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}
    links = [line.strip() for line in text_of(mail).splitlines() if "/a/" in line]
    assert len(attached) + len(links) == len(files)
    for name, content in attached.items():
        assert files[str(name)] == content
    client = create_app(house.service).test_client()
    for link in links:
        assert link.startswith("https://help.daon.example/a/")
        response = client.get(urlsplit(link).path)
        assert response.status_code == 200
        assert response.data in files.values()


def test_a_link_only_ever_saves_a_file_and_expires(tmp_path: Path) -> None:
    with open_house(write_centre(tmp_path)) as house:
        page = b"<html><script>alert(1)</script>"
        receipt = house.take(files={"사업자 등록증.pdf": page})
        inquiry = house.base.store.inquiry(receipt)
        brand = house.base.centre.brands["daon"]
        link = house.service.links.link(brand, inquiry.files[0], inquiry.received_at)
        client = create_app(house.service).test_client()
        path = urlsplit(link.url).path
        response = client.get(path)
        assert response.data == page
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment; filename")
        assert "UTF-8''%EC%82%AC" in response.headers["Content-Disposition"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"].startswith("sandbox;")
        assert client.get(path, headers={"Range": "bytes=0-3"}).data == page
        for forged in (path[:20] + ("A" if path[20] != "A" else "B") + path[21:], "/a/x", "/a/" + "é" * 20, "/a/.."):
            assert client.get(forged).status_code in {404, 410}
        house.clock.forward(days=30, seconds=1)
        gone = client.get(path)
        assert gone.status_code == 410
        assert page not in gone.data


# -- R11 to R14: lost answers, refused logins, several recipients --------------------------------------------------


def test_r12_a_server_that_thinks_for_long_is_waited_for(house: House) -> None:
    """Its answer comes after the usual timeout: no double, because a mail in its hands gets more patience."""
    receipt = house.take()
    with mail_server() as server:
        server.hold = threading.Event()
        timer = threading.Timer(2.5, server.hold.set)
        timer.start()
        house.courier(server.port, smtp_timeout=1, **second(server.port)).deliver_due()
    assert states(house, receipt) == ["delivered"]
    assert len(server.taken) == 1


def test_r12_a_server_that_never_answers_gets_the_same_mail_again(house: House) -> None:
    receipt = house.take()
    with mail_server() as server:
        server.hold = threading.Event()
        courier = house.courier(server.port, smtp_timeout=1, **second(server.port))
        courier.deliver_due()
        assert states(house, receipt) == ["retry"]
        server.hold.set()
        house.clock.forward(minutes=1)
        courier.deliver_due()
    first, again = server.taken
    assert first["Message-ID"] == again["Message-ID"]
    assert states(house, receipt) == ["delivered"]


def test_r13_a_refused_login_is_tried_three_times_and_again_when_the_password_changed(
    house: House, tmp_path: Path
) -> None:
    tries: list[bytes] = []

    def authenticate(*given: object) -> AuthResult:
        login = given[-1]
        assert isinstance(login, LoginPassword)
        tries.append(login.password)
        return AuthResult(success=login.password == b"new", handled=False)

    password = tmp_path / "password"
    password.write_text("old")
    login = {"smtp_user": "me", "smtp_password_file": password}
    receipts = [house.take() for _ in range(30)]
    options: dict[str, Any] = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": False}
    with mail_server(**options) as server, mail_server() as other:
        courier = house.courier(server.port, **login, **second(other.port))
        for _ in range(60):
            courier.deliver_due()
            courier.watch()
            house.clock.forward(minutes=1)
        assert tries == [b"old"] * 3
        (told,) = (mail for mail in other.taken if "설정을 고치면" in text_of(mail))
        assert "535" in text_of(told)
        assert set(states(house, *receipts)) <= {"queued", "retry"}
        again = house.courier(server.port, **login, **second(other.port))  # a restart changes nothing
        again.deliver_due()
        assert tries == [b"old"] * 3
        password.write_text("new")
        house.clock.forward(hours=3)
        assert courier.deliver_due() == 30
        courier.watch()
    assert states(house, *receipts) == ["delivered"] * 30
    assert not house.base.store.needs_attention()


def test_r14_each_recipient_is_served_alone(tmp_path: Path) -> None:
    three = (
        BRAND + "bridge: {deliver: [{sink: smtp, name: desk, to: [a@daon.example, b@daon.example, c@daon.example]}]}\n"
    )
    with open_house(write_centre(tmp_path, brand=three)) as house, mail_server() as server:
        server.refuses = {"b@daon.example": "550 gone", "c@daon.example": "451 later"}
        receipt = house.take()
        courier = house.courier(server.port)
        courier.deliver_due()
        assert states(house, receipt) == ["delivered", "dead", "retry"]
        server.refuses = {}
        house.clock.forward(minutes=1)
        courier.deliver_due()
        assert states(house, receipt) == ["delivered", "dead", "delivered"]
    assert [recipients for _, recipients in server.arrivals] == [("a@daon.example",), ("c@daon.example",)]
    assert len({mail["Message-ID"] for mail in server.taken}) == 1


# -- R15: poison -------------------------------------------------------------------------------------------------


def test_r15_a_message_that_breaks_the_builder_holds_up_nobody(house: House) -> None:
    """A lone surrogate cannot be written into a mail. Nothing lets one in; should a row hold one all the same, it alone
    is given up, after three times the same."""
    store = house.base.store
    good = store.inquiry(house.take())
    broken = Answer("message", "long_text", "내용", ("\ud800",), ("\ud800",))
    poison = replace(good, receipt="0000-0000-000", answers=(broken,))
    assert store.accept(poison, ["smtp"], None)
    after = house.take()
    with mail_server() as server, mail_server() as other:
        courier = house.courier(server.port, **second(other.port))
        assert courier.deliver_due() == 3
        assert states(house, good.receipt, poison.receipt, after) == ["delivered", "retry", "delivered"]
        for minutes in (1, 5):
            house.clock.forward(minutes=minutes)
            assert courier.deliver_due() == 1
        courier.watch()
    assert states(house, poison.receipt) == ["dead"]
    assert "UnicodeEncodeError" in house.deliveries(poison.receipt)["smtp"].error
    assert len(other.taken) == 1


# -- one connection, several servers -------------------------------------------------------------------------------


def test_many_mails_go_through_one_connection_at_ten_a_second_or_more(house: House) -> None:
    """The best of three rounds, in time of our own processor: what others do on a shared machine is no fault of ours.
    The time of the clock is printed beside it."""
    rates, clock = [], []
    with mail_server() as server:
        courier = house.courier(server.port, **second(server.port))
        for round_ in range(1, 4):
            receipts = [house.take() for _ in range(40)]
            began, own = time.perf_counter(), time.process_time()
            assert courier.deliver_due() == 40
            rates.append(40 / (time.process_time() - own))
            clock.append(40 / (time.perf_counter() - began))
            assert (server.connections, server.resets) == (round_, 39 * round_)
            assert states(house, *receipts) == ["delivered"] * 40
    said = f"{max(clock):.0f} mails a second by the clock, {max(rates):.0f} of our own time, over one connection"
    print(said)  # noqa: T201 -- the figure of this test
    assert max(rates) >= 10


def test_a_connection_that_was_lost_is_made_again_without_a_failed_attempt(house: House) -> None:
    receipts = [house.take() for _ in range(3)]
    with mail_server() as server:
        server.mail = ["250 OK", "421 enough for one connection"]
        courier = house.courier(server.port, **second(server.port))
        assert courier.deliver_due() == 3
        assert server.connections == 2
    assert [house.deliveries(receipt)["smtp"].attempts for receipt in receipts] == [1, 1, 1]


def test_the_next_server_is_asked_where_the_first_is_away(tmp_path: Path) -> None:
    brand = BRAND + "bridge: {servers: [main, second]}\n"
    with open_house(write_centre(tmp_path, brand=brand)) as house:
        receipts = [house.take() for _ in range(5)]
        with greeting(b"554 not today\r\n") as (port, came), mail_server() as other:
            house.courier(port, **second(other.port)).deliver_due()
            assert len(came) == 1
        assert states(house, *receipts) == ["delivered"] * 5
        assert len(other.taken) == 5


def test_a_brand_may_have_a_server_of_its_own(tmp_path: Path) -> None:
    brand = BRAND + "bridge: {servers: second}\n"
    with open_house(write_centre(tmp_path, brand=brand)) as house, mail_server() as main, mail_server() as other:
        house.take()
        house.courier(main.port, **second(other.port)).deliver_due()
        assert (len(main.taken), len(other.taken)) == (0, 1)


def test_caught_mail_is_caught_whatever_server_a_brand_names(tmp_path: Path) -> None:
    brand = BRAND + "bridge: {servers: second, alarm: [{sink: smtp, to: chief@daon.example, servers: third}]}\n"
    with open_house(write_centre(tmp_path, brand=brand)) as house, mail_server() as server:
        house.take()
        house.base.courier(caught(Settings(), server.port, house.base.centre.mail_servers)).deliver_due()
        assert len(server.taken) == 1


@pytest.mark.parametrize(("mode", "header"), [("ack", "auto-generated"), ("verify", "auto-generated"), ("off", None)])
def test_a_help_desk_is_asked_not_to_answer_exactly_where_the_bridge_does(
    tmp_path: Path, mode: str, header: str | None
) -> None:
    """Also where a budget held our answer back: in a flood of strangers nobody else is to answer them either."""
    with open_house(write_centre(tmp_path, own=f"reply: {mode}\n")) as house, mail_server() as server:
        receipt = house.take()
        house.courier(server.port).deliver_due()
    (mail,) = (one for one in server.taken if one["X-Haedap-Receipt"] == receipt and one["To"] == "help@daon.example")
    assert mail["Auto-Submitted"] == header


def test_the_watch_looks_by_itself(house: House) -> None:
    looked = threading.Event()
    threads = CourierThreads(Courier(house.base.store, lambda *_: None, house.base.outside, watch=looked.set), 1, 0.01)
    threads.start()
    assert looked.wait(10)
    assert threads.stop(10)


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body()
    assert body is not None
    return str(body.get_content())
