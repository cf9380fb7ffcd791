"""A build that finds the leftovers of others gives the bytes of one that finds none, whatever was edited in between."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from carried import is_retouched, output

from support import BRAND, SMALL, article, write_tree

START = datetime(2026, 12, 1, tzinfo=UTC)
Dice = random.Random
ONDAM = BRAND.replace("다온", "온담").replace("daon", "ondam").replace("[ko, en]", "[ko]")
RENAMED = BRAND.replace("다온", "나온").replace("Daon", "Naon")
HEADER = '{% extends "_base/article.html" %}{% block after_text %}<p>{{ meta.slug }}</p>{% endblock %}'


def texts(root: Path) -> list[Path]:
    return sorted((root / "content/faq").rglob("t*.md"))


def edit(root: Path, dice: Dice) -> None:
    file = dice.choice(texts(root))
    file.write_text(file.read_text("utf-8") + f"\n## 더 {dice.random()}\n\n글 {dice.random()}\n", "utf-8")


def reword(root: Path, dice: Dice) -> None:
    file = dice.choice(texts(root))
    file.write_text(file.read_text("utf-8") + f"\n글 {dice.random()}\n", "utf-8")


def add(root: Path, dice: Dice, brand: str = "") -> None:
    number, brand = dice.randrange(100, 10_000), brand or dice.choice(["all", "daon", "ondam"])
    text = article(f"새 글 {number}", tags="[x]", brand=f"[{brand}]")
    write_tree(root, {f"content/faq/{dice.choice(['a', 'b'])}/t{number}.ko.md": text})


def remove(root: Path, dice: Dice) -> None:
    if len(texts(root)) > 3:
        dice.choice(texts(root)).unlink()


def schedule(root: Path, dice: Dice) -> None:
    hour = f"2026-12-0{dice.randint(1, 5)} 09:00"
    write_tree(
        root, {f"scheduled/faq/a/t{dice.randrange(4)}.ko.md": article(f"바뀐 글 {hour}", publish_at=f"'{hour}'")}
    )


def colour(root: Path, dice: Dice) -> None:
    name, brand = dice.choice([("daon", BRAND), ("ondam", ONDAM)])
    write_tree(root, {f"themes/{name}/brand.yml": brand.replace("1f6f54", f"1f6f{dice.randrange(16, 99)}")})


def picture(root: Path, dice: Dice) -> None:
    """One that a text shows; perhaps a brand's own in its place."""
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" width="{dice.randrange(9, 99)}" height="9"/>'
    folder = dice.choice(["content", "themes/ondam/pictures"])
    shown = article("그림", "글 ![그림](p.svg)", tags="[x]")
    write_tree(root, {"content/faq/b/p.svg": "<svg/>", f"{folder}/faq/b/p.svg": drawn, "content/faq/b/p.ko.md": shown})


def section(root: Path, dice: Dice) -> None:
    """A brand's own words in place of a shared section."""
    shared = article("기간", "글\n\n## 기간\n\n사흘", tags="[x]")
    own = f"## 기간 {{#기간}}\n\n{dice.randrange(99)}일\n"
    write_tree(root, {"content/faq/a/s.ko.md": shared, "themes/ondam/sections/faq/a/s.ko.md": own})


def name(root: Path, dice: Dice) -> None:
    write_tree(root, {"themes/daon/brand.yml": dice.choice([BRAND, RENAMED])})


def word(root: Path, dice: Dice) -> None:
    write_tree(root, {"i18n/ko.yml": f"article.related: 함께 보기 {dice.randrange(9)}\n"})


def template(root: Path, dice: Dice) -> None:
    write_tree(root, {"themes/_base/templates/article.html": HEADER.replace("<p>", f"<p id=x{dice.randrange(9)}>")})


def translate(root: Path, dice: Dice) -> None:
    write_tree(root, {f"content/faq/a/t{dice.randrange(4)}.en.md": article(f"Text {dice.random()}", "In English.")})


def forget(root: Path, dice: Dice) -> None:
    kinds = ["again", "articles", "makings", "markdown", "pages", "plans", "search", "templates"]
    shutil.rmtree(root / "build/cache" / dice.choice(kinds), ignore_errors=True)


