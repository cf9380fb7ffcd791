"""Every template in every language, and in two that nobody speaks, on the narrowest phone."""

from __future__ import annotations

import mimetypes
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from e2e.town import context
from playwright.sync_api import Browser, Page
from pseudo import CLOSE, LONG, OPEN, RIGHT_TO_LEFT, write_pseudo

from bridge.centre import Centre
from bridge.centre import load_centre as load_service
from bridge.pages import Pages
from bridge.views import ask_meta, form_meta, message_meta, reasons_meta
from portal_builder.answers import Fault
from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue, load_catalogues
from portal_builder.centre import Portal, load_centre
from portal_builder.check import check
from portal_builder.plan import plan
from portal_builder.platforms import PLATFORMS
from portal_builder.project import bytes_of
from portal_builder.stage import look_files
from support import REPOSITORY, article, write_tree

pytestmark = pytest.mark.xdist_group("looks")  # the browser of the other looks

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
LANGUAGES = sorted(load_catalogues(Path("nowhere")).catalogues)
OTHERS = [language for language in LANGUAGES if language not in {"ko", "en", "ja"}]
"""Those three go through every width in test_accessibility.py."""
CUT = "button, a, summary, label, h1, h2, h3, legend"
UNSEEN = ".unseen, .more-about, .skip, svg"
WIDE = f"""() => {{
  const width = document.documentElement.clientWidth, found = [];
  if (document.scrollingElement.scrollWidth > width) found.push(`page ${{document.scrollingElement.scrollWidth}}`);
  for (const each of document.querySelectorAll("body *")) {{
    const box = each.getBoundingClientRect(), style = getComputedStyle(each);
    if (!box.width || !box.height || style.visibility === "hidden" || each.closest("{UNSEEN}")) continue;
    const text = `${{each.tagName}}.${{each.className}}: ${{each.textContent.trim().slice(0, 60)}}`;
    if (box.right > width + 1 || box.left < -1) found.push(`outside ${{box.left}} ${{box.right}} ${{text}}`);
    const isCut = each.scrollWidth > each.clientWidth + 1 && style.display !== "inline";
    if (each.matches("{CUT}") && isCut) found.push(`cut ${{text}}`);
  }}
  return found.slice(0, 5);
}}"""


@dataclass(frozen=True)
class House:
    """A help centre in all languages, whose pages are drawn without a press or a service."""

    root: Path
    service: Centre
    brand: Brand

    def pages(self, language: str) -> Iterator[tuple[str, str]]:
        """Every template of the portal and of the service, as HTML."""
        words, drawn = self.service.catalogues[language], Pages(self.service, serves_portals=True)
        addresses = dict.fromkeys(self.brand.languages, "/")
        for name, meta in (*self._planned(language), *self._answered(words)):
            yield name, drawn.draw(self.brand, words, meta, addresses)

    def _planned(self, language: str) -> Iterator[tuple[str, dict[str, Any]]]:
        centre = load_centre(self.root)
        assert all(problem.key.endswith("untranslated") for problem in check(centre)), "the writers speak two languages"
        edition = plan(centre, Portal(self.brand.folder, language), NOW)
        for page in edition.pages:
            if page.template != "redirect.html":  # it leads on at once
                told = {"template": page.template, "title": page.title, "summary": page.summary, **page.meta}
                yield page.url or "home", told

    def _answered(self, words: Catalogue) -> Iterator[tuple[str, dict[str, Any]]]:
        place = self.service.place(self.brand.folder, words.language, "inquiry")
        assert place is not None
        faults = [Fault(field.name, "required", {}) for field in place.form.fields if field.type != "hidden"]
        yield "faults", form_meta(place, "/f", NOW, answers={}, faults=faults)
        for key in ("confirm", "verify", "not_mine"):
            yield key, ask_meta(words, key, "/f", "t", soon=True)
        yield "reasons", reasons_meta(words, "/h", "faq/shipping/delay", "faq/shipping/delay/")
        actions = [("message.home", "/"), ("message.form", "/f"), ("message.contact", "/c"), ("message.receipt", "/r")]
        yield "message", message_meta(words, "too_many", actions, minutes=10, email="help@daon.example")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    root = tmp_path_factory.mktemp("languages") / "centre"
    shutil.copytree(REPOSITORY / "tests" / "sites" / "guided", root, ignore=shutil.ignore_patterns("golden"))
    write_pseudo(load_catalogues(root).catalogues["en"], root)
    file = next(root.glob("themes/*/brand.yml"))
    spoken = ", ".join(["ko", *(language for language in (*LANGUAGES, LONG, RIGHT_TO_LEFT) if language != "ko")])
    file.write_text(file.read_text("utf-8").replace("languages: [ko, en]", f"languages: [{spoken}]"), "utf-8")
    parts = "".join(f"<!-- platform: {name} -->\n글\n<!-- /platform -->\n" for name in PLATFORMS)
    write_tree(
        root, {"content/faq/shipping/devices.ko.md": article("기기", parts, platform=f"[{', '.join(PLATFORMS)}]")}
    )
    service = load_service(root)
    return House(root, service, next(iter(service.brands.values())))


