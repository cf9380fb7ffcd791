"""Automatic replies say nothing that was typed, reach nobody who should not be written to, and end at their budgets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from bridge.inquiry import Delivery
from bridge.replying import FLOOR, PER_BRAND_AND_HOUR, PER_DOMAIN_AND_HOUR
from bridge.testing import ANSWERS, BRAND, House, mail_server, open_house, write_centre
from bridge.web.app import create_app
from portal_builder.promise import promise

FORM = "/f/daon/ko/inquiry"
JSON = {"Accept": "application/json"}
HOURS = "hours: {mon-fri: 09:30-17:30}\n"
LOOSE = "spam: {hold: false}\n"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(write_centre(tmp_path, own=HOURS + LOOSE)) as house:
        yield house


@pytest.fixture
def verifying(tmp_path: Path) -> Iterator[House]:
    with open_house(write_centre(tmp_path, own=HOURS + LOOSE + "reply: verify\n")) as house:
        yield house


def client_of(house: House) -> Client:
    return create_app(house.service).test_client()


def post(house: House, address: str = FORM, **answers: str) -> str:
    """The receipt number."""
    answer = client_of(house).post(address, data=ANSWERS | answers, headers=JSON)
    assert answer.status_code == 202, answer.text
    return str(answer.get_json()["receipt"])


def reply_of(house: House, receipt: str) -> Delivery | None:
    entry = house.base.store.entry(receipt)
    assert entry is not None
    return next((delivery for delivery in entry.deliveries if delivery.sink == "reply"), None)


def state_of(house: House, receipt: str) -> str:
    delivery = reply_of(house, receipt)
    assert delivery is not None
    return f"{delivery.state} {delivery.error}".strip()


def delivered(house: House, **server: Any) -> list[EmailMessage]:
    with mail_server(**server) as mails:
        house.courier(mails.port).deliver_due()
    return mails.taken


def to_customer(mails: list[EmailMessage]) -> EmailMessage:
    (mail,) = [mail for mail in mails if mail["Auto-Submitted"] == "auto-replied"]
    return mail


def text_of(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def links_of(mail: EmailMessage) -> dict[str, str]:
    """Paths of the links by what they are for."""
    found = re.findall(r"https://help\.daon\.example(/f/\S+)", text_of(mail, "plain"))
    return {(link.split("/")[6] if link.count("/") > 5 else "page"): link for link in found}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_reply_says_what_comes_now_and_nothing_that_was_typed(house: House, language: str) -> None:
    """Brand, number, promise, link: in both parts, in the customer's language. No name, subject or message."""
    hostile = {"name": "CANARYNAME", "subject": "CANARYSUBJECT <b>", "message": "CANARYTEXT http://evil.example"}
    receipt = post(house, f"/f/daon/{language}/inquiry", **hostile)
    mail = to_customer(delivered(house))
    assert mail["To"] == ANSWERS["email"]
    words = house.base.centre.catalogues[language]
    sentence = promise(house.base.centre.brands["daon"], words, house.clock.time)
    name = {"ko": "다온", "en": "Daon"}[language]
    for text in (text_of(mail, "plain"), text_of(mail, "html")):
        assert receipt in text
        assert sentence in text
        assert name in text
        assert f"https://help.daon.example/f/daon/{language}/inquiry/{receipt}" in text
    assert "CANARY" not in mail.as_string()
    assert "evil" not in mail.as_string()
    assert words.say("reply.title") in mail["Subject"]


def test_the_same_sentence_stands_on_the_form_on_the_receipt_and_in_the_mail(house: House) -> None:
    """Saturday noon in Seoul: Monday."""
    said = "영업일 기준 1일 이내, 11월 23일 (월)까지 답변드려요."
    client = client_of(house)
    assert said in client.get(FORM).text
    assert said == client.get(f"{FORM}/token").get_json()["promise"]
    receipt = post(house)
    assert said in client.get(f"{FORM}/{receipt}").text
    house.clock.forward(days=3)
    assert said in client.get(f"{FORM}/{receipt}").text
    house.clock.forward(days=-3)
    assert said in text_of(to_customer(delivered(house)), "plain")