def damage(root: Path, dice: Dice) -> None:
    files = sorted(file for file in (root / "build/cache").rglob("*") if file.is_file())
    file = dice.choice(files)
    file.write_bytes(file.read_bytes()[: dice.randrange(200)])


def overwrite(root: Path, dice: Dice) -> None:
    """Somebody writes into a page of the output; one who adds a text then expects a whole portal."""
    page = dice.choice(sorted((root / "build/site/daon/ko").rglob("*.html")))
    page.write_text("overwritten", "utf-8")
    add(root, dice, "daon")


EDITS: tuple[Callable[[Path, Dice], None], ...] = (
    reword, reword, reword, reword, edit,
    add, remove, schedule, colour, picture, section, name, word, template, translate, forget, damage, overwrite,
)  # fmt: skip  # a list of names


def centre(root: Path) -> Path:
    """Four texts, each with a link to the next one."""
    files = {**SMALL, "themes/ondam/brand.yml": ONDAM}
    for number in range(4):
        following = (number + 1) % 4
        body = f"{{{{ brand.app }}}} [다음](../{'ab'[following % 2]}/t{following}.ko.md)"
        files[f"content/faq/{'ab'[number % 2]}/t{number}.ko.md"] = article(f"글 {number}", body, tags="[x]")
    return write_tree(root, files)


def built(root: Path, at: datetime) -> dict[str, bytes]:
    """As the command does it: retouched where words alone changed."""
    is_retouched(root, at)
    return output(root)


@pytest.mark.parametrize("seed", range(4))
def test_any_sequence_of_edits_gives_what_a_cold_build_gives(seed: int, tmp_path: Path) -> None:
    """Texts, translations, schedule, colours, words, templates; lost and damaged caches; time that passes."""
    dice, at = Dice(seed), START
    root = centre(tmp_path / "warm")
    built(root, at)
    for step in range(5):
        change = dice.choice(EDITS)
        change(root, dice)
        write_tree(root, {"content/faq/b/t1.ko.md": article("글 1", "끝")})  # links of others lead here
        for number in (0, 2, 3):
            if not (root / f"content/faq/{'ab'[number % 2]}/t{number}.ko.md").is_file():
                write_tree(root, {f"content/faq/{'ab'[number % 2]}/t{number}.ko.md": article(f"글 {number}", "다시")})
        at += timedelta(hours=dice.choice([0, 0, 20]))
        cold = tmp_path / f"cold{step}"
        shutil.copytree(root, cold, ignore=shutil.ignore_patterns("build"))
        warm = built(root, at)
        expected = built(cold, at)
        assert warm.keys() == expected.keys(), change.__name__
        assert [path for path in warm if warm[path] != expected[path]] == [], change.__name__


def bytes_below(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_old_portal_is_never_written_into(tmp_path: Path) -> None:
    """The next one is made of the last but one, which shares its files: each edit puts new ones in their place."""
    root = centre(tmp_path)
    seen: list[dict[str, bytes]] = []
    for step in range(4):
        built(root, START)
        seen.append(bytes_below(root / "build/site/daon/ko"))
        assert bytes_below(root / "build/stage/daon/ko/site") == seen[max(0, step - 1)]
        edit(root, Dice(step))


def test_what_was_a_page_may_be_a_folder_and_the_other_way_round(tmp_path: Path) -> None:
    """Whatever lies in the folder that the next portal is made of, and whoever put it there."""
    root = centre(tmp_path / "warm")
    built(root, START)
    edit(root, Dice(1))
    built(root, START)
    last = root / "build/stage/daon/ko/site"
    (last / "stray/deep").mkdir(parents=True)
    (last / "stray/deep/x.html").write_text("stray", "utf-8")
    shutil.rmtree(last / "faq/a/t0")
    (last / "faq/a/t0").write_text("no folder", "utf-8")
    (last / "feed.xml").unlink()
    (last / "feed.xml").mkdir()
    (last / "404.html").unlink()
    (last / "404.html").symlink_to(root / "build/site/daon/ko/404.html")
    edit(root, Dice(2))
    shutil.copytree(root, tmp_path / "cold", ignore=shutil.ignore_patterns("build"))
    assert built(root, START) == built(tmp_path / "cold", START)
    assert not any(file.is_symlink() for file in (root / "build/site").rglob("*"))
