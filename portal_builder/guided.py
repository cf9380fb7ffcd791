"""Owns a portal's guided answers as pages: a page for each place on each way through a flow. Refuses to draw them.

The way is in the address, so that nothing has to be remembered: a page works without a script, can be sent to somebody,
and the form at the end of a way is a page of its own that says which way it was. All pages of a flow lie at the same
depth, so that a script can put one in the place of another without breaking its links.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portal_builder.edition import Page
from portal_builder.flow import FOLDER, Flow, Turn
from portal_builder.flow_view import path_view, turn_address
from portal_builder.form import Form
from portal_builder.resolve import CONTACT, Resolver
from portal_builder.selection import Shown
from portal_builder.shelves import Shelves

CARRIED = "flow"
"""The hidden field of a form that takes the way in words, where the form has one."""


@dataclass(frozen=True)
class Guided:
    """The flows of one portal."""

    flows: tuple[Flow, ...]
    shelves: Shelves
    resolver: Resolver
    forms: Mapping[str, Form]
    """Those of this brand."""
    view_of: Callable[[Form], dict[str, Any]]

    @property
    def _language(self) -> str:
        return self.shelves.words.language

    def entries(self) -> list[dict[str, Any]]:
        """One line for each flow."""
        return [self._entry(flow) for flow in self.flows]

    def of_article(self, article_id: str) -> list[dict[str, Any]]:
        """The flows that lead to this article, or that name it."""
        return [
            self._entry(flow)
            for flow in self.flows
            if article_id in flow.file.related or any(step.article == article_id for step in flow.file.steps)
        ]

    def _entry(self, flow: Flow) -> dict[str, Any]:
        file = flow.file
        summary = self._say(file.summary) if file.summary else ""
        url = turn_address(flow, Turn(flow.first))
        return {"title": self._say(file.title), "summary": summary, "url": url, "language": self._language}

    def sections(self) -> list[dict[str, Any]]:
        """All flows as one section of a list; none where there are none."""
        title = self.shelves.words.say("flows.title")
        section = {"slug": FOLDER, "title": title, "summary": "", "url": f"{FOLDER}/", "entries": self.entries()}
        return [section] if self.flows else []

    def pages(self) -> Iterator[Page]:
        if not self.flows:
            return
        say = self.shelves.words.say
        meta = {"sections": [section | {"title": ""} for section in self.sections()]}
        yield Page(f"{FOLDER}/index.md", "flows.html", say("flows.title"), say("flows.summary"), meta=meta)
        for flow in self.flows:
            for turn in flow.turns():
                yield self._page(flow, turn)
                form = self._form(flow, turn) if turn.step.is_end else None
                if form:
                    yield self._form_page(flow, turn, form)

    def _page(self, flow: Flow, turn: Turn) -> Page:
        entry, step = self._entry(flow), turn.step
        title = self._say(step.title)
        before = turn.before
        view = {
            "title": entry["title"],
            "step": title,
            "number": self.shelves.words.say("flow.number", number=len(turn.path) + 1),
            "path": path_view(flow, turn, self._say),
            "answers": [
                {"label": self._say(answer.label), "url": f"{FOLDER}/{flow.name}{turn.key}.{answer.value}/"}
                for answer in step.answers
                if answer.to in flow.steps
            ],
            "article": self._article(step.article),
            "form": self._ask(flow, turn) if step.is_end else None,
            "back": turn_address(flow, before) if before else None,
            "start": turn_address(flow, Turn(flow.first)) if before else None,
        }
        meta = {
            "flow": view,
            "is_entry": before is None,
            "search": {"keywords": list(flow.file.keywords), "exclude": before is not None},
        }
        text = self._say(step.text) if step.text else ""
        summary = entry["summary"] if before is None else ""
        source = f"{FOLDER}/{flow.name}{turn.key}.md"
        return Page(source, "flow.html", title if before else entry["title"], summary, text, meta)

    def _article(self, article_id: str | None) -> dict[str, Any] | None:
        shown: Shown | None = self.resolver.shown.get(article_id) if article_id else None
        return self.shelves.entry(shown) if shown else None

    def _form(self, flow: Flow, turn: Turn) -> Form | None:
        """The end's own form, else the flow's, else the article's, else the brand's first."""
        shown = self.resolver.shown.get(turn.step.article or "")
        named = (turn.step.form, flow.file.form, shown.article.meta.form if shown else None)
        return next(
            (self.forms[name] for name in named if name and name in self.forms), next(iter(self.forms.values()), None)
        )

    def _ask(self, flow: Flow, turn: Turn) -> dict[str, str]:
        form = self._form(flow, turn)
        if form is None:
            return {"title": self.shelves.words.say("nav.contact"), "url": f"{CONTACT}/"}
        title = self.shelves.brand.say(form.file.title, self._language)
        return {"title": title, "url": f"{FOLDER}/{flow.name}{turn.key}/{form.name}/"}

    def _form_page(self, flow: Flow, turn: Turn, form: Form) -> Page:
        """The form, knowing the way to it: the customer sees it, and it goes along with the inquiry."""
        view = self.view_of(form)
        meta = {
            "form": view,
            "flow": {"title": self._say(flow.file.title), "path": path_view(flow, turn, self._say)},
            "answers": {"_page": [turn_address(flow, turn)]} | self._carried(flow, turn, form),
            "is_entry": False,
        }
        source = f"{FOLDER}/{flow.name}{turn.key}/{form.name}.md"
        return Page(source, "form.html", view["title"], view["summary"], meta=meta)

    def _carried(self, flow: Flow, turn: Turn, form: Form) -> dict[str, list[str]]:
        """The way in words, in the language the team reads."""
        field = form.field(CARRIED)
        if field is None or field.type != "hidden":
            return {}
        say, source = self.shelves.brand.say, self.shelves.brand.source_language
        steps = [f"{say(step.title, source)} {say(answer.label, source)}" for step, answer in turn.path]
        words = " > ".join([say(flow.file.title, source), *steps])
        return {CARRIED: [self.resolver.words(words, source)[: field.longest]]}

    def _say(self, text: Any) -> str:
        return self.resolver.words(self.shelves.brand.say(text, self._language), self._language)
