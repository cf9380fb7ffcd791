"""What machines find: canonical addresses, translations, sitemap, feed, pictures, data, twins, and old addresses."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from portal_builder.centre import Portal, load_centre
from portal_builder.check import check
from portal_builder.edition import Edition, Page
from portal_builder.history import committed
from portal_builder.machines.brandwide import files_above
from portal_builder.machines.card import card
from portal_builder.machines.publisher import locale
from portal_builder.plain import opening, plain, questions
from portal_builder.plan import plan
from portal_builder.press import press
from portal_builder.stage import stage
from support import BRAND, SMALL, article, haedap, write_tree

AT = datetime(2026, 12, 1, tzinfo=UTC)
Q = "content/faq/orders/"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
ATOM = {"a": "http://www.w3.org/2005/Atom"}
FILES: dict[str, str | bytes] = {
    Q + "both.ko.md": article("취소하려면?", "카드는 **3일**입니다.\n\n## 더\n\n[환불](../billing/refund.ko.md)"),
    Q + "both.en.md": article("How to cancel"),
    Q + "korean.ko.md": article("한국어만", "글 ![그림](a.svg)", summary="한 줄 요약"),
    Q + "a.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    Q + "hidden.ko.md": article("zqhidden", "zqhidden", search="{exclude: true}"),
    Q + "hidden.en.md": article("zqhidden english", search="{exclude: true}"),
    "scheduled/notices/later.ko.md": article("zqlater", "zqlater", publish_at="2199-01-01"),
    "content/notices/over.ko.md": article("zqover", expire_at="2026-01-01"),
    "content/notices/now.ko.md": article("점검 <&> 안내", "글", publish_at="2026-11-01 09:00", severity="maintenance"),
    "content/notices/old.ko.md": article("옛 공지", publish_at="2026-10-01", summary="요약"),
}


def editions(root: Path, base: str | None = None) -> dict[str, Edition]:
    centre = load_centre(root)
    assert check(centre) == ()
    return {str(portal): plan(centre, portal, AT, base) for portal in centre.portals()}


@pytest.fixture
def portals(tmp_path: Path) -> dict[str, Edition]:
    return editions(write_tree(tmp_path, {**SMALL, **FILES}))


def page(edition: Edition, url: str) -> Page:
    found = edition.page(url)
    assert found is not None, url
    return found


def head(edition: Edition, url: str) -> dict[str, Any]:
    machines: dict[str, Any] = page(edition, url).meta["machines"]
    return machines


def data(edition: Edition, url: str) -> dict[str, Any]:
    """The page's JSON-LD by type."""
    return {node["@type"]: node for node in json.loads(head(edition, url)["json_ld"])["@graph"]}


# -- one address, real translations ------------------------------------------------------------------------------


def test_translations_are_named_on_both_sides_and_only_where_they_are_real(portals: dict[str, Edition]) -> None:
    """hreflang of a translated article names both languages and the source as default; of others it is not there."""
    links = head(portals["daon/ko"], "faq/orders/both/")["translations"]
    assert links == head(portals["daon/en"], "faq/orders/both/")["translations"]
    there = "https://help.daon.example/{}/faq/orders/both/"
    assert {link["code"]: link["url"] for link in links} == {
        "ko": there.format("ko"),
        "en": there.format("en"),
        "x-default": there.format("ko"),
    }
    assert head(portals["daon/ko"], "faq/orders/korean/")["translations"] == []


def test_the_home_pages_default_is_the_choice_of_languages(portals: dict[str, Edition]) -> None:
    """x-default of a home page is the page above the portals."""
    links = head(portals["daon/en"], "")["translations"]
    assert {"code": "x-default", "url": "https://help.daon.example/"} in links


def test_a_fallback_and_an_excluded_page_are_nobodys_entry(portals: dict[str, Edition]) -> None:
    """No translations and no data; one is at home elsewhere, the other asks to be left out."""
    fallback = head(portals["daon/en"], "faq/orders/korean/")
    assert fallback["canonical"] == head(portals["daon/ko"], "faq/orders/korean/")["canonical"]
    assert fallback["robots"] is None
    hidden = head(portals["daon/en"], "faq/orders/hidden/")
    assert (hidden["robots"], hidden["canonical"]) == ("noindex", None)
    for machines in (fallback, hidden):
        assert "translations" not in machines
        assert "json_ld" not in machines


