"""What is over goes, with its files and its pages in the database, and is proved; what was not delivered is never
let go unsaid."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from werkzeug.test import Client

from bridge.archive import Archive
from bridge.cli import commands
from bridge.keeper import due_before
from bridge.records.export import safe_cell
from bridge.records.retention import Report, Rules, rules_of
from bridge.settings import Settings
from bridge.store.people import Choice, buried, records, traces
from bridge.store.retention import HELD_BACK, log_rows, verify
from bridge.store.tables import alarms, deliveries, inquiries, purge_log, tombstones
from bridge.testing import ANSWERS, FORM, House, StillClock, mail_server, open_house, write_centre
from bridge.web.app import create_app
from portal_builder.speech import tool_words

FORM_ADDRESS = "/f/daon/ko/inquiry"
CANARY = "카나리아7f3a91"


@pytest.fixture
def house(tmp_path: Path, where: Path | str) -> Iterator[House]:
    with open_house(with_news(tmp_path), where=where) as house:
        yield house


def with_news(root: Path, extra: str = "") -> Path:
    """The usual form, whose files are kept for 10 days and whose news box is a consent of its own."""
    form = FORM.replace("max_mb: 1,", "max_mb: 1, retention_days: 10,").replace(
        "max_total_mb: 2\n", f"max_total_mb: 2\n{extra}"
    )
    box = (
        "  - name: news\n    type: consent\n    label: {ko: 소식 받기, en: News}\n"
        "    privacy: {purpose: 소식, items: 이메일, retention: 거둘 때까지, refusal: 문의와 무관}\n"
    )
    return write_centre(root, form=form.replace("max_total_mb", f"{box}max_total_mb"))


def post(house: House, *, files: int = 0, **more: str) -> str:
    client: Client = create_app(house.service).test_client()
    data: dict[str, Any] = ANSWERS | more
    data["files"] = [(io.BytesIO(f"{CANARY} {at}".encode()), f"{CANARY}-{at}.txt") for at in range(files)]
    answer = client.post(FORM_ADDRESS, data=data, headers={"Accept": "application/json"})
    assert answer.status_code == 202, answer.text
    return str(answer.json["receipt"]) if answer.json else ""


def deliver(house: House, rcpt: tuple[str, ...] = ()) -> None:
    with mail_server(rcpt=rcpt) as server:
        house.courier(server.port).deliver_due()


def archive(house: House) -> Archive:
    return Archive(house.base.store, house.base.rooms, house.base.outside, owner=True)


def purge(house: House, *, days: Mapping[str, int] | None = None, undelivered_days: int | None = None) -> Report:
    own = rules_of(house.base.centre, Settings())
    rules = Rules(days or own.days, own.held_days, undelivered_days)
    return archive(house).purge().run(rules, house.clock(), "by_hand")


def alarmed(house: House) -> list[tuple[str, str]]:
    with house.base.store.database.reading() as connection:
        rows = connection.execute(sa.select(alarms.c.subject, alarms.c.detail).where(alarms.c.kind == HELD_BACK))
        return [(row.subject, row.detail.partition(" ")[0]) for row in rows]


def receipts(house: House) -> set[str]:
    return {entry.inquiry.receipt for entry in house.base.store.entries()}


def verified(house: House) -> tuple[int, str]:
    with house.base.store.database.reading() as connection:
        return verify(connection)


def test_the_day_it_is_over_and_not_before(house: House) -> None:
    """Days run from delivery, not from receipt; the tombstone says the day and nothing else."""
    receipt = post(house)
    house.clock.forward(days=3)
    deliver(house)
    house.clock.forward(days=179, hours=23)
    assert purge(house).gone == ()
    house.clock.forward(hours=1)
    assert purge(house).gone == ((receipt, "retention"),)
    assert receipts(house) == set()
    with house.base.store.database.reading() as connection:
        (grave,) = connection.execute(sa.select(tombstones)).mappings()
    assert (grave["receipt"], grave["brand"], grave["form"], grave["why"]) == (receipt, "daon", "inquiry", "retention")
    assert grave["received_at"].strftime("%H:%M:%S") == "00:00:00"


def test_files_go_before_their_inquiry(house: House) -> None:
    """Attachments have days of their own; the inquiry stays and can be read."""
    receipt = post(house, files=2)
    deliver(house)
    house.clock.forward(days=10)
    report = purge(house)
    assert (report.gone, report.files) == ((), 2)
    assert house.files("attachments") == []
    entry = house.base.store.entry(receipt)
    assert entry is not None
    assert entry.inquiry.files == ()
    assert verified(house) == (1, "")


def test_what_was_told_counts_not_what_the_form_says_later(tmp_path: Path, where: Path | str) -> None:
    """A longer time said later does not bind who was told a shorter one; a shorter one said later is for all."""
    with open_house(with_news(tmp_path, "retention_days: 30\n"), where=where) as house:
        receipt = post(house)
        deliver(house)
        house.clock.forward(days=31)
        assert purge(house, days={"inquiry": 3650}).gone == ((receipt, "retention"),)
        receipt = post(house)
        deliver(house)
        house.clock.forward(days=21)
        assert purge(house, days={"inquiry": 20}).gone == ((receipt, "retention"),)


@pytest.mark.parametrize("answer", ["550 no such user", "451 later"])
def test_what_was_not_delivered_is_held_back_and_said(house: House, answer: str) -> None:
    """Dead or waiting: it stays past its time until somebody closes it, or the rule for such inquiries lets it go."""
    receipt = post(house)
    deliver(house, rcpt=(answer,))
    house.clock.forward(days=400)
    report = purge(house)
    assert (report.gone, report.held_back) == ((), (receipt,))
    with house.base.store.database.reading() as connection:
        assert [row.counts[HELD_BACK] for row in log_rows(connection)] == [1]
    assert purge(house, undelivered_days=500).held_back == (receipt,)
    assert purge(house, undelivered_days=400).gone == ((receipt, "undelivered"),)


def test_somebody_is_told_of_it_once_and_again_when_it_grows(house: House) -> None:
    """An alarm a brand; it goes when nothing is held back any more."""
    for count in (1, 2):
        post(house)
        deliver(house, rcpt=("550 no",))
        house.clock.forward(days=200)
        for _ in range(2):
            purge(house)
            assert alarmed(house) == [("daon/purge", str(count))]
    for receipt in receipts(house):
        house.base.store.done(receipt, house.clock())
    purge(house)
    assert alarmed(house) == []


def test_a_person_may_close_what_was_not_delivered(house: House) -> None:
    """Closing stops its deliveries and begins its days."""
    receipt = post(house)
    deliver(house, rcpt=("550 no",))
    house.clock.forward(days=400)
    assert house.base.store.done(receipt, house.clock())
    assert house.base.store.count("dead") == 0
    house.clock.forward(days=179)
    assert purge(house).gone == ()
    house.clock.forward(days=1)
    assert purge(house).gone == ((receipt, "retention"),)


def test_held_ones_have_days_of_their_own(house: House) -> None:
    receipt = post(house)
    with house.base.store.database.transaction() as connection:
        connection.execute(sa.update(deliveries).values(state="held", next_at=None))
    house.clock.forward(days=29)
    assert purge(house).gone == ()
    house.clock.forward(days=1)
    assert purge(house).gone == ((receipt, "held"),)


def test_an_automatic_reply_that_bounced_holds_nothing_back(house: House) -> None:
    receipt = post(house)
    deliver(house)
    with house.base.store.database.transaction() as connection:
        way = {"receipt": receipt, "sink": "reply", "state": "dead", "attempts": 1, "error": "550"}
        connection.execute(sa.insert(deliveries), way | {"queued_at": house.clock()})
    house.clock.forward(days=180)
    assert purge(house).gone == ((receipt, "retention"),)


def row(at: int, received_at: datetime) -> dict[str, Any]:
    """An inquiry as the database holds it."""
    names = ("title", "email", "subject", "page")
    own = {"receipt": f"{at:04}-0000-000", "brand": "daon", "language": "ko", "form": "inquiry"}
    return own | dict.fromkeys(names, "") | {"answers": [], "tags": [], "received_at": received_at}


def test_more_than_a_batch(house: House) -> None:
    """Several transactions, each with its own row of the log; those held back in between are passed over."""
    with house.base.store.database.transaction() as connection:
        rows = [row(at, house.clock() + timedelta(seconds=at // 3)) for at in range(450)]
        connection.execute(sa.insert(inquiries), rows)
        way = {"sink": "smtp", "state": "dead", "attempts": 9, "error": "x", "queued_at": house.clock()}
        waiting = [way | {"receipt": one["receipt"]} for one in rows[::10]]
        connection.execute(sa.insert(deliveries), waiting)
    house.clock.forward(days=200)
    dry = archive(house).purge().overdue(rules_of(house.base.centre, Settings()), house.clock())
    report = purge(house)
    assert (len(report.gone), len(report.held_back)) == (405, 45)
    assert dry.gone == report.gone
    assert dry.held_back == report.held_back
    assert verified(house) == (3, "")
    assert len(receipts(house)) == 45


@pytest.mark.parametrize("wrong", ["changed", "missing", "tombstones"])
def test_the_log_shows_what_was_done_to_it(house: House, wrong: str) -> None:
    """A row that was changed, a row that was left out, a tombstone that is gone: each is found, with its row."""
    for _ in range(3):
        post(house)
        deliver(house)
        house.clock.forward(days=180)
        purge(house)
    assert verified(house) == (3, "")
    with house.base.store.database.transaction() as connection:
        if wrong == "changed":
            connection.execute(sa.update(purge_log).where(purge_log.c.id == 2).values(counts={"inquiries": 0}))
        elif wrong == "missing":
            connection.execute(sa.delete(purge_log).where(purge_log.c.id == 2))
        else:
            gone = sa.select(purge_log.c.at).where(purge_log.c.id == 2).scalar_subquery()
            connection.execute(sa.delete(tombstones).where(tombstones.c.purged_at == gone))
    assert verified(house) == (1, wrong)


def test_nothing_of_it_is_left_on_the_disk(tmp_path: Path) -> None:
    """Every byte below the data folder is read: no answer, no name, no file of what was deleted."""
    with open_house(with_news(tmp_path)) as house:
        for at in range(12):
            post(
                house, files=1, message=f"{CANARY} {at} " + "긴 글 " * 1000, email=f"{CANARY.encode().hex()}@x.example"
            )
        deliver(house)
        needles = [CANARY.encode(), CANARY.encode("unicode_escape"), CANARY.encode().hex().encode()]
        assert any(needle in data(tmp_path) for needle in needles)
        house.clock.forward(days=180)
        report = purge(house)
        assert (len(report.gone), report.files, report.cleaned) == (12, 12, True)
        for needle in needles:
            assert needle not in data(tmp_path)


def data(root: Path) -> bytes:
    return b"".join(file.read_bytes() for file in (root / "var").rglob("*") if file.is_file())


def test_everything_of_one_person(house: House) -> None:
    """The address in any case; also where a further question asks for one; mentions in others' words are only told."""
    own = [post(house, email="Hong@Example.com"), post(house, email="hong@example.com", files=1)]
    post(house, email="kim@example.com")
    mention = post(house, email="lee@example.com", message="hong@example.com 대신 문의드려요")
    found = traces(house.base.store.database, " HONG@example.COM")
    assert set(found.own) == set(own)
    assert found.mentioned == (mention,)
    deliver(house)
    report = archive(house).purge().erase(found.own, house.clock())
    assert {receipt for receipt, _ in report.gone} == set(own)
    assert report.files == 1
    assert house.files("attachments") == []
    assert traces(house.base.store.database, "hong@example.com").own == ()
    assert len(receipts(house)) == 2
    assert (buried(house.base.store.database, own[0]) or ("", ""))[1] == "erased"
    assert verified(house) == (1, "")


