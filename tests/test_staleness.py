"""What translations were made from: exact over a long history, whatever happens to files that readers do not see."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from test_history import git

from portal_builder.article import Article
from portal_builder.centre import load_centre
from portal_builder.commands.translating import source_changes, speaking
from portal_builder.translating.past import past_versions
from portal_builder.translating.stamp import NoFrontMatterError, Sources, stamped, write_stamp
from portal_builder.translating.standing import Standing, standings
from portal_builder.translating.worddiff import word_diff
from support import BRAND, SMALL, article, haedap, write_tree

AT = datetime(2026, 12, 1, tzinfo=UTC)


def standing(root: Path) -> dict[tuple[str, str], Standing]:
    """By language and article of the one brand."""
    centre = load_centre(root)
    found = standings(centre.library, centre.brands.values(), AT, lambda _: True)
    return {(one.language, one.article): one for one in found}


def told(text: Article) -> str:
    return f"{text.meta.title}\n{text.meta.summary}\n{text.text}"


def stamp(root: Path, path: str) -> None:
    centre = load_centre(root)
    sources = Sources(centre.library, centre.brands, AT)
    (translation,) = [one for one in centre.library.articles if one.path == path]
    digest = sources.digest_for(translation)
    assert digest
    write_stamp(root, path, digest)


# -- 200 commits -------------------------------------------------------------------------------------------------


class Team:
    """People who edit, move, re-wrap and translate texts, and what they know of each text's meaning."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.chance = root, random.Random(seed)  # noqa: S311 -- an invented team
        self.meaning: dict[str, int] = {}
        self.made_from: dict[str, tuple[int, str]] = {}
        self.count = 0

    def file(self, name: str, language: str = "ko") -> Path:
        return self.root / "content" / f"{name}.{language}.md"

    def read(self, name: str, language: str = "ko") -> str:
        return self.file(name, language).read_bytes().decode().replace("\r\n", "\n")

    def write(self, name: str) -> None:
        """A new text and its translation, stamped."""
        self.count += 1
        name = f"faq/billing/{name}-{self.count}"
        lines = "\n\n".join(f"{number}번 문단은 {self.chance.randint(1, 9**9)}원입니다." for number in range(6))
        self.file(name).parent.mkdir(parents=True, exist_ok=True)
        self.file(name).write_text(f"---\ntitle: 글 {self.count}\norder: {self.count}\nsummary: 요약\n---\n\n{lines}\n")
        self.file(name, "en").write_text(f"---\ntitle: Text {self.count}\n---\n\nSaid in English.\n")
        self.meaning[name] = 0
        self.translate(name)

    def edit(self, name: str) -> None:
        """Another meaning: a number in one paragraph, the title or the summary."""
        text = self.read(name)
        self.meaning[name] += 1
        old = self.chance.choice(["입니다.", "title: 글", "summary: 요약"])
        new = f"{old}바뀜{self.meaning[name]} " if old != "입니다." else f"입니다, {self.meaning[name]}번 고침."
        self.file(name).write_bytes(text.replace(old, new, 1).encode())

    def rewrap(self, name: str) -> None:
        """White space alone: ends of lines, blank lines, wrapped paragraphs."""
        head, text = self.read(name).split("\n---\n", 1)
        kind = self.chance.randrange(4)
        text = (text.replace("은 ", "은\n", 1), text.replace("\n\n", "\n\n\n"), f"{text} \n\t\n", text)[kind]
        data = f"{head}\n---\n{text}".encode()
        self.file(name).write_bytes(data.replace(b"\n", b"\r\n") if kind == 3 else data)

    def reorder(self, name: str) -> None:
        """Front matter in another order, and keys that no reader sees as text."""
        text = self.read(name)
        _, head, body = text.split("---\n", 2)
        keys = [key for key in head.splitlines() if key.startswith(("title", "summary"))]
        keys += [f"order: {self.chance.randint(0, 999)}", f"tags: [t{self.chance.randint(0, 99)}]"]
        self.chance.shuffle(keys)
        self.file(name).write_text("---\n" + "\n".join(keys) + f"\n---\n{body}")

    def move(self, name: str) -> None:
        """Text and translation under another name, perhaps in another folder; sometimes edited on the way."""
        self.count += 1
        other = f"faq/{self.chance.choice(['orders', 'billing'])}/moved-{self.count}"
        self.file(other).parent.mkdir(parents=True, exist_ok=True)
        for language in ("ko", "en"):
            self.file(name, language).rename(self.file(other, language))
        self.meaning[other] = self.meaning.pop(name)
        if name in self.made_from:
            self.made_from[other] = self.made_from.pop(name)
        if self.chance.random() < 0.3:
            self.edit(other)

    def translate(self, name: str) -> None:
        path = self.file(name, "en").relative_to(self.root).as_posix()
        stamp(self.root, path)
        centre = load_centre(self.root)
        (source,) = [one for one in centre.library.articles if one.id == name and one.language == "ko"]
        self.made_from[name] = (self.meaning[name], told(source))

    def expected(self) -> dict[str, str]:
        return {
            name: "current" if self.made_from[name][0] == meaning else "stale" for name, meaning in self.meaning.items()
        }