def test_a_list_of_nothing_but_fallbacks_is_no_entry(portals: dict[str, Edition]) -> None:
    """The English billing list holds one Korean text; the orders list has a text of its own."""
    assert head(portals["daon/en"], "faq/billing/")["robots"] == "noindex"
    assert head(portals["daon/ko"], "faq/billing/")["translations"] == []
    assert head(portals["daon/en"], "faq/orders/")["robots"] is None
    assert len(head(portals["daon/ko"], "faq/orders/")["translations"]) == 3


def test_addresses_are_absolute_and_encoded(tmp_path: Path) -> None:
    """A Hangul id stands percent-encoded in canonical, sitemap and feed; another base begins them all."""
    files = {**SMALL, "content/notices/점검.ko.md": article("점검", publish_at="2026-11-01")}
    edition = editions(write_tree(tmp_path, files), "http://localhost:8000/")["daon/ko"]
    address = "http://localhost:8000/daon/ko/notices/%EC%A0%90%EA%B2%80/"
    assert head(edition, "notices/점검/")["canonical"] == address
    assert f"<loc>{address}</loc>" in edition.files["sitemap.xml"]
    assert f'href="{address}"' in edition.files["feed.xml"]


# -- sitemap, feed, robots ---------------------------------------------------------------------------------------


def test_the_sitemap_holds_every_entry_once(portals: dict[str, Edition]) -> None:
    """What is canonical is in it and nothing else, with translations; it is well-formed."""
    for edition in portals.values():
        root = ET.fromstring(edition.files["sitemap.xml"])  # noqa: S314 -- our own file
        listed = [loc.text for loc in root.findall("s:url/s:loc", NAMES)]
        machines = [p.meta["machines"] for p in edition.pages]
        assert listed == [one["canonical"] for one in machines if "translations" in one]
        assert len(set(listed)) == len(listed)
    english = portals["daon/en"].files["sitemap.xml"]
    assert 'hreflang="x-default"' in english
    assert "orders/korean" not in english


def test_the_feed_is_valid_atom_with_lasting_ids(tmp_path: Path) -> None:
    """Newest first, each with id, dates and title escaped; the ids do not change with the host it is looked at on."""
    root = write_tree(tmp_path, {**SMALL, **FILES})
    feeds = [
        ET.fromstring(editions(root, base)["daon/ko"].files["feed.xml"])  # noqa: S314 -- our own file
        for base in (None, "http://localhost")
    ]
    ids = [[entry.findtext("a:id", "", ATOM) for entry in feed.findall("a:entry", ATOM)] for feed in feeds]
    assert ids[0] == ids[1] == [f"https://help.daon.example/ko/notices/{name}/" for name in ("now", "old")]
    first = feeds[0].find("a:entry", ATOM)
    assert first is not None
    assert first.findtext("a:title", "", ATOM) == "점검 <&> 안내"
    assert first.findtext("a:updated", "", ATOM) == "2026-11-01T09:00:00+09:00"
    assert first.findtext("a:summary", "", ATOM) == "글"
    assert feeds[0].findtext("a:updated", "", ATOM) == "2026-11-01T09:00:00+09:00"


def test_a_fallback_notice_is_not_in_the_feed(portals: dict[str, Edition]) -> None:
    """The English feed is there, valid, and without the Korean notices."""
    feed = ET.fromstring(portals["daon/en"].files["feed.xml"])  # noqa: S314 -- our own file
    assert feed.findall("a:entry", ATOM) == []
    assert datetime.fromisoformat(feed.findtext("a:updated", "", ATOM))


