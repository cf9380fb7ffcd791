"""Spam is held and never thrown away, customers are not held, and whoever is limited is told so kindly."""

from __future__ import annotations

import base64
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from altcha.v2 import Challenge, Payload, solve_challenge
from click.testing import CliRunner
from letters import Letter, letters, robots
from werkzeug.test import Client, TestResponse

from bridge.cli import commands
from bridge.screening.content_rules import content_reasons
from bridge.settings import Settings
from bridge.testing import ANSWERS, BRAND, House, open_house, write_centre
from bridge.web.app import create_app
from portal_builder.brand import Spam
from portal_builder.catalogue import load_tool_words
from portal_builder.form_view import trap_name

FORM = "/f/daon/ko/inquiry"
JSON = {"Accept": "application/json"}
JAPANESE = BRAND.replace("[ko, en]", "[ko, en, ja]")
FREE = Settings(limit_address="off", limit_form="off", limit_all="off")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(write_centre(tmp_path, own="reply: ack\n"), settings=FREE) as house:
        yield house


@pytest.fixture
def client(house: House) -> Client:
    return create_app(house.service).test_client()


def send(client: Client, data: dict[str, str], **headers: str) -> TestResponse:
    return client.post(FORM, data=ANSWERS | data, headers=JSON | headers)


def held(house: House, answer: TestResponse) -> list[str]:
    """Why the inquiry of an answer is held; the answer itself is the same success for all."""
    assert answer.status_code == 202, answer.text
    assert set(answer.get_json()) == {"receipt", "url"}
    return list(house.base.store.held(answer.get_json()["receipt"]))


def states(house: House, receipt: str) -> list[str]:
    entry = house.base.store.entry(receipt)
    assert entry is not None
    return sorted(f"{delivery.sink} {delivery.state}" for delivery in entry.deliveries)


# -- how it came -------------------------------------------------------------------------------------------------


def test_a_page_with_javascript_passes(house: House, client: Client) -> None:
    """Token fetched when the form is used, three seconds, sent: nothing is held, and the reply is due."""
    token = client.get(f"{FORM}/token").get_json()
    house.clock.forward(seconds=token["wait"])
    answer = send(client, {"_token": token["token"]})
    assert held(house, answer) == []
    assert states(house, answer.get_json()["receipt"]) == ["reply queued", "smtp queued"]


def test_robots_are_held_with_the_reason(house: House, client: Client) -> None:
    """No token, a forged one, another form's, an old one, too fast, a second time, the field nobody sees."""
    trap = trap_name(house.base.centre.forms["inquiry"], house.base.centre.brands["daon"])
    assert held(house, send(client, {"message": "1"})) == ["no_token"]
    assert held(house, send(client, {"message": "2", "_token": "x"})) == ["bad_token"]
    assert held(house, send(client, {"message": "3", "_token": house.token()[:-1]})) == ["bad_token"]
    other = house.service.tokens.for_form("daon/other")
    assert held(house, send(client, {"message": "4", "_token": other})) == ["bad_token"]
    fresh = house.service.tokens.for_form("daon/inquiry")
    assert held(house, send(client, {"message": "5", "_token": fresh})) == ["too_fast"]
    used = house.token()
    assert held(house, send(client, {"message": "6", "_token": used})) == []
    assert held(house, send(client, {"message": "7", "_token": used})) == ["used_token"]
    assert held(house, send(client, {"message": "8", "_token": house.token(), trap: "http://x.example"})) == ["trap"]
    old = house.token()
    house.clock.forward(hours=24)
    assert held(house, send(client, {"message": "9", "_token": old})) == ["bad_token"]


def test_a_retry_with_its_key_is_not_a_second_use(house: House, client: Client) -> None:
    """The answer was lost, the page sends all of it again: the same number, and still not held."""
    data = {"_token": house.token(), "_key": "key-of-the-page"}
    first, second = send(client, data), send(client, data)
    assert first.get_json() == second.get_json()
    assert held(house, second) == []


def test_the_trap_differs_from_form_to_form_and_is_hidden_by_its_place(house: House, client: Client) -> None:
    """Neither display:none nor type=hidden, out of the tab order, not filled in by browsers, empty for people."""
    brand, form = house.base.centre.brands["daon"], house.base.centre.forms["inquiry"]
    page = client.get(FORM).text
    (field,) = re.findall(rf'<input[^>]*name="{trap_name(form, brand)}"[^>]*>', page)
    assert 'tabindex="-1"' in field
    assert 'autocomplete="off"' in field
    assert "hidden" not in field