@dataclass(frozen=True)
class Screen:
    """A phone of 320 pixels, and a server with the brand's look, which the browser keeps from page to page."""

    page: Page
    address: str
    shown: dict[str, bytes]

    def show(self, html: str) -> Page:
        """The page as it stands when it has loaded, with everything that opens open."""
        self.shown["/shown"] = html.encode()
        self.page.goto(f"{self.address}/shown", wait_until="load")
        self.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        return self.page


@pytest.fixture(scope="module")
def screen(house: House, browser: Browser) -> Iterator[Screen]:
    shown = {
        f"/f/_static/daon/{path.removeprefix('docs/static/')}": bytes_of(content)
        for path, content in look_files(house.root, house.brand).items()
    }

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            body = shown.get(path, b"")
            self.send_response(200 if body else 404)  # no page waits for what is not the brand's look
            self.send_header("Content-Type", mimetypes.guess_type(path)[0] or "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store" if path == "/shown" else "max-age=3600")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server, context(browser, (320, 640)) as tabs:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Screen(tabs.new_page(), f"http://127.0.0.1:{server.server_port}", shown)
        server.shutdown()


@pytest.mark.parametrize("language", [*OTHERS, LONG, RIGHT_TO_LEFT])
def test_nothing_is_wider_than_the_narrowest_phone(house: House, screen: Screen, language: str) -> None:
    """No page scrolls sideways at 320 pixels, and no button, link or heading is cut."""
    wrong, templates = {}, 0
    for name, html in house.pages(language):
        tab = screen.show(html)
        assert tab.evaluate("getComputedStyle(document.body).margin") == "0px", f"{name}: the portal's styles are there"
        templates += 1
        if found := tab.evaluate(WIDE):
            wrong[name] = found
    assert templates >= 15
    assert wrong == {}


@pytest.mark.parametrize("language", [LONG, RIGHT_TO_LEFT])
def test_every_word_of_ours_is_translated(house: House, screen: Screen, language: str) -> None:
    """What stands outside of the pseudo-language's brackets is the writers' own, Babel's dates and hours, or a name."""
    files = [file for file in house.root.rglob("*") if file.suffix in {".md", ".yml"} and "i18n" not in file.parts]
    writers = " ".join(f"{file} {file.read_text('utf-8')}" for file in files).lower()
    names = {words.say("language.name") for words in house.service.catalogues.values()}
    for name, html in house.pages(language):
        tab = screen.show(html)
        text = (
            tab.evaluate("document.body.innerText")
            + "\n"
            + "\n".join(re.findall(r'(?:aria-label|placeholder|title)="([^"]*)"', html))
        )
        assert OPEN in text, name
        bare = re.sub(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", " ", re.sub(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", " ", text))
        for known in names:
            bare = bare.replace(known, " ")
        left = {word for word in re.findall(r"[A-Za-z가-힣\u0600-\u06ff]{2,}", bare) if word.lower() not in writers}
        assert left <= {"Mon", "Fri", "AM", "PM", "kB", "MB"} | set(
            re.findall(r"[\u0600-\u06ff]+", " ".join(left)) if language == RIGHT_TO_LEFT else ()
        ), (name, left)
