"""What `check` lets through because a page can bear it: each holds together on the smallest phone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.test_accessibility import barriers
from e2e.town import context, fits
from playwright.sync_api import Browser, expect

from support import SMALL, article, free_port, haedap, running, write_tree

pytestmark = pytest.mark.xdist_group("looks")  # the browser of the other looks

LONG, UNBROKEN = "환불은 언제 되나요 " * 27 + "끝", "W" * 300
ROWS = (
    "| 수단 | 기간 | 수수료 | 한도 | 비고 | 담당 | 문의 | 확인 |\n"
    + "|---" * 8
    + "|\n"
    + "| 신용카드로 낸 돈 " * 8
    + "|\n"
)
FILES: dict[str, str | bytes] = {
    **SMALL,
    "content/faq/billing/long.ko.md": article(LONG, "글", summary="요약"),
    "content/faq/billing/unbroken.ko.md": article(UNBROKEN, f"{UNBROKEN}\n\n`{UNBROKEN}`", summary=UNBROKEN),
    "content/faq/billing/empty.ko.md": article("글이 없는 글", "", summary="요약"),
    "content/faq/billing/table.ko.md": article("긴 표", ROWS + ("| 3일 " * 8 + "|\n") * 39),
    "content/faq/orders/index.ko.md": article("글이 없는 분류", "", summary="아직 아무것도 없어요"),
    "content/notices/long.ko.md": article(LONG, "글", severity="outage", pinned="true"),
}
PAGES = (
    "", "faq/", "faq/billing/", "faq/billing/long/", "faq/billing/unbroken/", "faq/billing/empty/",
    "faq/billing/table/", "notices/", "notices/long/", "all/", "contact/", "contact/inquiry/",
)  # fmt: skip  # a list of addresses


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    root = write_tree(tmp_path_factory.mktemp("odd"), FILES)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    built = haedap("build", "--root", root, "--base", address)
    assert built.returncode == 0, built.stdout + built.stderr
    site = root / "build/site"
    server = (sys.executable, "-m", "http.server", port, "--bind", "127.0.0.1", "--directory", site)
    with running(*server, ready=f"{address}/"):
        yield f"{address}/daon/ko/", site


def test_odd_texts_hold_together(odd: tuple[str, Path], browser: Browser) -> None:
    """A brand without a logo, titles of 300 characters, words of 300, no text at all, 40 rows: nothing sticks out."""
    portal, _ = odd
    found: list[str] = []
    with context(browser, (320, 700), reduced_motion="reduce") as tabs:
        page = tabs.new_page()
        for path in PAGES:
            page.goto(portal + path)
            for width in (320, 360, 1280):
                page.set_viewport_size({"width": width, "height": 700})
                fits(page)
            page.set_viewport_size({"width": 320, "height": 700})
            found += barriers(page)
    assert found == []


def test_a_long_table_scrolls_within_itself(odd: tuple[str, Path], browser: Browser) -> None:
    """On a phone: sideways, by finger and by keyboard, while the page stays; every row is there."""
    portal, _ = odd
    with context(browser, (320, 700)) as tabs:
        page = tabs.new_page()
        page.goto(f"{portal}faq/billing/table/")
        table = page.locator(".text table")
        expect(table.locator("tr")).to_have_count(41)
        expect(table).to_have_attribute("tabindex", "0")
        table.focus()
        page.keyboard.press("ArrowRight")
        expect(table).not_to_have_js_property("scrollLeft", 0)  # asked again and again: the page's CSP allows it
        fits(page)


def test_a_category_without_articles_leads_nobody_astray(odd: tuple[str, Path]) -> None:
    """It is in no list, has no page, and no page names it."""
    _, site = odd
    assert not (site / "daon/ko/faq/orders").exists()
    pages = [file.read_text("utf-8") for file in (site / "daon/ko").rglob("*.html")]
    assert pages
    assert not any("글이 없는 분류" in page for page in pages)


def test_an_article_without_text_still_leads_on(odd: tuple[str, Path], browser: Browser) -> None:
    """Its summary, its neighbours and the way to people are there."""
    portal, _ = odd
    with context(browser, (320, 700)) as tabs:
        page = tabs.new_page()
        page.goto(f"{portal}faq/billing/empty/")
        expect(page.get_by_role("main")).to_contain_text("요약")
        expect(page.get_by_role("main").locator("a[href*='contact/']").first).to_be_visible()
