"""Take pictures of every template: three brands, their languages, phone and desktop, light and dark.

    python scripts/screenshots.py FOLDER [brand ...]

Builds the help centre, starts its bridge with mails kept, walks through it in Chromium and stops it again.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from chromium import find_chromium

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
with socket.create_server(("127.0.0.1", 0)) as _found:
    PORT = _found.getsockname()[1]
ADDRESS = f"http://127.0.0.1:{PORT}"
SIZES = {"phone": (360, 780), "desktop": (1280, 900)}
LANGUAGES = ("ko", "en", "ja")
PAGES = {
    "home": "",
    "category": "faq/billing/",
    "article": "faq/billing/refund-time/",
    "guide": "guides/before-you-ask/",
    "notice": "notices/easy-pay-delay/",
    "notices": "notices/",
    "contact": "contact/",
    "form": "contact/refund/",
    "flows": "flows/",
    "flow": "flows/delivery/",
    "flow-end": "flows/delivery.shipping.days/",
    "flow-form": "flows/delivery.shipping.long/inquiry/",
    "all": "all/",
    "gone": "notices/chuseok-shipping/",
    "404": "no/such/page/",
}


@contextmanager
def town(folder: Path) -> Iterator[None]:
    """The help centre, served as `make run` does."""
    site = folder / "site"
    subprocess.run([BIN / "haedap", "build", "--root", ROOT, "--out", site, "--base", ADDRESS], check=True)
    command = [str(BIN / "haedap-bridge"), "serve", "--root", str(ROOT), "--port", str(PORT), "--site", str(site)]
    command += ["--catch-mail"]
    bridge = subprocess.Popen(command, env={"HAEDAP_DATA": str(folder / "var")}, stdout=subprocess.PIPE, text=True)
    try:
        next(line for line in bridge.stdout or () if ADDRESS in line)
        yield
    finally:
        bridge.terminate()
        bridge.wait(timeout=20)


def shoot(page: Page, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, full_page=True)
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        print(f"sticks out: {file.name}")


def portal(page: Page, out: Path, brand: str, language: str, suffix: str) -> None:
    """Every page of one portal, the form with its errors, and a receipt."""
    base = f"{ADDRESS}/{brand}/{language}/"
    for name, path in PAGES.items():
        page.goto(base + path)
        shoot(page, out / f"{brand}-{language}-{name}-{suffix}.png")
    page.goto(f"{base}contact/inquiry/")
    page.locator("form button[type=submit]").click()
    page.locator("#error-summary").wait_for()
    shoot(page, out / f"{brand}-{language}-form-errors-{suffix}.png")
    page.locator("[name=topic]").select_option("other")
    for field, text in {"name": "홍길동", "email": "gildong@example.com", "subject": "?", "message": "?"}.items():
        page.locator(f"[name={field}]").fill(text)
    page.locator("form button[type=submit]").click()
    page.locator("#number").wait_for()
    shoot(page, out / f"{brand}-{language}-receipt-{suffix}.png")
    asking(page, out, brand, language, suffix)


def asking(page: Page, out: Path, brand: str, language: str, suffix: str) -> None:
    """The page that asks once more where there is no JavaScript."""
    address = f"{ADDRESS}/f/{brand}/{language}/inquiry"
    answers: dict[str, str | float | bool] = {
        "topic": "other",
        "name": "?",
        "email": "gildong@example.com",
        "subject": suffix,
        "message": suffix,
    }
    page.goto(page.request.post(address, form=answers, headers={"Accept": "text/html"}).url)
    shoot(page, out / f"{brand}-{language}-confirm-{suffix}.png")


def main() -> None:
    out = Path(sys.argv[1])
    brands = sys.argv[2:] or sorted(path.parent.name for path in ROOT.glob("themes/*/brand.yml"))
    with tempfile.TemporaryDirectory() as folder, town(Path(folder)), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for size, (width, height) in SIZES.items():
            for scheme in ("light", "dark"):
                tabs = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
                page = tabs.new_page()
                page.goto(ADDRESS)
                shoot(page, out / f"brands-{size}-{scheme}.png")
                for brand in brands:
                    for language in LANGUAGES:
                        portal(page, out, brand, language, f"{size}-{scheme}")
                tabs.close()
        chromium.close()


if __name__ == "__main__":
    main()
