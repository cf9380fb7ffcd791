"""What a mail server can do to us (docs/reliability.md, R5 to R15): each inquiry arrives once, or a person is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from mailfaults import ALARM, greeting, second, states, text_of

from bridge.inquiry import Answer
from bridge.testing import BRAND, House, mail_server, open_house, write_centre
from bridge.web.app import create_app


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(write_centre(tmp_path, brand=BRAND + ALARM)) as house:
        yield house


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
