"""Files that a mail server takes, and those it does not (docs/reliability.md, R10): all of them reach the team."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from mailfaults import states, text_of

from bridge.testing import FORM, House, MailServer, mail_server, open_house, write_centre
from bridge.web.app import create_app

LARGE = FORM.replace("max_files: 2, max_mb: 1", "max_files: 5, max_mb: 10").replace(
    "max_total_mb: 2", "max_total_mb: 25"
)
POSTFIX = 10_240_000
"""What Postfix takes unless it is told otherwise."""
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