def test_staleness_is_exact_over_200_commits(tmp_path: Path) -> None:
    """Edits of meaning count and nothing else does; of every stale text git finds what it was made from."""
    files = {key: value for key, value in SMALL.items() if "refund" not in key}
    root = write_tree(tmp_path, files)
    git(root, "init", "-q")
    team = Team(root, seed=20261122)
    acts: list[Callable[[str], None]] = [team.edit, team.rewrap, team.rewrap, team.reorder, team.move, team.translate]
    for number in range(200):
        if number < 8:
            team.write("text")
        else:
            team.chance.choice(acts)(team.chance.choice(sorted(team.meaning)))
        git(root, "add", "--all")
        git(root, "commit", "-q", "--allow-empty", "-m", str(number))
        if number % 10 == 9:
            found = standing(root)
            assert {name: one.state for (_, name), one in found.items()} == team.expected(), number
    centre = load_centre(root)
    now = {one.id: told(one) for one in centre.library.articles if one.language == "ko"}
    stale = [one for one in standing(root).values() if one.state == "stale"]
    changes = source_changes(centre, stale)
    assert len(stale) >= 3
    for one in stale:
        assert one.source
        assert one.made_from
        assert changes[one.source, one.made_from] == word_diff(team.made_from[one.article][1], now[one.article])


# -- one rule each -----------------------------------------------------------------------------------------------

KO, EN = "content/faq/billing/refund.ko.md", "content/faq/billing/refund.en.md"
TEXT = "카드는 3일 안에 들어옵니다.\n\n| 수단 | 기간 |\n|---|---|\n| 카드 | 3일 |\n"


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """A text and its translation, stamped and committed."""
    root = write_tree(tmp_path, {**SMALL, KO: article("환불", TEXT), EN: article("Refunds", "Within 3 days.")})
    stamp(root, EN)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    return root


@pytest.mark.parametrize(
    ("old", "new", "state"),
    [
        ("3일 안에", "5일 안에", "stale"),
        ("title: 환불", "title: 환불 기간", "stale"),
        ("title: 환불\n", "title: 환불\nsummary: 한 줄\n", "stale"),
        ("| 3일 |", "| 5일 |", "stale"),
        ("title: 환불\n", "order: 3\ntitle: 환불\nowner: x\n", "current"),
        ("3일 안에", "3일\n안에", "current"),
        ("\n", "\r\n", "current"),
        ("---\ntitle", "\ufeff---\ntitle", "current"),
        ("카드는", "\u110f\u1161\u1103\u1173\u1102\u1173\u11ab", "current"),  # the same letters, decomposed
    ],
)
def test_what_readers_see_counts(pair: Path, old: str, new: str, state: str) -> None:
    """Words of title, summary and text are a change; other keys, line ends, wrapping and composed letters are none."""
    text = (pair / KO).read_text("utf-8")
    (pair / KO).write_bytes(text.replace(old, new).encode())
    assert standing(pair)["en", "faq/billing/refund"].state == state


