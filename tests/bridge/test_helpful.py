"""Whether articles helped: counted on either database, from both kinds of browser, about articles that are there alone;
nothing about who said so. And what the report makes of it."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner, Result
from werkzeug.test import Client

from bridge.cli import commands
from bridge.feedback import ANSWERS, Total
from bridge.inquiry import Screening, Tag
from bridge.settings import Settings
from bridge.store import Store, open_store
from bridge.store.tables import feedback
from bridge.testing import House, open_house, sample_inquiry, write_centre
from bridge.web.app import create_app
from portal_builder.catalogue import load_tool_words
from support import article as text
from support import write_tree

HERE = "/helpful/daon/ko"
JSON = {"Accept": "application/json"}
REFUND = {"article": "faq/billing/refund", "answer": "yes"}
DAY = date(2026, 11, 21)
TEXTS = {
    "content/faq/billing/refund.ko.md": text(),
    "content/faq/billing/index.ko.md": text(),
    "content/faq/billing/card.md": text(),
    f"content/faq/{unicodedata.normalize('NFD', '반품')}.ko.md": text(),
    "content/replies/reply.ko.md": text(),
    "content/.drafts/secret.ko.md": text(),
    "scheduled/notices/pause.ko.md": text(),
    "secret.ko.md": text(),
}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(write_tree(write_centre(tmp_path), TEXTS)) as house:
        yield house


@pytest.fixture
def client(house: House) -> Client:
    return create_app(house.service).test_client()


def counted(house: House) -> dict[tuple[str, str, str], int]:
    return {(one.language, one.article, one.answer): one.count for one in house.base.store.feedback()}


def test_counts_add_up_on_either_database(where: Path | str) -> None:
    """Also where many say the same at once; brand, language, day and answer are kept apart, days are included."""
    with closing(open_store(where)) as store:
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(lambda _: store.count_feedback("daon", "ko", "faq/a", DAY, "yes"), range(40)))
        store.count_feedback("daon", "ko", "faq/a", DAY + timedelta(days=1), "yes")
        store.count_feedback("daon", "ko", "faq/a", DAY, "no")
        store.count_feedback("daon", "en", "faq/a", DAY, "yes")
        store.count_feedback("lumi", "ko", "faq/a", DAY, "yes")
        assert store.feedback("daon") == (
            Total("daon", "en", "faq/a", "yes", 1),
            Total("daon", "ko", "faq/a", "no", 1),
            Total("daon", "ko", "faq/a", "yes", 41),
        )
        assert [one.count for one in store.feedback("daon", DAY, DAY)] == [1, 1, 40]
        assert [one.count for one in store.feedback("daon", DAY + timedelta(days=1))] == [1]
        assert store.feedback(None, None, DAY - timedelta(days=1)) == ()
        assert len(store.feedback()) == 4


def test_nothing_says_who_it_was(house: House, client: Client) -> None:
    """No cookie, and no column that could hold an address or a time."""
    answer = client.post(HERE, data=REFUND, headers=JSON, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert answer.status_code == 204
    assert "Set-Cookie" not in answer.headers
    assert set(feedback.columns.keys()) == {"brand", "language", "article", "day", "answer", "count"}
    for file in house.base.data.path.rglob("*"):
        assert not file.is_file() or b"192.0.2.7" not in file.read_bytes()


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_script_gets_no_content(house: House, client: Client, answer: str) -> None:
    for number in (1, 2):
        assert client.post(HERE, data=REFUND | {"answer": answer}, headers=JSON).status_code == 204
        assert counted(house) == {("ko", "faq/billing/refund", answer): number}


def test_without_javascript_yes_is_thanked_for(house: House, client: Client) -> None:
    """The page leads back to the article within the brand's portal, whatever the request says."""
    evil = {"Referer": "https://evil.example/x", "X-Forwarded-Host": "evil.example"}
    page = client.post(f"{HERE}?next=//evil.example", data=REFUND, headers=evil)
    assert page.status_code == 200
    assert "알려 주셔서 고맙습니다" in page.text
    assert 'href="https://help.daon.example/ko/faq/billing/refund/"' in page.text
    assert "evil" not in page.text
    assert counted(house) == {("ko", "faq/billing/refund", "yes"): 1}