def test_robots_names_the_sitemaps_and_keeps_receipts_out(tmp_path: Path) -> None:
    """Per brand, and above all brands for those that share a host; only portals that are built are in the index."""
    files = {**SMALL, "themes/lumi/brand.yml": BRAND.replace("daon", "lumi")}
    centre = load_centre(write_tree(tmp_path, files))
    above = files_above(centre, None, ["daon/ko", "lumi/ko", "lumi/en"])
    assert above["daon/robots.txt"].splitlines()[:2] == ["User-agent: *", "Disallow: /f/"]
    assert "Sitemap: https://help.daon.example/sitemap.xml" in above["daon/robots.txt"]
    assert above["robots.txt"].count("Sitemap: ") == 2
    assert above["daon/sitemap.xml"].count("<loc>") == 1
    assert above["lumi/sitemap.xml"].count("<loc>") == 2
    assert "https://help.lumi.example/en/llms.txt" in above["lumi/llms.txt"]


# -- pictures and data -------------------------------------------------------------------------------------------


def test_the_picture_is_a_png_of_the_size_that_is_named(tmp_path: Path) -> None:
    """With a logo, without one, and with a logo that is no picture at all; a brand's own picture is left as it is."""
    logo = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><rect width='9' height='9' fill='#f00'/></svg>"
    drawn: list[bytes] = []
    for name, content in (("", ""), ("logo.svg", logo), ("logo.svg", "no picture")):
        files = {"themes/daon/brand.yml": BRAND + (f"logo: {name}\n" if name else ""), "themes/daon/logo.svg": content}
        root = write_tree(tmp_path / str(len(drawn)), {**SMALL, **files})
        brand = load_centre(root).brands["daon"]
        drawn.append(card(brand, {"static/brand/logo.svg": root / "themes/daon/logo.svg"}))
    for picture in drawn:
        assert picture.startswith(b"\x89PNG")
        assert struct.unpack(">II", picture[16:24]) == (1200, 630)
    assert len(set(drawn[:2])) == 2
    own: dict[str, str | bytes] = {**SMALL, "themes/daon/static/card.png": b"mine"}
    centre = load_centre(write_tree(tmp_path / "own", own))
    staged = stage(centre, plan(centre, Portal("daon", "ko"), AT), tmp_path / "stage")
    assert (staged.folder / "docs/static/card.png").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("language", "expected"), [("ko", "ko_KR"), ("en", "en_US"), ("zh-TW", "zh_TW"), ("zh-Hant-HK", "zh_HK")]
)
def test_a_locale_names_a_country(language: str, expected: str) -> None:
    """Open Graph wants language and country."""
    assert locale(language) == expected


def test_a_question_is_data_with_the_answer_that_the_page_shows(portals: dict[str, Edition]) -> None:
    """FAQPage where the title asks and where a question unfolds; Article elsewhere; the trail everywhere."""
    asked = data(portals["daon/ko"], "faq/orders/both/")
    assert asked["FAQPage"]["mainEntity"][0]["acceptedAnswer"]["text"] == "카드는 3일입니다."
    assert "Article" not in asked
    assert [step["position"] for step in asked["BreadcrumbList"]["itemListElement"]] == [1, 2, 3, 4]
    told = data(portals["daon/ko"], "faq/orders/korean/")
    assert told["Article"]["description"] == "한 줄 요약"
    assert "FAQPage" not in told
    assert data(portals["daon/ko"], "notices/now/")["Article"]["datePublished"] == "2026-11-01T09:00:00+09:00"


def test_no_title_ends_the_element_that_holds_the_data(tmp_path: Path) -> None:
    """A title with `</script>`, quotes and ampersands: the pressed page has valid data and no script of the title's."""
    evil = """'</script><script>alert(1)</script> & "<!--"?'"""
    files = {**SMALL, "content/faq/orders/x.ko.md": f"---\ntitle: {evil}\nsummary: {evil}\n---\n\n답 </script>\n"}
    centre = load_centre(write_tree(tmp_path, files))
    edition = plan(centre, Portal("daon", "ko"), AT)
    html = (press(stage(centre, edition, tmp_path / "stage").folder) / "faq/orders/x/index.html").read_text("utf-8")
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert len(found) == 1
    tree = json.loads(found[0])
    assert tree["@graph"][0]["mainEntity"][0]["name"].startswith("</script><script>alert(1)")
    assert "<script>alert" not in html
    assert '<link rel="canonical" href="https://help.daon.example/ko/faq/orders/x/">' in html
    assert html.count('property="og:title"') == 1