def test_the_headers_keep_machines_from_answering(house: House) -> None:
    """RFC 3834; the reply threads with the team's mail; its number is the same at each attempt."""
    receipt = post(house)
    mails = delivered(house)
    mail = to_customer(mails)
    (team,) = [other for other in mails if other is not mail]
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Precedence"] == "auto_reply"
    assert mail["Message-ID"] == f"<{receipt}.reply@daon.example>"
    assert mail["References"] == mail["In-Reply-To"] == team["Message-ID"]
    assert mail["From"].addresses[0].domain == "daon.example"
    assert mail["Reply-To"].addresses[0].addr_spec == "help@daon.example"
    assert team["Auto-Submitted"] == "auto-generated"  # so that a help desk sends no second answer
    types = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert types == ["text/plain", "text/html"]


def test_a_brand_may_send_none_and_a_form_may_differ(tmp_path: Path) -> None:
    """`off` makes no delivery and leaves the answer to the help desk."""
    with open_house(write_centre(tmp_path, own=LOOSE + "reply: {default: off, other: verify}\n")) as house:
        assert reply_of(house, post(house)) is None
        (team,) = delivered(house)
        assert team["Auto-Submitted"] is None
        assert house.base.centre.brands["daon"].reply_mode("other") == "verify"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("help@daon.example", "own_address"),
        ("HELP@Daon.example", "own_address"),
        ("no-reply@shop.example", "role_address"),
        ("MAILER-DAEMON@shop.example", "role_address"),
        ("support+x@shop.example", "role_address"),
        ("list-request@shop.example", "role_address"),
    ],
)
def test_some_addresses_never_get_one(house: House, address: str, why: str) -> None:
    """Our own mailboxes and those that machines read; the team gets the inquiry as always."""
    receipt = post(house, email=address)
    assert state_of(house, receipt) == f"skipped {why}"
    assert len(delivered(house)) == 1


def test_one_address_gets_one_in_ten_minutes_and_three_a_day(house: House) -> None:
    """Also where the address is spelt another way each time."""
    seen = []
    for at, spelling in enumerate(("g.il@gmail.com", "gil+1@gmail.com", "GIL@googlemail.com", "gil@gmail.com")):
        for minute in (1, 5):
            seen.append(state_of(house, post(house, email=spelling, message=f"{at} {minute}")))
            house.clock.forward(minutes=minute)
        house.clock.forward(minutes=6)
    assert seen == ["queued", "skipped address_budget"] * 3 + ["skipped address_budget"] * 2
    house.clock.forward(days=1)
    assert state_of(house, post(house, email="gil@gmail.com")) == "queued"


def test_a_domain_has_a_budget_unless_everybody_is_there(tmp_path: Path) -> None:
    """30 within an hour to one company; mail providers are only bound by the brand's own budget."""
    with open_house(write_centre(tmp_path, own=LOOSE)) as house:
        _have_a_past(house, 168 * 12)
        for at in range(PER_DOMAIN_AND_HOUR + 1):
            last = state_of(house, post(house, email=f"u{at}@company.example", message=str(at)))
        assert last == "skipped domain_budget"
        for at in range(PER_BRAND_AND_HOUR - PER_DOMAIN_AND_HOUR):
            assert state_of(house, post(house, email=f"u{at}@naver.com", message=str(at))) == "queued"


