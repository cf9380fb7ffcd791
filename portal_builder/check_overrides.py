"""Owns what is wrong with what brands say differently from shared articles. Refuses to judge the shared text itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from portal_builder.article import Article
from portal_builder.brand import Brand
from portal_builder.centre import Centre
from portal_builder.inheritance.blocks import blocks_of, lines_for, without
from portal_builder.inheritance.overrides import Override, OwnSections, versions_of
from portal_builder.inheritance.sections import outer_sections, replaced_spans
from portal_builder.links import resolve
from portal_builder.problem import Problem, nearest


def views(centre: Centre, article: Article) -> Iterator[Article]:
    """The text as it is read: once for all brands, or by brand where they read different ones. Lines stay the same."""
    brands = [brand.folder for brand in centre.brands.values() if article.is_for(brand.folder)]
    own = {brand: _own(centre, brand, article) for brand in brands}
    if not blocks_of(article.text)[0] and not any(own.values()):
        yield article
        return
    for brand in brands:
        text = lines_for(article.text, brand)
        spans = replaced_spans(text, [anchor for one in own[brand] for anchor in one.by_anchor])
        text = without(text, list(spans.values()))
        yield replace(article, text=text, meta=article.meta.model_copy(update={"brand": (brand,)}))
        for one in own[brand]:
            yield section_view(article, one, brand)


def section_view(shared: Article, own: OwnSections, brand: str) -> Article:
    """A brand's sections as a text of their own, in the place of the shared one."""
    meta = shared.meta.model_copy(update={"brand": (brand,)})
    return replace(shared, text=own.text, path=own.path, first_line=1, meta=meta)


def _own(centre: Centre, brand: str, article: Article) -> tuple[OwnSections, ...]:
    override = centre.overrides.get(brand, Override())
    return tuple(one for one in override.sections if (one.article, one.language) == (article.id, article.language))


def override_problems(centre: Centre) -> Iterator[Problem]:
    """Blocks, sections and pictures that nobody would see, or that say half of what they should."""
    for article in centre.library.articles:
        yield from _blocks(centre, article)
    for folder, override in centre.overrides.items():
        brand = centre.brands[folder]
        for own in override.sections:
            yield from _sections(centre, brand, own)
        yield from _pictures(centre, brand, override)


def _blocks(centre: Centre, article: Article) -> Iterator[Problem]:
    blocks, wrong = blocks_of(article.text)
    for mark in wrong:
        yield article.text_problem(mark.line, f"block.{mark.fault}")
    for block in blocks:
        if not block.names:
            yield article.text_problem(block.part.line, "block.nobody")
        for name in block.names:
            if name not in centre.brands:
                guess = nearest(name, centre.brands)
                yield article.text_problem(block.part.line, "article.brand_unknown", name=name, nearest=guess)
            elif not article.is_for(name):
                yield article.text_problem(block.part.line, "block.brand", name=name)


def _sections(centre: Centre, brand: Brand, own: OwnSections) -> Iterator[Problem]:
    shared = [article for article in versions_of(centre.library, own) if article.is_for(brand.folder)]
    if not shared:
        names = {f"{one.id}.{one.language}" for one in centre.library.articles if one.is_for(brand.folder)}
        guess = nearest(f"{own.article}.{own.language}", names)
        yield Problem.at(own.path, 1, "section.article", name=f"{own.article}.{own.language}", nearest=guess)
        return
    mine = outer_sections(own.text)
    if not mine or own.text[: mine[0].span[0]].strip():
        yield Problem.at(own.path, 1, "section.heading_first")
    for section in mine:
        for article in shared:
            text = lines_for(article.text, brand.folder)
            if section.anchor not in replaced_spans(text, [section.anchor]):
                guess = nearest(section.anchor, own_anchors(text))
                values = {"name": section.anchor, "path": article.path, "nearest": guess}
                yield Problem.at(own.path, section.line, "section.heading", **values)
    yield from _untranslated(centre, brand, own)


def own_anchors(text: str) -> list[str]:
    return [section.anchor for section in outer_sections(text)]


def _untranslated(centre: Centre, brand: Brand, own: OwnSections) -> Iterator[Problem]:
    """A translation that still says what everybody says would tell this brand's readers something wrong."""
    written = {one.language for one in centre.overrides[brand.folder].sections if one.article == own.article}
    for language, versions in centre.library.by_id[own.article].items():
        is_shown = language in brand.languages and any(article.is_for(brand.folder) for article in versions)
        if is_shown and language not in written:
            beside = own.path.removesuffix(f".{own.language}.md")
            yield Problem.at(own.path, 1, "section.untranslated", language=language, path=f"{beside}.{language}.md")


def _pictures(centre: Centre, brand: Brand, override: Override) -> Iterator[Problem]:
    """A picture under a name that no text of the brand shows."""
    articles = centre.library_of(brand.folder).articles
    shown = {
        resolve(link.destination, article.folder)[0] for article in articles for link in article.links if link.is_local
    }
    for path in override.pictures:
        if path not in shown:
            guess = nearest(path, {name for name in shown if not name.endswith((".md", ".yml"))})
            file = f"themes/{brand.folder}/pictures/{path}"
            yield Problem.at(file, 1, "section.picture", name=path, nearest=guess)