def test_a_text_that_was_moved_and_rewritten_at_once_is_found(pair: Path) -> None:
    """Git takes it for another file; its digest still names what the translation was made from."""
    for name in (KO, EN):
        (pair / name).rename(pair / name.replace("refund", "money"))
    (pair / KO.replace("refund", "money")).write_text(article("돈", "모두 새로 썼습니다. " * 30), "utf-8")
    git(pair, "add", "--all")
    git(pair, "commit", "-qm", "moved and rewritten")
    one = standing(pair)["en", "faq/billing/money"]
    assert one.state == "stale"
    (past,) = past_versions(pair, [(one.source or "", one.made_from or "")]).values()
    assert past.text.strip() == TEXT.strip()


def test_where_git_does_not_know_nothing_is_guessed(pair: Path) -> None:
    """Made from a text that was never committed: stale all the same, and said to be unknown."""
    for text in ("사흘", "나흘"):
        (pair / KO).write_text(article("환불", text), "utf-8")
        if text == "사흘":
            stamp(pair, EN)
    run = haedap("i18n", "status", "--root", pair)
    assert "stale: content/faq/billing/refund.en.md (daon; -)\n    (the text it was made from is not in" in run.stdout


@pytest.mark.parametrize(
    "data",
    [
        b"---\ntitle: x  # why\n---\n\ntext  \n",
        b"---\r\ntitle: x\r\n---\r\ntext\r\n\r\n",
        b"\xef\xbb\xbf---\ntitle: x\n----  \ntext\n---\nmore",
        b"---\ntitle: x\n---",
    ],
)
def test_a_stamp_leaves_every_other_byte(data: bytes) -> None:
    """One line more the first time, the same line later; the same stamp twice is none."""
    once = stamped(data, "aaaabbbbcccc")
    ending = b"\r\n" if b"\r\n" in data else b"\n"
    assert once.replace(b"translates: aaaabbbbcccc" + ending, b"") == data
    assert stamped(once, "aaaabbbbcccc") == once
    assert stamped(once, "ddddeeeeffff") == once.replace(b"aaaabbbbcccc", b"ddddeeeeffff")


def test_a_stamp_keeps_comments_and_replaces_quotes() -> None:
    assert stamped(b"---\ntranslates: 'old'  # by hand\n---\n", "new") == b"---\ntranslates: new  # by hand\n---\n"
    with pytest.raises(NoFrontMatterError):
        stamped(b"no front matter", "new")


def test_states_of_a_portal(tmp_path: Path) -> None:
    """Each state once, and a text that has run out is nobody's work."""
    root = write_tree(
        tmp_path,
        {
            **SMALL,
            KO: article("환불", TEXT),
            "content/faq/a/unstamped.ko.md": article(),
            "content/faq/a/unstamped.en.md": article("Text"),
            "content/faq/a/orphan.en.md": article("Orphan"),
            "content/faq/a/over.ko.md": article(),
            "content/faq/a/over.en.md": article("Over", expire_at="2026-11-01"),
            "content/faq/a/waits.ko.md": article(),
            "content/faq/a/waits.en.md": article("Waits", publish_at="2027-01-01"),
        },
    )
    states = {name: one.state for (_, name), one in standing(root).items()}
    assert states == {
        "faq/a/orphan": "orphan",
        "faq/a/unstamped": "unstamped",
        "faq/a/waits": "missing",
        "faq/billing/refund": "missing",
    }


def test_a_text_in_another_language_is_there_in_name_only(tmp_path: Path) -> None:
    """Korean under an English name is no translation, whatever stamp it carries; code and names alone are believed."""
    korean = "주문한 물건을 받지 못했을 때에는 주문 내역에서 배송 상태를 먼저 확인해 주세요. " * 3
    files = {KO: article("환불", korean), EN: article("환불 안내", korean, translates="x")}
    files |= {KO.replace("refund", "code"): article(), EN.replace("refund", "code"): article("CLI", "```\nls -l\n```")}
    centre = load_centre(write_tree(tmp_path, {**SMALL, **files}))
    found = standings(centre.library, centre.brands.values(), AT, speaking(centre))
    assert {one.article: one.state for one in found} == {
        "faq/billing/refund": "in_name_only",
        "faq/billing/code": "unstamped",
    }


