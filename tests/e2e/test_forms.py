"""The inquiry form in a real Chromium: keyboard only, narrow, off line and back, with files and drafts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no types
from e2e.town import DESKTOP, PHONE, Town, confirm, context, fits
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

pytestmark = pytest.mark.xdist_group("browser")  # one browser and one town for all of them

NARROW = (320, 640)
ANSWERS = {"name": "홍길동", "email": "gildong@example.com", "subject": "언제 오나요", "message": "아직 안 왔어요."}


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    with context(browser, PHONE) as tabs:
        yield tabs.new_page()


def form(town: Town, brand: str = "ondam", language: str = "ko") -> str:
    return f"{town.address}/{brand}/{language}/contact/inquiry/"


def fill_in(page: Page, **answers: str) -> None:
    page.locator("[name=topic]").select_option("other")
    for name, text in (ANSWERS | answers).items():
        page.locator(f"[name={name}]").fill(text)


def send(page: Page) -> None:
    page.locator("form button[type=submit]").click()


def received(page: Page) -> str:
    page.locator("#number").wait_for()
    return page.locator("#number").inner_text()


def grave_faults(page: Page) -> list[str]:
    """What axe-core calls serious or critical."""
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:90]}"
        for fault in found
        if fault["impact"] in {"serious", "critical"}
        for node in fault["nodes"]
    ]


def test_with_the_keyboard_alone_at_320_pixels(town: Town, browser: Browser) -> None:
    """Tab, arrows and Enter from the first field to the receipt; the field for robots is never reached."""
    with context(browser, NARROW) as tabs:
        page = tabs.new_page()
        page.goto(form(town))
        fits(page)
        reached = []
        page.locator("[name=topic]").focus()
        page.keyboard.press("End")
        for _ in range(30):
            page.keyboard.press("Tab")
            name = page.evaluate("document.activeElement.name || document.activeElement.type || ''")
            reached.append(name)
            if name in ANSWERS:
                page.keyboard.type(ANSWERS[name])
            if name == "submit":
                break
        assert [name for name in reached if name in ANSWERS] == list(ANSWERS)
        trap = page.locator(".more-about input").get_attribute("name")
        assert trap not in reached
        page.keyboard.press("Enter")
        received(page)
        fits(page)


def test_form_receipt_and_mail_say_the_same_day(town: Town, tab: Page) -> None:
    """The page was built without a day; touching the form brings it."""
    tab.goto(form(town, "daljan"))
    sentence = tab.locator(".promise span").last
    expect(sentence).to_have_text("영업일 기준 1일 이내에 답변드려요.")
    tab.locator("[name=name]").focus()
    expect(sentence).to_have_text(re.compile(r"영업일 기준 1일 이내, \d+월 \d+일 \(.\)까지 답변드려요\."))
    said = sentence.inner_text()
    fill_in(tab, email="promise@naver.com", message="약속한 날을 알려 주세요.")
    send(tab)
    receipt = received(tab)
    expect(tab.get_by_role("main")).to_contain_text(said)
    town.mail(receipt)
    reply = town.reply(receipt)
    assert said in reply
    assert "약속한 날을" not in reply


def test_off_line_and_back(town: Town, tab: Page) -> None:
    """Nothing typed is lost, nothing is sent behind anybody's back, and two presses are one inquiry."""
    tab.goto(form(town))
    fill_in(tab, subject="오프라인", message="연결이 끊겨도 남아 있어야 해요.")
    tab.context.set_offline(offline=True)
    send(tab)
    expect(tab.locator("#error-summary")).to_contain_text("연결이 끊겨")
    expect(tab.locator("[name=message]")).to_have_value("연결이 끊겨도 남아 있어야 해요.")
    button = tab.locator("form button[type=submit]")
    expect(button).to_have_text("다시 보내기")
    tab.context.set_offline(offline=False)
    expect(tab.locator("#error-summary")).to_contain_text("다시 연결됐어요")
    assert not [entry for entry in town.inbox() if entry["subject"] == "오프라인"]
    send(tab)
    received(tab)
    assert len([entry for entry in town.inbox() if entry["subject"] == "오프라인"]) == 1


def test_an_answer_that_was_lost_gives_the_same_number(town: Town, tab: Page) -> None:
    """The bridge had it, the page did not hear: sent again it is the same inquiry, and not held."""
    tab.goto(form(town))
    fill_in(tab, subject="잃어버린 답")
    answers = []

    def lose(route: Route) -> None:
        answers.append(route.fetch().json()["receipt"])
        route.abort()

    tab.route("**/f/ondam/ko/inquiry", lose)
    send(tab)
    expect(tab.locator("#error-summary")).to_be_visible()
    tab.unroute("**/f/ondam/ko/inquiry")
    send(tab)
    assert received(tab) == answers[0]
    (entry,) = [entry for entry in town.inbox() if entry["subject"] == "잃어버린 답"]
    assert entry["held"] == []


