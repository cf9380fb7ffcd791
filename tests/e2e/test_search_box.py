"""The search box in a real Chromium: found, typed into, walked through by keyboard, left and come back to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from e2e.town import DESKTOP, PHONE, Town, context, fits
from playwright.sync_api import Browser, Locator, Page, Route, expect

pytestmark = pytest.mark.xdist_group("browser")  # one browser and one town for all of them

ARTICLE = "faq/billing/refund-time/"
QUERY, ANSWER, ANSWER_URL = "해외 카드", "해외에서 발급한 카드로 결제할 수 있나요?", re.compile("/faq/billing/")
NOTHING = "zqxwvkj"
HOSTILE = "<img src=x onerror=alert(1)>\"'`{query}</script>"


@pytest.fixture
def home(town: Town) -> str:
    return f"{town.address}/ondam/ko/"


@pytest.fixture
def patient(browser: Browser) -> Iterator[Page]:
    """A tab for what is meant to fail: its console is not listened to."""
    with context(browser, PHONE) as tabs:
        yield tabs.new_page()


def field(page: Page) -> Locator:
    return page.locator("input[name=q]")


def options(page: Page) -> Locator:
    return page.get_by_role("option")


def part(page: Page, name: str) -> Locator:
    return page.locator(f"[data-part={name}]")


# Looked at once a frame: Playwright's own waiting compiles text, which the pages' policy forbids.
COUNTED_AS_MISSED = """() => new Promise((done) => {
  let frames = 600;
  const look = () => {
    const counted = sessionStorage.getItem("haedap.misses") === "1";
    if (counted || !frames--) done(counted); else requestAnimationFrame(look);
  };
  look();
})"""


def recent(page: Page) -> list[str]:
    kept: list[str] = json.loads(page.evaluate("localStorage.getItem('haedap.searches')") or "[]")
    return kept


def test_an_answer_by_keyboard_alone(home: str, page: Page) -> None:
    """From an article: a slash, a few letters, an arrow, Enter; and back to where the search was left."""
    page.goto(home + ARTICLE)
    page.keyboard.press("/")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("")
    page.keyboard.type(QUERY, delay=30)
    expect(options(page).first).to_contain_text(ANSWER)
    expect(options(page).first.locator("mark").first).to_be_visible()
    expect(page.get_by_role("status").filter(has_text=re.compile(r"검색 결과 \d+개"))).to_have_count(1)
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    fits(page)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_have_count(1)
    expect(field(page)).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    expect(field(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(ANSWER_URL)
    expect(page.get_by_role("heading", level=1)).to_have_text(ANSWER)
    page.go_back()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(field(page)).to_have_value(QUERY)
    expect(options(page).first).to_contain_text(ANSWER)


def test_escape_closes_and_gives_the_focus_back(home: str, page: Page) -> None:
    """The button opens the dialog; Escape closes it, with what was typed kept for the next time."""
    page.goto(home + ARTICLE)
    button = page.locator("header").get_by_role("button", name="검색")
    button.click()
    field(page).fill(QUERY)
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(field(page)).to_have_value(QUERY)
    page.get_by_role("button", name="닫기", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_shortcuts_leave_typing_alone(home: str, page: Page) -> None:
    """A slash in a form is a slash; elsewhere Ctrl-K opens the search; Home and End move within the text."""
    page.goto(home + "contact/inquiry/")
    page.locator("[name=subject]").press_sequentially("1/2")
    expect(page.locator("[name=subject]")).to_have_value("1/2")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.locator("h1").click()
    page.keyboard.press("Control+k")
    expect(field(page)).to_be_focused()
    page.keyboard.type("카드")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Home")
    page.keyboard.type("해외 ")
    page.keyboard.press("End")
    page.keyboard.type("로")
    expect(field(page)).to_have_value("해외 카드로")


def test_home_keeps_the_query_on_the_way_back(home: str, page: Page) -> None:
    """Results below the hero's box; the address holds the query; Escape closes, then clears."""
    page.goto(home)
    field(page).click()
    page.keyboard.type(QUERY, delay=30)
    expect(options(page).first).to_contain_text(ANSWER)
    expect(page).to_have_url(f"{home}?q={quote(QUERY).replace('%20', '+')}")
    fits(page)
    options(page).first.click()
    expect(page).to_have_url(ANSWER_URL)
    page.go_back()
    expect(field(page)).to_have_value(QUERY)
    expect(options(page).first).to_contain_text(ANSWER)
    field(page).focus()
    page.keyboard.press("Escape")
    expect(options(page).first).to_be_hidden()
    expect(field(page)).to_have_value(QUERY)
    page.keyboard.press("Escape")
    expect(field(page)).to_have_value("")
    expect(page).to_have_url(home)