# -- Markdown twins ----------------------------------------------------------------------------------------------


def test_a_twin_leads_somewhere_from_anywhere(tmp_path: Path) -> None:
    """Terms in words, links and pictures absolute, the title on top; linked from the page."""
    body = "{{ brand.app }} [환불](../billing/refund.ko.md#a) ![그림](a.svg) [밖](https://x.example) [여기](#b)"
    files = {**SMALL, Q + "x.ko.md": article("제목", body, summary="요약"), Q + "a.svg": "<svg/>"}
    files["content/faq/billing/refund.ko.md"] = article("환불", "## 에이 {#a}")
    files[Q + "x.ko.md"] = article("제목", body + "\n\n## 비 {#b}", summary="요약")
    edition = editions(write_tree(tmp_path, files))["daon/ko"]
    root = "https://help.daon.example/ko/"
    text = edition.files["faq/orders/x/index.md"]
    assert text.startswith(f"# 제목\n\n> 요약\n\n{root}faq/orders/x/\n\n다온 앱 [환불]({root}faq/billing/refund/#a)")
    assert f"![그림]({root}faq/orders/a.svg)" in text
    assert "[밖](https://x.example)" in text
    assert f"[여기]({root}faq/orders/x/#b)" in text
    assert head(edition, "faq/orders/x/")["twin"] == "index.md"


def test_llms_txt_lists_the_twins_by_category(portals: dict[str, Edition]) -> None:
    """Each line leads to a twin that is there; fallbacks and excluded texts are not listed."""
    for edition in portals.values():
        text = edition.files["llms.txt"]
        root = edition.site_url
        twins = [address.removeprefix(root) for address in re.findall(r"\((\S+index\.md)\)", text)]
        assert sorted(twins) == sorted(path for path in edition.files if path.endswith(".md"))
    assert portals["daon/ko"].files["llms.txt"].startswith("# 다온 ")
    assert "한국어만" not in portals["daon/en"].files["llms.txt"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**굵게** 그리고 _기울임_ `코드`", "굵게 그리고 기울임 코드"),
        ("1. 하나\n2. 둘\n\n- [x] 셋", "하나 둘 셋"),
        ('!!! tip "알림"\n    안쪽', "알림 안쪽"),
        ("```sh\nmake\n```", "make"),
        ("a_b_c 3 * 4 <b>x</b> &lt;", "a_b_c 3 4 x <"),
        ("![그림](a.png){ width=300 } 글<!-- 비밀 -->", "글"),
        ("[가 (나)](a.md#b) :material-cart:", "가 (나)"),
        ("| 수단 | 기간 |\n|:---|---:|\n| 카드 | 3일 |", "수단 기간 카드 3일"),
    ],
)
def test_markdown_in_plain_words(text: str, expected: str) -> None:
    """What machines quote has no marks in it."""
    assert plain(text) == expected


def test_the_opening_and_the_questions_of_a_text() -> None:
    """Before the first heading; below it where nothing stands before; each question with its indented answer."""
    assert opening("앞\n\n## 제목\n\n뒤") == "앞"
    assert opening("## 제목\n\n뒤") == "뒤"
    text = '글\n\n??? question "왜요?"\n    첫 줄\n\n    - 둘째\n\n??? note "아님"\n    x\n'
    assert list(questions(text)) == [("왜요?", "첫 줄 둘째")]


# -- old addresses -----------------------------------------------------------------------------------------------


