"""Owns the pages with one question and one button: send it after all, this is my address, I did not write this.

GET only asks; what the button posts does something, because mail scanners open every link they see. Refuses tokens of
another inquiry or purpose like addresses that do not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from bridge.centre import Place
from bridge.inquiry import Entry
from bridge.outside import Outside
from bridge.replies.mail import NOT_MINE, VERIFY
from bridge.replies.plans import ReplyPlans
from bridge.replying import address_hash
from bridge.screening.screener import UNCONFIRMED
from bridge.screening.tokens import Tokens
from bridge.views import ask_meta, message_meta
from bridge.web.desk import Desk, address, see_other

CONFIRM = "confirm"
_LONGEST_BODY = 4_000
FASTEST_HAND = timedelta(seconds=2)
"""Nobody reads the question and presses its button sooner."""


@dataclass(frozen=True)
class AskingPages:
    desk: Desk
    tokens: Tokens
    plans: ReplyPlans
    outside: Outside
    wake: Callable[[], None]

    def install(self, app: Flask) -> None:
        rule = "/f/<brand>/<language>/<form>/<receipt>"
        both = {"methods": ["GET", "POST"]}
        app.add_url_rule(f"{rule}/{CONFIRM}", "asking.confirm", self.confirm, **both)  # type: ignore[arg-type]  # a dict of them
        for purpose, view in ((VERIFY, self.verify), (NOT_MINE, self.not_mine)):
            app.add_url_rule(f"{rule}/{purpose}/<token>", f"asking.{purpose}", view, **both)  # type: ignore[arg-type]  # the same

    def confirm(self, brand: str, language: str, form: str, receipt: str) -> Response:
        """Without JavaScript, once an inquiry: it is kept already, and goes to the team when this is pressed."""
        request.max_content_length = _LONGEST_BODY
        place = self.desk.place(brand, language, form)
        inquiry = self.desk.entry(place, receipt).inquiry
        here = f"{address(place)}/{inquiry.receipt}"
        if UNCONFIRMED not in self.desk.store.held(inquiry.receipt):
            return see_other(here)
        now, given = self.outside.now(), request.form.get("_token", "")
        opened = self.tokens.given_at(CONFIRM, inquiry.receipt, given) if request.method == "POST" else None
        if opened and now - opened >= FASTEST_HAND:
            plan = self.plans.plan(inquiry.brand, inquiry.form, inquiry.email)
            if self.desk.store.confirm(inquiry.receipt, UNCONFIRMED, now, plan):
                self.wake()
            return see_other(here)
        token = given if opened else self.tokens.for_inquiry(CONFIRM, inquiry.receipt)
        meta = ask_meta(place.words, "confirm", f"{here}/{CONFIRM}", token, soon=opened is not None)
        return self.desk.draw(place, meta | {"receipt": inquiry.receipt}, suffix=f"/{inquiry.receipt}/{CONFIRM}")

    def verify(self, brand: str, language: str, form: str, receipt: str, token: str) -> Response:
        place, entry = self._asked(brand, language, form, receipt, VERIFY, token)
        if request.method == "GET" and not entry.verified_at:
            return self._ask(place, entry, VERIFY, token)
        if request.method == "POST":
            self.desk.store.verify(entry.inquiry.receipt, self.outside.now())
        return self._done(place, entry, "verified")

    def not_mine(self, brand: str, language: str, form: str, receipt: str, token: str) -> Response:
        place, entry = self._asked(brand, language, form, receipt, NOT_MINE, token)
        if request.method == "GET":
            return self._ask(place, entry, NOT_MINE, token)
        hashed = address_hash(entry.inquiry.email, self.plans.secret)
        self.desk.store.suppress(hashed, NOT_MINE, self.outside.now())
        return self._done(place, entry, "suppressed")

    def _asked(
        self, brand: str, language: str, form: str, receipt: str, purpose: str, token: str
    ) -> tuple[Place, Entry]:
        place = self.desk.place(brand, language, form)
        entry = self.desk.entry(place, receipt)
        if self.tokens.given_at(purpose, entry.inquiry.receipt, token) is None:
            raise NotFound
        return place, entry

    def _ask(self, place: Place, entry: Entry, purpose: str, token: str) -> Response:
        suffix = f"/{entry.inquiry.receipt}/{purpose}/{token}"
        key = purpose.replace("-", "_")
        return self.desk.draw(place, ask_meta(place.words, key, address(place) + suffix, ""), suffix=suffix)

    def _done(self, place: Place, entry: Entry, key: str) -> Response:
        ways = [("message.receipt", f"{address(place)}/{entry.inquiry.receipt}"), ("message.home", "")]
        meta = message_meta(place.words, key, ways if key == "verified" else ways[1:])
        return self.desk.draw(place, meta)
