"""The audit: a good portal has nothing to mend; each planted fault is found under its type, with file and remedy."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal_builder.audit.facts import Kind
from portal_builder.audit.read import read_portal
from portal_builder.audit.rules import RULES
from portal_builder.audit.walk import audit
from portal_builder.catalogue import load_tool_words
from support import BRAND, FORM, article, haedap, write_tree

pytestmark = pytest.mark.xdist_group("audit")  # one build for all of them

AREAS = ("billing", "orders", "shipping", "returns", "accounts")
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='30'/>"
PHONE = "{kind: phone, address: 070-0000-0101, use_for: x}"
FILES: dict[str, str | bytes] = {
    "themes/daon/brand.yml": BRAND.replace("[ko, en]", "[ko]")
    + "promise: {hours: 24}\nchannels:\n  - {kind: form, form: inquiry, use_for: x}\n"
    + f"  - {{kind: email, address: help@daon.example, use_for: x}}\n  - {PHONE}\n",
    "content/forms/inquiry.yml": FORM.replace("fields:", "summary: 무엇이든\nsuggest: [faq/billing/one]\nfields:"),
    **{f"content/faq/{area}/one.ko.md": article(f"{area} 글", "1. 하나\n2. 둘", summary="요약") for area in AREAS},
    "content/faq/billing/one.ko.md": article(
        "그림", "![그림 설명](a.svg)\n\n[주문 글](../orders/one.ko.md)", summary="요약"
    ),
    "content/faq/billing/a.svg": SVG,
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_tree(tmp_path_factory.mktemp("good"), FILES)
    run = haedap("build", "--root", root)
    assert run.returncode == 0, run.stdout + run.stderr
    return root


@pytest.fixture
def built(good: Path, tmp_path: Path) -> Path:
    """A copy whose pages may be spoilt."""
    shutil.copytree(good, tmp_path / "centre", ignore=shutil.ignore_patterns("stage", "cache"))
    return tmp_path / "centre"


def test_a_good_portal_has_nothing_to_mend(good: Path) -> None:
    """The command says so and ends with 0."""
    run = haedap("audit", "--root", good)
    assert run.returncode == 0, run.stdout
    assert run.stdout.startswith("Nothing to mend: ")


ONE, HOME, FORM_PAGE, CONTACT = "faq/billing/one/", "", "contact/inquiry/", "contact/"
Spoil = Callable[[str], str]


def text(markup: str) -> Spoil:
    """Put something into what the writer wrote."""
    return lambda html: re.sub(r'(<div class="text"[^>]*>)', lambda match: match[1] + markup, html, count=1)


def without(pattern: str, instead: str = "") -> Spoil:
    def spoil(html: str) -> str:
        spoilt = re.sub(pattern, instead, html, flags=re.DOTALL)
        assert spoilt != html, pattern
        return spoilt

    return spoil


def wide(count: int) -> str:
    return "가" * (count // 2)


def bare_text(markup: str) -> Spoil:
    """A text of this and nothing else."""
    return without(r'<div class="text"[^>]*>.*?</div>', f'<div class="text" lang="ko">{markup}</div>')


ROW = '<li><a href="../">x</a></li>'
FAULTS: dict[str, tuple[Kind, str, str, Spoil]] = {
    "dead link": ("A", "dead_link", ONE, text('<a href="../none/">글</a>')),
    "dead anchorless file": ("A", "dead_link", ONE, text('<a href="none.pdf">글</a>')),
    "link without words": ("A", "nameless_link", ONE, text('<a href="../"><img src="a.svg" alt="" width=1></a>')),
    "link that says here": ("A", "vague_link", ONE, text('<a href="../">여기</a>')),
    "no search": ("A", "no_search", HOME, without('role="search"')),
    "no way to people": ("A", "no_way_to_people", ONE, without(r'href="[^"]*contact/[^"]*"', 'href="../"')),
    "form unexplained": ("B", "form_unexplained", FORM_PAGE, without(r'<p class="lead">.*?</p>')),
    "form without answers": ("B", "form_alone", FORM_PAGE, without(r'<aside class="suggest".*?</aside>')),
    "field without a label": ("B", "no_label", FORM_PAGE, without('<label for="f-message">', "<label>")),
    "long list": ("C", "list_long", "faq/billing/", without(r'<ul class="rows">', f'<ul class="rows">{ROW * 31}')),
    "no summary": ("C", "no_summary", ONE, without(r'<p class="lead">.*?</p>')),
    "long paragraph": ("C", "paragraph_long", ONE, text(f"<p>{wide(602)}</p>")),
    "no headings": ("C", "no_headings", ONE, bare_text(f"<p>{wide(500)}</p><ul><li>x</li></ul>" * 5)),
    "no steps": ("C", "no_steps", ONE, bare_text(f"<h2>x</h2><p>{wide(500)}</p>" * 4)),
    "no text": ("C", "empty", ONE, bare_text("")),
    "no promise": ("D", "no_promise", FORM_PAGE, without('class="promise"')),
    "form that leads elsewhere": ("D", "form_nowhere", FORM_PAGE, without(r'action="/f/[^"]*"', 'action="mailto:x"')),
    "no address to answer": ("D", "no_reply", FORM_PAGE, without('type="email"', 'type="text"')),
    "no status": ("D", "no_status", FORM_PAGE, without('<p class="status" role="status">', "<p>")),
    "no privacy notice": ("D", "no_privacy", FORM_PAGE, without('class="privacy"')),
    "files that are lost": (
        "D", "files_lost", FORM_PAGE,
        without('enctype="multipart/form-data" novalidate([^>]*)>', r"\1><label><input type=file name=x>x</label>"),
    ),
    "broken address": ("D", "channel_broken", CONTACT, without("mailto:help@daon.example", "mailto:help@daon")),
    "broken number": ("D", "channel_broken", CONTACT, without('href="tel:[^"]*"', 'href="tel:전화"')),
    "no other way": ("D", "no_channel", CONTACT, without(r'href="(mailto|tel):[^"]*"', 'href="../"')),
    "no viewport": ("E", "no_viewport", ONE, without('<meta name="viewport"[^>]*>')),
    "no zoom": ("E", "no_zoom", ONE, without("initial-scale=1", "initial-scale=1, user-scalable=no")),
    "no language": ("E", "no_language", ONE, without('<html lang="ko"', "<html")),
    "heavy page": ("E", "page_heavy", ONE, text(f"<!--{'x' * 150_000}-->")),
    "picture without description": ("E", "no_alt", ONE, without('alt="그림 설명"', 'alt=""')),
    "picture without size": ("E", "no_size", ONE, without('width="40"')),
    "wide table": ("E", "table_wide", ONE, text(f"<table><tr>{'<td>x</td>' * 6}</tr></table>")),
    "long table": ("E", "table_long", ONE, text(f"<table>{'<tr><td>x</td></tr>' * 40}</table>")),
    "fixed width": ("E", "too_wide", ONE, text('<div style="min-width: 600px">x</div>')),
    "frame too wide": ("E", "too_wide", ONE, text('<iframe width="560" title="x"></iframe>')),
    "script in an article": ("E", "inline", ONE, text("<script>alert(1)</script>")),
    "event handler": ("E", "inline", ONE, text('<b onclick="x()">x</b>')),
    "picture of another host": ("E", "stranger", ONE, text('<img src="https://x.example/a.png" alt="x">')),
    "link one character wide": ("E", "tiny_link", ONE, text('<a href="../">1</a>')),
}  # fmt: skip  # one fault a line


@pytest.mark.parametrize("name", FAULTS)
def test_each_planted_fault_is_found_under_its_type(built: Path, name: str) -> None:
    """One spoilt page, one finding: type, file to mend, and a message in Korean and in English."""
    kind, rule, url, spoil = FAULTS[name]
    page = built / "build/site/daon/ko" / url / "index.html"
    page.write_text(spoil(page.read_text("utf-8")), "utf-8")
    found = [one for one in audit(built, built / "build/site", ["daon/ko"]).reports if one.rule == rule]
    assert [(one.kind, one.pages) for one in found] == [(kind, (f"daon/ko/{url}index.html",))]
    source = {ONE: "content/faq/billing/one.ko.md", FORM_PAGE: "content/forms/inquiry.yml"}
    assert found[0].path == source.get(url, f"daon/ko/{url}index.html")
    for language in ("ko", "en"):
        assert found[0].text(load_tool_words(language).words).startswith(f"{found[0].path}: ")


def test_a_page_that_is_only_in_the_index_is_an_orphan(built: Path) -> None:
    """Lists, home and related answers no longer name the article: the index of everything does not count."""
    site = built / "build/site/daon/ko"
    for page in site.rglob("index.html"):
        if page.parent.name not in {"all", "one"} or "orders" not in page.as_posix():
            html = page.read_text("utf-8")
            page.write_text(re.sub(r'href="[^"]*orders/one/"', 'href="#main"', html), "utf-8")
    index = (site / "faq/orders/index.html").read_text("utf-8")
    (site / "faq/orders/index.html").write_text(re.sub(r'href="one/"', 'href="#main"', index), "utf-8")
    (site / "all/index.html").write_text('<html lang="ko"><a href="../faq/orders/one/">글</a>', "utf-8")
    found = [one.path for one in audit(built, built / "build/site", ["daon/ko"]).reports if one.rule == "orphan"]
    assert found == ["content/faq/orders/one.ko.md"]


def test_more_than_three_clicks_are_too_many(tmp_path: Path) -> None:
    """A chain of pages: the fourth is near enough, the fifth is not."""
    for number in range(5):
        folder = tmp_path / "/".join(["p"] * number) if number else tmp_path
        folder.mkdir(exist_ok=True, parents=True)
        body = '<main><article><p class="lead">x</p><div class="text" lang="ko">x</div></article></main>'
        page = f'<html lang="ko"><a href="p/">다음</a>{body}</html>'
        (folder / "index.html").write_text(page, "utf-8")
    portal = read_portal(tmp_path, "daon/ko")
    deep = [one for one in RULES[0](portal) if one.rule == "deep"]
    assert [(one.url, dict(one.values)["clicks"]) for one in deep] == [("p/p/p/p/", "4")]


def test_a_missing_area_and_a_missing_contact_page(built: Path) -> None:
    """Without articles about returns, and without a contact page at all."""
    site = built / "build/site"
    shutil.rmtree(site / "daon/ko/faq/returns")
    rules = {one.rule for one in audit(built, site, ["daon/ko"]).reports}
    assert {"area", "dead_link"} <= rules
    shutil.rmtree(site / "daon/ko/contact")
    assert "no_contact" in {one.rule for one in audit(built, site, ["daon/ko"]).reports}


def test_a_heavy_picture_and_what_several_portals_share(built: Path) -> None:
    """A picture of 600 kB; and the same fault in two portals is one thing to mend."""
    site = built / "build/site"
    (site / "daon/ko/faq/billing/a.svg").write_bytes(SVG.encode() + b" " * 600_000)
    shutil.copytree(site / "daon/ko", site / "daon/xx")
    reports = audit(built, site, ["daon/ko", "daon/xx"]).reports
    assert [(one.rule, len(one.pages)) for one in reports] == [("picture_heavy", 2)]
    assert " (+1): " in reports[0].text(load_tool_words("ko").words)


def _lines(text: str) -> Iterator[str]:
    return (line for line in text.splitlines() if line.startswith("  "))


def test_the_command_speaks_and_counts(built: Path) -> None:
    """Findings by type in the writer's language, as JSON too, with exit code 1; nothing built is said in one line."""
    page = built / "build/site/daon/ko" / ONE / "index.html"
    page.write_text(text('<a href="../none/">여기</a>')(page.read_text("utf-8")), "utf-8")
    run = haedap("audit", "--root", built, HAEDAP_LANG="ko")
    assert run.returncode == 1
    assert run.stdout.startswith("A. 깊은 산속")
    assert len([*_lines(run.stdout)]) == 2
    tree = json.loads(haedap("audit", "--root", built, "--json").stdout)
    assert {one["rule"] for one in tree["found"]} == {"dead_link", "vague_link"}
    assert tree["portals"] == ["daon/ko"]
    empty = haedap("audit", "--root", built, "--out", built / "nothing")
    assert (empty.returncode, empty.stdout) == (1, "")
    assert "haedap build" in empty.stderr
