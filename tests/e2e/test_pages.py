"""What pages do beyond being read: open or closed now, pictures that open, readers who say whether it helped."""

from __future__ import annotations

import gzip

import pytest
from e2e.town import DESKTOP, PHONE, Town, context, fits
from playwright.sync_api import Browser, Response, expect

pytestmark = pytest.mark.xdist_group("browser")  # one browser and one town for all of them


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-11-24T09:29:00+09:00", "지금은 닫혀 있어요. 오늘 오전 9:30에 열어요."),
        ("2026-11-24T09:30:00+09:00", "지금 열려 있어요 (오후 5:30까지)"),
        ("2026-11-24T17:30:00+09:00", "지금은 닫혀 있어요. 내일 오전 9:30에 열어요."),
        ("2026-11-27T20:00:00+09:00", "지금은 닫혀 있어요. 11월 30일 월요일 오전 9:30에 열어요."),  # over the weekend
        ("2026-12-25T10:00:00+09:00", "지금은 닫혀 있어요. 12월 28일 월요일 오전 9:30에 열어요."),  # a holiday
        ("2026-12-31T11:59:00+09:00", "지금 열려 있어요 (오후 12:00까지)"),  # a shorter day
    ],
)
def test_open_or_closed_by_the_clock_of_the_brand(town: Town, browser: Browser, now: str, said: str) -> None:
    """The customer's own clock is in New York."""
    with context(browser, PHONE, timezone_id="America/New_York") as tabs:
        page = tabs.new_page()
        page.clock.set_fixed_time(now)
        page.goto(f"{town.address}/ondam/ko/contact/")
        expect(page.locator(".panel .open-now")).to_have_text(said)


def test_a_telephone_says_whether_somebody_is_there(town: Town, browser: Browser) -> None:
    with context(browser, DESKTOP, timezone_id="Asia/Seoul") as tabs:
        page = tabs.new_page()
        page.clock.set_fixed_time("2026-11-24T10:00:00+09:00")
        page.goto(f"{town.address}/ondam/ko/")
        phone = page.locator(".channel", has_text="070-0000-0101")
        expect(phone.locator(".open-now")).to_have_text("지금 열려 있어요 (오후 5:30까지)")
        page.clock.set_fixed_time("2026-11-24T17:30:00+09:00")
        page.clock.run_for(61_000)
        expect(phone.locator(".open-now")).to_have_text("지금은 닫혀 있어요. 내일 오전 9:30에 열어요.")


def test_a_notice_does_not_outlive_itself(town: Town, browser: Browser) -> None:
    """On a page that nobody builds again: there a minute before its end, gone at it, even while the page is open."""
    with context(browser, PHONE, timezone_id="America/New_York") as tabs:
        page = tabs.new_page()
        page.clock.install(time="2027-01-14T14:59:00Z")
        page.goto(f"{town.address}/ondam/ko/notices/")
        row = page.locator("main .rows a", has_text="간편결제")
        expect(page.locator(".banner")).to_be_visible()
        expect(row).to_be_visible()
        page.clock.run_for(61_000)
        expect(page.locator(".banner")).to_be_hidden()
        expect(row).to_have_count(0)
        page.goto(f"{town.address}/ondam/ko/")
        expect(page.locator(".banner")).to_be_hidden()
        expect(page.locator("main .rows a", has_text="간편결제")).to_have_count(0)
        page.goto(f"{town.address}/ondam/ko/contact/inquiry/")
        expect(page.locator(".suggest li", has_text="간편결제")).to_have_count(0)


def test_a_picture_opens_and_closes_by_keyboard(town: Town, browser: Browser) -> None:
    """On a phone it is shown smaller than it is; the focus comes back to it."""
    with context(browser, PHONE) as tabs:
        page = tabs.new_page()
        page.goto(f"{town.address}/ondam/ko/guides/first-order/")
        link = page.get_by_role("link", name="왼쪽부터 가입 화면")
        shown = link.get_by_role("img").bounding_box()
        link.focus()
        page.keyboard.press("Enter")
        large = page.get_by_role("dialog", name="크게 본 그림").get_by_role("img")
        expect(large).to_be_visible()
        box = large.bounding_box()
        assert shown is not None
        assert box is not None
        assert box["width"] > shown["width"] * 1.25
        page.keyboard.press("Escape")
        expect(large).to_be_hidden()
        expect(link).to_be_focused()


def test_a_first_view_is_light(town: Town, browser: Browser) -> None:
    """An article with everything it loads, pictures apart: 60 kB gzip in 8 requests at most; nothing from elsewhere."""
    loaded: dict[str, int] = {}

    def weigh(answer: Response) -> None:
        kind = answer.request.resource_type
        loaded[answer.url] = 0 if kind == "image" else len(gzip.compress(answer.body(), 9))

    with context(browser, PHONE) as tabs:
        page = tabs.new_page()
        page.on("response", weigh)
        page.goto(f"{town.address}/ondam/ko/faq/billing/refund-time/", wait_until="networkidle")
    assert all(url.startswith(town.address) for url in loaded)
    counted = {url: size for url, size in loaded.items() if size}
    assert len(counted) <= 8, counted
    assert sum(counted.values()) <= 60_000, counted


