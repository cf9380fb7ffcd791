"""Exports of Zendesk Guide, as its API and its tables have them, come over as articles that check and build."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support import SMALL, haedap, write_tree

HELP = "https://help.nuri.example"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def text(number: int, title: str, body: str | None = "<p>글</p>", **more: Any) -> dict[str, Any]:
    url = f"{HELP}/hc/ko/articles/{number}-{title.replace(' ', '-')}"
    return {"id": number, "title": title, "body": body, "locale": "ko", "html_url": url, "section_id": 11} | more


EXPORT: dict[str, Any] = {
    "articles": [
        text(
            101,
            "환불은 언제 되나요",
            '<h1 id="h_01">기간</h1><p>카드는 <b>3~5일</b> 걸려요. <a href="/hc/ko/articles/102">취소</a>'
            f' <a href="{HELP}/hc/ko/sections/11-결제">결제</a> <a href="{HELP}/hc/ko/articles/103-x#y">초안</a></p>'
            f'<p><img src="{HELP}/hc/article_attachments/9/steps.png" alt="세 단계"></p>'
            '<iframe src="//video.example/1"></iframe><script>alert(1)</script>',
            promoted=True,
            position=3,
            label_names=["카드취소"],
        ),
        text(102, "주문: 취소", '<a href="../articles/101-old-title#h_01">환불 기간</a> <a href="#none">없음</a>'),
        text(103, "쓰는 중", draft=True),
        text(104, "직원용", user_segment_id=7),
        text(105, "주소 없음", "<a href=/hc/ko/articles/102>취소</a>", html_url=""),
    ],
    "sections": [{"id": 11, "name": "결제와 환불", "locale": "ko", "html_url": f"{HELP}/hc/ko/sections/11-결제"}],
    "translations": [
        {
            "source_id": 101,
            "source_type": "Article",
            "locale": "en-us",
            "title": "Refunds",
            "body": "<h2 id=h_01>When</h2>",
        },
        {"source_id": 101, "source_type": "Article", "locale": "fr", "title": "Fr", "body": "<p>Oui.</p>"},
        {"source_id": 11, "source_type": "Section", "locale": "en-us", "title": "Payments"},
    ],
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "centre", SMALL)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    files: dict[str, str | bytes] = {
        "export/articles.json": json.dumps(EXPORT, ensure_ascii=False),
        "export/hc/article_attachments/9/steps.png": PNG,
    }
    return write_tree(tmp_path, files) / "export"


def test_an_export_comes_over_whole_checks_and_builds(root: Path, source: Path) -> None:
    """Texts, translations, categories, links, pictures and old addresses; what is lost is said; then it is a centre."""
    done = haedap("import", source, "--root", root)
    assert done.returncode == 0, done.stderr
    faq = root / "content/faq/결제와-환불"
    refund = (faq / "환불은-언제-되나요.ko.md").read_text("utf-8")
    assert "## 기간 {#h_01}" in refund
    assert "카드는 **3~5일** 걸려요. [취소](주문-취소.ko.md) [결제](index.ko.md) 초안" in refund
    assert "pinned: true" in refund
    assert "- hc/ko/articles/101-환불은-언제-되나요\n- hc/ko/articles/101\n" in refund
    assert "- 카드취소" in refund
    [picture] = (faq / "images").iterdir()
    assert picture.read_bytes() == PNG
    assert f"![세 단계](images/{picture.name})" in refund
    assert "title: Refunds" in (faq / "환불은-언제-되나요.en.md").read_text("utf-8")
    assert "title: Payments" in (faq / "index.en.md").read_text("utf-8")
    assert "[환불 기간](환불은-언제-되나요.ko.md#h_01) 없음" in (faq / "주문-취소.ko.md").read_text("utf-8")
    assert "[취소](주문-취소.ko.md)" in (faq / "주소-없음.ko.md").read_text("utf-8")
    assert "articles/105" in (faq / "주소-없음.ko.md").read_text("utf-8")
    for said in ("video.example", "script", "`fr`", "draft", "only some readers", "#none"):
        assert said in done.stdout, said
    checked = haedap("check", "--root", root)
    assert checked.returncode == 0, checked.stdout
    assert haedap("build", "--root", root).returncode == 0
    site = root / "build/site/daon/ko"
    assert (site / "faq/결제와-환불/환불은-언제-되나요/index.html").is_file()
    assert "faq/" in (site / "hc/ko/articles/101/index.html").read_text("utf-8")
    everything = "".join(file.read_text("utf-8") for file in site.rglob("*.html"))
    assert "쓰는 중" not in everything
    assert "직원용" not in everything


def test_a_second_import_changes_nothing_and_nobodys_work_is_overwritten(root: Path, source: Path) -> None:
    """The same again writes nothing; a text that somebody edited since stays, and is named."""
    haedap("import", source, "--root", root)
    content = root / "content"
    before = {file: file.read_bytes() for file in content.rglob("*") if file.is_file()}
    again = haedap("import", source, "--root", root, "--json")
    assert again.returncode == 0
    assert json.loads(again.stdout)["written"] == []
    assert {file: file.read_bytes() for file in content.rglob("*") if file.is_file()} == before
    edited = root / "content/faq/결제와-환불/주문-취소.ko.md"
    edited.write_text("---\ntitle: 내 글\n---\n\n고침\n", "utf-8")
    third = haedap("import", source, "--root", root, "--json")
    assert third.returncode == 1
    assert json.loads(third.stdout)["kept"] == ["content/faq/결제와-환불/주문-취소.ko.md"]
    assert "고침" in edited.read_text("utf-8")


def test_a_dry_run_says_what_would_be_written_and_writes_nothing(root: Path, source: Path) -> None:
    """The list of files is the one that an import then writes."""
    before = sorted((root / "content").rglob("*"))
    dry = haedap("import", source, "--root", root, "--dry-run", "--json")
    assert sorted((root / "content").rglob("*")) == before
    written = json.loads(haedap("import", source, "--root", root, "--json").stdout)["written"]
    assert json.loads(dry.stdout)["written"] == written
    assert "would write" not in haedap("import", source, "--root", root, "--dry-run").stdout


def test_a_table_comes_over(root: Path, tmp_path: Path) -> None:
    """CSV by its columns, plain text as paragraphs, a draft held back."""
    table = (
        "Title,Body,Section,Labels,Draft,Locale\n"
        '환불,"첫 줄\n\n둘째 * 줄",결제,"카드, 취소",false,ko\n'
        "Refund,<p>Soon <b>there</b></p>,결제,,false,en\n"
        "초안,아직,결제,,true,ko\n"
    )
    done = haedap("import", write_tree(tmp_path, {"faq.csv": table}) / "faq.csv", "--root", root, "--brand", "daon")
    assert done.returncode == 0, done.stderr
    folder = root / "content/faq/결제"
    refund = (folder / "환불.ko.md").read_text("utf-8")
    assert "brand:\n- daon\n" in refund
    assert refund.endswith("첫 줄\n\n둘째 \\* 줄\n")
    assert "Soon **there**" in (folder / "refund.en.md").read_text("utf-8")
    assert (folder / "_초안.ko.md").is_file()
    assert haedap("check", "--root", root).returncode == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("articles.json", '{"articles": [', "articles.json:1: this is not the JSON"),
        ("articles.json", '{"articles": 7}', "not the JSON"),
        ("articles.json", '{"articles": []}', "no article was found"),
        ("articles.json", b'{"articles": [{"title": "\xff"}]}', "not UTF-8"),
        ("articles.json", "[" * 100_000 + '"articles"', "not the JSON"),
        ("a.csv", "name,text\na,b\n", "title, body is missing"),
        ("a.csv", 'title,body\n"a,b\n', "cannot be read"),
        ("a.csv", b"title,body\na,\0\n", "zero bytes"),
        ("articles.json", json.dumps({"articles": [text(1, "a", "<div>" * 30_000)]}), "articles.json#1:1: the HTML"),
        ("articles.json", json.dumps({"articles": [text(1, "a", "<b>" * 90_000)]}), "articles.json#1:1: the HTML"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_written(
    root: Path, tmp_path: Path, name: str, content: str | bytes, said: str
) -> None:
    """Broken JSON and tables, other encodings, bombs: one line each, exit code 1, and no file."""
    source = write_tree(tmp_path, {f"in/{name}": content}) / "in" / name
    before = sorted((root / "content").rglob("*"))
    done = haedap("import", source, "--root", root, "--from", "zendesk")
    assert done.returncode == 1
    assert said in done.stdout
    assert "Traceback" not in done.stderr
    assert sorted((root / "content").rglob("*")) == before


def test_hostile_names_stay_within_the_centre(root: Path, tmp_path: Path) -> None:
    """Titles, addresses, sections and pictures that climb, or are no names at all."""
    secret = write_tree(tmp_path, {"secret.png": PNG}) / "secret.png"
    articles = [
        text(
            1, "../../../evil", '<img src="../secret.png"><img src="file:///etc/passwd"><a href="javascript:x()">j</a>'
        ),
        text(2, "..\\..\\evil\x00", html_url=f"{HELP}/hc/ko/articles/../../../../x?a=b"),
        text(3, "index"),
        text(4, "CON: a\nb", body=None),
        text(5, "{{ brand.secret }}", "<h2>???</h2><p>{{ brand.secret }} &lt;script&gt;x&lt;/script&gt;</p>"),
        {"id": {"a": 1}, "title": ["x"], "body": 5},
    ]
    sections = [{"id": 11, "name": "../../up", "locale": "ko"}]
    link = tmp_path / "in/link.png"
    export = json.dumps({"articles": articles, "sections": sections})
    write_tree(tmp_path, {"in/articles.json": export})
    link.symlink_to(secret)
    before = {file for file in tmp_path.rglob("*") if not file.is_relative_to(root)}
    done = haedap("import", tmp_path / "in", "--root", root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {file for file in tmp_path.rglob("*") if not file.is_relative_to(root)} == before
    assert not list(root.rglob("*.png"))
    checked = haedap("check", "--root", root)
    assert checked.returncode == 0, checked.stdout


def test_a_folder_that_leads_out_of_the_centre_is_not_written_to(root: Path, source: Path, tmp_path: Path) -> None:
    """A link of the file system in the place of a category."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / "content/faq/결제와-환불").symlink_to(outside)
    assert haedap("import", source, "--root", root).returncode == 1
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--brand", "doan"), "daon"),
        (("--kind", "../x"), "cannot be a kind"),
        (("--kind", "forms"), "cannot be a kind"),
        (("--language", "fr"), "ko, en"),
        (("--from", "wiki"), "zendesk"),
    ],
)
def test_wrong_usage_is_told(root: Path, source: Path, options: tuple[str, ...], said: str) -> None:
    """Exit code 2, and what is known."""
    done = haedap("import", source, "--root", root, *options)
    assert done.returncode == 2
    assert said in done.stderr


def test_ten_thousand_articles_come_over(root: Path, tmp_path: Path) -> None:
    """Each in a file of its own, those of one title too."""
    articles = [text(number, f"질문 {number % 5000}", html_url="") for number in range(1, 10_001)]
    source = write_tree(tmp_path, {"articles.json": json.dumps({"articles": articles})}) / "articles.json"
    done = haedap("import", source, "--root", root, "--json")
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["written"]) == 10_000