def test_what_is_held_gets_no_delivery_and_no_reply(house: House, client: Client) -> None:
    """Until somebody releases it; then the team gets it, and no late reply goes out."""
    receipt = send(client, {}).get_json()["receipt"]
    assert states(house, receipt) == ["smtp held"]
    assert house.base.store.lease(house.clock.time, house.clock.time, "t") is None
    page = client.get(f"{FORM}/{receipt}")
    assert page.status_code == 200
    assert receipt in page.text
    assert house.base.store.let_go(receipt, house.clock.time) == 1
    assert states(house, receipt) == ["smtp queued"]
    assert house.base.store.let_go(receipt, house.clock.time) == 0


def test_the_inbox_shows_why_and_releases(house: House, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """`inbox --held`, as words and as JSON; `inbox release`."""
    receipt = send(client, {"message": "오늘만 바카라 카지노"}).get_json()["receipt"]
    send(client, {"_token": house.token()})
    root = str(house.base.centre.root)
    monkeypatch.setenv("HAEDAP_DATA", str(house.base.data.path))
    group, run = commands(load_tool_words("en")), CliRunner()
    told = run.invoke(group, ["inbox", "--held", "--root", root]).output
    assert receipt in told
    assert "without the page's token" in told
    assert "words of advertising" in told
    listed = json.loads(run.invoke(group, ["inbox", "--held", "--json", "--root", root]).output)
    assert [(entry["receipt"], entry["held"]) for entry in listed] == [(receipt, ["no_token", "words"])]
    assert "1 delivery" in run.invoke(group, ["inbox", "release", receipt, "--root", root]).output
    assert "Nothing is held" in run.invoke(group, ["inbox", "--held", "--root", root]).output
    assert "is not held" in run.invoke(group, ["inbox", "release", receipt, "--root", root]).output


# -- without JavaScript ------------------------------------------------------------------------------------------


def test_without_javascript_an_inquiry_is_kept_and_then_confirmed(house: House, client: Client) -> None:
    """Kept at once, so that nobody is lost; one page, one button, two seconds; then it is on its way with its reply."""
    answer = client.post(FORM, data=ANSWERS)
    assert answer.status_code == 303
    assert answer.location.endswith("/confirm")
    receipt = answer.location.split("/")[-2]
    assert house.base.store.held(receipt) == ("unconfirmed",)
    page = client.get(answer.location)
    (token,) = re.findall(r'name="_token" value="([^"]+)"', page.text)
    assert receipt in page.text
    soon = client.post(answer.location, data={"_token": token})
    assert "한 번 더 눌러 주세요" in soon.text
    house.clock.forward(seconds=2)
    done = client.post(answer.location, data={"_token": token})
    assert (done.status_code, done.location) == (303, f"{FORM}/{receipt}")
    assert states(house, receipt) == ["reply queued", "smtp queued"]
    assert client.get(answer.location).location == f"{FORM}/{receipt}"
    assert client.post(answer.location, data={"_token": token}).location == f"{FORM}/{receipt}"
    again = client.post(FORM, data=ANSWERS)
    assert again.location == f"{FORM}/{receipt}"  # a reload within ten minutes


def test_a_forged_confirmation_confirms_nothing(house: House, client: Client) -> None:
    """A token of another inquiry or none at all: the page asks again."""
    receipt = client.post(FORM, data=ANSWERS).location.split("/")[-2]
    other = house.service.tokens.for_inquiry("confirm", "0000-0000-000")
    house.clock.forward(seconds=5)
    for token in ("", "x", other):
        assert client.post(f"{FORM}/{receipt}/confirm", data={"_token": token}).status_code == 200
    assert house.base.store.held(receipt) == ("unconfirmed",)


def test_confirming_does_not_excuse_what_else_is_wrong(house: House, client: Client) -> None:
    """The button strikes out one reason; the sender sees the receipt all the same."""
    trap = trap_name(house.base.centre.forms["inquiry"], house.base.centre.brands["daon"])
    where = client.post(FORM, data=ANSWERS | {trap: "x"}).location
    (token,) = re.findall(r'name="_token" value="([^"]+)"', client.get(where).text)
    house.clock.forward(seconds=3)
    assert client.post(where, data={"_token": token}).status_code == 303
    receipt = where.split("/")[-2]
    assert house.base.store.held(receipt) == ("trap",)
    assert states(house, receipt) == ["smtp held"]


def test_a_form_the_bridge_drew_needs_no_confirmation(house: House, client: Client) -> None:
    """Its token is three seconds old when somebody has filled it in; sooner, the page asks."""
    token = re.findall(r'name="_token" value="([^"]+)"', client.get(FORM).text)[0]
    house.clock.forward(seconds=3)
    assert not client.post(FORM, data=ANSWERS | {"_token": token}).location.endswith("/confirm")
    token = re.findall(r'name="_token" value="([^"]+)"', client.get(FORM).text)[0]
    assert client.post(FORM, data=ANSWERS | {"_token": token, "message": "soon"}).location.endswith("/confirm")
    faulty = client.post(FORM, data=ANSWERS | {"email": ""})
    assert re.search(r'name="_token" value="[^"]+"', faulty.text)


# -- proof of work, origins, limits ------------------------------------------------------------------------------


def test_proof_of_work(tmp_path: Path) -> None:
    """Where a brand asks for it: done once it passes; missing, wrong, old, another form's or used it is held."""
    with open_house(write_centre(tmp_path, own="reply: off\nspam: {proof: true}\n"), settings=FREE) as house:
        client = create_app(house.service).test_client()

        def proof(form: str = "daon/inquiry") -> str:
            return solved(house.service.proofs.task(form))

        def reasons(number: int, text: str) -> list[str]:
            return held(house, send(client, {"message": str(number), "_token": house.token(), "_proof": text}))

        task = client.get(f"{FORM}/token").get_json()["proof"]
        right = solved(task)
        assert reasons(1, right) == []
        assert reasons(2, right) == ["used_proof"]
        assert reasons(3, "") == ["no_proof"]
        assert reasons(4, right[:-8]) == ["no_proof"]
        assert reasons(5, proof("daon/other")) == ["no_proof"]
        cheap = json.loads(base64.b64decode(proof()))
        cheap["challenge"]["parameters"]["keyPrefix"] = ""
        assert reasons(6, base64.b64encode(json.dumps(cheap).encode()).decode()) == ["no_proof"]
        old = proof()
        house.clock.forward(minutes=10)
        assert reasons(7, old) == ["no_proof"]
        for junk in ("e30=", "bnVsbA==", "W10=", base64.b64encode(b'{"challenge": {"parameters": 1}}').decode()):
            assert reasons(hash(junk), junk) == ["no_proof"]


def solved(task: Mapping[str, object]) -> str:
    challenge = Challenge.from_dict(dict(task))
    solution = solve_challenge(challenge)
    assert solution is not None
    return Payload(challenge, solution).to_base64()


@pytest.mark.parametrize(
    ("origin", "is_ours"),
    [
        (None, True),
        ("https://help.daon.example", True),
        ("http://localhost", True),  # the bridge's own host, as the client of this test calls it
        ("https://localhost", True),  # a proxy that speaks TLS for us
        ("null", False),
        ("", False),
        ("http://help.daon.example", False),
        ("https://help.daon.example.evil.example", False),
        ("https://help.daon.example:8443", False),
        ("https://evil.example", False),
        ("https://evil.example/https://help.daon.example", False),
        ("HTTPS://HELP.DAON.EXAMPLE", False),
    ],
)
def test_twelve_origins(house: House, client: Client, origin: str | None, is_ours: bool) -> None:
    """Pages of others may not read, and what they send is held; there is no cookie that they could ride."""
    headers: dict[str, str] = {} if origin is None else {"Origin": origin}
    answer = send(client, {"_token": house.token()}, **headers)
    assert held(house, answer) == ([] if is_ours else ["origin"])
    readable = answer.headers.get("Access-Control-Allow-Origin")
    assert readable == (origin if origin == "https://help.daon.example" else None)
    plain = client.post(FORM, data=ANSWERS | {"_token": house.token(), "message": "2"}, headers=headers)
    assert plain.location.endswith("/confirm") is not is_ours
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(("language", "says"), [("ko", "분 뒤에 다시"), ("en", "send it again in"), ("ja", "分後に")])
def test_a_limit_explains_itself(tmp_path: Path, language: str, says: str) -> None:
    """429 with the time to wait and the brand's address, as a page in the customer's language and as JSON."""
    settings = Settings(limit_address="2 per 10 minutes", proxy_hops=1)
    from_there = {"X-Forwarded-For": "192.0.2.1"}
    with open_house(write_centre(tmp_path, brand=JAPANESE, own=""), settings=settings) as house:
        client = create_app(house.service).test_client()
        address = f"/f/daon/{language}/inquiry"
        for at in range(2):
            assert client.post(address, data=ANSWERS | {"message": str(at)}, headers=from_there).status_code == 303
        page = client.post(address, data=ANSWERS, headers=from_there)
        assert page.status_code == 429
        assert says in page.text
        assert "help@daon.example" in page.text
        assert 0 < int(page.headers["Retry-After"]) <= 600
        answer = client.post(address, data=ANSWERS, headers=JSON | from_there)
        assert answer.status_code == 429
        tree = answer.get_json()
        assert set(tree) == {"error", "retry_after"}
        assert "help@daon.example" in tree["error"]
        assert client.post(address, data=ANSWERS, headers={"X-Forwarded-For": "192.0.2.2"}).status_code == 303


def test_a_flooded_form_stays_open(tmp_path: Path) -> None:
    """An attacker must not close a form for everybody: what comes is kept, and looked at first."""
    with open_house(write_centre(tmp_path, own=""), settings=Settings(limit_form="3 per hour")) as house:
        client = create_app(house.service).test_client()
        reasons = [held(house, send(client, {"message": str(at), "_token": house.token()})) for at in range(5)]
    assert reasons == [[], [], [], ["flood"], ["flood"]]


def test_all_together_have_a_limit(tmp_path: Path) -> None:
    """So that a disk is not filled in an afternoon; a brand that holds nothing is not limited either."""
    limit = Settings(limit_all="2 per hour")
    with open_house(write_centre(tmp_path, own=""), settings=limit) as house:
        client = create_app(house.service).test_client()
        assert [send(client, {"message": str(at)}).status_code for at in range(3)] == [202, 202, 429]
    with open_house(write_centre(tmp_path / "other"), settings=limit) as house:
        client = create_app(house.service).test_client()
        assert [send(client, {"message": str(at)}).status_code for at in range(3)] == [202, 202, 202]


@pytest.mark.parametrize(
    ("hops", "said", "counted"),
    [
        (0, ["198.51.100.1", "198.51.100.2", "198.51.100.3"], 1),  # nobody is believed: all is the connection's
        (1, ["198.51.100.1, 203.0.113.9", "198.51.100.2, 203.0.113.9", "x, 203.0.113.9"], 1),  # the last hop counts
        (1, ["203.0.113.1", "203.0.113.2", "203.0.113.3"], 3),
        (2, ["198.51.100.7, 203.0.113.1, 10.0.0.1", "198.51.100.8, 203.0.113.1, 10.0.0.1"], 1),
        (1, ["2001:db8:1:2::1", "2001:db8:1:2:ffff::2", "2001:db8:1:2:3:4:5:6"], 1),  # one customer line is a /64
        (1, ["2001:db8:1:2::1", "2001:db8:1:3::1"], 2),
        (1, ["192.0.2.1", "::ffff:192.0.2.1", "::ffff:c000:201"], 1),
    ],
)
def test_nobody_talks_their_way_around_the_limit(tmp_path: Path, hops: int, said: list[str], counted: int) -> None:
    """X-Forwarded-For counts from the configured proxies only; made up addresses are the same customer."""
    settings = Settings(limit_address="1 per hour", proxy_hops=hops)
    with open_house(write_centre(tmp_path, own=""), settings=settings) as house:
        client = create_app(house.service).test_client()
        taken = [
            client.post(
                FORM,
                data=ANSWERS | {"message": str(at)},
                headers=JSON | {"X-Forwarded-For": value},
                environ_base={"REMOTE_ADDR": "10.9.9.9"},
            ).status_code
            for at, value in enumerate(said)
        ]
    assert taken.count(202) == counted
    assert set(taken) <= {202, 429}


# -- what it says ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("http://a.example http://b.example http://c.example", ()),
        ("http://a.example http://b.example http://c.example www.d.example", ("links",)),
        ("카지노 칩 세트가 깨져서 왔어요", ()),
        ("토토로 인형 재입고 문의합니다", ()),
        ("바 카 라 추천 먹튀 없음", ("words",)),
        ("카지노 안내 텔레그램 @lucky", ("words",)),
        ("Здравствуйте, хотим предложить услуги", ("script",)),
        ("주문자 이름이 Иван 입니다. 배송이 언제 오는지 알려 주세요.", ()),
        ("ご注文の商品がまだ届きません", ()),
        ("我的订单还没有收到,请帮忙查一下", ()),
        ("우리 브랜드 금지어 입니다", ("words",)),
    ],
)
def test_content_rules(text: str, reasons: tuple[str, ...]) -> None:
    """Each rule with what it is for, and with what a customer might write."""
    assert content_reasons([text], ["ko", "en"], Spam(words=("금지어",))) == reasons