def test_an_article_prints_clean(town: Town, browser: Browser) -> None:
    """On A4: the text and nothing to tap."""
    with context(browser, (794, 1123)) as tabs:
        page = tabs.new_page()
        page.goto(f"{town.address}/ondam/ko/faq/billing/refund-time/")
        page.emulate_media(media="print")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("table").first).to_be_visible()
        for part in (
            "header.top",
            ".banner",
            "footer.bottom",
            "nav.crumbs",
            ".toc",
            ".toc-phone",
            ".unsolved",
            "button",
        ):
            assert page.locator(part).evaluate_all("all => all.filter(one => one.checkVisibility()).length") == 0, part
        fits(page)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") in {
            "rgb(255, 255, 255)",
            "rgba(0, 0, 0, 0)",
        }


def test_readers_say_whether_it_helped(town: Town, browser: Browser) -> None:
    """Without leaving the page: yes is thanked for; no asks why, and both are counted. Nobody is asked twice."""
    yes, no = "faq/orders/cancel", "faq/billing/refund-time"
    with context(browser, PHONE) as tabs:
        page = tabs.new_page()
        page.goto(f"{town.address}/ondam/ko/{yes}/")
        page.get_by_role("button", name="네", exact=True).click()
        expect(page.locator(".helpful-said")).to_have_text("알려 주셔서 고맙습니다.")
        expect(page.get_by_role("button", name="네", exact=True)).to_be_hidden()
        page.goto(f"{town.address}/ondam/ko/{no}/")
        page.get_by_role("button", name="아니요", exact=True).click()
        expect(page.get_by_text("무엇이 아쉬웠나요?")).to_be_focused()
        page.get_by_role("button", name="내용이 맞지 않아요").click()
        expect(page.get_by_role("button", name="내용이 맞지 않아요")).to_be_hidden()
        page.reload()
        expect(page.locator(".helpful-said")).to_have_text("알려 주셔서 고맙습니다.")
        assert tabs.cookies() == []
    assert town.helped(yes) == {"yes": 1}
    assert town.helped(no) == {"no": 1, "wrong": 1}


def test_readers_say_it_without_javascript(town: Town, browser: Browser) -> None:
    """Pages of the bridge: why not, thanks, and back to the article."""
    article = "faq/orders/check-order"
    with context(browser, PHONE, java_script_enabled=False) as tabs:
        page = tabs.new_page()
        page.goto(f"{town.address}/ondam/ko/{article}/")
        page.get_by_role("button", name="아니요", exact=True).click()
        expect(page.get_by_text("무엇이 아쉬웠나요?")).to_be_visible()
        fits(page)
        expect(page.get_by_role("main").get_by_role("link", name="문의")).to_have_attribute(
            "href", "/ondam/ko/contact/"
        )
        page.get_by_role("button", name="이해하기 어려워요").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("알려 주셔서 고맙습니다")
        fits(page)
        page.get_by_role("link", name="읽던 글로 돌아가기").click()
        expect(page).to_have_url(f"{town.address}/ondam/ko/{article}/")
    assert town.helped(article) == {"no": 1, "unclear": 1}


IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"
RESTORE = "lumina/ko/faq/billing/restore-purchase/"


def test_the_readers_device_is_shown_first_and_their_choice_stays(town: Town, browser: Browser) -> None:
    """Across pages and languages; "all" stays too, and paper has every part."""
    with context(browser, PHONE, user_agent=IPHONE) as tabs:
        page = tabs.new_page()
        page.goto(f"{town.address}/{RESTORE}")
        ios, android, pc = (page.locator(f".text .platform-{name}") for name in ("ios", "android", "pc"))
        expect(ios).to_be_visible()
        expect(android).to_be_hidden()
        fits(page)
        page.emulate_media(media="print")
        expect(android).to_be_visible()
        page.emulate_media(media="screen")
        page.get_by_role("button", name="안드로이드").click()
        expect(android).to_be_visible()
        expect(ios).to_be_hidden()
        page.goto(f"{town.address}/lumina/en/faq/billing/restore-purchase/")
        expect(page.get_by_role("button", name="Android")).to_have_attribute("aria-pressed", "true")
        expect(android).to_be_visible()
        page.get_by_role("button", name="Show all").click()
        page.goto(f"{town.address}/{RESTORE}")
        for part in (ios, android, pc):
            expect(part).to_be_visible()


def test_without_javascript_every_device_has_its_part_below_its_name(town: Town, browser: Browser) -> None:
    with context(browser, PHONE, java_script_enabled=False) as tabs:
        page = tabs.new_page()
        page.goto(f"{town.address}/{RESTORE}")
        names = page.locator(".text .platform > .admonition-title")
        expect(names).to_have_text(["안드로이드", "아이폰·아이패드", "PC"])
        for name in names.all():
            expect(name).to_be_visible()
        expect(page.locator(".choose-platform")).to_be_hidden()