def test_a_link_with_a_query_opens_with_results(home: str, page: Page) -> None:
    """On home, above the index of all articles, on an article, and on the page for unknown addresses."""
    for path in ("", "all/", ARTICLE):
        page.goto(f"{home}{path}?q={quote(QUERY)}")
        expect(field(page)).to_have_value(QUERY)
        expect(options(page).first).to_contain_text(ANSWER)
        fits(page)
    page.goto(f"{home}all/")
    field(page).fill(QUERY)
    expect(options(page).first).to_contain_text(ANSWER)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/all/\?q="))
    expect(options(page).first).to_contain_text(ANSWER)


def test_results_stand_together_by_kind_the_best_first(home: str, page: Page) -> None:
    """Groups carry the names of the portal's menu, each kind once."""
    page.goto(f"{home}all/?q={quote('결제')}")
    expect(options(page).nth(1)).to_be_visible()
    names = page.get_by_role("listbox").get_by_role("group").evaluate_all("all => all.map(group => group.ariaLabel)")
    menu = page.locator(".kinds a").all_inner_texts()
    assert len(names) > 1
    assert len(set(names)) == len(names)
    assert set(names) <= set(menu)


def test_recent_searches_stay_on_the_device(home: str, page: Page) -> None:
    """Kept when a search was sent or a result opened, removable one by one and all; sent nowhere."""
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method) if request.method != "GET" else None)
    page.goto(home)
    for query in (QUERY, "비밀번호", HOSTILE):
        field(page).fill(query)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"/all/\?q="))
        expect(page.locator(".search-panel")).to_be_visible()
        page.goto(home)
    assert recent(page) == [HOSTILE, "비밀번호", QUERY]
    field(page).click()
    expect(part(page, "recent").get_by_role("listitem")).to_have_text([HOSTILE, "비밀번호", QUERY])
    page.get_by_role("button", name="“비밀번호” 지우기").click()
    assert recent(page) == [HOSTILE, QUERY]
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name=QUERY, exact=True).click()
    expect(options(page).first).to_contain_text(ANSWER)
    field(page).fill("")
    page.get_by_role("button", name="모두 지우기").click()
    assert recent(page) == []
    expect(part(page, "recent")).to_be_hidden()
    assert sent == []


def test_nothing_found_leads_to_the_form_with_the_query(home: str, page: Page) -> None:
    """It says what was not found, names the categories, and the inquiry begins with the query."""
    page.goto(home)
    field(page).fill(NOTHING)
    expect(part(page, "none")).to_contain_text(NOTHING)
    expect(page.get_by_role("status").filter(has_text=NOTHING)).to_have_count(1)
    expect(part(page, "topics").get_by_role("link", name="배송")).to_be_visible()
    expect(page.locator(".search-panel > section:visible").first).to_have_attribute("data-part", "topics")
    fits(page)
    # After a second search without a result, the way to a person comes first.
    assert page.evaluate(COUNTED_AS_MISSED)
    field(page).fill(NOTHING[::-1])
    expect(part(page, "none")).to_contain_text(f"“{NOTHING[::-1]}”")
    expect(page.locator(".search-panel > section:visible").first).to_have_attribute("data-part", "ask")
    part(page, "ask").get_by_role("link").click()
    expect(page).to_have_url(re.compile("/contact/inquiry/"))
    expect(page.locator("[name=subject]")).to_have_value(NOTHING[::-1])


