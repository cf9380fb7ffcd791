"""Owns what brands and forms say about articles, pictures, words and one another. Refuses to judge a file by itself."""

from __future__ import annotations

from collections.abc import Iterator

from portal_builder.brand import Brand
from portal_builder.centre import Centre
from portal_builder.check_articles import PICTURES, is_there
from portal_builder.form import Form
from portal_builder.library import is_fake_picture, is_file
from portal_builder.look import DARK_PAGE, LIGHT_PAGE, READABLE, contrast
from portal_builder.problem import Problem, nearest
from portal_builder.schema import Names
from portal_builder.yamlfile import Loc


def brand_problems(centre: Centre) -> Iterator[Problem]:
    """Every problem of the brands that could be read."""
    for brand in centre.brands.values():
        yield from _languages(centre, brand)
        yield from _fallback(centre, brand)
        yield from _texts(brand)
        yield from _pictures(centre, brand)
        yield from _colours(brand)
        yield from _channels(centre, brand)


def form_problems(centre: Centre) -> Iterator[Problem]:
    """Every problem of the forms that could be read."""
    for form in centre.forms.values():
        yield from _form(centre, form)


def _languages(centre: Centre, brand: Brand) -> Iterator[Problem]:
    for at, language in enumerate(brand.languages):
        if language not in centre.catalogues:
            known = ", ".join(sorted(centre.catalogues))
            yield brand.problem(("languages", at), "brand.no_words", name=language, known=known)
    if brand.file.door not in (None, "ask", *brand.languages):
        known = ", ".join((*brand.languages, "ask"))
        yield brand.problem(("door",), "brand.door", name=brand.file.door, known=known)
    for name, term in brand.file.terms.items():
        for language in brand.languages:
            if term.lacks(language):
                yield brand.problem(("terms", name), "brand.term_untranslated", name=name, language=language)


def _fallback(centre: Centre, brand: Brand) -> Iterator[Problem]:
    kinds = {"default", *(article.kind for article in centre.library.articles)}
    for kind in brand.file.fallback:
        if kind not in kinds:
            yield brand.problem(("fallback", kind), "brand.fallback_kind", name=kind, nearest=nearest(kind, kinds))


def _texts(brand: Brand) -> Iterator[Problem]:
    for loc, text in brand.texts():
        for language in brand.languages:
            if text.lacks(language):
                key = str(loc[-1])
                yield brand.problem(loc, "brand.text_untranslated", key=key, language=language)


def _pictures(centre: Centre, brand: Brand) -> Iterator[Problem]:
    folder = centre.root / "themes" / brand.folder
    for key in ("logo", "favicon", "hero"):
        name = getattr(brand.file, key)
        if name and not is_file(folder / name):
            yield brand.problem((key,), "brand.picture_missing", name=name, folder=f"themes/{brand.folder}")
        elif name and not name.lower().endswith(PICTURES):
            yield brand.problem((key,), "brand.picture_kind", name=name)
        elif name and is_fake_picture(folder / name):
            yield brand.problem((key,), "brand.picture_fake", name=name)


def _colours(brand: Brand) -> Iterator[Problem]:
    colours = brand.file.colours
    pages = (
        ("primary", colours.primary, LIGHT_PAGE, "brand.contrast"),
        ("dark", colours.dark, DARK_PAGE, "brand.contrast_dark"),
    )
    for key, colour, page, message in pages:
        if colour and contrast(colour, page) < READABLE:
            yield brand.problem(("colours", key), message, name=colour, ratio=f"{contrast(colour, page):.1f}")


def _channels(centre: Centre, brand: Brand) -> Iterator[Problem]:
    for at, channel in enumerate(brand.file.channels):
        if channel.kind == "form":
            if channel.form not in centre.forms and not is_there(centre, f"content/forms/{channel.form}.yml"):
                guess = nearest(channel.form or "", centre.forms)
                yield brand.problem(("channels", at), "channel.form", name=channel.form or "-", nearest=guess)
        elif not channel.address:
            yield brand.problem(("channels", at), "channel.address", name=channel.kind)
        for language in channel.languages:
            if language not in brand.languages:
                yield brand.problem(("channels", at, "languages"), "channel.language", name=language)


def _form(centre: Centre, form: Form) -> Iterator[Problem]:
    for name in form.file.brand:
        if name != "all" and name not in centre.brands:
            guess = nearest(name, (*centre.brands, "all"))
            yield form.problem(("brand",), "article.brand_unknown", name=name, nearest=guess)
    spoken = sorted(
        {language for brand in centre.brands.values() if form.for_brand(brand.folder) for language in brand.languages}
    )
    for loc, text in form.texts():
        for language in spoken:
            if text.lacks(language):
                yield form.problem(loc, "form.untranslated", key=str(loc[-1]), language=language)
    yield from _suggestions(centre, form)


def _suggestions(centre: Centre, form: Form) -> Iterator[Problem]:
    places: list[tuple[Loc, Names]] = [(("suggest",), form.file.suggest)]
    for at, field in enumerate(form.fields):
        places += [
            (("fields", at, "options", number, "suggest"), option.suggest)
            for number, option in enumerate(field.options)
        ]
    for loc, names in places:
        for name in names:
            if name not in centre.library.by_id:
                guess = nearest(name, centre.library.by_id)
                yield form.problem(loc, "article.related_unknown", name=name, nearest=guess)
