"""Every inquiry reaches the mailbox, or a person is told that it did not: with real SMTP servers that misbehave."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from mailbox import Maildir
from pathlib import Path

import pytest

from bridge.catchmail import catching
from bridge.delivery.courier import LEASE, Courier, CourierThreads
from bridge.inquiry import Delivery, Inquiry
from bridge.outside import Outside
from bridge.sinks import SinkError
from bridge.testing import ANSWERS, BRAND, House, MailServer, mail_server, open_house, write_centre
from bridge.ways.ladder import GIVES_UP_AFTER
from bridge.web.app import create_app


@pytest.fixture
def house(tmp_path: Path, where: Path | str) -> Iterator[House]:
    with open_house(write_centre(tmp_path), where=where) as house:
        yield house


def accept(house: House, **more: str) -> str:
    data = ANSWERS | more | {"files": (io.BytesIO(b"%PDF-1.4 \xff\x00 bytes"), "사업자등록증.pdf")}
    response = (
        create_app(house.service)
        .test_client()
        .post("/f/daon/en/inquiry", data=data, content_type="multipart/form-data")
    )
    assert response.status_code == 303, response.text
    return response.location.rsplit("/", 1)[-1]


def delivery(house: House, receipt: str) -> Delivery:
    entry = house.base.store.entry(receipt)
    assert entry is not None
    (only,) = entry.deliveries
    return only


def test_an_inquiry_becomes_a_mail_in_a_maildir(house: House, tmp_path: Path) -> None:
    receipt = accept(house)
    with catching(tmp_path / "mail") as port:
        assert house.courier(port).deliver_due() == 1
    assert delivery(house, receipt).state == "delivered"
    (message,) = (parsed(raw) for raw in raw_mails(tmp_path / "mail"))
    assert message["From"].addresses[0].display_name == "홍길동 (via 다온)"
    assert message["From"].addresses[0].addr_spec == "help@daon.example"
    assert message["Reply-To"].addresses[0].addr_spec == "hong@example.com"
    assert message["To"] == "help@daon.example"
    assert message["Subject"] == f"[다온] 문의하기: 언제 오나요 (#{receipt})"
    assert message["Message-ID"] == f"<{receipt}@daon.example>"
    assert message["X-Haedap-Language"] == "en"
    assert message["Auto-Submitted"] is None
    assert parsedate_to_datetime(message["Date"]) == house.clock.time
    body = message.get_body()
    assert body is not None
    for text in (
        "■ 주제\n배송",
        "아직이에요.",
        "hong@example.com",
        "영어 (en)",
        "배송-지연",
        "2026년 11월 21일 오후 12:04",
    ):
        assert text in body.get_content().replace("\r\n", "\n")
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == "사업자등록증.pdf"
    assert attachment.get_content_disposition() == "attachment"
    assert attachment.get_content() == b"%PDF-1.4 \xff\x00 bytes"


def raw_mails(folder: Path) -> list[bytes]:
    box = Maildir(folder)
    return [box.get_bytes(key) for key in box.keys()]  # noqa: SIM118 -- a Maildir's iterator gives messages


def parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_server_that_says_not_now_is_asked_again_up_the_ladder(house: House) -> None:
    receipt = accept(house)
    with mail_server(rcpt=("451 greylisted",) * 7) as server:
        courier = house.courier(server.port)
        for minutes in (1, 5, 30, 120, 300, 300, 300):
            assert courier.deliver_due() == 1
            failed = delivery(house, receipt)
            assert failed.state == "retry"
            assert failed.next_at == house.clock.time + timedelta(minutes=minutes)
            assert "451" in failed.error
            house.clock.forward(minutes=minutes, seconds=-1)
            assert courier.deliver_due() == 0
            house.clock.forward(seconds=1)
        assert courier.deliver_due() == 1
    assert delivery(house, receipt).state == "delivered"
    assert len(server.taken) == 1


def test_after_seven_days_a_person_is_told(house: House, caplog: pytest.LogCaptureFixture) -> None:
    receipt = accept(house)
    began = house.clock.time
    with mail_server(rcpt=("451 no",) * 100) as server:
        courier = house.courier(server.port)
        while (due := delivery(house, receipt)).next_at:
            house.clock.time = due.next_at
            courier.deliver_due()
    assert due.state == "dead"
    assert GIVES_UP_AFTER - timedelta(hours=6) < house.clock.time - began <= GIVES_UP_AFTER
    assert f"{receipt} to smtp is DEAD" in caplog.text
    assert house.base.store.entry(receipt) is not None


@pytest.mark.parametrize(("rcpt", "data"), [(("550 no such user",), ()), ((), ("554 no",))])
def test_a_server_that_says_never_is_not_asked_again(
    house: House, rcpt: tuple[str, ...], data: tuple[str, ...]
) -> None:
    receipt = accept(house)
    with mail_server(rcpt=rcpt, data=data) as server:
        courier = house.courier(server.port)
        courier.deliver_due()
        assert delivery(house, receipt).state == "dead"
        house.clock.forward(days=30)
        assert courier.deliver_due() == 0
        assert house.base.store.retry(receipt, house.clock.time) == 1
        assert courier.deliver_due() == 1
    assert delivery(house, receipt).state == "delivered"


def test_an_answer_that_gets_lost_makes_the_same_mail_again(house: House) -> None:
    receipt = accept(house)
    with mail_server(data=(MailServer.DROP,)) as server:
        courier = house.courier(server.port)
        courier.deliver_due()
        assert delivery(house, receipt).state == "retry"
        house.clock.forward(minutes=1)
        courier.deliver_due()
    assert delivery(house, receipt).state == "delivered"
    first, second = server.taken
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


def test_a_server_that_is_away_is_waited_for(house: House) -> None:
    receipt = accept(house)
    with mail_server() as server:
        port = server.port
    house.courier(port).deliver_due()
    assert delivery(house, receipt).state == "retry"
    assert "ConnectionRefusedError" in delivery(house, receipt).error


def test_one_of_two_recipients_refused_for_good_is_told_and_the_other_served_once(tmp_path: Path) -> None:
    two = BRAND + "bridge: {deliver: [{sink: smtp, to: [a@daon.example, b@daon.example]}]}\n"
    with open_house(write_centre(tmp_path, brand=two)) as house, mail_server(rcpt=("250 OK", "550 gone")) as server:
        receipt = accept(house)
        house.courier(server.port).deliver_due()
        served, refused = house.deliveries(receipt).values()
        assert (served.state, refused.state) == ("delivered", "dead")
        assert "550" in refused.error
        assert [recipients for _, recipients in server.arrivals] == [("a@daon.example",)]


def test_one_inquiry_that_breaks_us_does_not_stop_the_others(house: House) -> None:
    poison, good = accept(house, subject="poison"), accept(house)
    sent: list[str] = []

    def send(inquiry: Inquiry, _: str) -> None:
        if inquiry.subject == "poison":
            raise ValueError(inquiry.email)
        sent.append(inquiry.receipt)

    courier = Courier(house.base.store, send, house.base.outside)
    assert courier.deliver_due() == 2
    assert sent == [good]
    for minutes in (1, 5):
        house.clock.forward(minutes=minutes)
        courier.deliver_due()
    assert delivery(house, poison).state == "dead"
    assert delivery(house, poison).error.startswith("ValueError at test_delivery.py:")


def test_a_lease_that_expired_is_taken_up_again_and_its_late_end_not_believed(house: House) -> None:
    receipt = accept(house)
    store, now = house.base.store, house.clock.time
    first = store.lease(now, now + LEASE, "first")
    assert first is not None
    assert store.lease(now, now + LEASE, "second") is None
    house.clock.forward(seconds=LEASE.total_seconds())
    second = store.lease(house.clock.time, house.clock.time + LEASE, "second")
    assert second is not None
    assert (second.receipt, second.attempt) == (receipt, 2)
    assert not store.record(first, "dead", house.clock.time, error="late")
    assert store.record(second, "delivered", house.clock.time)
    assert delivery(house, receipt).state == "delivered"


def test_a_courier_killed_between_sending_and_recording(tmp_path: Path) -> None:
    """The process dies by SIGKILL with the mail in the server's hands; the delivery is made again, the same."""
    with open_house(write_centre(tmp_path)) as house:
        receipt = accept(house)
    with mail_server() as server:
        program = (
            "import os, signal, sys; from pathlib import Path; from bridge.delivery.courier import Courier\n"
            "from bridge.testing import open_house\n"
            "with open_house(Path(sys.argv[1])) as house:\n"
            "    real = house.courier(int(sys.argv[2]))\n"
            "    def send(inquiry, sink):\n"
            "        real.send(inquiry, sink)\n"
            "        os.kill(os.getpid(), signal.SIGKILL)\n"
            "    Courier(house.base.store, send, house.base.outside).deliver_due()\n"
        )
        killed = subprocess.run([sys.executable, "-c", program, str(tmp_path), str(server.port)], check=False)
        assert killed.returncode == -signal.SIGKILL
        with open_house(tmp_path) as house:
            assert delivery(house, receipt).state == "retry"
            assert house.courier(server.port).deliver_due() == 1
            assert delivery(house, receipt).state == "delivered"
    first, second = server.taken
    assert first["Message-ID"] == second["Message-ID"]