def test_a_hostile_query_is_text(home: str, page: Page) -> None:
    """Markup from the address is shown as letters, and nothing of it runs."""
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    for path in ("", "all/", ARTICLE):
        page.goto(f"{home}{path}?q={quote(HOSTILE)}")
        expect(field(page)).to_have_value(HOSTILE)
        expect(page.locator(".search-panel")).to_be_visible()
        expect(page.locator(".search-panel")).not_to_have_attribute("aria-busy", "true")
        assert page.locator(".search-panel :is(img, script)").count() == 0
    page.goto(f"{home}?q={quote('<b>' + NOTHING)}")
    expect(part(page, "none")).to_contain_text(f"<b>{NOTHING}")


def test_nothing_is_fetched_before_it_is_wanted(home: str, page: Page) -> None:
    """A page that is only read costs nothing of search but its first few hundred bytes."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(home)))
    page.goto(home + ARTICLE)
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "search" in url] == ["static/search-start.js"]
    with page.expect_request("**/search/search.js"):
        page.keyboard.press("/")
    expect(part(page, "topics")).to_be_visible()


def test_it_works_with_the_keyboard_of_a_small_phone_open(home: str, browser: Browser) -> None:
    """320 by 300 pixels: the box stays on top, results scroll inside, and each is large enough for a thumb."""
    with context(browser, (320, 300), has_touch=True) as tabs:
        page = tabs.new_page()
        page.goto(home + ARTICLE)
        page.locator("header").get_by_role("button", name="검색").tap()
        page.keyboard.type("결제")
        expect(page.get_by_role("status").filter(has_text="검색 결과")).to_have_count(1)  # said once typing is over
        options(page).last.scroll_into_view_if_needed()
        expect(options(page).last).to_be_in_viewport()
        expect(field(page)).to_be_in_viewport(ratio=1)
        fits(page)
        heights = options(page).evaluate_all("all => all.map(option => option.offsetHeight)")
        assert min(heights) >= 44


def test_a_broken_connection_is_said_and_mended(home: str, patient: Page) -> None:
    """Without the engine: a sentence and a way to ask a person. Once it is back: results after a retry."""
    patient.route("**/search/search.js", lambda route: route.abort())
    patient.goto(f"{home}?q={quote(QUERY)}")
    expect(part(patient, "failed")).to_be_visible()
    expect(part(patient, "ask")).to_be_visible()
    patient.unroute("**/search/search.js")
    part(patient, "failed").get_by_role("button").click()
    expect(options(patient).first).to_contain_text(ANSWER)
    expect(part(patient, "failed")).to_be_hidden()


READY_THEN = "onmessage = ({ data }) => { if (data.base) postMessage({ ready: true }); else %s };"


@pytest.mark.parametrize("death", ["throw new Error('gone')", "close()"])
def test_a_worker_that_dies_is_said_and_replaced(home: str, patient: Page, death: str) -> None:
    """With a word or without one: the box says that it failed, and asks without a worker from then on."""
    patient.route(
        "**/search-worker.js", lambda route: route.fulfill(body=READY_THEN % death, content_type="text/javascript")
    )
    patient.clock.install()
    patient.goto(f"{home}?q={quote(QUERY)}")
    if death == "close()":
        patient.clock.run_for(1_000)
        expect(part(patient, "busy")).to_be_visible()
        patient.clock.run_for(20_000)
    expect(part(patient, "failed")).to_be_visible()
    expect(part(patient, "busy")).to_be_hidden()
    part(patient, "failed").get_by_role("button").click()
    patient.clock.run_for(1_000)
    expect(options(patient).first).to_contain_text(ANSWER)


def test_the_slash_can_be_switched_off(home: str, page: Page) -> None:
    """A setting in the dialog, kept on this device; Ctrl-K still opens it, and the hint is gone."""
    page.goto(home + ARTICLE)
    page.keyboard.press("/")
    page.get_by_role("checkbox", name="/ 키로 검색 열기").uncheck()
    page.reload()
    button = page.locator("header").get_by_role("button", name="검색")
    expect(button).to_have_attribute("aria-keyshortcuts", "Control+K Meta+K")
    page.keyboard.press("/")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("Control+k")
    setting = page.get_by_role("checkbox", name="/ 키로 검색 열기")
    expect(setting).not_to_be_checked()
    setting.check()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_role("dialog")).to_be_visible()


def test_the_slash_opens_it_again_at_once(home: str, page: Page) -> None:
    """Before the page is drawn without the dialog, the focus is in what was closed; nobody writes there."""
    page.goto(home + ARTICLE)
    page.keyboard.press("/")
    page.get_by_role("checkbox", name="/ 키로 검색 열기").focus()
    page.evaluate(
        "const there = document.activeElement, slash = new KeyboardEvent('keydown', {key: '/', bubbles: true});"
        "there.closest('dialog').close(); there.dispatchEvent(slash)"
    )
    expect(page.get_by_role("dialog")).to_be_visible()


def test_every_result_says_where_it_matched(home: str, page: Page) -> None:
    """At once or after a moment: no result stays without its excerpt."""
    page.goto(home + ARTICLE)
    page.keyboard.press("/")
    page.keyboard.type("결제")
    expect(options(page).nth(2)).to_be_visible()
    without = options(page).filter(has_not=page.locator("small:not(:empty)"))
    expect(without).to_have_count(0)
    assert options(page).count() >= 3


def test_results_with_a_part_missing_say_so(home: str, patient: Page) -> None:
    """Shards fail, the head is there: what can be found is shown, and that some may be missing."""

    def only_the_head(route: Route) -> None:
        if re.search(r"/search/(search\.js|head[^/]*)$", route.request.url):
            route.continue_()
        else:
            route.abort()

    patient.route("**/search/**", only_the_head)
    patient.goto(f"{home}?q={quote(QUERY)}")
    expect(options(patient).first).to_be_visible()
    expect(part(patient, "missing")).to_be_visible()
    patient.unroute("**/search/**")
    part(patient, "missing").get_by_role("button").click()
    expect(part(patient, "missing")).to_be_hidden()
    expect(options(patient).first).to_contain_text(ANSWER)


def test_a_form_suggests_articles_while_the_subject_is_typed(home: str, page: Page) -> None:
    """At most three links, announced; none for a letter or two; gone where nothing fits."""
    page.goto(home + "contact/inquiry/")
    subject, found = page.locator("[name=subject]"), page.locator(".suggest-typed")
    subject.press_sequentially("해외")
    expect(found).to_be_hidden()
    subject.press_sequentially(" 카드 결제")
    expect(found.get_by_role("link").first).to_contain_text(ANSWER)
    expect(found.get_by_role("status")).to_have_text(re.compile(r"관련 글 [123]개"))
    assert found.get_by_role("link").count() <= 3
    fits(page)
    subject.fill(NOTHING)
    expect(found).to_be_hidden()


def test_without_javascript_it_leads_to_all_articles(home: str, browser: Browser) -> None:
    """The hero's box and the header's button are forms."""
    with context(browser, DESKTOP, java_script_enabled=False) as tabs:
        page = tabs.new_page()
        page.goto(home)
        field(page).fill("환불")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"/all/\?q="))
        page.goto(home + ARTICLE)
        page.locator("header").get_by_role("button", name="검색").click()
        expect(page).to_have_url(re.compile(r"/all/"))
        expect(page.get_by_role("main").get_by_role("link", name=ANSWER)).to_be_visible()
