"""One connection for many mails, and several servers: which of them is asked, and what they are told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from mailfaults import ALARM, greeting, second, states

from bridge.catchmail import caught
from bridge.delivery.courier import Courier, CourierThreads
from bridge.settings import Settings
from bridge.testing import BRAND, House, mail_server, open_house, write_centre


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(write_centre(tmp_path, brand=BRAND + ALARM)) as house:
        yield house


def test_many_mails_go_through_one_connection(house: House) -> None:
    """Forty each time the queue is looked at. `bench.bridge mails` says how fast."""
    with mail_server() as server:
        courier = house.courier(server.port, **second(server.port))
        for round_ in range(1, 4):
            receipts = [house.take() for _ in range(40)]
            assert courier.deliver_due() == 40
            assert (server.connections, server.resets) == (round_, 39 * round_)
            assert states(house, *receipts) == ["delivered"] * 40


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
