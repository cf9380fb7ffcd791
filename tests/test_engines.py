"""Two engines, one result: what the lean one writes is what MkDocs writes, byte for byte, or it leaves it to MkDocs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from jinja2 import Environment, FunctionLoader

from portal_builder.centre import Centre, Portal, load_centre
from portal_builder.dense import dense
from portal_builder.edition import Edition
from portal_builder.engines import LEAN, MKDOCS, press_with
from portal_builder.instant import instant, parse_moment
from portal_builder.lean.beyond import BeyondLeanError
from portal_builder.lean.compiled import Compiled
from portal_builder.lean.config import Dialect
from portal_builder.lean.convert import Conversion
from portal_builder.lean.engine import press_lean
from portal_builder.lean.kept import Kept
from portal_builder.lean.shared import Shared
from portal_builder.look import product_templates
from portal_builder.plan import plan
from portal_builder.press import PressError
from portal_builder.project import Project, Sheet
from portal_builder.shipped import shipped
from portal_builder.stage import project_of
from support import REPOSITORY

SITES = Path(__file__).parent / "sites"
NOTHING_KEPT = Shared(None, "")
TEMPLATE = "<title>{{ page.title | e }}</title>{{ page.content }}{{ page.toc | length }}{{ 'a/b.css' | url }}"


def tree(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def both(project: Project, folder: Path) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """What each engine makes of a project; the lean one may not pass it on."""
    (folder / "lean").mkdir(parents=True)
    press_lean(project, folder / "lean", NOTHING_KEPT, Kept(), "")
    return tree(folder / "lean"), tree(press_with(MKDOCS, project, folder / "mkdocs"))


def small(
    text: str = "", template: str = TEMPLATE, base: str | None = None, pages: Mapping[str, Sheet] = {}
) -> Project:
    """A project of two pages."""
    meta = {"template": "page.html"}
    home = Sheet({"title": "처음 <&>", **meta}, text)
    second = Sheet({"title": "둘", **meta}, "## 절차\n\n[처음](../index.md)\n\n<div id='raw'>x</div>\n\n## 절차")
    files = {"overrides/page.html": template.encode(), "overrides/404.html": b"{{ '' | url }}", "docs/a.svg": b"<svg/>"}
    settings = {"INHERIT": "base.yml", "site_name": "다온", "site_url": "https://help.daon.example/ko/", "extra": {}}
    config = base or (shipped() / "mkdocs.yml").read_text("utf-8")
    return Project(settings, config, {"index.md": home, "faq/둘.md": second, **pages}, files)


def planned(root: Path, at: datetime | None = None) -> list[tuple[Portal, Project]]:
    centre = load_centre(root)
    return [(portal, project_of(centre, _edition(centre, portal, at))) for portal in centre.portals()]


def _edition(centre: Centre, portal: Portal, at: datetime | None) -> Edition:
    zone = centre.brands[portal.brand].zone
    return plan(centre, portal, instant(at, zone) if at else datetime(2026, 12, 1, tzinfo=UTC))


@pytest.mark.parametrize("case", sorted(path.name for path in SITES.iterdir() if path.is_dir()))
def test_every_case_is_the_same_from_both_engines(case: str, tmp_path: Path) -> None:
    """Each portal of each case, file by file."""
    at = parse_moment(yaml.safe_load((SITES / case / "case.yml").read_text("utf-8"))["at"])
    for portal, project in planned(SITES / case, at):
        lean, reference = both(project, tmp_path / str(portal))
        assert lean == reference


def test_the_shipped_content_is_the_same_from_both_engines(tmp_path: Path) -> None:
    """Every portal of the example help centre."""
    for portal, project in planned(REPOSITORY):
        lean, reference = both(project, tmp_path / str(portal))
        assert lean.keys() == reference.keys()
        assert [path for path in lean if lean[path] != reference[path]] == []


EVERYTHING = """\
First *one*, **평일(월)**에, __two__, ***three***, `code`, ``a ` b``, ~~no~~
==marked==, ^^inserted^^, x^2^, a\\*b.\x20\x20
<span id="here">raw</span> &amp; &copy; a < b, <https://example.com/a?b=c&d> and <me@example.com>.

[둘](faq/둘.md#절차) [ref] [ref][] [words][ref] [self](#머리) [query](faq/둘.md?x=1#raw) [abs](/x)
[out](https://x.example/)

[ref]: faq/둘.md "A title"

![그림](a.svg){ width=3 height=4 } ![alt][pic] [![in](a.svg)](faq/둘.md)

[pic]: a.svg

## 머리 { #머리 .odd data-x=1 }

!!! warning "주의"
    안 *쪽* [둘](faq/둘.md)

??? question "접힌"
    글

=== "가"
    나

=== "다"
    라 ++ctrl+alt+"x"++

| a | b |
|:--|--:|
| 1 | [둘](faq/둘.md) |

- [x] done
- [ ] open
    1. deep

Term
:   Meaning[^1]

[^1]: Note with :smile: and :material-magnify:

*[HTML]: Hyper Text
HTML is abbreviated, 10:30 is not :an_emoji: at all.

```python title="x"
print("[no](link.md)")
```

<div markdown>
**inside** [둘](faq/둘.md)
</div>

<details><summary>x</summary>y</details>
"""


def test_the_whole_dialect_is_the_same_from_both_engines(tmp_path: Path) -> None:
    """Every extension; twice in one process, as nothing of one text may reach the next."""
    again = Sheet({"title": "again", "template": "page.html"}, EVERYTHING)
    lean, reference = both(small(EVERYTHING, pages={"again.md": again}), tmp_path)
    assert lean == reference


@pytest.mark.parametrize(
    "text",
    [
        "[x](missing.md)",
        "[x](faq/둘.md#nowhere)",
        "[x](#nowhere)",
        "![x](missing.svg)",
        "[x](faq)",
        "<a>x</a> [x](y z.md)",
    ],
)
def test_a_dead_link_is_told_in_the_words_of_the_reference(text: str, tmp_path: Path) -> None:
    """The lean engine stops; what a writer reads is what MkDocs says."""
    project = small(text)
    reference = said(MKDOCS, project, tmp_path / "reference")
    assert said(LEAN, project, tmp_path / "lean") == reference
    if reference:
        with pytest.raises(BeyondLeanError):
            press_lean(project, tmp_path, NOTHING_KEPT, Kept(), "")
    else:
        assert tree(tmp_path / "lean/site") == tree(tmp_path / "reference/site")


def said(engine: str, project: Project, folder: Path) -> list[str]:
    """The warnings with which an engine stops; none where it does not."""
    try:
        press_with(engine, project, folder)
    except PressError as error:
        return [line for line in error.lines if "WARNING" in line]
    return []


@pytest.mark.parametrize(
    "template",
    [
        "{% for item in nav %}{{ item.title }}{% endfor %}{{ page.content }}",
        "{{ pages | length }}",
        "{{ config.theme.name }}{{ page.content }}",
        "{{ page.next_page.title }}",
        "{{ page.file.src_uri }}",
    ],
)
def test_a_template_that_asks_for_more_is_drawn_by_the_reference(template: str, tmp_path: Path) -> None:
    """MkDocs's own navigation, pages and theme are not imitated; they are there all the same."""
    project = small(template=template)
    with pytest.raises(BeyondLeanError):
        press_lean(project, tmp_path, NOTHING_KEPT, Kept(), "")
    expected = tree(press_with(MKDOCS, project, tmp_path / "reference"))
    assert tree(press_with(LEAN, project, tmp_path / "lean")) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("plugins: []", "plugins: [search]"),
        ("font: false", "font: false\n  features: [x]"),
        ("anchors: warn", "anchors: ignore"),
    ],
)
def test_a_configuration_of_its_own_goes_to_the_reference(old: str, new: str, tmp_path: Path) -> None:
    """A help centre may have its own mkdocs.yml: what is not known in it is MkDocs's."""
    shared = (shipped() / "mkdocs.yml").read_text("utf-8")
    project = small(base=shared.replace(old, new))
    assert project.base != shared
    with pytest.raises(BeyondLeanError):
        press_lean(project, tmp_path, NOTHING_KEPT, Kept(), "")
    told: list[str] = []
    assert "index.html" in tree(press_with(LEAN, project, tmp_path / "lean", left=told.append))
    assert len(told) == 1, "whoever waits longer is told why"
    assert told[0]


def test_an_extension_of_its_own_is_used(tmp_path: Path) -> None:
    """Another dialect is read by both engines alike, and is another one to the cache."""
    shared = (shipped() / "mkdocs.yml").read_text("utf-8")
    plain, other = (
        small("a\nb"),
        small("a\nb", base=shared.replace("  admonition: {}", "  admonition: {}\n  nl2br: {}")),
    )
    lean, reference = both(other, tmp_path)
    assert lean == reference
    assert b"<br" in lean["index.html"]
    kept = tmp_path / "kept"
    assert b"<br" not in tree(press_with(LEAN, plain, tmp_path / "1", kept))["index.html"]
    assert b"<br" in tree(press_with(LEAN, other, tmp_path / "2", kept))["index.html"]


def test_what_is_kept_changes_nothing(tmp_path: Path) -> None:
    """With an empty cache, a full one, and one that somebody damaged: the same bytes."""
    project, kept = small(EVERYTHING), tmp_path / "kept"
    cold = tree(press_with(LEAN, project, tmp_path / "cold", kept))
    entries = [file for file in kept.rglob("*") if file.is_file()]
    assert len(entries) == 2
    assert tree(press_with(LEAN, project, tmp_path / "warm", kept)) == cold
    entries[0].write_bytes(entries[0].read_bytes()[:40])
    entries[1].write_text("[1, 2]", "utf-8")
    assert tree(press_with(LEAN, project, tmp_path / "damaged", kept)) == cold


def test_templates_are_compiled_once(tmp_path: Path) -> None:
    """A kept program is run; one that is damaged, of another engine or of another text is compiled anew."""

    def drawn(text: str, version: str) -> tuple[str, int]:
        compiled = 0

        class Counting(Environment):
            def _generate(self, *given: Any, **options: Any) -> str:
                nonlocal compiled
                compiled += 1
                return super()._generate(*given, **options)

        loader = FunctionLoader(lambda _: (text, "page.html", None))
        environment = Counting(loader=loader, bytecode_cache=Compiled(tmp_path / "kept", version), autoescape=True)
        return environment.get_template("page.html").render(), compiled

    assert drawn("one", "1") == ("one", 1)
    assert drawn("one", "1") == ("one", 0)
    assert drawn("one", "2") == ("one", 1)
    assert drawn("two", "2") == ("two", 1)
    (file,) = (tmp_path / "kept").iterdir()
    program = bytearray(file.read_bytes())
    program[-3] ^= 1
    for damaged in (bytes(program), program[:50], b""):
        file.write_bytes(damaged)
        assert drawn("two", "2") == ("two", 1)


def test_the_products_templates_are_compiled_once_for_all_help_centres(tmp_path: Path) -> None:
    """They lie where Python keeps the product's modules; a writer's own stay in the help centre, and so does everything
    where others must not write."""
    ours = dense((product_templates() / "base.html").read_text("utf-8"))

    def kept_for(centre: str, text: str, installed: Path) -> list[str]:
        """Where a template of this name and text is kept when it has been loaded."""
        compiled = Compiled(tmp_path / centre, "1", installed)
        env = Environment(loader=FunctionLoader(lambda _: (text, "base.html", None)), bytecode_cache=compiled)  # noqa: S701 -- not drawn
        env.filters["url"] = str
        env.get_template("base.html")
        return [folder.name for folder in (tmp_path / centre, installed) if folder.is_dir() and any(folder.iterdir())]

    assert kept_for("one", ours, tmp_path / "installed") == ["installed"]
    assert kept_for("two", ours, tmp_path / "installed") == ["installed"]
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "installed").iterdir()}
    assert kept_for("two", "a writer's", tmp_path / "installed") == ["two", "installed"]
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "installed").iterdir()} == before
    (tmp_path / "somebody").write_text("a file in the way", "utf-8")
    assert kept_for("three", ours, tmp_path / "somebody" / "installed") == ["three"]


def test_conversions_are_kept_up_to_a_size(tmp_path: Path) -> None:
    """What was not used for longest goes first; where nothing was added, nothing is looked at."""
    dialect, folder = Dialect("d", (), {}), tmp_path / "markdown"
    converted: list[str] = []

    def use(shared: Shared, name: str) -> None:
        def convert() -> Conversion:
            converted.append(name)
            return Conversion(name * 1000, [], [], [])

        shared.get(dialect, "a.md", name, convert)

    first = Shared(folder, "1")
    for number, name in enumerate("abc"):
        use(first, name)
        for file in folder.rglob("*"):
            if file.is_file() and file.read_text("utf-8").startswith(f'["{name}'):
                os.utime(file, (number + 1, number + 1))
    again = Shared(folder, "1")
    use(again, "a")
    again.trim(0)
    assert converted == ["a", "b", "c"], "nothing was added, so nothing is forgotten"
    first.trim(2500)
    last = Shared(folder, "1")
    for name in "acb":
        use(last, name)
    assert converted == ["a", "b", "c", "b"]


def test_an_icon_is_looked_up_late_and_found(tmp_path: Path) -> None:
    """The index of icons is made for the first text that names one."""
    lean, reference = both(small(":material-account: :smile: 10:30"), tmp_path)
    assert lean == reference
    assert b"<svg" in lean["index.html"]


def test_a_link_that_died_elsewhere_is_found_in_a_kept_text(tmp_path: Path) -> None:
    """The text with the link has not changed; the page it leads to is gone."""
    kept, project = tmp_path / "kept", small("[x](faq/둘.md)")
    press_with(LEAN, project, tmp_path / "one", kept)
    gone = replace(project, pages={"index.md": project.pages["index.md"]})
    with pytest.raises(PressError, match="둘"):
        press_with(LEAN, gone, tmp_path / "two", kept)
