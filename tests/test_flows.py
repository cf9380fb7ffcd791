"""Guided answers: read, checked, planned as pages that work by their links alone, and carried into the inquiry."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from portal_builder.catalogue import load_tool_words
from portal_builder.centre import Portal, load_centre
from portal_builder.check import check
from portal_builder.edition import Edition, Page
from portal_builder.flow import TURNS_AT_MOST
from portal_builder.plan import plan
from support import BRAND, FORM, SMALL, article, write_tree

AT = datetime(2026, 12, 1, tzinfo=UTC)
PATH = "content/flows/help.yml"
FLOW = """\
title: {ko: 도와주세요, en: Help me}
steps:
  - name: first
    title: {ko: 왔나요?, en: Is it there?}
    answers:
      - {value: yes, to: broken, label: {ko: 네, en: Yes}}
      - {value: no, to: wait, label: {ko: 아니요, en: No}}
  - name: broken
    title: {ko: 깨졌나요?, en: Is it broken?}
    answers:
      - {value: yes, to: ask, label: {ko: 네, en: Yes}}
      - {value: no, to: wait, label: {ko: 아니요, en: No}}
  - name: wait
    title: {ko: 기다려 주세요, en: Please wait}
    text: {ko: "{{ brand.app }}에서", en: In {{ brand.app }}}
    article: faq/billing/refund
  - name: ask
    title: {ko: 알려 주세요, en: Tell us}
    form: inquiry
""".replace("en: In {{ brand.app }}", 'en: "In {{ brand.app }}"')
HIDDEN = "  - {name: flow, type: hidden, max_length: 30, label: {ko: 길, en: Way}}\nprivacy:"
Files = dict[str, str | bytes]
LUMI = {"themes/lumi/brand.yml": BRAND.replace("daon", "lumi")}
CHAIN = (
    "title: {ko: a, en: a}\nsteps:\n"
    + "".join(
        f"  - name: s{n}\n    title: t\n    answers:\n      - {{value: a, to: s{n + 1}, label: x}}\n"
        f"      - {{value: b, to: s{n + 1}, label: x}}\n"
        for n in range(8)
    )
    + "  - {name: s8, title: t, form: inquiry}\n"
)


def changed(before: str, after: str) -> Files:
    assert before in FLOW
    return {PATH: FLOW.replace(before, after, 1)}


FAULTS: dict[str, tuple[Files, int, str]] = {
    "dead end": (changed("    form: inquiry\n", ""), 17, "flow.dead_end"),
    "loop": (changed("to: ask", "to: first"), 11, "flow.loop"),
    "step that leads to itself": (changed("to: ask", "to: broken"), 11, "flow.loop"),
    "unreachable step": (changed("to: ask", "to: wait"), 17, "flow.unreachable"),
    "unknown step": (changed("to: wait", "to: wiat"), 7, "flow.step_unknown"),
    "answers and an end": (changed("Is it broken?}", "Is it broken?}\n    form: inquiry"), 8, "flow.no_end"),
    "step twice": (changed("name: ask", "name: wait"), 17, "flow.step_twice"),
    "answer twice": (changed("value: no", "value: yes"), 7, "flow.answer_twice"),
    "unknown article": (changed("faq/billing/refund", "faq/billing/refnud"), 16, "article.related_unknown"),
    "unknown related article": (changed("steps:", "related: [faq/x]\nsteps:"), 2, "article.related_unknown"),
    "unknown form": (changed("form: inquiry", "form: inquire"), 19, "article.form_unknown"),
    "unknown form of the flow": (changed("steps:", "form: inquire\nsteps:"), 2, "article.form_unknown"),
    "unknown brand": (changed("steps:", "brand: daom\nsteps:"), 2, "article.brand_unknown"),
    "missing language": (changed("{ko: 네, en: Yes}", "{ko: 네}"), 6, "form.untranslated"),
    "unknown term": (changed("{{ brand.app }}", "{{ brand.apq }}"), 15, "term.unknown"),
    "link to a file": (changed("{{ brand.app }}에서", "[글](../faq/billing/refund.ko.md)"), 15, "flow.link"),
    "unknown key": (changed("    article:", "    artcle:"), 16, "key.nearest"),
    "value that cannot stand in an address": (changed("value: yes", "value: 예"), 6, "value.pattern"),
    "no step": ({PATH: "title: a\nsteps: []\n"}, 2, "value.list_empty"),
    "too many ways": ({PATH: CHAIN}, 2, "flow.too_many"),
    "article of another brand": (
        {PATH: FLOW, **LUMI, "content/faq/billing/refund.ko.md": article(brand="daon")},
        16,
        "flow.article_brand",
    ),
    "form of another brand": (
        {PATH: FLOW, **LUMI, "content/forms/inquiry.yml": FORM.replace("fields:", "brand: daon\nfields:")},
        19,
        "flow.form_brand",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_planted_fault_is_found_where_it_is(tmp_path: Path, name: str) -> None:
    """File, line, and a message with a remedy in Korean and in English; no other fault of that kind."""
    files, line, key = FAULTS[name]
    problems = check(load_centre(write_tree(tmp_path, {**SMALL, **files})))
    found = [problem for problem in problems if problem.path == PATH and problem.key == key]
    assert [problem.line for problem in found] == [line], problems
    for language in ("ko", "en"):
        assert found[0].text(load_tool_words(language).words).startswith(f"{PATH}:{line}: ")


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    files = {**SMALL, PATH: FLOW, "content/forms/inquiry.yml": FORM.replace("privacy:", HIDDEN)}
    centre = load_centre(write_tree(tmp_path, files))
    assert check(centre) == ()
    return plan(centre, Portal("daon", "en"), AT)


def page(edition: Edition, url: str) -> Page:
    found = edition.page(url)
    assert found is not None, url
    return found


def flow(edition: Edition, url: str) -> dict[str, Any]:
    view: dict[str, Any] = page(edition, url).meta["flow"]
    return view


def test_every_way_has_its_pages_and_links_alone_lead_through(edition: Edition) -> None:
    """From the first page every answer leads to a page, until an end with an article or a form; there are no others."""
    reached, waiting = set[str](), ["flows/help/"]
    while waiting:
        url = waiting.pop()
        reached.add(url)
        view = flow(edition, url)
        waiting += [answer["url"] for answer in view["answers"]]
        if not view["answers"]:
            assert view["form"]
            assert page(edition, view["form"]["url"])
        if url != "flows/help/":
            assert view["back"] in reached
            assert view["start"] == "flows/help/"
    assert reached == {p.url for p in edition.pages if p.template == "flow.html"}
    assert len(reached) == 5


def test_an_end_shows_its_article_and_the_way(edition: Edition) -> None:
    """The article as a line, the texts with the brand's words, each question with its answer and the way back to it."""
    view = flow(edition, "flows/help.yes.no/")
    assert view["article"]["url"] == "faq/billing/refund/"
    assert [(step["question"], step["answer"], step["url"]) for step in view["path"]] == [
        ("Is it there?", "Yes", "flows/help/"),
        ("Is it broken?", "No", "flows/help.yes/"),
    ]
    assert page(edition, "flows/help.yes.no/").text == "In the Daon app"


