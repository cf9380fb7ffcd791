"""A link to a heading leads to it in every portal, whatever the text that is shown there calls it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support import BRAND, SMALL, article, haedap, write_tree

ASKING = "content/faq/billing/asking.ko.md"
ASKED = "content/faq/billing/asked"
KOREAN = "## 기간\n\n글\n\n### 카드\n\n글"


def hrefs(root: Path, portal: str, files: dict[str, str], link: str = "asked.ko.md#카드") -> list[str]:
    """Where a Korean article's link leads in a portal that was built of these files."""
    root = write_tree(root, {**SMALL, ASKING: article("묻는 글", f"[거기]({link})"), **files})
    for command in ("check", "build"):
        run = haedap(command, "--root", root)
        assert run.returncode == 0, run.stdout + run.stderr
    page = (root / "build/site" / portal / "faq/billing/asking/index.html").read_text("utf-8")
    return re.findall(r'<a href="([^"]*)">거기', page)


@pytest.mark.parametrize(
    ("english", "href"),
    [
        ("## Period\n\ntext\n\n### Card\n\ntext", "../asked/#card"),
        ("## Period\n\ntext\n\n### Card {#카드}\n\ntext", "../asked/#카드"),
        ("## One heading\n\ntext", "../asked/"),  # nobody knows which: the top will do
    ],
)
def test_a_translation_calls_its_headings_otherwise(tmp_path: Path, english: str, href: str) -> None:
    """The asking text stands in the English portal for want of a translation; the asked one is translated there."""
    files = {f"{ASKED}.ko.md": article("글", KOREAN), f"{ASKED}.en.md": article("Text", english)}
    assert hrefs(tmp_path, "daon/en", files) == [href]


def test_in_its_own_language_it_is_as_written(tmp_path: Path) -> None:
    files = {f"{ASKED}.ko.md": article("글", KOREAN), f"{ASKED}.en.md": article("Text", "## A\n\n### B")}
    assert hrefs(tmp_path, "daon/ko", files) == ["../asked/#카드"]


def test_a_brand_may_leave_the_heading_out(tmp_path: Path) -> None:
    """A part of the asked text is another brand's alone."""
    text = "글\n\n<!-- brand: lumi -->\n\n## 카드\n\n글\n\n<!-- /brand -->"
    lumi = BRAND.replace("다온", "루미").replace("Daon", "Lumi").replace("help.daon", "help.lumi")
    files = {
        "themes/lumi/brand.yml": lumi,
        ASKING: article("묻는 글", "[거기](asked.ko.md#카드)", brand="all"),
        f"{ASKED}.ko.md": article("글", text, brand="all"),
    }
    assert hrefs(tmp_path, "daon/ko", files) == ["../asked/"]
    assert hrefs(tmp_path, "lumi/ko", files) == ["../asked/#카드"]
    own = article("글", f"[거기](#카드)\n\n{text.partition('글')[2]}", brand="all")
    assert hrefs(tmp_path, "daon/ko", {**files, ASKING: own}) == []
    assert hrefs(tmp_path, "lumi/ko", {**files, ASKING: own}) == ["#카드"]


def test_a_brands_term_may_stand_in_a_heading(tmp_path: Path) -> None:
    """The anchor that `haedap check` knows is that of the written text; the page has the brand's words in it."""
    files = {f"{ASKED}.ko.md": article("글", "## {{ brand.app }} 설치\n\n글")}
    assert hrefs(tmp_path, "daon/ko", files, link="asked.ko.md#-brandapp--설치") == ["../asked/#다온-앱-설치"]