def test_the_breaker_opens_and_inquiries_go_on(house: House) -> None:
    """Strangers' addresses by the hundred: replies end at the budget, the operator is told, nothing else is lost."""
    receipts = [post(house, email=f"stranger@d{at}.example", message=str(at)) for at in range(FLOOR + 40)]
    states = [state_of(house, receipt) for receipt in receipts]
    assert states == ["queued"] * FLOOR + ["skipped brand_budget"] * 40
    assert all(house.base.store.entry(receipt) for receipt in receipts)
    assert client_of(house).get("/healthz").get_json() == {"status": "attention"}
    assert "daon" in house.base.store.open_breakers(house.clock.time)
    assert _alarms(house) == [("breaker", "daon")]
    house.clock.forward(hours=25)
    assert client_of(house).get("/healthz").get_json() == {"status": "ok"}
    assert state_of(house, post(house, email="late@later.example")) == "queued"


def test_while_the_breaker_is_open_addresses_are_asked_to_be_confirmed(house: House) -> None:
    """`verify` takes over by itself: mails carry the button, the team is told that the address is not confirmed."""
    for at in range(FLOOR + 1):
        post(house, email=f"stranger@d{at}.example", message=str(at))
    delivered(house)
    house.clock.forward(hours=2)
    post(house, email="real@person.example")
    mails = delivered(house)
    assert "verify" in links_of(to_customer(mails))
    (team,) = [mail for mail in mails if mail["Auto-Submitted"] == "auto-generated"]
    assert "아직 확인하지 않았어요" in text_of(team, "plain")


def test_a_busy_brand_has_a_larger_budget(tmp_path: Path) -> None:
    """Five times its usual hour, and never more than 60."""
    with open_house(write_centre(tmp_path, own=LOOSE)) as house:
        _have_a_past(house, 168 * 100)
        states = [
            state_of(house, post(house, email=f"a@d{at}.example", message=str(at)))
            for at in range(PER_BRAND_AND_HOUR + 2)
        ]
    assert states == ["queued"] * PER_BRAND_AND_HOUR + ["skipped brand_budget"] * 2


def test_verify_is_a_link_that_only_asks_and_a_button_that_confirms(verifying: House) -> None:
    """Mail scanners open links: GET changes nothing. The inquiry went to the team at once, marked as unconfirmed."""
    receipt = post(verifying)
    mails = delivered(verifying)
    (team,) = [mail for mail in mails if mail["Auto-Submitted"] == "auto-generated"]
    assert "아직 확인하지 않았어요" in text_of(team, "plain")
    link, client = links_of(to_customer(mails))["verify"], client_of(verifying)
    page = client.get(link)
    assert page.status_code == 200
    assert '<form method="post"' in page.text
    assert _verified_at(verifying, receipt) is None
    assert client.post(link).status_code == 200
    assert _verified_at(verifying, receipt) == verifying.clock.time
    assert "확인됐어요" in client.get(link).text
    verifying.base.store.retry(receipt, verifying.clock.time)


def test_a_verified_address_is_said_to_the_team(verifying: House) -> None:
    """A mail that goes out after the customer has confirmed says so."""
    receipt = post(verifying)
    verifying.base.store.verify(receipt, verifying.clock.time)
    (team,) = [mail for mail in delivered(verifying) if mail["Auto-Submitted"] == "auto-generated"]
    assert "주소(hong@example.com)를 확인했어요" in text_of(team, "plain")


def test_whoever_did_not_write_gets_no_more(house: House) -> None:
    """GET asks, the button stops replies to this address, in every spelling and for every form."""
    post(house)
    link, client = links_of(to_customer(delivered(house)))["not-mine"], client_of(house)
    assert client.get(link).status_code == 200
    house.clock.forward(hours=1)
    assert state_of(house, post(house, message="2")) == "queued"
    assert "이제 보내지 않아요" in client.post(link).text
    house.clock.forward(hours=1)
    assert state_of(house, post(house, message="3", email="Hong@example.com")) == "skipped suppressed"
    (team, other) = delivered(house)  # the second inquiry's reply was queued before, and is not sent either
    assert {mail["Auto-Submitted"] for mail in (team, other)} == {"auto-generated"}


