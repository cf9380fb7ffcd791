"""Parts of a page that are drawn once for many pages: nobody can tell, whatever templates a brand brings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined

from portal_builder.centre import load_centre
from portal_builder.dense import dense
from portal_builder.engines import MKDOCS, press_with
from portal_builder.lean.engine import press_lean
from portal_builder.lean.kept import Kept
from portal_builder.lean.parts import PARTS, SEAT, PartTemplate, Seat, parts_of
from portal_builder.lean.shared import Shared
from portal_builder.look import product_templates
from portal_builder.plan import plan
from portal_builder.project import Project
from portal_builder.stage import project_of
from support import SMALL, article, write_tree

AT = datetime(2026, 12, 1, tzinfo=UTC)
TEXTS = {
    "content/faq/billing/second.ko.md": article("둘째", "[첫째](refund.ko.md)"),
    "content/faq/flat.ko.md": article("바로"),
    "content/faq/static/deep/far.ko.md": article("멀리"),
    "content/notices/out.ko.md": article("장애", pinned="true", severity="outage"),
    "content/notices/more.ko.md": article("더"),
}
"""Pages at every depth; the banner leads to one of them, beside another one."""


def project(root: Path, files: Mapping[str, str]) -> Project:
    centre = load_centre(write_tree(root, {**SMALL, **TEXTS, **files}))
    return project_of(centre, plan(centre, centre.portals()[0], AT))


def pages(site: Path) -> dict[str, str]:
    return {file.relative_to(site).as_posix(): file.read_text("utf-8") for file in site.rglob("*.html")}


def product(name: str) -> str:
    return (product_templates() / name).read_text("utf-8")


OWN: Mapping[str, Mapping[str, str]] = {
    "nothing": {},
    "a part that names the page": {"partials/footer.html": "<footer>{{ page.title }} {{ meta.kind }}</footer>"},
    "what a part includes": {"partials/hours.html": "{{ page.url }}"},
    "macros that look at the page": {
        "partials/parts.html": product("partials/parts.html").replace("<span class", "{{ page.title }}<span class")
    },
    "a frame with words of its own": {
        "base.html": product("base.html").replace("set t = portal.t", 'set t = {"theme.title": page.title}')
    },
    "other words around a part": {
        "article.html": '{% extends "_base/article.html" %}{% block search %}'
        '{% set t = {"search.label": page.title} %}{% include "partials/search_button.html" %}{% endblock %}'
    },
    "another portal around a part": {
        "article.html": '{% extends "_base/article.html" %}{% block search %}'
        '{% set portal = {"policy": page.title} %}{% include "partials/policy.html" %}{% endblock %}'
    },
    "other macros around a part": {
        "mine.html": "{% macro icon(name) %}{{ page.title }}{% endmacro %}",
        "article.html": '{% extends "_base/article.html" %}{% block search %}'
        '{% import "mine.html" as parts with context %}{% include "partials/search_button.html" %}{% endblock %}',
    },
    "another kind around a part": {
        "article.html": '{% extends "_base/article.html" %}{% block search %}'
        '{% set meta = {"kind": "contact"} %}{% include "partials/kinds.html" %}{% endblock %}'
    },
}


@pytest.mark.parametrize("own", OWN)
def test_every_page_is_what_it_is_when_each_is_drawn_whole(own: str, tmp_path: Path) -> None:
    """The reference engine draws each page for itself."""
    files = {f"themes/daon/templates/{name}": text for name, text in OWN[own].items()}
    made = project(tmp_path / "root", files)
    (tmp_path / "lean").mkdir()
    press_lean(made, tmp_path / "lean", Shared(None, ""), Kept(), "")
    assert pages(tmp_path / "lean") == pages(press_with(MKDOCS, made, tmp_path / "mkdocs"))


@pytest.mark.parametrize("name", PARTS)
def test_a_part_asks_for_nothing_that_another_page_has_otherwise(name: str, tmp_path: Path) -> None:
    """Drawn without a page, with no more of its `meta` than is said of it, in a portal that has everything."""
    view = project(tmp_path, {}).settings["extra"]["portal"]
    portal = view | {"logo": "a.svg", "favicon": "a.svg", "hours": [{"days": "월", "times": "9"}], "site": "https://x/"}
    texts = {
        file.relative_to(product_templates()).as_posix(): dense(file.read_text("utf-8"))
        for file in product_templates().rglob("*.html")
    }
    env = Environment(loader=DictLoader(texts), undefined=StrictUndefined)  # noqa: S701 -- pages are written without it
    env.filters["url"] = str
    macros = env.get_template("partials/parts.html").make_module({"config": {"extra": {"portal": portal}}})
    known = {"portal": portal, "t": portal["t"], "parts": macros}
    meta = {key: "faq" for key in (PARTS[name],) if key}
    assert env.get_template(name).render(known, **({"meta": meta} if meta else {})).strip()


def drawing(parts: bool) -> tuple[list[str], list[int]]:
    """Four pages, two of them in one folder, and how often their part was drawn for each."""
    drawn: dict[tuple[Any, ...], str] = {}
    asked: list[str] = []

    class Env(Environment):
        template_class = PartTemplate

    env = Env(
        loader=DictLoader(
            {
                "partials/parts.html": "",
                "partials/footer.html": "{% set _ = note(page.url) %}same",
                "page.html": '{% import "partials/parts.html" as parts %}{% set portal = whole %}{% set t = portal.t %}'
                '{% set meta = page.meta %}{% include "partials/footer.html" %}',
            }
        )
    )
    env.parts = parts_of({}) if parts else frozenset()  # type: ignore[attr-defined]  # asked for by name
    env.globals["note"] = asked.append
    portal: dict[str, Any] = {"t": {}}
    texts = []
    for url in ("", "faq/a/", "faq/b/", "guides/c/"):
        page = {"url": url, "meta": {"kind": "faq"}}
        seat = Seat(url, page["meta"], portal, drawn)  # type: ignore[arg-type]  # it is
        texts.append(env.get_template("page.html").render(page=page, whole=portal, **{SEAT: seat}))
    return texts, [asked.count(url) for url in ("", "faq/a/", "faq/b/", "guides/c/")]


def test_a_part_is_drawn_once_for_a_folder() -> None:
    """Which is what it is for."""
    assert drawing(parts=True) == (["same"] * 4, [1, 1, 0, 1])
    assert drawing(parts=False) == (["same"] * 4, [1, 1, 1, 1])