def test_what_was_read_and_ticked_outlives_the_forms_text(house: House) -> None:
    """Word for word, with hash, version, language and whether each box was ticked."""
    receipt = post(house, news="yes")
    other = post(house)
    told, asked = house.base.store.consents(receipt)
    assert (told.field, told.basis, told.given, told.language) == ("", "notice", True, "ko")
    assert "수집 목적: 답변" in told.text
    assert (asked.field, asked.basis, asked.given) == ("news", "consent_optional", True)
    assert "[ ] 소식 받기" in asked.text
    assert re.fullmatch("[0-9a-f]{64}", asked.text_hash)
    assert [consent.given for consent in house.base.store.consents(other)] == [True, False]


def test_numbers_are_hidden_before_they_are_stored(tmp_path: Path) -> None:
    """In answers, names of files and the page's address; the inquiry says where. Nothing on the disk has the number."""
    with open_house(with_news(tmp_path)) as house:
        client = create_app(house.service).test_client()
        answers = ANSWERS | {
            "message": "제 번호는 900101-1234567이고 카드는 4111 1111 1111 1111",
            "_page": "/x?no=900101-1234567",
        }
        files = {"files": (io.BytesIO(b"x"), "900101-1234567.txt")}
        answer = client.post(FORM_ADDRESS, data=answers | files, headers={"Accept": "application/json"})
        assert answer.status_code == 202
        (entry,) = house.base.store.entries()
        assert entry.inquiry.one("message") == "제 번호는 ******-*******이고 카드는 **** **** **** 1111"
        assert entry.inquiry.files[0].name == "______-_______.txt"
        assert entry.inquiry.page == "/x?no=******-*******"
        assert entry.masked == ("message resident_number", "message card_number", "files resident_number")
        assert b"1234567" not in data(tmp_path)


