"""Properties of the planner over random libraries: what holds for every help centre, brand, language and instant."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from portal_builder.article import Article, read_article
from portal_builder.brand import Brand, BrandFile
from portal_builder.catalogue import load_catalogues
from portal_builder.centre import Centre
from portal_builder.edition import Edition, page_url
from portal_builder.flow import Flow, FlowFile
from portal_builder.form import Form, FormFile
from portal_builder.library import Library
from portal_builder.links import links_of
from portal_builder.plan import plan
from portal_builder.schema import read_model
from portal_builder.yamlfile import read_yaml
from support import FORM

CATALOGUES = load_catalogues(Path("nowhere")).catalogues
ZONES = ("Asia/Seoul", "America/New_York", "Australia/Lord_Howe", "UTC")
BRANDS = ("daon", "lumi")
SLUGS = ("a", "b", "c", "d")
FOLDERS = ("faq/billing", "faq/orders", "guides", "notices")
DAY = datetime(2026, 12, 1, tzinfo=UTC)

instants = st.integers(-72, 72).map(lambda hours: DAY + timedelta(hours=hours / 2))
moments = st.integers(-24, 24).map(lambda hours: (DAY + timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M"))


def brand(name: str, zone: str, languages: tuple[str, ...], fallback: str) -> Brand:
    text = f"""
name: {name.upper()}
url: https://help.{name}.example/
zone: {zone}
languages: [{", ".join(languages)}]
email: help@{name}.example
colours: {{primary: "#123456"}}
fallback: {fallback}
"""
    source = read_yaml(text, f"themes/{name}/brand.yml")
    file, problems = read_model(BrandFile, source)
    assert file is not None, problems
    return Brand(name, file, source)


def form() -> Form:
    source = read_yaml(FORM, "content/forms/inquiry.yml")
    file, problems = read_model(FormFile, source)
    assert file is not None, problems
    return Form("inquiry", file, source)


def flow() -> Flow:
    """Ends at two of the invented articles, which may be out or not, and at the form."""
    text = """
title: Guided
steps:
  - name: a
    title: first
    answers: [{value: x, to: b, label: x}, {value: y, to: c, label: y}, {value: z, to: d, label: z}]
  - {name: b, title: one, article: faq/billing/a}
  - {name: c, title: two, article: notices/b, form: inquiry}
  - {name: d, title: three, form: inquiry}
