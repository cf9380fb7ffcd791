"""What a customer sends is kept before it is thanked for, comes back whole when it is wrong, and is taken once."""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from bridge.testing import ANSWERS, House, open_house, write_centre
from bridge.testing import FORM as FORM_FILE
from bridge.web.app import create_app

FORM = "/f/daon/ko/inquiry"
JSON = {"Accept": "application/json"}
PDF = b"%PDF-1.4 a small file"


@pytest.fixture
def house(tmp_path: Path, where: Path | str) -> Iterator[House]:
    write_centre(tmp_path)
    (tmp_path / "content/forms/other.yml").write_text(FORM_FILE, "utf-8")
    with open_house(tmp_path, where=where) as house:
        yield house


@pytest.fixture
def client(house: House) -> Client:
    return create_app(house.service).test_client()


def post(client: Client, data: dict[str, Any], address: str = FORM, **more: Any) -> TestResponse:
    return client.post(address, data=data, content_type="multipart/form-data", **more)


def file(name: str = "사업자등록증.pdf", content: bytes = PDF) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def kept_tokens(response: TestResponse) -> list[str]:
    return re.findall(r'name="files\.kept" value="([^"]+)"', response.text)


def test_a_plain_post_is_stored_and_sent_to_its_receipt(house: House, client: Client) -> None:
    response = post(client, ANSWERS | {"files": file(), "_page": "/daon/ko/faq/"})
    assert response.status_code == 303
    receipt = response.location.rsplit("/", 1)[-1]
    entry = house.base.store.entry(receipt)
    assert entry is not None
    assert [answer.shown for answer in entry.inquiry.answers][:3] == [("배송",), ("홍길동",), ("hong@example.com",)]
    assert entry.inquiry.page == "/daon/ko/faq/"
    assert [tag.cause for tag in entry.inquiry.tags] == ["배송-지연"]
    assert [(stored.name, house.base.vault.read(stored.id)) for stored in entry.inquiry.files] == [
        ("사업자등록증.pdf", PDF)
    ]
    assert [delivery.state for delivery in entry.deliveries] == ["queued"]


def test_the_receipt_page_opens_again_however_the_number_is_typed(client: Client) -> None:
    address = post(client, ANSWERS).location
    receipt = address.rsplit("/", 1)[-1]
    for typed in (receipt, receipt.lower(), receipt.replace("-", "")):
        page = client.get(f"{FORM}/{typed}")
        assert page.status_code == 200
        assert receipt in page.text
        assert "ho***@example.com" in page.text
        assert "hong@example.com" not in page.text


def test_unknown_and_malformed_numbers_look_the_same(client: Client) -> None:
    unknown, malformed = client.get(f"{FORM}/0000-0000-000"), client.get(f"{FORM}/nonsense")
    assert unknown.status_code == malformed.status_code == 404
    assert unknown.text == malformed.text


def test_a_receipt_is_shown_by_its_own_form_only(client: Client) -> None:
    receipt = post(client, ANSWERS).location.rsplit("/", 1)[-1]
    assert client.get(f"/f/daon/ko/other/{receipt}").status_code == 404
    assert client.get("/f/daon/ko/other").status_code == 200
    assert client.get(f"/f/daon/en/inquiry/{receipt}").status_code == 200


def test_faults_come_back_with_every_answer_and_file(client: Client) -> None:
    wrong = ANSWERS | {"email": "nowhere", "message": '"><script>alert(1)</script>'}
    response = post(client, wrong | {"files": file()})
    assert response.status_code == 422
    assert "홍길동" in response.text
    assert "&lt;script&gt;alert(1)" in response.text
    assert "<script>alert" not in response.text
    assert "사업자등록증.pdf" in response.text
    assert len(kept_tokens(response)) == 1


def test_a_kept_file_is_sent_with_the_next_post(house: House, client: Client) -> None:
    (token,) = kept_tokens(post(client, ANSWERS | {"email": "", "files": file()}))
    receipt = post(client, ANSWERS | {"files.kept": token}).location.rsplit("/", 1)[-1]
    inquiry = house.base.store.inquiry(receipt)
    assert [(stored.name, house.base.vault.read(stored.id)) for stored in inquiry.files] == [("사업자등록증.pdf", PDF)]


def test_a_kept_file_can_be_dropped(house: House, client: Client) -> None:
    (token,) = kept_tokens(post(client, ANSWERS | {"email": "", "files": file()}))
    receipt = post(client, ANSWERS | {"files.kept": token, "files.drop": token}).location.rsplit("/", 1)[-1]
    assert house.base.store.inquiry(receipt).files == ()
    assert house.files("kept") == []


def test_a_kept_file_that_is_gone_or_forged_is_asked_for_again(house: House, client: Client) -> None:
    (token,) = kept_tokens(post(client, ANSWERS | {"email": "", "files": file()}))
    house.base.rooms.kept.discard(house.files("kept"))
    for bad in (token, token[:-3] + "abc", "../../etc/passwd"):
        response = post(client, ANSWERS | {"files.kept": bad}, headers=JSON)
        assert [(fault["field"], fault["code"]) for fault in response.get_json()["faults"]] == [("files", "file_again")]