def test_without_javascript_no_asks_why(house: House, client: Client) -> None:
    """Three buttons that post to the same address, and the way to a person; the reason is counted beside the no."""
    page = client.post(HERE, data=REFUND | {"answer": "no"}).text
    assert f'action="{HERE}"' in page
    assert 'name="article" value="faq/billing/refund"' in page
    assert [f'value="{reason}"' in page for reason in ("unclear", "wrong", "other")] == [True] * 3
    assert 'href="https://help.daon.example/ko/contact/"' in page
    assert "고맙습니다" in client.post(HERE, data=REFUND | {"answer": "wrong"}).text
    refund = "faq/billing/refund"
    assert counted(house) == {("ko", refund, "no"): 1, ("ko", refund, "wrong"): 1}


def test_a_day_is_the_brands(house: House, client: Client) -> None:
    """20:00 in London is the next morning in Seoul."""
    house.clock.time = house.clock.time.replace(hour=20)
    client.post(HERE, data=REFUND)
    assert house.base.store.feedback(since=DAY, until=DAY) == ()
    assert len(house.base.store.feedback(since=DAY + timedelta(days=1))) == 1


@pytest.mark.parametrize(
    ("language", "given", "known"),
    [
        ("ko", "faq/billing/card", "faq/billing/card"),
        ("en", "faq/billing/card", "faq/billing/card"),
        ("ko", "notices/pause", "notices/pause"),
        ("ko", quote("faq/반품"), "faq/반품"),
        ("ko", "faq/반품", "faq/반품"),
    ],
)
def test_articles_as_their_pages_name_them(house: House, client: Client, language: str, given: str, known: str) -> None:
    """An address is percent-encoded; a file may wait in scheduled/, name no language, be written by another system."""
    assert client.post(f"/helpful/daon/{language}", data={"article": given, "answer": "yes"}).status_code == 200
    assert counted(house) == {(language, known, "yes"): 1}


@pytest.mark.parametrize(
    "given",
    [
        "faq/billing/nothing", "faq/billing/index", "faq/billing", "refund", "secret", "../secret", "faq/../../secret",
        "faq/%2e%2e/%2e%2e/secret", "faq/%252e%252e/secret", "content/../secret", "/etc/passwd", "//evil.example/a",
        "faq//billing/refund", "faq/billing/refund/", "faq/billing/refund.ko", "faq/billing/refund.ko.md",
        ".drafts/secret", "replies/reply", "faq\\billing\\refund", "faq/billing/refund\0", "faq/billing/refund\n",
        "faq/billing/refund?x",
        "C:/secret", "faq/" + "x" * 177, "faq/" + "환" * 170, "faq/%ff%fe", "", " ", "<script>/alert(1)",
    ],
)  # fmt: skip  # a list of attacks
def test_what_is_no_article_is_not_counted(house: House, client: Client, given: str) -> None:
    """Kindly, and the same whatever else may be there."""
    for headers in ({}, JSON):
        answer = client.post(HERE, data={"article": given, "answer": "yes"}, headers=headers)
        assert answer.status_code == 404
        assert "찾는 페이지가 없어요" in (answer.get_json()["error"] if headers else answer.text)
    assert counted(house) == {}


