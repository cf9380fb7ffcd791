"""Where the words of some texts changed and nothing else, their pages alone are made anew, and the output is that of a
build of everything; whatever else changed, everything is read."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from carried import command, is_retouched, output, seen, whole

from portal_builder.again import UNSETTLED, answer, is_rest_known, recall, stamps
from portal_builder.places import AMENDING
from portal_builder.publishing.late import LateCentre
from portal_builder.publishing.rebuilt import rebuilt
from portal_builder.release import Release, read_release
from portal_builder.retouch.retouch import retouch
from support import BRAND, SMALL, article, haedap, write_tree

NOW = datetime(2026, 12, 1, tzinfo=UTC)
DAON = BRAND.replace("[ko, en]", "[ko]")
ONDAM = DAON.replace("다온", "온담").replace("daon", "ondam")
BODY = """\
{{ brand.app }}을(를) 열고 [다른 글](other.ko.md#기간)을 보세요.

환불은 사흘 걸립니다.

- 카드는 사흘
- 이체는 **이틀**

!!! note "알아 두기"

    휴일은 빼고 셉니다.

## 기간

| 수단 | 날 |
|---|---|
| 카드 | 사흘 |

<!-- brand: daon -->

다온에서는 하루 빨라요.

<!-- /brand -->

<!-- platform: ios -->

아이폰은 사흘.

<!-- /platform -->

??? question "언제 오나요?"

    사흘 뒤에 옵니다.

```
사흘
```
"""
LONG = "배송과 교환, 회원과 혜택을 다루는 글입니다.\n\n" * 40
"""Beside it, a sentence more or less does not change how long articles usually are, and with that the whole index."""
FILE, OTHER = "content/faq/billing/refund.ko.md", "content/faq/billing/other.ko.md"
FILES: Mapping[str, str] = {
    **SMALL,
    "themes/daon/brand.yml": DAON,
    FILE: article("환불", BODY, tags="[x]"),
    OTHER: article("다른 글", "첫 글\n\n## 기간\n\n[환불](refund.ko.md#기간)", tags="[x]"),
    "content/faq/billing/index.ko.md": article("결제", "결제에 대한 글입니다."),
    "content/faq/billing/long.ko.md": article("긴 글", LONG),
    "content/notices/news.ko.md": article("새 소식", "소식이 있습니다.", publish_at="2026-11-01"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A help centre that has been built."""
    return built(tmp_path / "warm", FILES)


def built(root: Path, files: Mapping[str, str]) -> Path:
    whole(write_tree(root, files), NOW)
    return root


def rewrite(root: Path, old: str, new: str, file: str = FILE) -> None:
    text = (root / file).read_text("utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new), "utf-8")


def cold(root: Path) -> dict[str, bytes]:
    fresh = root.with_name("cold")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(root, fresh, ignore=shutil.ignore_patterns("build"))
    whole(fresh, NOW)
    return output(fresh)


WORDS = [
    ("환불은 사흘", "환불은 나흘"),
    ("환불은 나흘 걸립니다.", "환불은 나흘 걸려요.\n\n한 문단 더 씁니다.\n\n1. 하나\n2. 둘"),
    ("한 문단 더 씁니다.\n\n", ""),
    ("이틀**", "하루**"),
    ("휴일은", "주말은"),
    ("다온에서는 하루", "다온에서는 이틀"),
    ("아이폰은 사흘", "아이폰은 나흘"),
    ("사흘 뒤에", "나흘 뒤에"),
    ("```\n사흘\n```\n", "```\n사흘\n```\n\n끝에 더 씁니다.\n"),
]
"""Paragraphs, lists, boxes, parts of a brand or a device, answers, the end of a text."""


def test_words_alone_are_retouched_and_each_edit_follows_another(tmp_path: Path) -> None:
    """In every portal, byte for byte, and the record of the release is that of a build of everything."""
    root = built(tmp_path / "warm", {**FILES, "themes/ondam/brand.yml": ONDAM})
    for minute, (old, new) in enumerate(WORDS):
        rewrite(root, old, new)
        assert is_retouched(root, NOW + timedelta(minutes=minute)), new
    rewrite(root, "첫 글", "처음 글", OTHER)
    rewrite(root, "환불은", "환급은")
    assert is_retouched(root, NOW + timedelta(hours=1))
    assert output(root) == cold(root)
    release, expected = (read_release(folder / "build/site") for folder in (root, root.with_name("cold")))
    assert release
    assert expected
    assert release.at == NOW + timedelta(hours=1)
    assert [one.digest for one in release.portals.values()] == [one.digest for one in expected.portals.values()]


def test_what_is_retouched_is_said_as_by_any_build(root: Path) -> None:
    """Portals that are made anew, portals that stay."""
    own = {
        path: text.replace("title:", "brand: daon\ntitle:", 1) for path, text in FILES.items() if path in (FILE, OTHER)
    }
    write_tree(root, {"themes/ondam/brand.yml": ONDAM, **own})
    whole(root, NOW)
    rewrite(root, "환불은", "환급은")
    known = command(root)
    record = recall(known)
    assert record
    assert record.said.text(retouch(known, record, seen(root), NOW) or ()) == "daon/ko new\nondam/ko same\ndone\n"
    assert answer(recall(known), NOW, seen(root)) == "daon/ko same\nondam/ko same\ndone\n"


def words(root: Path) -> None:
    rewrite(root, "환불은", "환급은")


def both(root: Path) -> None:
    words(root)
    rewrite(root, "## 기간", "## 때", OTHER)
    rewrite(root, "#기간", "#때")


def english(root: Path) -> None:
    rewrite(root, "환불은 사흘 걸립니다.", " ".join(["These are many words in English."] * 60))


def without(folder: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        words(root)
        for file in sorted((root / "build/cache").glob(folder)):
            shutil.rmtree(file) if file.is_dir() else file.unlink()

    return change


def halved(root: Path) -> None:
    words(root)
    for file in (root / "build/cache/plans").rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[:99])


def written(path: str, text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        words(root)
        write_tree(root, {path: text})

    return change


MORE: dict[str, Callable[[Path], object]] = {
    "a heading": lambda root: rewrite(root, "## 기간\n\n|", "## 언제\n\n|"),
    "a new heading": lambda root: rewrite(root, "환불은", "## 새\n\n환불은"),
    "a link": lambda root: rewrite(root, "[다른 글](other.ko.md#기간)", "다른 글"),
    "a term": lambda root: rewrite(root, "환불은", "{{ brand.app }} 환불은"),
    "HTML": lambda root: rewrite(root, "환불은", "<b>환불</b>은"),
    "code": lambda root: rewrite(root, "```\n사흘", "```\n나흘"),
    "the title": lambda root: rewrite(root, "title: 환불", "title: 환급"),
    "two texts, one of them in more than words": both,
    "another language": english,
    "the text of a list": lambda root: rewrite(root, "대한 글", "대한 모든 글", "content/faq/billing/index.ko.md"),
    "what the feed quotes": lambda root: rewrite(root, "소식이", "기쁜 소식이", "content/notices/news.ko.md"),
    "a new text": lambda root: write_tree(root, {"content/faq/billing/new.ko.md": article("새 글", "새 글")}),
    "a text less": lambda root: (root / "content/notices/news.ko.md").unlink(),
    "a brand": lambda root: rewrite(root, "1f6f54", "1f6f99", "themes/daon/brand.yml"),
    "a word of the product": lambda root: write_tree(root, {"i18n/ko.yml": "article.related: 같이 보기\n"}),
    "a page that somebody wrote to": written("build/site/daon/ko/contact/index.html", "x"),
    "an interrupted build": written("build/site/.haedap/release.json", "{}"),
    "no plan": without("plans"),
    "half a plan": halved,
    "no memory of the search": without("search"),
    "no record of the pages": without("pages"),
    "no record of the texts": without("again/*.texts"),
}


@pytest.mark.parametrize("change", MORE)
def test_whatever_is_more_is_left_to_a_whole_build(change: str, root: Path) -> None:
    """What others may depend on, what is not known any more, what somebody wrote to."""
    MORE[change](root)
    assert retouch(command(root), recall(command(root)), seen(root), NOW) is None


@pytest.mark.parametrize("change", ["a page that somebody wrote to", "no memory of the search"])
def test_what_is_given_up_half_way_does_no_harm(change: str, root: Path) -> None:
    """The new portal was begun already: the whole build makes it as if nothing had been there."""
    MORE[change](root)
    assert not is_retouched(root, NOW)
    assert output(root) == cold(root)
    words_again = ("환급은", "환불은")
    rewrite(root, *words_again)
    assert is_retouched(root, NOW)


def test_a_text_of_this_moment_is_read_again_the_next_time(root: Path) -> None:
    """It may change once more with the same stamp: what it is known by then is what stands in it."""
    for number in range(3):
        rewrite(root, "환불은", f"환불은 {number}")
        file = root / FILE
        just_now = stamps(root, max(file.stat().st_mtime_ns, file.stat().st_ctime_ns) + 1_000)
        assert just_now
        assert just_now.texts[FILE] == UNSETTLED
        assert answer(recall(command(root)), NOW, just_now) is None
        assert retouch(command(root), recall(command(root)), just_now, NOW) == ("daon/ko",)
        os.utime(file, ns=(1, 1))
    assert retouch(command(root), recall(command(root)), seen(root), NOW) == ()
    assert answer(recall(command(root)), NOW, seen(root)) == "daon/ko same\ndone\n"
    assert output(root) == cold(root)


def git(root: Path, *arguments: str) -> None:
    """Commits of the day before."""
    at = {"GIT_COMMITTER_DATE": "2026-11-30T12:00:00Z", "GIT_AUTHOR_DATE": "2026-11-30T12:00:00Z"}
    who = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, env=os.environ | at)


def commit(root: Path) -> None:
    git(root, "add", "content", "themes")
    git(root, "commit", "-qm", "x")


def test_a_commit_gives_a_text_another_date(tmp_path: Path) -> None:
    """On the page, in its twin, in the sitemap; in the next build where it comes later."""
    root = write_tree(tmp_path / "warm", FILES)
    git(root, "init", "-q", "-b", "main")
    commit(root)
    whole(root, NOW)
    words(root)
    assert is_retouched(root, NOW)
    assert output(root) == cold(root)
    git(root, "-c", "core.abbrev=40", "commit", "-qm", "later", "--date=2026-11-30T18:00:00Z", "content")
    assert is_retouched(root, NOW)
    assert output(root) == cold(root)
    assert "2026-11-30T21:00:00+09:00" in (root / "build/site/daon/ko/sitemap.xml").read_text("utf-8")


def test_a_build_folder_that_is_restored_beside_a_new_checkout_is_as_good(root: Path) -> None:
    """As CI does it: every text, template and setting has another stamp, and what stands in them is the same."""
    before = root.with_name("before")
    root.rename(before)
    shutil.copytree(before, root, ignore=shutil.ignore_patterns("build"), copy_function=shutil.copyfile)
    subprocess.run(["tar", "--posix", "-cf", "build.tar", "build"], cwd=before, check=True)
    subprocess.run(["tar", "-xf", before / "build.tar"], cwd=root, check=True)
    assert retouch(command(root), recall(command(root)), seen(root), NOW) == ()
    shutil.rmtree(root / "build")
    subprocess.run(["tar", "-xf", before / "build.tar"], cwd=root, check=True)
    words(root)
    record, stamps_now = recall(command(root)), seen(root)
    assert record
    assert stamps_now
    assert stamps_now.rest != record.rest
    assert is_rest_known(record, stamps_now, root)
    assert is_retouched(root, NOW)
    assert output(root) == cold(root)


def published(root: Path, at: datetime) -> tuple[Release, bool]:
    """What is released, and whether more than the brands was read for it."""
    centre = LateCentre(root)
    release = rebuilt(centre, root / "build/publish", at, lambda _, __: None, seen(root))
    return release, "whole" in vars(centre)


def test_a_release_is_retouched_beside_other_builds(root: Path) -> None:
    """Portals of several folders are made in one place: each is made of its own old one, whoever was there before."""
    assert published(root, NOW)[1]
    assert not published(root, NOW)[1]
    for number in range(2):
        rewrite(root, "환불은", f"환불은 {number}")
        for file in (root / "build/cache/search").rglob("*.pages"):
            file.unlink()  # a whole build would leave them
        release, is_read = published(root, NOW + timedelta(minutes=number))
        assert not is_read
        assert is_retouched(root, NOW + timedelta(minutes=number))
        assert not [*(root / "build/cache/search").rglob("*.pages")]
        assert release.at == NOW + timedelta(minutes=number)
    expected = cold(root)
    assert output(root) == expected
    assert output(root, "build/publish") == expected


def test_a_build_that_was_killed_leaves_nothing_to_trust(root: Path) -> None:
    """What the search learned may be ahead of the portal then; a whole build mends that."""
    (flag,) = ((folder / AMENDING) for folder in (root / "build/cache/search").iterdir())
    words(root)
    flag.touch()
    assert not is_retouched(root, NOW)
    assert not flag.exists()
    rewrite(root, "환급은", "환불은")
    assert is_retouched(root, NOW)
    assert not flag.exists()
    assert output(root) == cold(root)


def test_the_time_of_a_text_passes(root: Path) -> None:
    """Nothing is retouched beyond the instant at which a text comes out."""
    write_tree(root, {"scheduled/faq/billing/other.ko.md": article("다음", "## 기간", publish_at="'2026-12-02 09:00'")})
    whole(root, NOW)
    words(root)
    assert retouch(command(root), recall(command(root)), seen(root), NOW + timedelta(days=2)) is None
    assert retouch(command(root), recall(command(root)), seen(root), NOW)


def test_what_a_brand_overrides_is_read_with_its_own(tmp_path: Path) -> None:
    """Which of its sections fit is found out with the shared text as it is now."""
    own = {"content/faq/billing/own.ko.md": article("따로", "## 하나\n\n첫째\n\n## 둘\n\n둘째")}
    sections = {"themes/daon/sections/faq/billing/own.ko.md": "## 하나\n\n다온의 첫째\n"}
    root = built(tmp_path, {**FILES, **own, **sections})
    rewrite(root, "둘째", "두 번째", next(iter(own)))
    assert retouch(command(root), recall(command(root)), seen(root), NOW) is None


@pytest.mark.parametrize("is_told", [True, False])
def test_a_translation_may_tell_that_its_original_has_changed(is_told: bool, tmp_path: Path) -> None:
    """Then words of the original are told on the translation's page, and more is another one."""
    features = f"features: {{stale: {str(is_told).lower()}}}\n"
    english_text = article("Refunds", "Some words in English for the readers.", translates="aaaaaaaaaaaa")
    files = {**FILES, "themes/daon/brand.yml": BRAND + features, "content/faq/billing/refund.en.md": english_text}
    root = built(tmp_path, files)
    words(root)
    said = retouch(command(root), recall(command(root)), seen(root), NOW)
    assert (said is None) is is_told


def test_the_command_does_it(tmp_path: Path) -> None:
    """Typed as a person would: the new words are out, and nothing was read besides."""
    root = write_tree(tmp_path, FILES)
    haedap("build", "--root", root)
    haedap("build", "--root", root)  # files of this moment were not trusted
    words(root)
    assert haedap("check", "--root", root).returncode == 0  # meanwhile the edit has settled
    (root / "build/cache/tongues.json").unlink()
    assert haedap("build", "--root", root).stdout.splitlines()[0].startswith("daon/ko: ")
    assert not (root / "build/cache/tongues.json").exists()  # as a whole build would leave it
    assert "환급은" in (root / "build/site/daon/ko/faq/billing/refund/index.html").read_text("utf-8")
