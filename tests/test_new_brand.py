"""A new brand is one new folder and nothing else: its look, its words, its templates, built as every other."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import BRAND, SMALL, article, haedap, write_tree

pytestmark = pytest.mark.xdist_group("new_brand")  # one build for all of them

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8H0z"/></svg>'
SORA = {
    "themes/sora/brand.yml": """\
name: {ko: 소라상점, en: Sora}
url: https://help.sora.example/
zone: Asia/Seoul
languages: [ko]
email: help@sora.example
colours: {primary: "#7a1f4b"}
corner: 2
density: compact
logo: mark.svg
hero: art/waves.svg
company: {ko: 주식회사 소라 | 대표 이소라}
terms: {app: {ko: 소라 앱}}
""",
    "themes/sora/mark.svg": LOGO,
    "themes/sora/art/waves.svg": LOGO,
    "themes/sora/static/shop.css": ".shop { color: green }",
    "themes/sora/templates/article.html": """\
{% extends "_base/article.html" %}
{% block after_text %}<p class="shop">바다에서 왔어요</p>{% endblock %}
""",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("brands")
    before = {**SMALL, "content/faq/billing/app.ko.md": article("앱", "{{ brand.app }}에서 눌러 주세요.")}
    write_tree(root, {**before, **SORA})
    built = haedap("build", "--root", root, "--out", root / "site")
    assert built.returncode == 0, built.stdout + built.stderr
    return root / "site"


def test_it_has_a_portal_in_its_look(site: Path) -> None:
    home = (site / "sora/ko/index.html").read_text("utf-8")
    css = (site / "sora/ko/static/brand.css").read_text("utf-8")
    for said in ("소라상점", "static/brand/mark.svg", "static/brand/art/waves.svg", "주식회사 소라"):
        assert said in home, said
    assert "--brand:#7a1f4b" in css
    assert "--corner:2px" in css
    assert "--air:0.7" in css


def test_shared_articles_speak_its_words_in_its_templates(site: Path) -> None:
    page = (site / "sora/ko/faq/billing/app/index.html").read_text("utf-8")
    assert "소라 앱에서 눌러 주세요." in page
    assert "바다에서 왔어요" in page
    assert (site / "sora/ko/static/shop.css").is_file()


def test_the_other_brand_is_as_it_was(site: Path) -> None:
    """The same help centre without the folder gives the same pages, but for the link to all brands."""
    pages = "".join(page.read_text("utf-8") for page in (site / "daon").rglob("*.html"))
    assert "다온 앱에서 눌러 주세요." in pages
    assert "소라" not in pages
    assert "바다에서" not in pages
    assert "다온" in BRAND