def test_what_cannot_be_understood_is_said_kindly(house: House, client: Client) -> None:
    """Answers, bodies, methods, brands and languages that do not exist; with the way to reach the brand."""
    urlencoded = "application/x-www-form-urlencoded"
    assert client.get(HERE).status_code == 405
    assert set(client.get(HERE).headers["Allow"].split(", ")) == {"OPTIONS", "POST"}
    assert client.post("/helpful/nobody/ko", data=REFUND).status_code == 404
    assert client.post("/helpful/daon/ja", data=REFUND).status_code == 404
    assert client.post("/helpful/daon/en", data=REFUND).status_code == 404  # there is no English text
    for answer in ("maybe", "", "YES"):
        assert client.post(HERE, data=REFUND | {"answer": answer}).status_code == 400
    for body, kind, status in (
        (b"", urlencoded, 400),
        (b"answer=yes", urlencoded, 400),
        (b"article=\xff", urlencoded, 400),
        (b"x" * 5_000, urlencoded, 413),
        (b"x", "multipart/form-data; boundary=x", 400),
        (b"{}", "application/json", 415),
    ):
        page = client.post(HERE, data=body, content_type=kind)
        assert page.status_code == status
        assert "help@daon.example" in page.text
    assert counted(house) == {}


def test_a_foreign_page_counts_nothing_and_reads_nothing(house: House, client: Client) -> None:
    """The portal on its own host may do both."""
    for origin in ("https://evil.example", "null"):
        answer = client.post(HERE, data=REFUND, headers=JSON | {"Origin": origin})
        assert answer.status_code == 400
        assert "Access-Control-Allow-Origin" not in answer.headers
    assert counted(house) == {}
    ours = client.post(HERE, data=REFUND, headers=JSON | {"Origin": "https://help.daon.example"})
    assert ours.status_code == 204
    assert ours.headers["Access-Control-Allow-Origin"] == "https://help.daon.example"
    assert "Origin" in ours.headers["Vary"]