def test_threads_are_woken_at_once_and_finish_what_they_hold(tmp_path: Path) -> None:
    sent, go_on, in_hand = threading.Event(), threading.Event(), threading.Event()

    def send(_: Inquiry, __: str) -> None:
        in_hand.set()
        assert go_on.wait(10)
        sent.set()

    wake: list[CourierThreads] = []
    with open_house(write_centre(tmp_path), wake=lambda: wake[0].wake()) as house:  # noqa: PLW0108 -- not there yet
        threads = CourierThreads(Courier(house.base.store, send, Outside(now=house.clock)))
        wake.append(threads)
        threads.start()
        receipt = accept(house)
        assert in_hand.wait(4)  # sooner than a courier looks by itself
        go_on.set()
        assert threads.stop(10)
        assert sent.is_set()
        assert delivery(house, receipt).state == "delivered"


def test_a_sink_that_left_brand_yml_is_said(house: House) -> None:
    receipt = accept(house)
    dispatch = house.courier(25).send
    with pytest.raises(SinkError, match="no sink webhook any more"):
        dispatch(house.base.store.inquiry(receipt), "webhook")


def test_a_file_that_is_gone_is_said(house: House) -> None:
    receipt = accept(house)
    house.base.rooms.attachments.discard(house.files("attachments"))
    with mail_server() as server:
        house.courier(server.port).deliver_due()
    assert server.taken == []
    assert delivery(house, receipt).state == "dead"
    assert "a file is gone" in delivery(house, receipt).error
