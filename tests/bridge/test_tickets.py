"""Ticket systems: each inquiry becomes one ticket with its files, whatever happens to an answer on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bridge.delivery.courier import Courier
from bridge.testing import BRAND, FORM, House, loopback_settings, open_house, web_server, write_centre
from bridge.web.app import create_app
from desks import Chatwoot, Desk, Freshdesk, GitHub, GitLab, Zammad, Zendesk

SYSTEMS: dict[str, tuple[type[Desk], str]] = {
    "zendesk": (Zendesk, "user: bot@daon.example"),
    "freshdesk": (Freshdesk, ""),
    "zammad": (Zammad, "group: 고객지원"),
    "chatwoot": (Chatwoot, "account: 1, inbox: 3"),
    "github": (GitHub, "repository: daon/help"),
    "gitlab": (GitLab, "project: daon/help"),
}
FILES = {"사업자등록증.pdf": b"%PDF-1.4 \x00\xff", "사진.png": b"\x89PNG" + bytes(range(256))}
every_system = pytest.mark.parametrize("name", SYSTEMS)


@contextmanager
def desk(root: Path, name: str, form: str = FORM) -> Iterator[tuple[House, Desk, Courier]]:
    kind, options = SYSTEMS[name]
    system = kind()
    with web_server(system) as server:
        entry = f"{{sink: {name}, url: '{server.url}', token: desk{', ' if options else ''}{options}}}"
        brand = f"{BRAND}bridge: {{deliver: [{entry}]}}\n"
        with open_house(write_centre(root, brand=brand, form=form)) as house:
            settings = loopback_settings(1, secrets={"desk": "hush"}, private_hosts="127.0.0.1")
            yield house, system, house.base.courier(settings)


def state(house: House, receipt: str, name: str) -> str:
    return house.deliveries(receipt)[name].state


@every_system
def test_an_inquiry_becomes_a_ticket_with_its_files(tmp_path: Path, name: str) -> None:
    with desk(tmp_path, name) as (house, system, courier):
        receipt = house.take(files=FILES)
        assert courier.deliver_due() == 1
        assert state(house, receipt, name) == "delivered"
        (filed,) = system.filed
        assert receipt in filed.title
        assert "언제 오나요" in filed.title
        for text in ("홍길동", "어제 온다고 했는데", "배송-지연"):
            assert text in filed.text
        assert filed.email == ("" if name in {"github", "gitlab"} else "hong@example.com")
        if name == "github":
            client = create_app(house.service).test_client()
            links = [line.strip() for line in filed.text.splitlines() if "/a/" in line]
            assert sorted(client.get(urlsplit(link).path).data for link in links) == sorted(FILES.values())
        else:
            assert filed.files == FILES


@every_system
def test_a_lost_answer_makes_no_second_ticket(tmp_path: Path, name: str) -> None:
    with desk(tmp_path, name) as (house, system, courier):
        system.lose_answer = True
        receipt = house.take(files=FILES)
        courier.deliver_due()
        assert state(house, receipt, name) == "retry"
        house.clock.forward(minutes=1)
        courier.deliver_due()
        assert state(house, receipt, name) == "delivered"
        assert len(system.filed) == 1
        other = house.take()
        courier.deliver_due()
        assert state(house, other, name) == "delivered"
        assert len(system.filed) == 2


@every_system
def test_a_wrong_token_is_tried_three_times(tmp_path: Path, name: str) -> None:
    with desk(tmp_path, name) as (house, system, courier):
        system.refuse = 401
        receipts = [house.take() for _ in range(6)]
        for _ in range(4):
            courier.deliver_due()
            house.clock.forward(hours=1)
        assert sum(house.deliveries(receipt)[name].attempts for receipt in receipts) == 3
        system.refuse = 0
        house.base.store.forget_door(None)
        courier.deliver_due()
        assert {state(house, receipt, name) for receipt in receipts} == {"delivered"}


@every_system
def test_what_a_person_has_to_mend_and_what_passes(tmp_path: Path, name: str) -> None:
    with desk(tmp_path, name) as (house, system, courier):
        for status, becomes in ((400, "dead"), (500, "retry"), (429, "retry"), (404, "retry")):
            system.refuse = status
            receipt = house.take()
            courier.deliver_due()
            assert state(house, receipt, name) == becomes
            assert str(status) in house.deliveries(receipt)[name].error


def test_files_that_are_too_large_become_links(tmp_path: Path) -> None:
    """Freshdesk takes 20 MB a ticket."""
    form = FORM.replace("max_files: 2, max_mb: 1", "max_files: 3, max_mb: 10").replace(
        "max_total_mb: 2", "max_total_mb: 25"
    )
    files = {f"{at}.zip": bytes([at]) * 9_000_000 for at in range(2)} | {"작은.txt": "작은".encode()}
    files["2.zip"] = files.pop("1.zip") + b"!" * 1_000
    with desk(tmp_path, "freshdesk", form) as (house, system, courier):
        receipt = house.take(files={**files})
        courier.deliver_due()
        assert state(house, receipt, "freshdesk") == "delivered"
        assert system.filed[0].files == files
    with desk(tmp_path / "b", "gitlab", form) as (house, system, courier):
        house.take(files=files)
        courier.deliver_due()
        assert set(system.filed[0].files) == {"작은.txt", "0.zip"}
        assert system.filed[0].text.count("/a/") == 1


def test_chatwoot_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with desk(tmp_path, "chatwoot") as (house, system, courier):
        assert isinstance(system, Chatwoot)
        system.break_at_message = True
        receipt = house.take()
        courier.deliver_due()
        house.clock.forward(minutes=1)
        courier.deliver_due()
        assert state(house, receipt, "chatwoot") == "delivered"
        assert (len(system.contacts), len(system.conversations), len(system.filed)) == (1, 1, 1)


def test_github_gets_nothing_in_a_public_repository(tmp_path: Path) -> None:
    with desk(tmp_path, "github") as (house, system, courier):
        assert isinstance(system, GitHub)
        system.private = False
        receipt = house.take()
        courier.deliver_due()
        assert state(house, receipt, "github") == "dead"
        assert system.filed == []


@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_text_mentions_nobody_where_markdown_is_drawn(tmp_path: Path, name: str) -> None:
    with desk(tmp_path, name) as (house, system, courier):
        house.take(message="```\n@everyone ![](http://evil.example/pixel)\n```")
        courier.deliver_due()
        assert system.filed[0].text.startswith("````text\n")


def test_gitlab_issues_are_confidential(tmp_path: Path) -> None:
    with desk(tmp_path, "gitlab") as (house, system, courier):
        house.take()
        courier.deliver_due()
        assert system.filed[0].more["confidential"] is True
