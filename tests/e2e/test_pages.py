"""What pages do beyond being read: open or closed now, pictures that open."""

from __future__ import annotations

import pytest
from e2e.town import DESKTOP, PHONE, Town, context
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.xdist_group("browser")  # one browser and one town for all of them


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-11-24T09:29:00+09:00", "지금은 닫혀 있어요. 오늘 09:30에 열어요."),
        ("2026-11-24T09:30:00+09:00", "지금 열려 있어요 (17:30까지)"),
        ("2026-11-24T17:30:00+09:00", "지금은 닫혀 있어요. 내일 09:30에 열어요."),
        ("2026-11-27T20:00:00+09:00", "지금은 닫혀 있어요. 11월 30일 월요일 09:30에 열어요."),  # over the weekend
        ("2026-12-25T10:00:00+09:00", "지금은 닫혀 있어요. 12월 28일 월요일 09:30에 열어요."),  # a holiday
        ("2026-12-31T11:59:00+09:00", "지금 열려 있어요 (12:00까지)"),  # a shorter day
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
        expect(phone.locator(".open-now")).to_have_text("지금 열려 있어요 (17:30까지)")
        page.clock.set_fixed_time("2026-11-24T17:30:00+09:00")
        page.clock.run_for(61_000)
        expect(phone.locator(".open-now")).to_have_text("지금은 닫혀 있어요. 내일 09:30에 열어요.")


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
