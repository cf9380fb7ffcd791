"""A crawler over built trees: what pages say of their language and address is true, and each brand stands alone."""

from __future__ import annotations

import posixpath
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from portal_builder.centre import Portal, load_centre
from portal_builder.plan import plan
from portal_builder.search.pages import sources_of
from support import BRAND, FORM, article, haedap, write_tree

pytestmark = pytest.mark.xdist_group("crawl")  # one build for all of them

SAID = {"ko": "환불은 사흘 안에 됩니다", "en": "Refunds take three days", "ja": "ご返金は三日以内です"}
URLS = {"daon": "https://help.daon.example/", "lumi": "https://www.lumi.example/support/"}
"""A host of its own, and a folder of somebody else's."""
LANGUAGES = {"daon": ("ko", "en", "ja"), "lumi": ("en", "ko")}
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"


def brand_file(name: str) -> str:
    languages = ", ".join(LANGUAGES[name])
    fallback = "fallback: {default: notice, guides: link, events: omit}\n"
    text = BRAND.replace("name: {ko: 다온, en: Daon}", f"name: {name}").replace("[ko, en]", f"[{languages}]")
    return (
        text.replace("https://help.daon.example/", URLS[name]).replace(", en: the Daon app", ", en: app, ja: app")
        + fallback
    )


def tree() -> Iterator[tuple[str, str]]:
    """Texts in all languages, in two, in one; in every kind of fallback; hidden; of one brand; folders named or not."""
    yield from ((f"themes/{name}/brand.yml", brand_file(name)) for name in URLS)
    yield "content/forms/inquiry.yml", re.sub(r", en: ([^}]+)\}", r", en: \1, ja: \1}", FORM)
    yield "content/faq/billing/images/a.svg", SVG
    spread = {"all": "ko en ja", "two": "ko en", "one": "ko", "english": "en", "japanese": "en ja"}
    for kind in ("faq/billing", "guides", "events", "notices"):
        for name, languages in spread.items():
            for language in languages.split():
                text = f"{SAID[language]} ![a]({'../' * kind.count('/')}../faq/billing/images/a.svg)"
                yield f"content/{kind}/{name}.{language}.md", article(SAID[language], text, publish_at="2026-01-01")
    yield "content/faq/billing/index.ko.md", article("결제", SAID["ko"])
    yield "content/faq/orders/hidden.ko.md", article(SAID["ko"], SAID["ko"], search="{exclude: true}")
    yield "content/faq/orders/hidden.en.md", article(SAID["en"], SAID["en"], search="{exclude: true}")
    yield "content/faq/orders/own.en.md", article(SAID["en"], SAID["en"], brand="lumi")


@dataclass(frozen=True)
class Page:
    brand: str
    language: str
    html: LexborHTMLParser

    def links(self, name: str) -> list[dict[str, str | None]]:
        return [dict(node.attributes) for node in self.html.css(f"head link[rel={name}]")]

    @property
    def canonical(self) -> str | None:
        return next((link["href"] for link in self.links("canonical")), None)

    @property
    def translations(self) -> dict[str, str]:
        return {str(link["hreflang"]): str(link["href"]) for link in self.links("alternate") if link.get("hreflang")}

    @property
    def text(self) -> tuple[str, str] | None:
        """The article's text and what `lang` says of it."""
        node = self.html.css_first("main .text")
        return (node.text(), node.attributes.get("lang") or self.language) if node else None


def language_of(text: str) -> str:
    """By its letters alone: no word of the product's."""
    if re.search("[\u3040-\u30ff]", text):
        return "ja"
    return "ko" if re.search("[가-힣]", text) else "en"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_tree(tmp_path_factory.mktemp("crawl"), dict(tree()))
    built = haedap("build", "--root", root)
    assert built.returncode == 0, built.stdout + built.stderr
    return root / "build/site"


@pytest.fixture(scope="module")
def pages(site: Path) -> Mapping[str, Page]:
    """Every page of every portal by the address it is published at."""
    found: dict[str, Page] = {}
    for brand, url in URLS.items():
        for file in sorted((site / brand).rglob("index.html")):
            inner = file.parent.relative_to(site / brand).as_posix()
            language = inner.partition("/")[0]
            if inner != ".":
                found[f"{url}{inner}/"] = Page(brand, language, LexborHTMLParser(file.read_text("utf-8")))
    assert len(found) > 60
    return found


def test_lang_is_what_the_page_and_its_text_are(pages: Mapping[str, Page]) -> None:
    """The portal's language on the page, the text's own on the text, whatever the portal's is."""
    fallbacks = 0
    for address, page in pages.items():
        if page.html.css_first("meta[http-equiv=refresh]"):
            continue
        html = page.html.css_first("html")
        assert html is not None
        assert html.attributes["lang"] == page.language, address
        if page.text and page.text[0].strip():
            assert page.text[1] == language_of(page.text[0]), address
            fallbacks += page.text[1] != page.language
    assert fallbacks > 10


def test_every_pair_of_translations_is_mutual_and_real(pages: Mapping[str, Page]) -> None:
    """A page names itself and all others, each of them the same; none leads to a page that is not in that language."""
    pairs = 0
    for address, page in pages.items():
        links = page.translations
        if not links:
            continue
        assert links[page.language] == address
        for code, target in links.items():
            if code == "x-default":
                assert target in {*links.values(), URLS[page.brand]}, address
                continue
            there = pages[unquote(target)]
            pairs += 1
            assert there.language == code, f"{address} -> {target}"
            assert there.translations == links, f"{address} -> {target}"
            assert there.canonical == target
            if there.text:
                assert there.text[1] == code, f"{address} -> {target}"
    assert pairs > 50


