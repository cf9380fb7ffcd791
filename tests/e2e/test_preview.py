"""`haedap serve` beside a real Chromium: what is saved is seen, where the reader was."""

from __future__ import annotations

from pathlib import Path

import pytest
from e2e.town import DESKTOP, context
from playwright.sync_api import Browser, expect

from support import SCRIPTS, SMALL, article, free_port, running, write_tree

pytestmark = pytest.mark.xdist_group("browser")  # one browser for all of them

TEXT = "content/faq/billing/refund.ko.md"
LONG = "\n\n".join(f"문단 {number}" for number in range(80))


def test_a_writer_sees_what_was_saved_without_a_touch(browser: Browser, tmp_path: Path) -> None:
    """The page comes again scrolled as it was; a fault between files comes by itself, and goes when it is mended."""
    root, port = write_tree(tmp_path, {**SMALL, TEXT: article(body=LONG)}), free_port()
    address = f"http://127.0.0.1:{port}"
    with (
        running(SCRIPTS / "haedap", "serve", "--root", root, "--port", port, ready=f"{address}/"),
        context(browser, DESKTOP) as tabs,
    ):
        page = tabs.new_page()
        page.goto(f"{address}/daon/ko/faq/billing/refund/")
        page.evaluate("scrollTo({ top: 700, behavior: 'instant' })")  # else it glides there, and may be on its way
        write_tree(root, {TEXT: article(body=f"{LONG}\n\n고친 문장")})
        expect(page.locator(".text")).to_contain_text("고친 문장")
        assert page.evaluate("scrollY") == 700
        problems = page.locator("#haedap-problems")
        write_tree(root, {TEXT: article(body=f"{LONG}\n\n[다른 글](gone.ko.md)")})
        expect(problems).to_contain_text("gone.ko.md")
        assert page.evaluate("scrollY") == 700
        problems.get_by_role("button").click()
        expect(problems).to_have_count(0)
        write_tree(root, {TEXT: article(body=LONG)})
        expect(page.locator(".text")).not_to_contain_text("다른 글")
        expect(problems).to_have_count(0)
