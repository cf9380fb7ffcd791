"""Owns what articles say about one another and about brands and forms. Refuses to judge a file by itself."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from portal_builder.article import ATTACHMENT_BYTES_AT_MOST, Article
from portal_builder.brand import Brand
from portal_builder.centre import Centre
from portal_builder.check_overrides import views
from portal_builder.instant import instant
from portal_builder.library import Asset, Library
from portal_builder.links import FOOTNOTE, Link, resolve, scripts_in, spaced_links, terms_of
from portal_builder.places import TREES
from portal_builder.plan import OURS
from portal_builder.platforms import part_problems, platform_problems
from portal_builder.problem import Problem, nearest
from portal_builder.resolve import article_id_of

PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".ico")


def article_problems(centre: Centre) -> Iterator[Problem]:
    """Every problem of the articles that could be read."""
    yield from _duplicates(centre)
    yield from _folders(centre)
    yield from _redirects(centre)
    for article in centre.library.articles:
        yield from _placement(centre, article)
        yield from platform_problems(article)
        yield from _schedule(centre, article)
        yield from _references(centre, article)
        for view in views(centre, article):
            yield from _links(centre, view)
            yield from _terms(centre, view)
            yield from part_problems(view)
        yield from _attachments(centre, article)
        yield from _text(article)


def is_there(centre: Centre, path: str) -> bool:
    """Whether a file of this name is there after all, with problems of its own that kept it from being read."""
    return any(problem.path.startswith(path) for problem in centre.problems)


def _brands_of(centre: Centre, article: Article) -> tuple[Brand, ...]:
    return tuple(brand for brand in centre.brands.values() if article.is_for(brand.folder))


def _duplicates(centre: Centre) -> Iterator[Problem]:
    """Two files of content/ with one id and language: one of them would silently win."""
    seen: dict[tuple[str, str], Article] = {}
    for article in centre.library.articles:
        key = (article.id, article.language)
        if not article.is_scheduled and key in seen:
            yield article.problem((), "article.twice", name=article.id, other=seen[key].path)
        elif not article.is_scheduled:
            seen[key] = article


def _folders(centre: Centre) -> Iterator[Problem]:
    reserved: dict[str, Article] = {}
    for article in centre.library.articles:
        if article.kind.lower() in OURS:
            reserved.setdefault(article.kind, article)
    folders = {article.folder for article in centre.library.articles} | {a.kind for a in centre.library.articles}
    for article in centre.library.articles:
        if article.id in folders or article.slug.lower() == "readme":
            yield article.problem((), "article.address_taken", name=article.id)
    for kind, article in reserved.items():
        yield article.problem((), "article.kind_reserved", name=kind)


def _redirects(centre: Centre) -> Iterator[Problem]:
    """Two articles cannot answer to one old address."""
    claimed: dict[tuple[str, str], str] = {}
    for article in centre.library.articles:
        known = {anchor for _, anchor in article.anchors} if article.meta.redirect_from else set()
        for old in article.meta.redirect_from:
            name = f"{old.path}#{old.anchor}" if old.anchor else old.path
            if old.path in centre.library.by_id or old.path.partition("/")[0].lower() in OURS:
                yield article.problem(("redirect_from",), "redirect.taken", name=old.path)
            elif claimed.setdefault((old.path, old.anchor), article.id) != article.id:
                other = claimed[old.path, old.anchor]
                yield article.problem(("redirect_from",), "redirect.twice", name=name, other=other)
            if old.to and old.to not in known:
                yield article.problem(("redirect_from",), "link.anchor", name=old.to, nearest=nearest(old.to, known))


def _placement(centre: Centre, article: Article) -> Iterator[Problem]:
    for name in article.meta.brand:
        if name != "all" and name not in centre.brands and not is_there(centre, f"themes/{name}/"):
            guess = nearest(name, (*centre.brands, "all"))
            yield article.problem(("brand",), "article.brand_unknown", name=name, nearest=guess)
    spoken = {language for brand in _brands_of(centre, article) for language in brand.languages}
    if spoken and article.language not in spoken:
        line = ("language",) if article.meta.language else ()
        known = ", ".join(sorted(spoken))
        yield article.problem(line, "article.language_unused", name=article.language, known=known)
    if article.meta.severity and article.kind != "notices":
        yield article.problem(("severity",), "article.severity_kind")


def _schedule(centre: Centre, article: Article) -> Iterator[Problem]:
    if article.is_scheduled and article.publish_at is None:
        yield article.problem((), "article.scheduled_when")
    yield from _place_in_line(centre, article)
    if article.publish_at is None or article.expire_at is None:
        return
    for brand in _brands_of(centre, article):
        if instant(article.expire_at, brand.zone) <= instant(article.publish_at, brand.zone):
            yield article.problem(("expire_at",), "article.expires_first")
            return


def _place_in_line(centre: Centre, article: Article) -> Iterator[Problem]:
    """A version among the others of its text: each with an instant of its own, and none of a text that is not there."""
    versions = [one for one in centre.library.by_id[article.id][article.language] if one is not article]
    if article.is_labelled and not any(not one.is_labelled for one in versions):
        name = f"{article.id}.{article.language}.md"
        if not any(is_there(centre, f"{tree}/{name}") for tree in TREES):
            yield article.problem((), "article.replaces_nothing", name=name)
    for other in versions:
        if article.is_scheduled and (not other.is_scheduled or other.path < article.path):
            for brand in _brands_of(centre, article):
                if other.is_for(brand.folder) and _begin_together(article, other, brand):
                    yield article.problem(("publish_at",), "article.same_instant", other=other.path)
                    break


def _begin_together(one: Article, other: Article, brand: Brand) -> bool:
    moments = (one.publish_at, other.publish_at)
    return len({instant(moment, brand.zone) for moment in moments if moment}) == 1 and None not in moments


def _references(centre: Centre, article: Article) -> Iterator[Problem]:
    for name in article.meta.related:
        yield from _article_reference(centre, article, "related", "article.related_unknown", name)
    if article.meta.instead == article.id:
        yield article.problem(("instead",), "article.instead_self")
    elif article.meta.instead:
        yield from _article_reference(centre, article, "instead", "article.instead_unknown", article.meta.instead)
    form = article.meta.form
    if form and form not in centre.forms and not is_there(centre, f"content/forms/{form}.yml"):
        guess = nearest(form, centre.forms)
        yield article.problem(("form",), "article.form_unknown", name=form, nearest=guess)
    for brand in _brands_of(centre, article):
        if form and form in centre.forms and not centre.forms[form].for_brand(brand.folder):
            yield article.problem(("form",), "article.form_brand", name=form, brand=brand.folder)


def _article_reference(centre: Centre, article: Article, key: str, fault: str, name: str) -> Iterator[Problem]:
    if name in centre.library.by_id and not name.endswith("/index"):
        return
    if any(is_there(centre, f"{tree}/{name}.") for tree in TREES):
        return
    guess = nearest(name, centre.library.by_id)
    yield article.problem((key,), fault, name=name, nearest=guess)


def _links(centre: Centre, article: Article) -> Iterator[Problem]:
    for line, destination in spaced_links(article.text):
        yield article.text_problem(line, "link.space", name=destination)
    for link in article.links:
        if not link.is_address:
            yield article.text_problem(link.line, "link.broken", name=link.destination)
        elif link.destination.startswith("/"):
            yield article.text_problem(link.line, "link.absolute", name=link.destination)
        elif link.is_local:
            yield from _link(centre, article, link)


def _link(centre: Centre, article: Article, link: Link) -> Iterator[Problem]:
    path, fragment = resolve(link.destination, article.folder)
    if not path:
        yield from _fragment(article, link, fragment, [article, *_versions(centre, article)])
    elif path.endswith(".yml"):
        name = posixpath.basename(path).removesuffix(".yml")
        if posixpath.dirname(path) != "forms" or not (name in centre.forms or is_there(centre, f"content/{path}")):
            guess = nearest(name, centre.forms)
            yield article.text_problem(link.line, "link.form", name=link.destination, nearest=guess)
    elif path.endswith(".md"):
        yield from _article_link(centre, article, link, path, fragment)
    else:
        yield from _file(article, link, path, [library.asset(article, path) for library in _libraries(centre, article)])


def _file(article: Article, link: Link, path: str, assets: list[Asset | None]) -> Iterator[Problem]:
    if None in assets:
        kind = "link.picture" if link.is_image or path.endswith(PICTURES) else "link.file"
        yield article.text_problem(link.line, kind, name=link.destination)
    elif link.is_image and any(asset and asset.is_fake_picture for asset in assets):
        yield article.text_problem(link.line, "link.picture_fake", name=link.destination)


def _libraries(centre: Centre, article: Article) -> list[Library]:
    """What each of its brands has; brands may have pictures of their own."""
    return [centre.library_of(brand.folder) for brand in _brands_of(centre, article)] or [centre.library]


def _versions(centre: Centre, article: Article) -> tuple[Article, ...]:
    """The whole texts that this one may be a part of."""
    return centre.library.by_id.get(article.id, {}).get(article.language, ())


def _article_link(centre: Centre, article: Article, link: Link, path: str, fragment: str) -> Iterator[Problem]:
    article_id = article_id_of(path, centre.library)
    languages = centre.library.by_id.get(article_id)
    if languages is None:
        if any(is_there(centre, f"{tree}/{path}") for tree in TREES):
            return
        others = (other.path.partition("/")[2] for other in centre.library.articles)
        guess = nearest(link.destination, [posixpath.relpath(other, article.folder) for other in others])
        yield article.text_problem(link.line, "link.article", name=link.destination, nearest=guess)
        return
    versions = [version for same in languages.values() for version in same]
    for brand in _brands_of(centre, article):
        if not any(version.is_for(brand.folder) for version in versions):
            yield article.text_problem(link.line, "link.brand", name=link.destination, brand=brand.folder)
    spoken = languages.get(article.language) or versions
    if fragment and not article_id.endswith("/index"):
        yield from _fragment(article, link, fragment, spoken)


def _fragment(article: Article, link: Link, fragment: str, versions: Iterable[Article]) -> Iterator[Problem]:
    known = {anchor for version in versions for _, anchor in version.anchors}
    if fragment and fragment not in known and not fragment.startswith(FOOTNOTE):
        guess = nearest(fragment, known)
        yield article.text_problem(link.line, "link.anchor", name=link.destination, nearest=guess)


def _terms(centre: Centre, article: Article) -> Iterator[Problem]:
    brands = _brands_of(centre, article)
    places = [(name, article.problem(("title",), "")) for name, _ in terms_of(article.meta.title)]
    places += [(name, article.problem(("summary",), "")) for name, _ in terms_of(article.meta.summary)]
    places += [(name, article.text_problem(line, "")) for name, line in terms_of(article.text)]
    for name, place in places:
        for brand in brands:
            term = brand.term(name)
            if term is None:
                guess = nearest(name, brand.term_names)
                values = {"name": name, "brand": brand.folder, "nearest": guess and f"brand.{guess}"}
                yield Problem.at(place.path, place.line, "term.unknown", **values)
            elif term.lacks(article.language):
                values = {"name": name, "brand": brand.folder, "language": article.language}
                yield Problem.at(place.path, place.line, "term.untranslated", **values)


def _attachments(centre: Centre, article: Article) -> Iterator[Problem]:
    for name in article.meta.attachments:
        path = posixpath.normpath(posixpath.join(article.folder, name))
        asset = centre.library.asset(article, path)
        if asset is None:
            yield article.problem(("attachments",), "attachment.missing", name=name)
        elif asset.size > ATTACHMENT_BYTES_AT_MOST:
            size = f"{asset.size / 1_000_000:.1f}"
            yield article.problem(("attachments",), "attachment.large", name=name, size=size)


def _text(article: Article) -> Iterator[Problem]:
    for line in scripts_in(article.text):
        yield article.text_problem(line, "article.script")
    for line, anchor in article.anchors:
        if anchor == "" or anchor.startswith("_"):
            yield article.text_problem(line, "article.anchor_empty")