def test_a_circular_letter_is_held_from_its_fourth_sender_on(house: House, client: Client) -> None:
    """Also with other digits, spaces and signs; a few words that many people write are no circular letter."""
    text = "저희 회사는 좋은 조건으로 사무용품을 납품하고 있습니다."
    text += " 견적이 필요하시면 언제든지 편하게 연락 바랍니다! 담당자 올림, 서울 가상구 담음로에서 드림 {n}"

    def reasons(message: str) -> list[list[str]]:
        return [
            held(
                house,
                send(client, {"_token": house.token(), "email": f"a{n}@b{n}.example", "message": message.format(n=n)}),
            )
            for n in range(5)
        ]

    assert reasons(text) == [[], [], [], ["repeated"], ["repeated"]]
    assert reasons("환불해 주세요 {n}") == [[]] * 5


def test_robots_are_held_and_customers_are_not(
    house: House, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    """The figures: at least 90 % of 210 robots' posts held, at most 0.5 % of 500 customers', none thrown away."""
    chance = random.Random(20261122)  # noqa: S311 -- invents letters, guards nothing
    customers = [_from_a_page(house, client, letter) for letter in letters(500, chance)]
    captured = house.token()  # what a robot once saw a browser send
    caught = [
        (robot.way, _from_a_robot(house, client, robot.way, robot.letter, captured)) for robot in robots(210, chance)
    ]
    wrongly = [why for why in customers if why]
    rightly = [way for way, why in caught if why]
    ways = Counter(way for way, _ in caught)
    with capsys.disabled():  # the figures are the point of it
        sys.stdout.write(f"\nrobots held: {len(rightly)} of {len(caught)} ({len(rightly) / len(caught):.1%}), by way: ")
        sys.stdout.write(", ".join(f"{way} {Counter(rightly)[way]}/{count}" for way, count in ways.items()))
        sys.stdout.write(f"\ncustomers held: {len(wrongly)} of {len(customers)} {wrongly}; thrown away: 0\n")
    assert len(house.base.store.entries(limit=2000)) == 710
    assert len(rightly) >= 0.9 * len(caught)
    assert len(wrongly) <= 0.005 * len(customers)


def _from_a_page(house: House, client: Client, letter: Letter) -> list[str]:
    house.clock.forward(seconds=20)
    answers = {"name": letter.name, "email": letter.email, "subject": letter.subject, "message": letter.message}
    return held(house, send(client, answers | {"_token": house.token(), "_key": letter.email}))


def _from_a_robot(house: House, client: Client, way: str, letter: Letter, captured: str) -> list[str]:
    house.clock.forward(seconds=2)
    answers = {"name": letter.name, "email": letter.email, "subject": letter.subject, "message": letter.message}
    trap = trap_name(house.base.centre.forms["inquiry"], house.base.centre.brands["daon"])
    if way == "plain":
        where = client.post(FORM, data=ANSWERS | answers).location
        return list(house.base.store.held(where.split("/")[-2 if where.endswith("confirm") else -1]))
    if way == "replay":
        own = {"_token": captured}
    elif way == "fast":
        own = {"_token": house.service.tokens.for_form("daon/inquiry")}
    else:
        own = {"_token": house.token()} | ({trap: "https://spam.example"} if way == "trap" else {})
    return held(house, send(client, answers | own))