def test_what_waits_stands_for_the_source_that_waits_with_it(tmp_path: Path) -> None:
    """A scheduled translation is stamped with the scheduled source, the one in content/ with what is out."""
    later = {"publish_at": "2027-01-01"}
    files = {KO: article("환불", "지금"), EN: article("Refunds", "Now")}
    files |= {
        KO.replace("content", "scheduled"): article("환불", "나중", **later),
        EN.replace("content", "scheduled"): article("Refunds", "Later", **later),
    }
    root = write_tree(tmp_path, {**SMALL, **files})
    assert "2 translation(s) stamped." in haedap("i18n", "stamp", "--root", root).stdout
    library, brands = load_centre(root).library, load_centre(root).brands
    for at in (AT, datetime(2027, 2, 1, tzinfo=UTC)):
        (one,) = standings(library, brands.values(), at, lambda _: True)
        assert one.state == "current", at


# -- the commands ------------------------------------------------------------------------------------------------


def test_status_prints_matrix_words_and_a_threshold(pair: Path) -> None:
    """A word diff of what changed since; exit code 1 below the threshold; JSON and CSV hold the same."""
    (pair / KO).write_text((pair / KO).read_text("utf-8").replace("3일 안에", "5일 안에"), "utf-8")
    run = haedap("i18n", "status", "--root", pair)
    assert run.returncode == 0, run.stderr
    assert "카드는 [-3일-]{+5일+} 안에" in run.stdout
    assert haedap("i18n", "status", "--brief", "--root", pair).stdout.count("\n") == 2
    assert haedap("i18n", "status", "--fail-under", "0", "--root", pair).returncode == 0
    low = haedap("i18n", "status", "--fail-under", "1", "--root", pair)
    assert low.returncode == 1
    assert "daon/en" in low.stderr
    told = json.loads(haedap("i18n", "status", "--json", "--root", pair).stdout)
    assert told["matrix"][0] | {"stale": 1} == told["matrix"][0]
    assert told["texts"][0]["changes"] == ["환불 카드는 [-3일-]{+5일+} 안에 들어옵니다. | 수단 |"]
    lines = haedap("i18n", "status", "--csv", "--root", pair).stdout.splitlines()
    assert lines[0].startswith("brand,language,article,state")
    assert lines[1].startswith(f"daon,en,faq/billing/refund,stale,{EN},{KO},,")
    assert haedap("i18n", "status", "--csv", "--json", "--root", pair).returncode == 2
    unknown = haedap("i18n", "status", "--language", "fr", "--brief", "--root", pair)
    assert unknown.returncode == 2
    assert "`fr`" in unknown.stderr


def test_stamp_takes_files_and_folders(pair: Path) -> None:
    """Named ones are stamped anew; without names only those that say nothing yet."""
    (pair / KO).write_text(article("환불", "나흘"), "utf-8")
    assert "0 translation(s)" in haedap("i18n", "stamp", "--root", pair).stdout
    assert "0 translation(s)" in haedap("i18n", "stamp", pair / KO, "--root", pair).stdout
    assert "1 translation(s)" in haedap("i18n", "stamp", pair / "content/faq", "--root", pair).stdout
    assert standing(pair)["en", "faq/billing/refund"].state == "current"


def test_two_brands_share_a_text_and_each_has_its_own_matrix(tmp_path: Path) -> None:
    """A text that one brand alone translates is missing nowhere else; the brands' source languages may differ."""
    english_first = BRAND.replace("daon", "lumi").replace("[ko, en]", "[en, ko]")
    files = {"themes/lumi/brand.yml": english_first, KO: article("환불", TEXT), EN: article("Refunds", "In 3 days.")}
    root = write_tree(tmp_path, {**SMALL, **files})
    stamp(root, EN)
    centre = load_centre(root)
    found = {
        (one.brand, one.language): one.state
        for one in standings(centre.library, centre.brands.values(), AT, lambda _: True)
    }
    assert found == {("daon", "en"): "current", ("lumi", "ko"): "unstamped"}
