"""The pages above the portals in a real Chromium: by stored choice, browser and default, and without JavaScript."""

from __future__ import annotations

import re

import pytest
from e2e.town import PHONE, Town
from playwright.sync_api import Browser, ViewportSize, expect

pytestmark = pytest.mark.xdist_group("browser")  # one browser and one town for all of them


def size() -> ViewportSize:
    return ViewportSize(width=PHONE[0], height=PHONE[1])


@pytest.mark.parametrize(("locale", "led_to"), [("en-GB", "en"), ("ja", "ja"), ("fr-FR", "ko"), ("ko-KR", "ko")])
def test_a_door_leads_to_the_browsers_language_or_the_default(
    town: Town, browser: Browser, locale: str, led_to: str
) -> None:
    """French is spoken by no portal: its reader gets the source language. `?choose` sends nobody away."""
    page = browser.new_context(locale=locale, viewport=size()).new_page()
    page.goto(f"{town.address}/ondam/")
    page.wait_for_url(f"{town.address}/ondam/{led_to}/")
    page.goto(f"{town.address}/ondam/?choose")
    expect(page.get_by_role("link", name="English")).to_be_visible()
    page.get_by_role("link", name="日本語").click()
    page.wait_for_url(f"{town.address}/ondam/ja/")
    page.goto(f"{town.address}/ondam/")  # the choice is stored, and wins over the browser
    page.wait_for_url(f"{town.address}/ondam/ja/")
    page.goto(f"{town.address}/daljan/")  # for every brand of the host
    page.wait_for_url(f"{town.address}/daljan/ja/")
    page.context.close()


@pytest.mark.parametrize(
    ("locale", "language", "name"), [("en-US", "en", "Ondam"), ("ja-JP", "ja", "オンダム"), ("fr-FR", "ko", "온담")]
)
def test_the_page_of_all_brands_speaks_the_readers_language(
    town: Town, browser: Browser, locale: str, language: str, name: str
) -> None:
    """Its words, the brands' names, and where they lead."""
    page = browser.new_context(locale=locale, viewport=size()).new_page()
    page.goto(town.address)
    expect(page.locator("html")).to_have_attribute("lang", language)
    link = page.locator("a.name", has_text=re.compile(f"^\\s*{name}\\s*$"))
    expect(link).to_have_count(1)
    link.click()
    page.wait_for_url(f"{town.address}/ondam/{language}/")
    page.context.close()


def test_without_javascript_everything_is_a_link(town: Town, browser: Browser) -> None:
    """All brands, one brand's languages, and the language switch, which stays on the article."""
    page = browser.new_context(locale="fr-FR", viewport=size(), java_script_enabled=False).new_page()
    page.goto(town.address)
    page.locator("a[hreflang=en][href='ondam/en/']").click()
    expect(page).to_have_url(f"{town.address}/ondam/en/")
    page.goto(f"{town.address}/ondam/")
    page.get_by_role("link", name="日本語").click()
    expect(page).to_have_url(f"{town.address}/ondam/ja/")
    page.goto(f"{town.address}/ondam/ja/faq/billing/refund-time/")
    page.locator("header details summary").first.click()
    page.locator("header").get_by_role("link", name="English").click()
    expect(page).to_have_url(f"{town.address}/ondam/en/faq/billing/refund-time/")
    page.context.close()