def test_numbers_are_refused_with_a_reason(tmp_path: Path) -> None:
    """The form comes back, says which field and why, and nothing is stored."""
    with open_house(with_news(tmp_path, "sensitive: refuse\n")) as house:
        client = create_app(house.service).test_client()
        answers = ANSWERS | {"message": "900101-1234567"}
        answer = client.post(FORM_ADDRESS, data=answers, headers={"Accept": "application/json"})
        assert answer.status_code == 422
        assert answer.json is not None
        (fault,) = answer.json["faults"]
        assert (fault["field"], fault["code"]) == ("message", "resident_number")
        assert "법에 따라" in fault["message"]
        assert house.base.store.entries() == ()


def test_the_last_time_a_purge_was_due() -> None:
    """Half past three in the night of the brand; before it, the night before."""
    clock = StillClock()
    zone = clock().astimezone().tzinfo
    assert zone is not None
    due = due_before(clock(), zone)
    assert timedelta() <= clock() - due < timedelta(days=1)
    assert due_before(due, zone) == due
    assert due_before(due - timedelta(seconds=1), zone) == due - timedelta(days=1)


# -- the commands ------------------------------------------------------------------------------------------------------


def run(root: Path, *arguments: str, answer: str = "", language: str = "en") -> Result:
    words = tool_words({"HAEDAP_LANG": language})
    return CliRunner().invoke(commands(words), [*arguments, "--root", str(root)], input=answer)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A help centre in which two people wrote, long ago."""
    with open_house(with_news(tmp_path)) as house:
        house.clock.time -= timedelta(days=1000)
        post(house, files=1, message="=HYPERLINK(1)", subject="+82", email="hong@example.com")
        house.clock.forward(seconds=1)
        post(house, email="kim@example.com", news="yes")
        deliver(house)
    return tmp_path


def test_purge_and_its_proof_by_hand(root: Path) -> None:
    for language, says in (("en", "2 inquiries would be deleted"), ("ko", "2건이 지워져요")):
        assert says in run(root, "purge", "--dry-run", language=language).stdout
    done = run(root, "purge", "--json")
    assert done.exit_code == 0
    assert len(json.loads(done.stdout)["gone"]) == 2
    assert "All 1 rows" in run(root, "purge", "--verify").stdout
    assert json.loads(run(root, "inbox", "--json").stdout) == []


def test_a_deleted_inquiry_is_said_to_be_deleted(root: Path) -> None:
    receipt = json.loads(run(root, "inbox", "--json").stdout)[0]["receipt"]
    run(root, "purge")
    shown = run(root, "inbox", "show", receipt)
    assert shown.exit_code == 1
    assert "was deleted" in shown.stderr


def test_erase_asks_and_says_what_it_cannot_reach(root: Path) -> None:
    assert run(root, "erase", "--email", "hong@example.com", answer="n\n").exit_code == 1
    assert len(json.loads(run(root, "inbox", "--json").stdout)) == 2
    done = run(root, "erase", "--email", "hong@example.com", answer="y\n")
    assert done.exit_code == 0
    assert "cannot be deleted from here" in done.stdout
    assert len(json.loads(run(root, "inbox", "--json").stdout)) == 1
    nobody = json.loads(run(root, "erase", "--email", "nobody@example.com", "--json").stdout)
    assert nobody == {"erased": [], "mentioned": [], "delivered": []}
    assert run(root, "erase", "--email", "kim@example.com", "--yes").exit_code == 0
    assert run(root, "erase").exit_code == 2


def test_everything_of_a_person_as_a_zip(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "hong.zip"
    assert run(root, "export", "--email", "hong@example.com").exit_code == 2
    assert run(root, "export", "--email", "hong@example.com", "--out", str(out)).exit_code == 0
    assert out.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(out) as archived:
        names = archived.namelist()
        (tree,) = json.loads(archived.read("inquiries.json"))
        assert archived.read(names[0]) == f"{CANARY} 0".encode()
    assert names == [f"{tree['receipt']}/1-{CANARY}-0.txt", "inquiries.json"]
    assert tree["email"] == "hong@example.com"
    assert tree["consents"][0]["text"].startswith("개인정보")
    again = run(root, "export", "--email", "hong@example.com", "--out", str(out))
    assert again.exit_code == 1


def test_exports_by_brand_and_period(root: Path) -> None:
    """JSON is a list, CSV opens in a spreadsheet and computes nothing; both are for a brand and for days."""
    trees = json.loads(run(root, "export").stdout)
    assert [tree["email"] for tree in trees] == ["hong@example.com", "kim@example.com"]
    text = run(root, "export", "--format", "csv").stdout
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0]["answer.message"] == "'=HYPERLINK(1)"
    assert rows[0]["subject"] == "'+82"
    assert rows[1]["answer.news"] == "예"
    day = trees[0]["received_at"][:10]
    assert len(json.loads(run(root, "export", "--since", day, "--until", day).stdout)) == 2
    assert json.loads(run(root, "export", "--until", "2020-01-01").stdout) == []
    assert json.loads(run(root, "export", "--brand", "nobody").stdout) == []


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "  =1", "＝1", "'=1", "\n=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe_cell(cell).startswith("'")


def test_an_export_holds_a_page_at_a_time(house: House) -> None:
    """Ten times the page of inquiries come one after the other, each once and in order, whatever moment they share."""
    with house.base.store.database.transaction() as connection:
        rows = [row(at, house.clock() + timedelta(seconds=at // 250)) for at in range(700)]
        connection.execute(sa.insert(inquiries), rows)
    listed = [record.entry.inquiry.receipt for record in records(house.base.store.database, Choice())]
    assert listed == [one["receipt"] for one in rows]