"""
    source = read_yaml(text, "content/flows/guided.yml")
    file, problems = read_model(FlowFile, source)
    assert file is not None, problems
    return Flow("guided", file, source)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """One version of one of a few texts, so that they meet: same ids, other languages, links among each other."""
    folder, slug = draw(st.sampled_from(FOLDERS)), draw(st.sampled_from(SLUGS))
    tree, language = draw(st.sampled_from(("content", "scheduled"))), draw(st.sampled_from(("ko", "en", "ja")))
    owner = draw(st.sampled_from(("all", "daon", "lumi", "daon, lumi")))
    lines = [f"title: CANARY {folder}/{slug} {language} {tree} for {owner}", f"brand: [{owner}]"]
    begins, ends = sorted(draw(st.lists(moments, min_size=2, max_size=2, unique=True)))  # `check` holds writers to this
    if tree == "scheduled" or draw(st.booleans()):
        lines.append(f"publish_at: {begins}")
    if draw(st.booleans()):
        lines.append(f"expire_at: {ends}")
    lines.append(f"pinned: {draw(st.sampled_from(('true', 'false')))}")
    lines.append(f"related: [{draw(st.sampled_from(FOLDERS))}/{draw(st.sampled_from(SLUGS))}]")
    targets = draw(st.lists(st.tuples(st.sampled_from(FOLDERS), st.sampled_from(SLUGS)), max_size=3))
    links = " ".join(f"[see]({posixpath.relpath(f'{other}/{name}', folder)}.ko.md)" for other, name in targets)
    text = "---\n{}\n---\n\n{} [ask]({})\n".format(
        "\n".join(lines), links, posixpath.relpath("forms/inquiry.yml", folder)
    )
    article, problems = read_article(text, f"{tree}/{folder}/{slug}.{language}.md")
    assert article is not None, problems
    return article


@st.composite
def centres(draw: st.DrawFn) -> Centre:
    policies = st.sampled_from(("notice", "omit", "link"))
    languages = st.sampled_from((("ko", "en"), ("ko",), ("en", "ko", "ja")))
    brands = {name: brand(name, draw(st.sampled_from(ZONES)), draw(languages), draw(policies)) for name in BRANDS}
    found = draw(st.lists(articles(), max_size=14, unique_by=lambda article: article.path))
    library = Library(tuple(found), {})
    flows = draw(st.sampled_from(({}, {"guided": flow()})))
    return Centre(Path("nowhere"), library, brands, {"inquiry": form()}, CATALOGUES, "", {}, (), flows=flows)


def editions(centre: Centre, at: datetime) -> Iterator[Edition]:
    for portal in centre.portals():
        yield plan(centre, portal, at)


@given(centres(), instants)
def test_the_same_arguments_give_the_same_edition(centre: Centre, at: datetime) -> None:
    """plan() is a function: nothing outside of its arguments reaches the edition."""
    assert list(editions(centre, at)) == list(editions(centre, at))


@given(centres(), instants)
def test_no_brand_shows_an_article_of_another(centre: Centre, at: datetime) -> None:
    """A text that is not for a brand stands nowhere in it: not as page, line of a list, or related answer."""
    for edition in editions(centre, at):
        foreign = {"daon": "for lumi", "lumi": "for daon"}[edition.portal.brand]
        said = repr(edition).replace("for daon, lumi", "")
        assert foreign not in said


@given(centres(), instants)
def test_nothing_outside_its_window_is_shown(centre: Centre, at: datetime) -> None:
    """Of a text that is not out, or over, not even the title reaches an edition."""
    for edition in editions(centre, at):
        zone = centre.brands[edition.portal.brand].zone
        said = repr(edition)
        for article in centre.library.articles:
            begins = article.publish_at.replace(tzinfo=zone) if article.publish_at else at
            ends = article.expire_at.replace(tzinfo=zone) if article.expire_at else at + timedelta(1)
            if not begins <= at < ends:
                assert article.meta.title not in said


@given(centres(), instants, instants)
@settings(max_examples=200)
def test_nothing_changes_between_the_instants_that_next_change_names(
    centre: Centre, one: datetime, other: datetime
) -> None:
    """Two instants with no boundary between them have the same editions."""
    early, late = sorted((one, other))
    due = centre.next_change(early)
    if due is None or due > late:
        assert list(editions(centre, early)) == list(editions(centre, late))


@given(centres(), instants)
def test_every_link_resolves(centre: Centre, at: datetime) -> None:
    """Every link of every text, and every address that a template prints, leads to a page of the same edition."""
    for edition in editions(centre, at):
        sources = {page.source for page in edition.pages}
        urls = {page.url for page in edition.pages} | {""}
        assert len(sources) == len(edition.pages)
        for page in edition.pages:
            for link in links_of(page.text):
                if link.is_local:
                    target = posixpath.normpath(posixpath.join(posixpath.dirname(page.source), link.destination))
                    assert target in sources
            assert {url for url in _urls(page.meta) if "://" not in url and not url.startswith("../")} <= urls
        assert {url for url in _urls(edition.view) if "://" not in url and not url.startswith("../")} <= urls


@given(centres(), instants)
def test_alternates_are_mutual(centre: Centre, at: datetime) -> None:
    """Where a page says that it stands in another language too, a page is there."""
    by_portal = {str(edition.portal): {page.url for page in edition.pages} for edition in editions(centre, at)}
    for edition in editions(centre, at):
        for page in edition.pages:
            for alternate in page.meta["alternates"]:
                language, _, url = alternate["url"].removeprefix("../").partition("/")
                assert url in by_portal[f"{edition.portal.brand}/{language}"]


@given(centres(), instants)
def test_translations_are_mutual_and_real(centre: Centre, at: datetime) -> None:
    """hreflang is the same on every page that it names, and none of them shows another language's text."""
    pages = {
        page.meta["machines"]["canonical"]: page
        for edition in editions(centre, at)
        for page in edition.pages
        if "translations" in page.meta["machines"]  # one that stands in for another has that one's address
    }
    for page in pages.values():
        links = page.meta["machines"]["translations"]
        for link in links:
            if link["code"] != "x-default":
                other = pages[link["url"]]
                assert other.meta["machines"]["translations"] == links
                assert other.meta["text_language"] == link["code"]


@given(st.text("abc/", min_size=1).filter(lambda text: "//" not in text and text.strip("/") == text))
def test_addresses_are_folders(stem: str) -> None:
    """A page's address ends with a slash, whatever its source is called."""
    assert page_url(f"{stem}.md").endswith("/")


def _urls(value: object) -> Iterator[str]:
    """Every value under a key `url` or `target`, without its query."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in {"url", "target"} and isinstance(inner, str):
                yield inner.partition("?")[0]
            elif key != "t":
                yield from _urls(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _urls(inner)