def test_leftovers_are_swept_away_after_a_day(house: House, client: Client) -> None:
    post(client, ANSWERS | {"email": "", "files": file()})
    assert len(house.files("kept")) == 1
    house.clock.time = house.clock.time.replace(year=2099)
    post(client, ANSWERS)
    assert house.files("kept") == []


def test_a_file_that_may_not_be_sent_is_not_kept(client: Client) -> None:
    response = post(
        client, ANSWERS | {"files": [file("run.exe"), file("empty.pdf", b""), file("big.pdf", b"x" * 1_000_001)]}
    )
    assert response.status_code == 422
    assert kept_tokens(response) == []


def test_json_contract(client: Client) -> None:
    accepted = post(client, ANSWERS, headers=JSON)
    assert accepted.status_code == 202
    tree = accepted.get_json()
    assert set(tree) == {"receipt", "url"}
    assert tree["url"] == f"{FORM}/{tree['receipt']}"
    returned = post(client, {"topic": "x"}, "/f/daon/en/inquiry", headers=JSON)
    assert returned.status_code == 422
    faults = returned.get_json()["faults"]
    assert [set(fault) for fault in faults] == [{"field", "code", "message"}] * 4
    assert faults[0] == {"field": "topic", "code": "choice", "message": "Please choose “Topic” from the list again."}
    missing = client.post("/f/daon/en/nothing", headers=JSON)
    assert missing.status_code == 404
    assert set(missing.get_json()) == {"error"}


def test_every_fault_has_words_in_every_language(house: House) -> None:
    codes = (
        "required choose consent choice too_long pattern email phone date order_number file_missing file_empty "
        "file_type file_too_big files_too_many files_too_big file_again"
    )
    for words in house.base.centre.catalogues.values():
        assert {f"form.error.{code}" for code in codes.split()} <= words.words.keys()


def test_the_same_key_gives_the_same_number_and_one_row(house: House, client: Client) -> None:
    key = {"_key": "0b1c2d3e-1111-2222-3333-444455556666"}
    first, second = (post(client, ANSWERS | key | {"files": file()}, headers=JSON) for _ in range(2))
    other_language = post(client, ANSWERS | key | {"files": file()}, "/f/daon/en/inquiry", headers=JSON)
    assert first.get_json()["receipt"] == second.get_json()["receipt"] == other_language.get_json()["receipt"]
    assert len(house.base.store.entries()) == 1
    assert len(house.files("attachments")) == 1


def test_the_same_key_with_other_words_is_never_lost(house: House, client: Client) -> None:
    """A page that is gone back to sends its old key with new answers: another inquiry, thanked with its own number."""
    key = {"_key": "0b1c2d3e-1111-2222-3333-444455556666"}
    first = post(client, ANSWERS | key, headers=JSON).get_json()["receipt"]
    second = post(client, ANSWERS | key | {"message": "다른 이야기"}, headers=JSON).get_json()["receipt"]
    assert first != second
    assert len(house.base.store.entries()) == 2
    invalid = post(client, ANSWERS | key | {"email": ""}, headers=JSON)
    assert invalid.status_code == 422


def test_the_same_key_from_many_threads_at_once_is_one_inquiry(house: House) -> None:
    app, start = create_app(house.service), threading.Barrier(8)
    receipts: list[str] = []

    def send() -> None:
        client = app.test_client()
        data = ANSWERS | {"_key": "same-key-for-all", "files": file()}
        start.wait()
        receipts.append(post(client, data, headers=JSON).get_json()["receipt"])

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receipts) == 8
    assert len(set(receipts)) == 1
    assert len(house.base.store.entries()) == 1
    assert len(house.files("attachments")) == 1


def test_without_a_key_two_posts_are_two_inquiries(house: House, client: Client) -> None:
    assert post(client, ANSWERS).location != post(client, ANSWERS | {"_key": "bad key!"}).location
    assert len(house.base.store.entries()) == 2


@pytest.mark.parametrize(
    ("page", "referrer", "kept"),
    [
        ("https://daon.example/a?b=c", "", "https://daon.example/a?b=c"),
        ("javascript:alert(1)", "https://daon.example/from", "https://daon.example/from"),
        ("", "http://localhost/f/daon/ko/inquiry", ""),
        ("//evil.example", "", ""),
        ("/a\r\nX-Evil: 1", "", "/a X-Evil: 1"),
        ("/" + "x" * 2000, "", "/" + "x" * 498 + "…"),
    ],
)
def test_the_page_a_customer_came_from(house: House, client: Client, page: str, referrer: str, kept: str) -> None:
    post(client, ANSWERS | {"_page": page}, headers={"Referer": referrer} if referrer else {})
    assert house.base.store.entries()[0].inquiry.page == kept


def test_nothing_a_customer_writes_reaches_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    canaries = {name: f"canary{name}" for name in ("name", "subject", "message")}
    with caplog.at_level("DEBUG"):
        post(client, ANSWERS | canaries | {"email": "canary@mail.example", "files": file("canaryfile.pdf")})
        post(client, ANSWERS | canaries | {"email": "canaryemail", "files": file("canaryfile.pdf")})
    assert "accepted" in caplog.text
    assert "returned" in caplog.text
    assert "canary" not in caplog.text
    assert json.dumps(caplog.text).isascii()
