"""Every mail of the bridge is written whole in each language: its words, its dates, its plural forms, its headers."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from itertools import combinations
from pathlib import Path

import pytest

from bridge.centre import Centre, load_centre
from bridge.inquiry import Answer, Inquiry, StoredFile
from bridge.outside import Outside
from bridge.replies.mail import ReplyMails
from bridge.screening.tokens import Tokens
from bridge.testing import BRAND, StillClock, sample_inquiry, write_centre
from bridge.ways.mail import build_mail, build_notice
from bridge.ways.parcel import Link, Notice
from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue, load_catalogues
from portal_builder.localised import long_moment, plural_categories
from portal_builder.promise import promise

CATALOGUES = load_catalogues(Path("nowhere")).catalogues
AT = datetime(2026, 11, 20, 3, 4, 5, tzinfo=UTC)
UNTIL = AT + timedelta(days=30)
LETTERS = {"ko": "가-힣", "ja": "ぁ-ヿ一-鿿", "zh-CN": "一-鿿", "zh-TW": "一-鿿", "th": "ก-๎"}
"""What a language is written in besides Latin names, where it is."""
TOLD = re.compile(r"https?://\S+|\S+@\S+|\[?№\S*|[\w-]*haedap[\w-]*( inbox| retry)*|Asia/Seoul|KST|GMT|\S+\.pdf|\bkB\b")
"""What stands in a mail as it is, whatever its language."""
NAMES = re.compile(r"\b(?:HTML|SMTP|e-?mails?|via|spam)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Centre:
    brand = BRAND.replace("{ko: 다온, en: Daon}", "№1")
    own = "hours: {mon-fri: 09:30-17:30}\n"
    return load_centre(write_centre(tmp_path_factory.mktemp("mails"), brand, own=own))


@dataclasses.dataclass(frozen=True)
class Letters:
    """Writes each mail as the bridge does, with nothing in it that somebody typed in a language."""

    centre: Centre
    words: Catalogue

    @property
    def brand(self) -> Brand:
        return self.centre.brands["daon"]

    def inquiry(self, files: int) -> Inquiry:
        stored = tuple(StoredFile(f"{number:032}", "files", f"{number}.pdf", 3000, "") for number in range(files))
        answers = (Answer("name", "short_text", "№2", ("№3",), ("№3",)),)
        sample = sample_inquiry(language=self.words.language, title="№4", subject="№5", page="/№6", tags=())
        return dataclasses.replace(sample, answers=answers, files=stored, received_at=AT)

    def team(self, files: int) -> EmailMessage:
        linked = [Link("https://help.daon.example/a/x", UNTIL)] * files
        inquiry = self.inquiry(files)
        return build_mail(inquiry, self.brand, self.words, ["help@daon.example"], linked, address="unverified")

    def reply(self, *, verify: bool) -> EmailMessage:
        mails = ReplyMails(self.centre.root, Tokens("secret", Outside(StillClock(AT))))
        return mails.build(self.inquiry(0), self.brand, self.words, verify=verify)

    def alarms(self, count: int) -> EmailMessage:
        said = {"receipt": "№7", "sink": "№8", "error": "№9", "minutes": 15, "count": count}
        keys = ("dead", "late", "shut", "breaker", "more", "help")
        lines = tuple(self.words.say(f"mail.alarm.{key}", **said) for key in keys)
        title = self.words.say("mail.alarm.subject", brand="№1", count=count)
        return build_notice(Notice("alarm-1", "dead", self.brand, title, lines, AT), ["help@daon.example"])

    def all(self) -> Mapping[str, EmailMessage]:
        return {
            "team, no file": self.team(0),
            "team, one file": self.team(1),
            "team, two files": self.team(2),
            "reply": self.reply(verify=False),
            "verify": self.reply(verify=True),
            "one alarm": self.alarms(1),
            "alarms": self.alarms(21),
        }


def parts(mail: EmailMessage) -> Iterator[str]:
    """What a person reads of a mail as it arrives: its subject and each of its texts."""
    read = message_from_bytes(mail.as_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    yield str(read["Subject"])
    for kind in ("plain", "html"):
        if body := read.get_body((kind,)):
            yield re.sub(r"<style.*?</style>|<[^>]*>", " ", str(body.get_content()))


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_every_mail_is_written_in_its_language_alone(centre: Centre, language: str) -> None:
    """No key, no placeholder, no English sentence; headers in ASCII lines that every server takes."""
    letters, english = Letters(centre, CATALOGUES[language]), Letters(centre, CATALOGUES["en"])
    keys = "|".join(map(re.escape, letters.words.words))
    for name, mail in letters.all().items():
        raw = mail.as_bytes()
        assert raw.isascii(), name
        assert max(map(len, raw.split(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78, name
        foreign = {line for part in parts(english.all()[name]) for line in sentences(part)}
        for part in parts(mail):
            text = NAMES.sub(" ", TOLD.sub(" ", part))
            assert not re.search(f"[{{}}]|{keys}", text), (name, text)
            if language in LETTERS:
                assert re.search(f"[{LETTERS[language]}]", text) or not re.search(r"[^\W\d_]", text), (name, text)
                assert not re.search(r"[A-Za-z]{3}", text), (name, text)
            elif language != "en":
                assert not foreign & set(sentences(part)), name


def sentences(part: str) -> Iterator[str]:
    """Those of two words or more, without what is the same in every language."""
    for line in re.split(r"[\n.?!:]", NAMES.sub(" ", TOLD.sub(" ", part))):
        plain = " ".join(line.split())
        if len(re.findall(r"[^\W\d_]{2,}", plain)) > 1:
            yield plain


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_dates_and_counts_are_said_as_the_language_says_them(centre: Centre, language: str) -> None:
    """The moment it came, until when links work, by which day there is an answer; one file is no "1 files"."""
    letters = Letters(centre, CATALOGUES[language])
    brand, words = letters.brand, letters.words
    team, reply = ("".join(parts(mail)) for mail in (letters.team(1), letters.reply(verify=False)))
    for moment in (AT, UNTIL):
        assert long_moment(moment.astimezone(brand.zone), language) in team
    assert promise(brand, words, AT) in reply
    if "one" in plural_categories(language)[0]:
        counted = {key for key, text in words.words.items() if re.search(r"\{count\} [^\W\d_]", text)}
        told = {key for key in counted if key.startswith(("mail.", "reply.", "promise.")) and key != "mail.alarm.more"}
        assert told <= words.plurals.keys()


def test_no_two_languages_say_the_same(centre: Centre) -> None:
    """What was copied from another language and forgotten is found whichever the two are."""
    said = {language: [*parts(Letters(centre, words).reply(verify=True))][1] for language, words in CATALOGUES.items()}
    for (one, text), (other, same) in combinations(sorted(said.items()), 2):
        assert not set(sentences(text)) & set(sentences(same)), (one, other)
    assert len(set(said.values())) == len(CATALOGUES)