def test_files_have_rows_and_are_checked_before_sending(town: Town, tab: Page) -> None:
    """A row with a button for each, too large ones named at once, the camera not forced on anybody."""
    tab.goto(form(town))
    chooser = tab.locator("input[type=file]")
    assert "image/*" in (chooser.get_attribute("accept") or "")
    assert chooser.get_attribute("capture") is None
    small: FilePayload = {"name": "사진.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 2000}
    large: FilePayload = {"name": "영상.zip", "mimeType": "application/zip", "buffer": b"x" * 10_500_000}
    other: FilePayload = {"name": "그림.bmp", "mimeType": "image/bmp", "buffer": b"x"}
    chooser.set_input_files([small, large])
    rows = tab.locator(".files.chosen li")
    expect(rows).to_have_count(2)
    expect(tab.locator("[data-field=files] .error")).to_contain_text("10MB")
    fits(tab)
    tab.get_by_role("button", name="영상.zip 빼기").click()
    expect(rows).to_have_count(1)
    expect(tab.locator("[data-field=files] .error")).to_have_count(0)
    chooser.set_input_files([other])
    expect(tab.locator("[data-field=files] .error")).to_contain_text("그림.bmp")


def test_progress_is_shown_while_a_file_goes_up(town: Town, tab: Page) -> None:
    """A bar and words; the button says that it has been pressed."""
    tab.goto(form(town))
    fill_in(tab, subject="큰 파일")
    tab.locator("input[type=file]").set_input_files(
        {"name": "사진.jpg", "mimeType": "image/jpeg", "buffer": b"x" * 3_000_000}
    )
    tab.evaluate(
        """() => {
             const status = document.querySelector(".status");
             const note = () => { sessionStorage.seen = (sessionStorage.seen || "") + status.textContent; };
             new MutationObserver(note).observe(status, {childList: true});
           }"""
    )
    send(tab)
    expect(tab.locator("form[data-form]")).to_have_attribute("aria-busy", "true")
    received(tab)
    assert re.search(r"\d%", tab.evaluate("sessionStorage.seen"))


def test_a_draft_is_the_message_alone_and_can_be_switched_off(town: Town, tab: Page) -> None:
    """In this tab, never name, address or subject; gone when it is sent or when nobody wants it."""
    tab.goto(form(town))
    fill_in(tab, message="쓰다 만 글")
    kept = tab.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")
    assert "쓰다 만 글" in kept
    for secret in ("홍길동", "gildong", "언제 오나요"):
        assert secret not in kept
    tab.reload()
    expect(tab.locator("[name=message]")).to_have_value("쓰다 만 글")
    expect(tab.locator("[name=name]")).to_have_value("")
    tab.get_by_role("button", name="임시 저장 끄기").click()
    assert "쓰다 만 글" not in tab.evaluate("JSON.stringify({...sessionStorage})")
    tab.reload()
    expect(tab.locator("[name=message]")).to_have_value("")
    tab.get_by_role("button", name="임시 저장 켜기").click()
    fill_in(tab, message="다 쓴 글")
    send(tab)
    received(tab)
    assert "다 쓴 글" not in tab.evaluate("JSON.stringify({...sessionStorage})")


def test_a_draft_of_yesterday_is_forgotten(town: Town, tab: Page) -> None:
    """A day at most, also where the tab stays open."""
    tab.goto(form(town))
    tab.locator("[name=message]").fill("어제 쓴 글")
    tab.evaluate(
        """() => Object.keys(sessionStorage).forEach((key) => {
             const kept = JSON.parse(sessionStorage[key]);
             sessionStorage[key] = JSON.stringify({...kept, at: kept.at - 25 * 3600 * 1000});
           })"""
    )
    tab.reload()
    expect(tab.locator("[name=message]")).to_have_value("")


def test_proof_of_work_in_the_browser(town: Town, tab: Page) -> None:
    """The page solves what the bridge gives out; what it sends is what altcha's own library accepts."""
    from altcha.v2 import create_challenge, verify_solution  # noqa: PLC0415 -- for this test alone

    tab.goto(form(town))
    task = create_challenge("PBKDF2/SHA-256", 1000, data={"form": "ondam/inquiry"}, hmac_secret="secret").to_dict()
    script = tab.locator("script[src$='form.js']").evaluate("one => new URL('proof.js', one.src).href")
    solution = tab.evaluate("async ([script, task]) => (await import(script)).solve(task)", [script, task])
    assert verify_solution(solution, "secret").verified


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_nothing_grave_hinders_anybody(town: Town, browser: Browser, scheme: str, language: str) -> None:
    """axe-core finds nothing serious or critical: form, faults, files, receipt, and the page that asks once more."""
    with context(browser, DESKTOP, color_scheme=scheme) as tabs:
        page = tabs.new_page()
        page.goto(form(town, language=language))
        assert grave_faults(page) == []
        page.locator("input[type=file]").set_input_files({"name": "a.bmp", "mimeType": "image/bmp", "buffer": b"x"})
        send(page)
        page.locator("#error-summary").wait_for()
        assert grave_faults(page) == []
        page.locator("input[type=file]").set_input_files([])
        fill_in(page, subject=f"axe {scheme} {language}")
        send(page)
        received(page)
        assert grave_faults(page) == []


def test_the_page_that_asks_once_more(town: Town, browser: Browser) -> None:
    """Without JavaScript: kept at once, one button, a kind word for the hasty; it fits a narrow phone."""
    with context(browser, NARROW, java_script_enabled=False) as tabs:
        page = tabs.new_page()
        page.goto(form(town))
        fill_in(page, subject="자바스크립트 없이")
        send(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("한 번만 더 눌러 주세요")
        fits(page)
        confirm(page)
        shown = received(page)
        fits(page)
    (entry,) = [entry for entry in town.inbox() if entry["subject"] == "자바스크립트 없이"]
    assert entry["receipt"] == shown
    assert entry["held"] == []
    with context(browser, DESKTOP) as tabs:
        page = tabs.new_page()
        held = page.request.post(
            f"{town.address}/f/ondam/ko/inquiry",
            form={"topic": "other", **ANSWERS, "subject": "axe"},
            headers={"Accept": "text/html"},
        )
        page.goto(held.url)
        assert grave_faults(page) == []
