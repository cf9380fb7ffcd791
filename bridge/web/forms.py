"""Owns the addresses of forms and receipts: `/f/<brand>/<lang>/<form>` (fixed). Refuses to decide what is accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, Response, request
from werkzeug.exceptions import TooManyRequests

from bridge.centre import Place
from bridge.inquiry import REPLY
from bridge.intake.intake import Accepted, Intake, Returned
from bridge.outside import Outside
from bridge.ratelimit import Limits
from bridge.screening.post import Post
from bridge.screening.proof import Proofs
from bridge.screening.screener import SLOWEST_ROBOT, UNCONFIRMED
from bridge.screening.tokens import Tokens
from bridge.store import StoreError
from bridge.views import fault_text, form_meta, receipt_meta
from bridge.web.body import customers_page, read_post
from bridge.web.desk import Desk, address, as_json, is_foreign, see_other
from bridge.web.replies import wants_json
from portal_builder.form_view import form_action
from portal_builder.promise import promise

_COMES = {"queued", "sending", "retry", "delivered"}


@dataclass(frozen=True)
class FormPages:
    desk: Desk
    intake: Intake
    tokens: Tokens
    proofs: Proofs
    limits: Limits
    outside: Outside

    def install(self, app: Flask) -> None:
        rule = "/f/<brand>/<language>/<form>"
        app.add_url_rule(rule, "forms.form", self.form, methods=["GET", "POST"], strict_slashes=False)
        app.add_url_rule(f"{rule}/token", "forms.token", self.token)
        app.add_url_rule(f"{rule}/<receipt>", "forms.receipt", self.receipt, strict_slashes=False)

    def form(self, brand: str, language: str, form: str) -> Response:
        place = self.desk.place(brand, language, form)
        return self._posted(place) if request.method == "POST" else self._empty(place)

    def token(self, brand: str, language: str, form: str) -> Response:
        """What a page that was built long ago asks for when somebody begins to fill it in."""
        place = self.desk.place(brand, language, form)
        tree = {
            "token": self.tokens.for_form(place.scope),
            "wait": SLOWEST_ROBOT.total_seconds(),
            "promise": promise(place.brand, place.words, self.outside.now()),
            "proof": self.proofs.task(place.scope) if place.brand.file.spam.proof else None,
        }
        return as_json(tree, 200)

    def receipt(self, brand: str, language: str, form: str, receipt: str) -> Response:
        place = self.desk.place(brand, language, form)
        entry = self.desk.entry(place, receipt)
        comes = any(way.sink == REPLY and way.state in _COMES for way in entry.deliveries)
        meta = receipt_meta(place, entry.inquiry, address(place), reply_comes=comes)
        return self.desk.draw(place, meta, suffix=f"/{entry.inquiry.receipt}")

    def _empty(self, place: Place) -> Response:
        page = customers_page(request, request.args.get("from", ""), self.desk.portal(place))
        return self._drawn(place, {"_page": [page]})

    def _posted(self, place: Place) -> Response:
        flood = self._limited(place)
        by_script = wants_json(request)
        post = read_post(
            request,
            place,
            self.desk.portal(place),
            by_script=by_script,
            is_foreign=is_foreign(place.brand),
            flood=flood,
        )
        try:
            outcome = self.intake.receive(place, post, keep_files=not by_script)
        except OSError as error:  # a full disk, most often; it passes, and nothing was recorded
            raise StoreError(type(error).__name__) from error
        if isinstance(outcome, Returned):
            return self._returned(place, post, outcome)
        return self._accepted(place, outcome, by_script=by_script)

    def _limited(self, place: Place) -> bool:
        """Whether the form is flooded; TooManyRequests where this address has to wait."""
        if not place.brand.file.spam.hold:
            return False
        verdict = self.limits.hit(request.remote_addr or "", place.scope)
        if verdict.wait:
            raise TooManyRequests(retry_after=verdict.wait)
        return verdict.flood

    def _accepted(self, place: Place, accepted: Accepted, *, by_script: bool) -> Response:
        if by_script:
            # The page that reads this may be on another host: the address is the one that brand.yml gives.
            url = f"{form_action(place.form, place.brand, place.words.language)}/{accepted.receipt}"
            return as_json({"receipt": accepted.receipt, "url": url}, 202)
        here = f"{address(place)}/{accepted.receipt}"
        return see_other(f"{here}/confirm" if UNCONFIRMED in self.desk.store.held(accepted.receipt) else here)

    def _returned(self, place: Place, post: Post, returned: Returned) -> Response:
        if wants_json(request):
            faults = [
                {"field": fault.field, "code": fault.code, "message": fault_text(place, fault)}
                for fault in returned.faults
            ]
            return as_json({"faults": faults}, 422)
        return self._drawn(place, _printable(post), returned)

    def _drawn(self, place: Place, answers: Mapping[str, Sequence[str]], returned: Returned | None = None) -> Response:
        """The form, with a fresh token: who mends it without JavaScript has shown patience enough."""
        own = {**answers, "_token": [self.tokens.for_form(place.scope)]}
        faults, kept = (returned.faults, returned.kept) if returned else ((), {})
        flows = self.desk.centre.flows_of(place.brand)
        meta = form_meta(place, address(place), self.outside.now(), answers=own, faults=faults, kept=kept, flows=flows)
        return self.desk.draw(place, meta, status=422 if returned else 200)


def _printable(post: Post) -> Mapping[str, Sequence[str]]:
    """Every answer as it was given, without characters that no page may hold."""
    own = {"_page": [post.page], "_key": [post.key or ""]}
    texts = {name: [value.replace("\0", "") for value in values] for name, values in post.raw.items()}
    return texts | own
