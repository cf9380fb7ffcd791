"""The SMTP sink over TLS, with a login, and against servers that will not talk to us."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from bridge.inquiry import Inquiry, StoredFile
from bridge.sinks import Parcel, SinkError, smtp
from bridge.testing import House, StillClock, loopback_settings, mail_server, open_house, write_centre

CERTIFICATE = Path(__file__).parent / "loopback.pem"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(write_centre(tmp_path)) as opened:
        yield opened


@pytest.fixture
def parcel(house: House) -> Parcel:
    centre = house.base.centre
    inquiry = Inquiry(
        "0000-0000-000", "daon", "ko", "inquiry", "문의하기", StillClock().time, "hong@example.com", "제목", "", ()
    )
    return Parcel(inquiry, centre.brands["daon"], centre.catalogues["ko"], lambda _: b"")


def send(house: House, parcel: Parcel, port: int, **settings: object) -> None:
    """Through a connection of its own."""
    equipment = house.equipment(loopback_settings(port, smtp_timeout=10, **settings))
    try:
        smtp.connect(smtp.Options(), parcel.brand, equipment).send(parcel)
    finally:
        equipment.servers.rest()


def context() -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(CERTIFICATE)
    return made


def authenticate(*given: object) -> AuthResult:
    login = given[-1]
    right = isinstance(login, LoginPassword) and (login.login, login.password) == (b"me", b"hush")
    return AuthResult(success=right, handled=False)


def test_starttls_with_a_login(house: House, parcel: Parcel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    server_side = mail_server(
        tls_context=context(), require_starttls=True, authenticator=authenticate, auth_required=True
    )
    with server_side as server:
        send(house, parcel, server.port, smtp_security="starttls", smtp_user="me", smtp_password="hush")
        assert len(server.taken) == 1
        with pytest.raises(SinkError, match="535") as refused:
            send(house, parcel, server.port, smtp_security="starttls", smtp_user="me", smtp_password="wrong")
        assert not refused.value.permanent  # a person mends the password; every mail waits
        with pytest.raises(SinkError, match="530") as refused:
            send(house, parcel, server.port, smtp_security="starttls")
        assert not refused.value.permanent
    assert len(server.taken) == 1


def test_implicit_tls(house: House, parcel: Parcel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with mail_server(ssl_context=context()) as server:
        send(house, parcel, server.port, smtp_security="tls")
    assert len(server.taken) == 1


def test_a_certificate_nobody_vouches_for_is_not_believed(house: House, parcel: Parcel) -> None:
    with mail_server(tls_context=context()) as server:
        with pytest.raises(SinkError, match="CERTIFICATE_VERIFY_FAILED") as refused:
            send(house, parcel, server.port, smtp_security="starttls")
        assert not refused.value.permanent
    assert server.taken == []


def test_a_server_without_starttls_gets_nothing_in_the_clear(house: House, parcel: Parcel) -> None:
    with mail_server() as server, pytest.raises(SinkError, match="STARTTLS"):
        send(house, parcel, server.port, smtp_security="starttls")
    assert server.taken == []


@pytest.mark.parametrize("greeting", [b"554 go away\r\n", b"421 busy\r\n", b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_a_server_that_does_not_want_to_talk_is_waited_for(house: House, parcel: Parcel, greeting: bytes) -> None:
    listening = socket.create_server(("127.0.0.1", 0))

    def greet() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.sendall(greeting)

    thread = threading.Thread(target=greet)
    thread.start()
    with listening, pytest.raises(SinkError) as refused:
        send(house, parcel, listening.getsockname()[1], smtp_security="none")
    thread.join()
    assert not refused.value.permanent


def test_a_large_mail_arrives_whole(house: House, parcel: Parcel) -> None:
    content = bytes(range(256)) * 4_000
    files = (StoredFile("0" * 32, "files", "큰 파일.zip", len(content), ""),)
    inquiry = Inquiry(**{**vars(parcel.inquiry), "files": files})
    with mail_server() as server:
        whole = Parcel(inquiry, parcel.brand, parcel.words, lambda _: content)
        send(house, whole, server.port, smtp_security="none")
    (attachment,) = server.taken[0].iter_attachments()
    assert attachment.get_filename() == "큰 파일.zip"
    assert attachment.get_content() == content
