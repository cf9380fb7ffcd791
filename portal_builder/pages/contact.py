"""Owns the pages on the way to people: contact, each form, guided answers. Refuses what a form asks and says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from portal_builder.edition import Page
from portal_builder.flow import FOLDER
from portal_builder.pages.context import Context
from portal_builder.resolve import CONTACT


def contact(context: Context) -> Page:
    return Page(
        f"{CONTACT}/index.md",
        "contact.html",
        title=context.words.say("nav.contact"),
        summary=context.words.say("contact.summary"),
        meta=context.meta(CONTACT) | {"forms": form_links(context), "flows": context.guided.entries()},
    )


def form_links(context: Context) -> list[dict[str, str]]:
    say = context.brand.say
    return [
        {
            "title": say(form.file.title, context.language),
            "summary": say(form.file.summary, context.language) if form.file.summary else "",
            "url": f"{CONTACT}/{form.name}/",
        }
        for form in context.forms
    ]


def forms(context: Context) -> Iterator[Page]:
    for form in context.forms:
        view = context.form_view(form)
        meta = context.meta(CONTACT, [context.contact_link()]) | {"form": view}
        yield Page(f"{CONTACT}/{form.name}.md", "form.html", view["title"], view["summary"], meta=meta)


def flows(context: Context) -> Iterator[Page]:
    """Guided answers, each below the list of all."""
    listed = [{"title": context.words.say("flows.title"), "url": f"{FOLDER}/"}]
    for page in context.guided.pages():
        crumbs = listed if page.template != "flows.html" else []
        yield replace(page, meta={**context.meta(FOLDER, crumbs), **page.meta})
