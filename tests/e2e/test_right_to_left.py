"""Arabic and Hebrew: every template from right to left, at every width and with large text, holds together."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from e2e.mirrored import write_mirrored
from e2e.test_accessibility import LARGE_TEXT, SMALLEST, TEMPLATES, barriers
from e2e.town import DESKTOP, PHONE, context
from playwright.sync_api import Browser, expect

from support import SCRIPTS, free_port, haedap, running

pytestmark = pytest.mark.xdist_group("looks")  # the browser of the other looks

STICKS_OUT = """() => {
  const wide = document.documentElement;
  if (wide.scrollWidth <= innerWidth) return null;
  const out = [...document.querySelectorAll("body *")].filter(one => {
    const box = one.getBoundingClientRect();
    return one.checkVisibility() && (box.right > innerWidth + .5 || box.left < -.5);
  });
  return `${wide.scrollWidth} > ${innerWidth}: ` + out.slice(0, 3).map(one => `${one.tagName}.${one.className}`);
}"""


@pytest.fixture(scope="module")
def souk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address below which both brands are served, forms included."""
    root = write_mirrored(tmp_path_factory.mktemp("souk"))
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    built = haedap("build", "--root", root, "--base", address)
    assert built.returncode == 0, built.stdout + built.stderr
    command = [SCRIPTS / "haedap-bridge", "serve", "--root", root, "--port", port, "--site", root / "build/site"]
    with running(*command, "--catch-mail", ready=f"{address}/healthz", HAEDAP_DATA=str(root / "var")):
        yield address


@pytest.mark.parametrize(("language", "percent"), [("ar", 100), ("he", 200)])
def test_nothing_sticks_out_from_right_to_left(souk: str, browser: Browser, language: str, percent: int) -> None:
    """Every template at every width, as it is and with text twice as large."""
    found: list[str] = []
    with context(browser, PHONE) as tabs:
        page = tabs.new_page()
        for path in TEMPLATES.values():
            page.goto(f"{souk}/{language}/{language}/{path}")
            page.evaluate("size => document.documentElement.style.fontSize = `${size}%`", percent)
            for width in LARGE_TEXT[percent]:
                page.set_viewport_size({"width": width, "height": 800})
                said = page.evaluate(STICKS_OUT)
                found += [f"{path} at {width}: {said}"] if said else []
    assert found == []


@pytest.mark.parametrize(("language", "size", "scheme"), [("ar", PHONE, "light"), ("he", DESKTOP, "dark")])
def test_nobody_is_shut_out_from_right_to_left(
    souk: str, browser: Browser, language: str, size: tuple[int, int], scheme: str
) -> None:
    """axe-core on every template, and thumbs on a phone."""
    found: list[str] = []
    with context(browser, size, color_scheme=scheme, reduced_motion="reduce") as tabs:
        page = tabs.new_page()
        for name, path in TEMPLATES.items():
            page.goto(f"{souk}/{language}/{language}/{path}")
            if name not in {"brands", "door"}:
                expect(page.locator("html")).to_have_attribute("dir", "rtl")
            found += barriers(page)
            found += [f"{path}: {small}" for small in (page.evaluate(SMALLEST) if size == PHONE else [])]
    assert found == []


def test_a_form_comes_back_from_right_to_left(souk: str, browser: Browser) -> None:
    """The bridge draws it the same way round, with its faults."""
    with context(browser, (320, 800), java_script_enabled=False) as tabs:
        page = tabs.new_page()
        page.goto(f"{souk}/ar/ar/contact/inquiry/")
        page.locator("main form button[type=submit]").click()
        expect(page.locator("#error-summary")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
    with context(browser, (320, 800)) as tabs:
        page = tabs.new_page()
        page.goto(f"{souk}/ar/ar/contact/inquiry/")
        page.locator("main form button[type=submit]").click()
        expect(page.locator("#error-summary")).to_be_focused()
        assert page.evaluate(STICKS_OUT) is None
        assert barriers(page) == []