def test_links_of_other_inquiries_and_purposes_lead_nowhere(house: House) -> None:
    """A link is good for one inquiry and one thing, for thirty days."""
    first, second = post(house), post(house, message="2", email="other@else.example")
    link = links_of(delivered_to(house, ANSWERS["email"]))["not-mine"]
    client, token = client_of(house), link.rsplit("/", 1)[-1]
    for wrong in (
        f"{FORM}/{second}/not-mine/{token}",
        f"{FORM}/{first}/verify/{token}",
        f"{FORM}/{first}/not-mine/{token}x",
        f"{FORM}/{first}/not-mine/x",
    ):
        assert client.get(wrong).status_code == client.post(wrong).status_code == 404
    assert client.get(link).status_code == 200
    house.clock.forward(days=31)
    assert client.get(link).status_code == 404


def delivered_to(house: House, address: str) -> EmailMessage:
    (mail,) = [mail for mail in delivered(house) if mail["To"] == address]
    return mail


def test_an_address_that_is_refused_is_left_alone(house: House) -> None:
    """550 for the customer: no alarm, no second attempt, no further reply; the team has the inquiry."""
    receipt = post(house)
    with mail_server(rcpt=("250 OK", "550 no such user")) as server:
        house.courier(server.port).deliver_due()
    entry = house.base.store.entry(receipt)
    assert entry is not None
    assert {delivery.sink: delivery.state for delivery in entry.deliveries} == {"smtp": "delivered", "reply": "skipped"}
    assert client_of(house).get("/healthz").get_json() == {"status": "ok"}
    house.clock.forward(days=2)
    assert state_of(house, post(house, message="2")) == "skipped suppressed"


def test_a_mail_server_that_is_away_is_tried_again_for_a_day(house: House) -> None:
    """And then no more: a confirmation of yesterday's inquiry confirms nothing."""
    receipt = post(house)
    with mail_server(rcpt=("250 OK", "451 later")) as server:
        house.courier(server.port).deliver_due()
        assert state_of(house, receipt).startswith("retry")
        house.clock.forward(hours=25)
        house.courier(server.port).deliver_due()
    assert state_of(house, receipt) == "skipped too_late"


def test_the_receipt_page_says_whether_a_mail_comes(house: House) -> None:
    """With the half hidden address where one comes, and not at all where none does."""
    words = house.base.centre.catalogues["ko"]
    client = client_of(house)
    assert words.say("receipt.email") in client.get(f"{FORM}/{post(house)}").text
    none = post(house, email="no-reply@shop.example", message="2")
    assert words.say("receipt.email") not in client.get(f"{FORM}/{none}").text


def test_what_is_typed_cannot_become_markup_in_a_brand_s_mail(tmp_path: Path) -> None:
    """Names of brands go through Jinja's escaping, whoever wrote them."""
    odd = BRAND.replace("ko: 다온", 'ko: "<b>다온</b> & Co"')
    with open_house(write_centre(tmp_path, brand=odd, own=LOOSE)) as house:
        post(house)
        html = text_of(to_customer(delivered(house)), "html")
    assert "<b>" not in html
    assert "&lt;b&gt;다온&lt;/b&gt; &amp; Co" in html


def _verified_at(house: House, receipt: str) -> object:
    entry = house.base.store.entry(receipt)
    assert entry is not None
    return entry.verified_at


def _alarms(house: House) -> list[tuple[str, str]]:
    with house.base.store.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT kind, subject FROM alarms")
        return [(kind, subject) for kind, subject in rows]


def _have_a_past(house: House, replies: int) -> None:
    """So many replies within the last week, none of them within the last hour."""
    at = house.clock.time.replace(tzinfo=None)
    with house.base.store.database.transaction() as connection:
        connection.exec_driver_sql(
            "INSERT INTO replies_sent (address_hash, domain, brand, at) "
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
            "SELECT 'h' || i, 'past.example', 'daon', datetime(?, '-' || (2 + i % 160) || ' hours')||'.000000' FROM n",
            (replies, at.isoformat(" ")),
        )