def test_canonical_is_the_page_itself_or_where_its_text_is_at_home(pages: Mapping[str, Page]) -> None:
    """A text that stands in for a missing translation names the one in its own language, and no translations."""
    stand_ins = 0
    for address, page in pages.items():
        if page.canonical is None:
            continue
        target = pages[unquote(page.canonical)]
        assert target.canonical == page.canonical, address
        if page.html.css_first("p.fallback"):
            stand_ins += 1
            assert page.text
            assert target.language == page.text[1] != page.language, address
            assert page.translations == {}, address
        else:
            assert unquote(page.canonical) == address
    assert stand_ins >= 6


def test_what_has_a_translation_says_so(pages: Mapping[str, Page]) -> None:
    """The other way round: no pair of real translations is left unnamed."""
    for brand, url in URLS.items():
        for language in LANGUAGES[brand]:
            expected = set(LANGUAGES[brand]) | {"x-default"}
            assert set(pages[f"{url}{language}/faq/billing/all/"].translations) == expected
    assert set(pages[f"{URLS['daon']}en/faq/billing/two/"].translations) == {"ko", "en", "x-default"}
    assert pages[f"{URLS['daon']}ko/faq/billing/one/"].translations == {}


def test_each_kind_falls_back_as_the_brand_says(site: Path, pages: Mapping[str, Page]) -> None:
    """A page with a notice in the reader's language; none but a line that leads on; nothing at all."""
    root = URLS["daon"]
    notice = pages[f"{root}ja/faq/billing/one/"].html.css_first("p.fallback")
    assert notice is not None
    assert language_of(notice.text()) == "ja"
    assert f"{root}ja/guides/one/" not in pages
    assert f'href="{root}ko/guides/one/"' in (site / "daon/ja/guides/index.html").read_text("utf-8")
    assert f"{root}ja/events/one/" not in pages
    assert "events/one/" not in (site / "daon/ja/events/index.html").read_text("utf-8")


def test_sitemaps_say_what_pages_say(site: Path, pages: Mapping[str, Page]) -> None:
    """Each canonical page once, with the same translations; no stand-in, nothing hidden."""
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    for brand, url in URLS.items():
        for language in LANGUAGES[brand]:
            found: dict[str, dict[str | None, str | None]] = {}
            for entry in ET.parse(site / brand / language / "sitemap.xml").iterfind("s:url", names):  # noqa: S314 -- our own
                links = {link.get("hreflang"): link.get("href") for link in entry.iterfind("x:link", names)}
                found[entry.findtext("s:loc", "", names)] = links
            own = {address: page for address, page in pages.items() if address.startswith(f"{url}{language}/")}
            wanted = {
                page.canonical: page.translations
                for address, page in own.items()
                if page.canonical and unquote(page.canonical) == address
            }
            assert found == wanted


@pytest.mark.parametrize("brand", URLS)
def test_a_brand_is_deployed_by_itself_at_any_path(site: Path, tmp_path: Path, brand: str) -> None:
    """Its folder alone, wherever it is put: every relative address leads to a file of it, and none begins with `/`."""
    home = tmp_path / "somewhere" / "support"
    shutil.copytree(site / brand, home)
    count = 0
    for file in home.rglob("*.html"):
        tree = LexborHTMLParser(file.read_text("utf-8"))
        for name in ("href", "src"):
            for node in tree.css(f"[{name}]"):
                parts = urlsplit(node.attributes[name] or "")
                if parts.scheme or parts.netloc or not parts.path:
                    continue
                if file.name == "404.html":  # made for any address, so it begins at the host
                    continue
                assert not parts.path.startswith("/"), f"{file}: {parts.path}"
                target = Path(posixpath.normpath(file.parent / unquote(parts.path)))
                assert target.is_relative_to(home), f"{file}: {parts.path}"
                assert (target / "index.html").is_file() or target.is_file(), f"{file}: {parts.path}"
                count += 1
    assert count > 500


def test_one_brand_can_be_built_without_the_others(site: Path, tmp_path: Path) -> None:
    """The same bytes as in the tree of all brands."""
    out = tmp_path / "lumi-alone"
    built = haedap("build", "--root", site.parent.parent, "--portal", "lumi", "--out", out)
    assert built.returncode == 0, built.stderr
    assert not (out / "daon").exists()
    for file in sorted((site / "lumi").rglob("*")):
        if file.is_file():
            assert (out / "lumi" / file.relative_to(site / "lumi")).read_bytes() == file.read_bytes(), file


@pytest.mark.parametrize(("policy", "is_found"), [("marked", True), ("out", False)])
def test_texts_that_stand_in_are_found_marked_or_not_at_all(tmp_path: Path, policy: str, is_found: bool) -> None:
    """`fallback_search: out` keeps them out of the portal's search and asks engines to leave them out."""
    files = {**dict(tree()), "themes/daon/brand.yml": f"{brand_file('daon')}fallback_search: {policy}\n"}
    edition = plan(load_centre(write_tree(tmp_path, files)), Portal("daon", "ja"), datetime(2026, 12, 1, tzinfo=UTC))
    found = {source.url: source.language for source in sources_of(edition.pages, "ja")}
    assert found.get("faq/billing/one/") == ("ko" if is_found else None)
    assert found["faq/billing/all/"] == "ja"
    page = edition.page("faq/billing/one/")
    assert page
    assert page.meta["machines"]["robots"] == (None if is_found else "noindex")
