"""Who is asked to look over a change: CODEOWNERS by brand, language and text."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import BRAND, SMALL, article, haedap, write_tree

OWNED = BRAND + 'owners: {default: "@shop/daon", en: ["@shop/english", words@shop.example]}\n'
LUMI = BRAND.replace("daon", "lumi") + 'owners: "@shop/lumi"\n'
FILES = {
    **SMALL,
    "themes/daon/brand.yml": OWNED,
    "themes/lumi/brand.yml": LUMI,
    "content/faq/a/shared.ko.md": article("함께", owner="billing-team"),
    "content/faq/a/shared.en.md": article("Shared"),
    "content/faq/a/own.ko.md": article("다온만", brand="daon"),
    "content/faq/a/mine.ko.md": article("내 글", owner='"@kim"'),
}


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    return write_tree(tmp_path, FILES)


def test_folders_languages_and_texts_have_their_owners(centre: Path) -> None:
    """The last line that fits counts: a text's own owner over its brands', those over the language's."""
    run = haedap("owners", "--root", centre)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[1:] == [
        "/themes/daon/ @shop/daon",
        "/themes/lumi/ @shop/lumi",
        "/content/**/*.en.md @shop/english words@shop.example @shop/lumi",
        "/scheduled/**/*.en.md @shop/english words@shop.example @shop/lumi",
        "/themes/daon/sections/**/*.en.md @shop/english words@shop.example",
        "/content/**/*.ko.md @shop/daon @shop/lumi",
        "/scheduled/**/*.ko.md @shop/daon @shop/lumi",
        "/content/faq/a/mine.ko.md @kim",
        "/content/faq/a/own.ko.md @shop/daon",
    ]


def test_the_file_is_written_and_nobody_elses_is_overwritten(centre: Path) -> None:
    file = centre / "CODEOWNERS"
    for _ in range(2):
        assert haedap("owners", "--root", centre, "--write").returncode == 0
        assert file.read_text("utf-8") == haedap("owners", "--root", centre).stdout
    file.write_text("* @boss\n", "utf-8")
    run = haedap("owners", "--root", centre, "--write")
    assert run.returncode == 2, run.stdout
    assert file.read_text("utf-8") == "* @boss\n"


def test_an_owner_that_no_host_knows_is_a_problem(centre: Path) -> None:
    write_tree(centre, {"themes/lumi/brand.yml": LUMI.replace("@shop/lumi", "the billing team")})
    run = haedap("check", "--root", centre)
    assert run.returncode == 1
    assert "themes/lumi/brand.yml" in run.stdout + run.stderr
