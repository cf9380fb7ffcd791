"""Notices in chat rooms tell that an inquiry is there, and nothing that a customer wrote."""

from __future__ import annotations

import importlib
import json
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bridge.settings import SettingsError
from bridge.testing import ANSWERS, BRAND, House, loopback_settings, open_house, web_server, write_centre

SECRET = ("홍길동", "hong@example.com", "언제 오나요", "어제 온다고", "영수증")


def brand_with(sink: str) -> str:
    return f"{BRAND}bridge: {{deliver: [{{sink: {sink}, url: room}}], alarm: [{{sink: {sink}, url: room}}]}}\n"


def give_up(house: House) -> None:
    lease = house.base.store.lease(house.clock.time, house.clock.time + timedelta(hours=1), "me")
    assert lease is not None
    assert house.base.store.record(lease, "dead", house.clock.time, error="550 hong@example.com")


def test_jandi_is_told_as_its_documentation_asks(tmp_path: Path) -> None:
    with (
        web_server(lambda _: (200, {}, b"{}")) as server,
        open_house(write_centre(tmp_path, brand=brand_with("jandi"))) as house,
    ):
        settings = loopback_settings(1, secrets={"room": f"{server.url}/connect"}, private_hosts="127.0.0.1")
        receipt = house.take("en", files={"영수증.pdf": b"1"}, **ANSWERS)
        courier = house.base.courier(settings)
        courier.deliver_due()
        (asked,) = server.asked
        assert asked.headers["accept"] == "application/vnd.tosslab.jandi-v2+json"
        tree = json.loads(asked.body)
        assert tree["body"] == "[다온] 새 문의가 왔습니다"
        assert tree["connectColor"] == "#1f6f54"
        said = {one["title"]: one["description"] for one in tree["connectInfo"]}
        assert said["접수 번호"] == receipt
        assert said["분류"] == "배송-지연 (negative)"
        assert not any(secret in asked.body.decode() for secret in SECRET)
        assert house.deliveries(receipt)["jandi"].state == "delivered"
        house.take()
        give_up(house)
        courier.watch()
        assert not any(secret in server.asked[-1].body.decode() for secret in SECRET)
        assert "포기" in server.asked[-1].body.decode()


def test_rooms_that_apprise_knows_are_told(tmp_path: Path) -> None:
    """Mattermost stands for all: it is one that may be on loopback."""
    with (
        web_server(lambda _: (200, {}, b"ok")) as server,
        open_house(write_centre(tmp_path, brand=brand_with("chat"))) as house,
    ):
        room = f"mmost://127.0.0.1:{server.url.rpartition(':')[2]}/3ccdd113474722377935511fc85d3dd4"
        courier = house.base.courier(loopback_settings(1, secrets={"room": room}))
        receipt = house.take(files={"영수증.pdf": b"1"})
        courier.deliver_due()
        said = json.loads(server.asked[0].body)["text"]
        assert receipt in said
        assert "새 문의가 왔습니다" in said
        assert not any(secret in said for secret in SECRET)
        server.answers = lambda _: (500, {}, b"")
        failed = house.take()
        courier.deliver_due()
        assert house.deliveries(failed)["chat"].state == "retry"


def test_without_apprise_it_is_said_at_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with (
        open_house(write_centre(tmp_path, brand=brand_with("chat"))) as house,
        pytest.raises(SettingsError) as caught,
    ):
        house.base.courier(loopback_settings(1, secrets={"room": "json://localhost"}))
    assert "pip install 'haedap[chat]'" in str(caught.value.faults["HAEDAP_SECRETS__ROOM"])


def test_apprise_is_only_loaded_where_it_is_asked_for() -> None:
    """It brings a hundred services along."""
    source = Path(str(importlib.import_module("bridge.sinks.chat").__file__)).read_text("utf-8")
    assert "import apprise" not in source