def test_one_address_cannot_vote_all_day(tmp_path: Path) -> None:
    """The third within the time is told to come back, and can still send an inquiry."""
    root = write_tree(write_centre(tmp_path), TEXTS)
    with open_house(root, settings=Settings(limit_address="2 per hour")) as house:
        client = create_app(house.service).test_client()
        here = {"REMOTE_ADDR": "192.0.2.7"}
        answers = [client.post(HERE, data=REFUND, headers=JSON, environ_base=here) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [204, 204, 429]
        assert int(answers[-1].headers["Retry-After"]) > 0
        other = client.post(HERE, data=REFUND, headers=JSON, environ_base={"REMOTE_ADDR": "192.0.2.8"})
        assert other.status_code == 204
        assert counted(house) == {("ko", "faq/billing/refund", "yes"): 3}
        assert client.post("/f/daon/ko/inquiry", data={"name": "x"}, environ_base=here).status_code == 422


def test_a_brand_that_does_not_ask_counts_nothing(tmp_path: Path) -> None:
    root = write_tree(write_centre(tmp_path, own="features: {helpful: false}\n"), TEXTS)
    with open_house(root) as house:
        assert create_app(house.service).test_client().post(HERE, data=REFUND).status_code == 404


# -- the report --------------------------------------------------------------------------------------------------


def fill(store: Store) -> None:
    """Articles with much, little and no praise; inquiries of two days, one of them held as suspicious."""
    for article, said in {
        "faq/good": {"yes": 9, "no": 1, "other": 1},
        "faq/bad": {"yes": 1, "no": 4, "unclear": 3, "wrong": 1},
        "faq/few": {"no": 1},
    }.items():
        for answer, count in said.items():
            for _ in range(count):
                store.count_feedback("daon", "ko", article, DAY, answer)
    store.count_feedback("lumi", "ko", "faq/=SUM(A1)", DAY + timedelta(days=9), "yes")
    tags = (Tag("=HYPERLINK(1)", "negative"), Tag("배송-지연", "neutral"))
    store.accept(sample_inquiry(0), ["smtp"], "a")
    store.accept(sample_inquiry(1, tags=tags, received_at=sample_inquiry().received_at + timedelta(days=1)), [], "b")
    store.accept(sample_inquiry(2, brand="lumi", tags=()), [], "c")
    store.accept(sample_inquiry(3), [], "d", screening=Screening(("no_token",)))


@pytest.fixture
def root(house: House) -> Path:
    fill(house.base.store)
    return house.base.centre.root


def run(root: Path, *arguments: str, language: str = "en") -> Result:
    group = commands(load_tool_words(language))
    return CliRunner().invoke(group, ["report", "--root", str(root), *arguments])


def test_the_report_as_json(root: Path) -> None:
    """What needs work first; what is held is not counted; an inquiry with two causes is in both."""
    tree = json.loads(run(root, "--json").stdout)
    assert [(one["article"], one["share"]) for one in tree["articles"]] == [
        ("faq/bad", 0.2), ("faq/good", 0.9), ("faq/few", 0.0), ("faq/=SUM(A1)", 1.0),
    ]  # fmt: skip  # a list of pairs
    assert tree["articles"][0] == {
        "brand": "daon", "language": "ko", "article": "faq/bad", "yes": 1, "no": 4, "share": 0.2,
        "unclear": 3, "wrong": 1, "other": 0,
    }  # fmt: skip  # one line of the report
    inquiries = tree["inquiries"]
    assert inquiries["total"] == 3
    assert inquiries["forms"][0] == {"brand": "daon", "language": "ko", "form": "inquiry", "count": 2}
    causes = {(one["brand"], one["cause"], one["polarity"]): one["count"] for one in inquiries["causes"]}
    assert causes == {
        ("daon", "배송-지연", "negative"): 1, ("daon", "배송-지연", "neutral"): 1,
        ("daon", "=HYPERLINK(1)", "negative"): 1,
    }  # fmt: skip  # as above
    assert inquiries["days"] == [
        {"day": "2026-11-21", "brand": "daon", "count": 1},
        {"day": "2026-11-21", "brand": "lumi", "count": 1},
        {"day": "2026-11-22", "brand": "daon", "count": 1},
    ]


def test_the_report_of_a_brand_and_a_period(root: Path) -> None:
    tree = json.loads(run(root, "--json", "--brand", "daon", "--since", "2026-11-22", "--until", "2026-11-30").stdout)
    assert (tree["brand"], tree["since"], tree["until"]) == ("daon", "2026-11-22", "2026-11-30")
    assert tree["articles"] == []
    assert tree["inquiries"]["total"] == 1
    assert json.loads(run(root, "--json", "--until", "2020-01-01").stdout)["inquiries"]["total"] == 0


def test_the_report_for_spreadsheets(root: Path) -> None:
    """One table, Korean in Excel, no formula in any cell."""
    printed = run(root, "--csv").stdout
    assert printed.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(printed.removeprefix("\ufeff"))))
    assert [row["section"] for row in rows] == ["article"] * 4 + ["form"] * 2 + ["cause"] * 3 + ["day"] * 3
    assert rows[0]["share"] == "0.2"
    assert "'=HYPERLINK(1)" in {row["cause"] for row in rows}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert run(root, "--csv", "--json").exit_code == 2


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("ko", ("글이 도움이 되었나요?", "도움됨", "이해하기 어려움", "문의 3건", "성향", "부정")),
        ("en", ("Did this help?", "helped", "hard to understand", "Inquiries: 3", "mood", "negative")),
    ],
)
def test_the_report_for_people(root: Path, language: str, says: tuple[str, ...]) -> None:
    done = run(root, language=language)
    assert done.exit_code == 0
    for words in says:
        assert words in done.stdout
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines if "faq/" in line] == ["20%", "90%", "0%", "100%"]
    assert "문의하기" not in done.stdout
    assert "hong@example.com" not in done.stdout


def test_a_report_before_anything_came(tmp_path: Path) -> None:
    """Looking makes no database."""
    root = write_centre(tmp_path)
    assert "No reader has answered" in run(root).stdout
    assert json.loads(run(root, "--json").stdout)["articles"] == []
    assert not (root / "var").exists()
