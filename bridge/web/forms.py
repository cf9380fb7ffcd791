"""Owns the addresses of forms and receipts: `/f/<brand>/<lang>/<form>` (fixed). Refuses to decide what is accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import NotFound

from bridge.centre import Centre, Place
from bridge.intake import Intake, Post, Returned
from bridge.pages import Pages
from bridge.receipt import read_receipt
from bridge.store import Store, StoreError
from bridge.views import Meta, fault_text, form_meta, receipt_meta
from bridge.web.body import customers_page, read_post
from bridge.web.replies import wants_json
from portal_builder.form_view import form_action


@dataclass(frozen=True)
class FormPages:
    centre: Centre
    intake: Intake
    store: Store
    pages: Pages

    def install(self, app: Flask) -> None:
        address = "/f/<brand>/<language>/<form>"
        app.add_url_rule(address, "forms.form", self.form, methods=["GET", "POST"], strict_slashes=False)
        app.add_url_rule(f"{address}/<receipt>", "forms.receipt", self.receipt, strict_slashes=False)

    def form(self, brand: str, language: str, form: str) -> Response:
        place = self._place(brand, language, form)
        return self._posted(place) if request.method == "POST" else self._empty(place)

    def receipt(self, brand: str, language: str, form: str, receipt: str) -> Response:
        place = self._place(brand, language, form)
        number = read_receipt(receipt)
        entry = self.store.entry(number) if number else None
        if entry is None or (entry.inquiry.brand, entry.inquiry.form) != (brand, form):
            raise NotFound  # the same answer to a number nobody has and to what is no number
        meta = receipt_meta(place, entry.inquiry, _here(place))
        return self._page(place, meta, suffix=f"/{entry.inquiry.receipt}")

    def _place(self, brand: str, language: str, form: str) -> Place:
        place = self.centre.place(brand, language, form)
        if place is None:
            raise NotFound
        return place

    def _portal(self, place: Place) -> str:
        return self.pages.portal_root(place.brand, place.words.language, request.script_root)

    def _empty(self, place: Place) -> Response:
        page = customers_page(request, request.args.get("from", ""), self._portal(place))
        return self._page(place, form_meta(place, _here(place), answers={"_page": [page]}))

    def _posted(self, place: Place) -> Response:
        post = read_post(request, place.form, self._portal(place))
        try:
            outcome = self.intake.receive(place, post, keep_files=not wants_json(request))
        except OSError as error:  # a full disk, most often; it passes, and nothing was recorded
            raise StoreError(type(error).__name__) from error
        if isinstance(outcome, Returned):
            return self._returned(place, post, outcome)
        if wants_json(request):
            # The page that reads this may be on another host: the address is the one that brand.yml gives.
            url = f"{form_action(place.form, place.brand, place.words.language)}/{outcome.receipt}"
            return _json({"receipt": outcome.receipt, "url": url}, 202)
        return see_other(f"{_here(place)}/{outcome.receipt}")

    def _returned(self, place: Place, post: Post, returned: Returned) -> Response:
        if wants_json(request):
            faults = [
                {"field": fault.field, "code": fault.code, "message": fault_text(place, fault)}
                for fault in returned.faults
            ]
            return _json({"faults": faults}, 422)
        answers = _printable(post)
        meta = form_meta(place, _here(place), answers=answers, faults=returned.faults, kept=returned.kept)
        response = self._page(place, meta)
        response.status_code = 422
        return response

    def _page(self, place: Place, meta: Meta, suffix: str = "") -> Response:
        addresses = {code: _address(place, code) + suffix for code in place.brand.languages}
        html = self.pages.draw(place.brand, place.words, meta, addresses, request.script_root)
        return Response(html, mimetype="text/html")


def _address(place: Place, language: str) -> str:
    return f"{request.script_root}/f/{place.brand.folder}/{language}/{place.form.name}"


def _here(place: Place) -> str:
    return _address(place, place.words.language)


def _printable(post: Post) -> Mapping[str, Sequence[str]]:
    """Every answer as it was given, without characters that no page may hold."""
    own = {"_page": [post.page], "_key": [post.key or ""]}
    texts = {name: [value.replace("\0", "") for value in values] for name, values in post.raw.items()}
    return texts | own


def _json(tree: object, status: int) -> Response:
    response = jsonify(tree)
    response.status_code = status
    return response


def see_other(address: str) -> Response:
    """The browser asks for the page of the receipt, so that a reload sends nothing again."""
    return Response(status=303, headers={"Location": address})