def test_the_form_at_the_end_knows_the_way(edition: Edition) -> None:
    """It shows the way, names the page before it, and carries the way in the team's words, no longer than the field."""
    found = page(edition, "flows/help.yes.yes/inquiry/")
    assert found.template == "form.html"
    assert found.meta["flow"]["path"][1]["answer"] == "Yes"
    assert found.meta["answers"]["_page"] == ["flows/help.yes.yes/"]
    assert found.meta["answers"]["flow"] == ["도와주세요 > 왔나요? 네 > 깨졌나요? 네"[:30]]


def test_only_the_first_page_is_an_entry_and_is_found(edition: Edition) -> None:
    """Steps and forms in the middle are kept out of search and sitemap; the list and the first page are not."""
    sitemap = edition.files["sitemap.xml"]
    assert "/flows/</loc>" in sitemap
    assert "/flows/help/</loc>" in sitemap
    assert "help.yes" not in sitemap
    for found in edition.pages:
        if found.template == "flow.html":
            assert found.meta["search"]["exclude"] is (found.url != "flows/help/")


def test_home_contact_and_articles_lead_to_flows(edition: Edition) -> None:
    """Home, contact page, the index, and the article at an end."""
    for url in ("", "contact/", "faq/billing/refund/"):
        assert [entry["url"] for entry in page(edition, url).meta["flows"]] == ["flows/help/"]
    assert page(edition, "all/").meta["sections"][0]["entries"][0]["url"] == "flows/help/"


def test_a_flow_is_for_its_brands(tmp_path: Path) -> None:
    """Another brand has no page of it, and no list where it has none at all."""
    centre = load_centre(write_tree(tmp_path, {**SMALL, **LUMI, **changed("steps:", "brand: lumi\nsteps:")}))
    assert not [p.url for p in plan(centre, Portal("daon", "ko"), AT).pages if p.url.startswith("flows")]
    assert plan(centre, Portal("lumi", "ko"), AT).page("flows/help/")


def test_an_article_that_is_not_out_leaves_the_form(tmp_path: Path) -> None:
    """Not even its title reaches the end that names it, and the end still leads to a person."""
    files = {**SMALL, PATH: FLOW, "content/faq/billing/refund.ko.md": article("zqlater", publish_at="2199-01-01")}
    edition = plan(load_centre(write_tree(tmp_path, files)), Portal("daon", "ko"), AT)
    view = flow(edition, "flows/help.no/")
    assert view["article"] is None
    assert view["form"]["url"] == "flows/help.no/inquiry/"
    assert "zqlater" not in repr(edition)


def test_the_number_of_pages_is_bounded(tmp_path: Path) -> None:
    """Even a flow that check refuses cannot make a plan without end: loops are cut, ways are counted."""
    for content in (changed("to: ask", "to: first")[PATH], CHAIN):
        centre = load_centre(write_tree(tmp_path, {**SMALL, PATH: content}))
        pages = [p for p in plan(centre, Portal("daon", "ko"), AT).pages if p.template == "flow.html"]
        assert len(pages) <= TURNS_AT_MOST + 1
