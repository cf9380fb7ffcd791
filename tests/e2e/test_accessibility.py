"""Every template and state, in each brand, language, size and brightness: nothing sticks out, nobody is shut out.

axe-core finds what a machine can find of WCAG 2.2 A and AA; the widths are those of small phones up to a desktop, and
of a desktop at 200 %.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no types
from e2e.town import DESKTOP, PHONE, Town, context, fits
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.xdist_group("looks")  # a browser and a town of their own, beside those of the other tests

TEMPLATES = {
    "home": "",
    "kind": "faq/",
    "category": "faq/returns/",
    "article": "faq/billing/refund-time/",
    "steps": "faq/accounts/password/",
    "guide": "guides/before-you-ask/",
    "notices": "notices/",
    "notice": "notices/easy-pay-delay/",
    "events": "events/",
    "contact": "contact/",
    "form": "contact/inquiry/",
    "photo form": "contact/refund/",
    "flows": "flows/",
    "question": "flows/delivery/",
    "answer": "flows/delivery.shipping.long/",
    "form after a flow": "flows/delivery.shipping.long/inquiry/",
    "index": "all/",
    "withdrawn": "notices/chuseok-shipping/",  # of ondam; where it was never shown the address is unknown
    "unknown": "no/such/page/",
    "brands": "../../",
    "door": "../",
}
COLOURFUL = ("", "faq/billing/refund-time/", "notices/easy-pay-delay/", "contact/", "contact/inquiry/")
BRANDS = ("ondam", "lumina", "daljan")
Look = tuple[str, str, tuple[int, int], Literal["light", "dark"]]
LOOKS: tuple[Look, ...] = (
    ("ondam", "ko", PHONE, "light"),
    ("lumina", "en", DESKTOP, "dark"),
    ("daljan", "ja", PHONE, "dark"),
    ("ondam", "en", DESKTOP, "dark"),
    ("lumina", "ja", PHONE, "light"),
    ("daljan", "ko", DESKTOP, "light"),
)
WIDTHS = (320, 360, 390, 640, 768, 1280)
"""In CSS pixels; 640 is a desktop of 1280 at 200 %."""
LARGE_TEXT = {100: WIDTHS, 200: (320, 390, 1280)}
"""Text twice as large needs room where there is least, where the menu is whole, and between."""
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],  # what is well is most of a page, and nobody reads it
}


def barriers(page: Page, part: str | None = None) -> list[str]:
    """What axe-core finds on the page or a part of it, one line each."""
    found: dict[str, Any] = Axe().run(page, context=part, options=RULES).response
    return [
        f"{page.url} {rule['id']} at {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


PRIMARY = ".button, .search button, .search-button, .pop summary, .kinds a, .topics a, .rows a, .forms a, .close"
"""What a thumb is meant to hit: 44 px and more. Links within a line of text need 24."""
SMALLEST = f"""all => [...document.querySelectorAll({PRIMARY!r})]
  .filter(one => one.checkVisibility()).map(one => [one.className, one.getBoundingClientRect().height])
  .filter(([name, height]) => height < 43.5)"""


def look_name(look: Look) -> str:
    brand, language, (width, _), scheme = look
    return f"{brand}-{language}-{width}px-{scheme}"


@pytest.fixture(params=LOOKS, ids=look_name)
def look(request: pytest.FixtureRequest, town: Town, browser: Browser) -> Iterator[tuple[Page, str]]:
    """A tab in one look, and the address of its portal."""
    brand, language, size, scheme = request.param
    with context(browser, size, color_scheme=scheme, reduced_motion="reduce") as tabs:
        yield tabs.new_page(), f"{town.address}/{brand}/{language}/"


@pytest.mark.parametrize(
    ("look", "paths"),
    [(look, tuple(TEMPLATES.values()) if at < len(BRANDS) else COLOURFUL) for at, look in enumerate(LOOKS)],
    indirect=["look"],
    ids=map(look_name, LOOKS),
)
def test_no_template_shuts_anyone_out(look: tuple[Page, str], paths: tuple[str, ...]) -> None:
    """Every template once in every brand; in the other brightness those that show every colour."""
    page, portal = look
    found = []
    for path in paths:
        page.goto(portal + path)
        found += barriers(page)
    assert found == []


@pytest.mark.parametrize("look", LOOKS[1:3], indirect=True, ids=look_name)
def test_no_state_shuts_anyone_out(look: tuple[Page, str]) -> None:
    """Menus open, search open with results and without, the form returned with faults, the receipt."""
    page, portal = look
    page.goto(f"{portal}faq/billing/refund-time/")
    found = []
    for menu in page.locator("header details.pop:visible").all():
        menu.locator("summary").click()
        found += barriers(page, "header")  # what the open menu covers is not to be tapped now
        page.keyboard.press("Escape")
    for query in ("cash", "환불", "qqqqzzzz"):
        page.goto(f"{portal}?q={query}")
        expect(page.locator(".search [role=status]").first).not_to_be_empty()
        found += barriers(page)
    page.goto(f"{portal}contact/inquiry/")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("#error-summary")).to_be_focused()
    found += barriers(page)
    assert found == []


@pytest.mark.parametrize("look", LOOKS[1:4], indirect=True, ids=look_name)
def test_asking_why_shuts_nobody_out(look: tuple[Page, str]) -> None:
    """The page that comes after "no" where no script thanks in its place."""
    page, portal = look
    page.goto(portal + TEMPLATES["guide"])
    with page.expect_navigation():
        page.evaluate(
            """() => {
                 const form = document.querySelector("form.helpful");
                 form.insertAdjacentHTML("beforeend", '<input type="hidden" name="answer" value="no">');
                 HTMLFormElement.prototype.submit.call(form);
               }"""
        )
    expect(page.locator("form.ask button")).to_have_count(3)
    assert barriers(page) == []
    assert page.evaluate(SMALLEST) == []
    fits(page)


@pytest.mark.parametrize("percent", LARGE_TEXT)
@pytest.mark.parametrize("language", ["ko", "en", "ja"])
def test_nothing_sticks_out_at_any_width(town: Town, browser: Browser, language: str, percent: int) -> None:
    """As it is, and with text twice as large."""
    brands = cycle(BRANDS)
    with context(browser, PHONE) as tabs:
        page = tabs.new_page()
        for path, brand in zip(TEMPLATES.values(), brands, strict=False):
            page.goto(f"{town.address}/{brand}/{language}/{path}")
            page.evaluate("size => document.documentElement.style.fontSize = `${size}%`", percent)
            for width in LARGE_TEXT[percent]:
                page.set_viewport_size({"width": width, "height": 800})
                fits(page)


def test_what_is_meant_for_thumbs_is_large_enough(town: Town, browser: Browser) -> None:
    with context(browser, PHONE) as tabs:
        page = tabs.new_page()
        for path in TEMPLATES.values():
            page.goto(f"{town.address}/ondam/ko/{path}")
            assert page.evaluate(SMALLEST) == [], path


FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const ringed = (element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  };
  const box = one.getBoundingClientRect();
  return {
    name: `${one.tagName}.${one.className} ${one.getAttribute("href") || one.name || one.textContent.trim()}`,
    ring: ringed(one) || Boolean(one.closest("form") && ringed(one.closest("form"))),  // the search: the box around all
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    all: [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
      .filter(element => element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true })).length,
  };
}"""


@pytest.mark.parametrize("path", ["", "faq/billing/refund-time/", "contact/refund/"])
def test_everything_is_reached_by_tab_with_a_ring_around_it(town: Town, browser: Browser, path: str) -> None:
    with context(browser, DESKTOP, reduced_motion="reduce") as tabs:
        page = tabs.new_page()
        page.goto(f"{town.address}/ondam/ko/{path}")
        stops: list[dict[str, Any]] = []
        for _ in range(200):
            page.keyboard.press("Tab")
            stop = page.evaluate(FOCUS)
            if stop is None:
                break
            stops.append(stop)
        assert [stop for stop in stops if not (stop["ring"] and stop["seen"])] == []
        radios = page.locator("input[type=radio]:visible").count()
        names = "all => new Set(all.filter(one => one.checkVisibility()).map(one => one.name)).size"
        groups = page.locator("input[type=radio]").evaluate_all(names)
        assert len(stops) == stops[0]["all"] - radios + groups  # a group of radio buttons is one stop
