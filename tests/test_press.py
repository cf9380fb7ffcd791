"""The contract every engine keeps: a staged project in, the same addresses, titles and anchors out."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal_builder.press import PressError, engine, press
from portal_builder.release import swap_in
from portal_builder.shipped import shipped
from support import write_tree

CONFIG = "INHERIT: base.yml\nsite_name: 다온\nsite_url: https://help.daon.example/ko/\nextra: {word: 말}\n"
TEMPLATE = (
    '<!doctype html><html lang="ko"><title>{{ page.meta.title | e }}</title><h1>{{ page.title }}</h1>'
    '<a class="asset" href="{{ \'static/a.css\' | url }}">{{ config.extra.word }}</a>{{ page.content }}</html>'
)


def project(folder: Path, text: str = "[둘째](둘.md#절차)\n\n![그림](a.svg)\n") -> Path:
    base = (shipped() / "mkdocs.yml").read_text("utf-8")
    return write_tree(
        folder,
        {
            "mkdocs.yml": CONFIG,
            "base.yml": base,
            "overrides/page.html": TEMPLATE,
            "overrides/404.html": "없어요",
            "docs/index.md": "---\ntitle: '처음 <&>'\ntemplate: page.html\n---\n" + text,
            "docs/둘.md": '---\ntitle: 둘\ntemplate: page.html\n---\n## 절차\n\n!!! tip\n    팁\n\n=== "가"\n    나\n',
            "docs/a.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
            "docs/static/a.css": "a{}",
        },
    )


def test_addresses_titles_anchors_and_assets(tmp_path: Path) -> None:
    """Directory addresses, the front matter's title and template, Korean anchors, relative links, copied files."""
    swap_in(press(project(tmp_path / "stage")), tmp_path / "out")
    home = (tmp_path / "out/index.html").read_text("utf-8")
    second = (tmp_path / "out/둘/index.html").read_text("utf-8")
    assert "<title>처음 &lt;&amp;&gt;</title>" in home
    assert 'href="static/a.css">말' in home
    assert 'href="../static/a.css"' in second
    assert 'href="%EB%91%98/#절차"' in home
    assert 'id="절차"' in second
    assert "admonition tip" in second
    assert "tabbed-set" in second
    assert (tmp_path / "out/a.svg").is_file()
    assert (tmp_path / "out/404.html").read_text("utf-8") == "없어요"


def test_only_what_pages_load_is_there(tmp_path: Path) -> None:
    """The theme's own scripts and styles, of which no page of ours makes use, stay out."""
    swap_in(press(project(tmp_path / "stage")), tmp_path / "out")
    names = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert names == {"404.html", "a.svg", "index.html", "sitemap.xml", "static/a.css", "둘/index.html"}


def test_the_same_project_gives_the_same_bytes(tmp_path: Path) -> None:
    """No time of the build, no order of a dictionary reaches the output."""
    for name in ("one", "two"):
        swap_in(press(project(tmp_path / f"stage-{name}")), tmp_path / name)
    one = {path.relative_to(tmp_path / "one"): path.read_bytes() for path in (tmp_path / "one").rglob("*.*")}
    two = {path.relative_to(tmp_path / "two"): path.read_bytes() for path in (tmp_path / "two").rglob("*.*")}
    assert one == two


def test_a_warning_is_an_error_and_leaves_the_old_portal(tmp_path: Path) -> None:
    """A dead link stops the press in the engine's own words; what was there before is still there."""
    swap_in(press(project(tmp_path / "stage")), tmp_path / "out")
    before = (tmp_path / "out/index.html").read_bytes()
    with pytest.raises(PressError, match=r"missing\.md"):
        swap_in(press(project(tmp_path / "stage", "[x](missing.md)")), tmp_path / "out")
    assert (tmp_path / "out/index.html").read_bytes() == before


def test_the_engine_names_its_versions() -> None:
    """Another version is another engine: its portals are pressed anew."""
    assert "mkdocs=1." in engine()


def test_emphasis_may_end_with_a_bracket_before_a_particle(tmp_path: Path) -> None:
    """Korean and Japanese write on without a space: the stars are still emphasis."""
    swap_in(press(project(tmp_path / "stage", "**평일(월)**에 **平日（月）**の間に")), tmp_path / "out")
    html = (tmp_path / "out/index.html").read_text("utf-8")
    assert "<strong>평일(월)</strong>에" in html
    assert "<strong>平日（月）</strong>の" in html


def test_nothing_comes_from_another_host(tmp_path: Path) -> None:
    """Emoji are characters, icons are drawn inline: no picture of an article is fetched from elsewhere."""
    swap_in(press(project(tmp_path / "stage", ":smile: :material-magnify:")), tmp_path / "out")
    html = (tmp_path / "out/index.html").read_text("utf-8")
    assert "\N{SMILING FACE WITH OPEN MOUTH AND SMILING EYES}" in html
    assert "<svg" in html
    assert "//" not in html.replace("http://www.w3.org", "")