def test_old_addresses_and_their_anchors_lead_on(tmp_path: Path) -> None:
    """A page that was split: the whole leads to one article, one of its anchors to a heading of another."""
    files = {
        **SMALL,
        Q + "whole.ko.md": article("전체", redirect_from="[faq/old, {faq/old#time: 기간}]", body="## 기간"),
        Q + "part.ko.md": article("부분", redirect_from="faq/old#part"),
    }
    edition = editions(write_tree(tmp_path, files))["daon/ko"]
    meta = page(edition, "faq/old/").meta
    assert meta["target"] == "faq/orders/whole/"
    assert {moved["anchor"]: moved["url"] for moved in meta["anchors"]} == {
        "time": "faq/orders/whole/#기간",
        "part": "faq/orders/part/",
    }
    assert meta["machines"]["canonical"] == "https://help.daon.example/ko/faq/orders/whole/"
    assert "faq/old" not in edition.files["sitemap.xml"]


# -- nothing that is not out -------------------------------------------------------------------------------------


def test_no_byte_of_the_output_tells_what_is_not_out(tmp_path: Path) -> None:
    """Waiting texts are in no file, nor is a word of a withdrawn one; an excluded one is in no list and has no twin.

    A withdrawn text's address is what readers know already: the page there says that it is gone, and the record tells
    hosts to answer with 410. Nothing else names it.
    """
    root = write_tree(tmp_path, {**SMALL, **FILES})
    run = haedap("build", "--root", root, "--at", "2026-12-01")
    assert run.returncode == 0, run.stdout + run.stderr
    out = root / "build/site"
    files = {file.relative_to(out).as_posix(): file.read_bytes() for file in out.rglob("*") if file.is_file()}
    assert {"daon/robots.txt", "daon/ko/feed.xml", "daon/en/llms.txt", "robots.txt"} <= files.keys()
    for path, content in files.items():
        for canary in (b"zqlater", b"zqover", b"notices/later"):
            assert canary not in content + path.encode(), path
        if path.rpartition("/")[2] in {"sitemap.xml", "feed.xml", "llms.txt", "index.md"}:
            assert b"hidden" not in content + path.encode(), path
    naming = {path for path, content in files.items() if b"notices/over" in content + path.encode()}
    pages = {f"daon/{language}/notices/over/index.html" for language in ("ko", "en")}
    assert naming == {".haedap/release.json"} | pages


# -- when a text was changed -------------------------------------------------------------------------------------


def _git(root: Path, *arguments: str, date: str = "2026-11-05T10:00:00+09:00") -> None:
    who = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b.c",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b.c",
    }
    environment = {
        **who,
        "GIT_COMMITTER_DATE": date,
        "GIT_AUTHOR_DATE": date,
        "HOME": str(root),
        "PATH": "/usr/bin:/bin",
    }
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, env=environment)


def test_git_knows_when_a_text_was_changed(tmp_path: Path) -> None:
    """The newest commit of each file, Hangul names included, reaches sitemap and data; without git nothing does."""
    root = write_tree(tmp_path / "help", {**SMALL, "content/faq/orders/점검.ko.md": article("점검")})
    assert committed(root) == {}
    _git(root, "init", "-q")
    _git(root, "add", ".")
    _git(root, "commit", "-qm", "one")
    write_tree(root, {"content/faq/orders/점검.ko.md": article("점검 둘")})
    _git(root, "commit", "-qam", "two", date="2026-11-09T10:00:00+09:00")
    changed = committed(root)
    assert changed["content/faq/orders/점검.ko.md"] == datetime(2026, 11, 9, 1, tzinfo=UTC)
    edition = plan(load_centre(root, changed), Portal("daon", "ko"), AT)
    assert "<lastmod>2026-11-09T10:00:00+09:00</lastmod>" in edition.files["sitemap.xml"]
    assert data(edition, "faq/orders/점검/")["Article"]["dateModified"] == "2026-11-09T10:00:00+09:00"


def test_a_shallow_clone_knows_nothing(tmp_path: Path) -> None:
    """There every file would seem as old as the clone's only commit."""
    root = write_tree(tmp_path / "help", dict(SMALL))
    for arguments in (
        ["init", "-q"],
        ["add", "."],
        ["commit", "-qm", "one"],
        ["commit", "-qm", "two", "--allow-empty"],
    ):
        _git(root, *arguments)
    _git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", "copy")
    assert committed(tmp_path / "copy") == {}
