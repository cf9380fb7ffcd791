"""Owns what guided answers say about articles, forms, brands and languages. Refuses to judge a file by itself."""

from __future__ import annotations

from collections.abc import Iterator

from portal_builder.brand import Brand
from portal_builder.centre import Centre
from portal_builder.check_articles import is_there
from portal_builder.flow import Flow
from portal_builder.links import links_of, terms_of
from portal_builder.places import TREES
from portal_builder.problem import Problem, nearest
from portal_builder.yamlfile import Loc


def flow_problems(centre: Centre) -> Iterator[Problem]:
    """Every problem of the flows that could be read."""
    for flow in centre.flows.values():
        brands = [brand for brand in centre.brands.values() if flow.for_brand(brand.folder)]
        for name in flow.file.brand:
            if name != "all" and name not in centre.brands and not is_there(centre, f"themes/{name}/"):
                guess = nearest(name, (*centre.brands, "all"))
                yield flow.problem(("brand",), "article.brand_unknown", name=name, nearest=guess)
        yield from _texts(flow, brands)
        yield from _targets(centre, flow, brands)


def _texts(flow: Flow, brands: list[Brand]) -> Iterator[Problem]:
    spoken = sorted({language for brand in brands for language in brand.languages})
    for loc, text in flow.texts():
        for language in spoken:
            if text.lacks(language):
                yield flow.problem(loc, "form.untranslated", key=str(loc[-1]), language=language)
        for language, words in text.by_language.items():
            if any(link.is_local for link in links_of(words)):
                yield flow.problem((*loc, language), "flow.link")
            for name, _ in terms_of(words):
                for brand in brands:
                    if brand.term(name) is None:
                        guess = nearest(name, brand.term_names)
                        values = {"name": name, "brand": brand.folder, "nearest": guess and f"brand.{guess}"}
                        yield flow.problem((*loc, language), "term.unknown", **values)


def _targets(centre: Centre, flow: Flow, brands: list[Brand]) -> Iterator[Problem]:
    for name in flow.file.related:
        yield from _article(centre, flow, ("related",), name)
    yield from _form(centre, flow, ("form",), flow.file.form, brands)
    for at, step in enumerate(flow.file.steps):
        loc = ("steps", at)
        yield from _form(centre, flow, (*loc, "form"), step.form, brands)
        if step.article:
            yield from _article(centre, flow, (*loc, "article"), step.article)
            versions = [text for same in centre.library.by_id.get(step.article, {}).values() for text in same]
            for brand in brands:
                if versions and not any(text.is_for(brand.folder) for text in versions):
                    values = {"name": step.article, "brand": brand.folder}
                    yield flow.problem((*loc, "article"), "flow.article_brand", **values)


def _article(centre: Centre, flow: Flow, loc: Loc, name: str) -> Iterator[Problem]:
    if name in centre.library.by_id and not name.endswith("/index"):
        return
    if not any(is_there(centre, f"{tree}/{name}.") for tree in TREES):
        yield flow.problem(loc, "article.related_unknown", name=name, nearest=nearest(name, centre.library.by_id))


def _form(centre: Centre, flow: Flow, loc: Loc, name: str | None, brands: list[Brand]) -> Iterator[Problem]:
    if name is None or is_there(centre, f"content/forms/{name}.yml"):
        return
    if name not in centre.forms:
        yield flow.problem(loc, "article.form_unknown", name=name, nearest=nearest(name, centre.forms))
        return
    for brand in brands:
        if not centre.forms[name].for_brand(brand.folder):
            yield flow.problem(loc, "flow.form_brand", name=name, brand=brand.folder)
