"""A guided answer in a real Chromium: by its links alone, as a stepper by keyboard, and into the mailbox."""

from __future__ import annotations

import re

import pytest
from e2e.town import PHONE, Town, context, fits
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.xdist_group("browser")  # one browser and one town for all of them


def test_it_works_by_its_links_alone(town: Town, browser: Browser) -> None:
    """Without JavaScript: answer twice, see the way, go back, change the mind, and reach the article."""
    page = context(browser, PHONE, java_script_enabled=False).new_page()
    page.goto(f"{town.address}/ondam/ko/contact/")
    page.get_by_role("main").get_by_role("link", name="배송이 안 와요").click()
    page.get_by_role("link", name="배송 중", exact=True).click()
    page.get_by_role("link", name="3영업일 안이에요").click()
    expect(page).to_have_url(f"{town.address}/ondam/ko/flows/delivery.shipping.days/")
    expect(page.get_by_role("main")).to_contain_text("배송 중")
    page.get_by_role("link", name="이전 질문").click()
    page.get_by_role("link", name="움직이고 있어요").click()
    page.get_by_role("main").get_by_role("link", name=re.compile("배송이 어디까지")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("배송이 어디까지 왔는지 알고 싶어요")
    page.context.close()


def test_the_stepper_is_walked_by_keyboard(town: Town, page: Page) -> None:
    """Enter answers, the focus goes to the next question, the page is never left, and the browser's back goes back."""
    page.goto(f"{town.address}/ondam/en/flows/refund/")
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="I have received the item").focus()
    page.keyboard.press("Enter")
    step = page.locator("#step")
    expect(step).to_have_text("Why do you want to send it back?")
    expect(step).to_be_focused()
    expect(page).to_have_url(f"{town.address}/ondam/en/flows/refund.after/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="It is damaged or does not work")).to_be_focused()
    page.keyboard.press("Enter")
    expect(step).to_have_text("Take photos and keep everything")
    expect(page).to_have_title(re.compile("^Take photos"))
    fits(page)
    page.get_by_role("link", name="Start over").click()
    expect(step).to_have_text("Where do things stand?")
    page.go_back()
    expect(step).to_have_text("Take photos and keep everything")
    assert page.evaluate("window.stayed") is True
    page.get_by_role("link", name="Frequently asked questions").first.click()  # links outside of the frame still hold
    expect(page).to_have_url(f"{town.address}/ondam/en/faq/")


def test_the_way_is_shown_in_the_form_and_reaches_the_mailbox(town: Town, page: Page) -> None:
    """The form shows what was answered; the mail names the end of the way and says it in the team's words."""
    page.goto(f"{town.address}/ondam/en/flows/delivery.shipping.long/")
    page.get_by_role("main").get_by_role("link", name="Contact us").click()
    expect(page.locator(".flow-path")).to_contain_text("More than 3 business days")
    fits(page)
    page.get_by_label("What is it about?").select_option("shipping")
    for field, text in {"name": "Gil", "email": "gil@example.com", "subject": "Box", "message": "Where is it?"}.items():
        page.locator(f"[name={field}]").fill(text)
    page.locator("form button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/f/ondam/en/inquiry/\w+"))
    body = town.mail(page.url.rsplit("/", 1)[-1]).get_body(("plain",))
    assert body is not None
    assert "/ondam/en/flows/delivery.shipping.long/" in body.get_content()
    assert "위치가 며칠 동안 그대로인가요? 3영업일이 넘었어요" in body.get_content()


def test_a_form_that_comes_back_still_shows_the_way(town: Town, browser: Browser) -> None:
    """Without JavaScript the bridge draws the form again: the way in the customer's language."""
    with context(browser, PHONE, java_script_enabled=False) as tabs:
        page = tabs.new_page()
        page.goto(f"{town.address}/ondam/en/flows/delivery.shipping.long/inquiry/")
        page.locator("[name=subject]").fill("Box")
        page.locator("form button[type=submit]").click()
        expect(page.locator("#error-summary")).to_be_visible()
        way = page.locator(".flow-path li")
        expect(way).to_have_count(2)
        expect(way.last).to_contain_text("More than 3 business days")
        expect(page.locator("[name=subject]")).to_have_value("Box")
        fits(page)
        way.last.get_by_role("link").click()
        expect(page).to_have_url(f"{town.address}/ondam/en/flows/delivery.shipping/")


def test_a_flow_is_found_by_its_title(town: Town, page: Page) -> None:
    """The search's index holds the first page of each flow under its title, and no step in the middle."""
    page.goto(f"{town.address}/ondam/ko/all/?q=배송이+안+와요")
    expect(page.locator("[role=option]", has_text="배송이 안 와요").first).to_be_visible()
    expect(page.locator("[role=option][href*='flows/delivery.']")).to_have_count(0)
