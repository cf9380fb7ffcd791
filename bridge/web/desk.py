"""Owns what every page about a form needs: which form it is, its addresses, how it is drawn. Refuses to decide what."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, jsonify, request
from werkzeug.exceptions import NotFound

from bridge.addresses import bridge_root, origin
from bridge.centre import Centre, Place
from bridge.inquiry import Entry
from bridge.intake.receipt import read_receipt
from bridge.pages import Pages
from bridge.store import Store
from bridge.views import Meta
from portal_builder.brand import Brand


@dataclass(frozen=True)
class Desk:
    centre: Centre
    store: Store
    pages: Pages

    def place(self, brand: str, language: str, form: str) -> Place:
        """NotFound where there is no such form, or it is not this brand's, or not in this language."""
        place = self.centre.place(brand, language, form)
        if place is None:
            raise NotFound
        return place

    def entry(self, place: Place, receipt: str) -> Entry:
        """The same answer to a number nobody has, to what is no number, and to one of another form."""
        number = read_receipt(receipt)
        entry = self.store.entry(number, (place.brand.folder, place.form.name)) if number else None
        if entry is None:
            raise NotFound
        return entry

    def portal(self, place: Place) -> str:
        return self.pages.portal_root(place.brand, place.words.language, request.script_root)

    def draw(self, place: Place, meta: Meta, suffix: str = "", status: int = 200) -> Response:
        addresses = {code: address(place, code) + suffix for code in place.brand.languages}
        html = self.pages.draw(place.brand, place.words, meta, addresses, request.script_root)
        return Response(html, status=status, mimetype="text/html")


def address(place: Place, language: str = "") -> str:
    """The form's own address on this service."""
    return f"{request.script_root}/f/{place.brand.folder}/{language or place.words.language}/{place.form.name}"


def is_foreign(brand: Brand) -> bool:
    """Whether the browser says that a page of neither the brand's portal nor this service sent the form.

    `null` is such a page too: one in a frame, or a file. No Origin at all is an old browser or no browser.
    """
    said = request.headers.get("Origin")
    ours = {origin(brand.file.url), origin(bridge_root(brand))}
    return said is not None and said not in ours and said.partition("://")[2] != request.host


def as_json(tree: object, status: int) -> Response:
    response = jsonify(tree)
    response.status_code = status
    return response


def see_other(where: str) -> Response:
    """The browser asks for another page, so that a reload sends nothing again."""
    return Response(status=303, headers={"Location": where})
