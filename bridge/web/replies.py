"""Owns answers that are no form: dead ends and errors, as a page or as JSON, and the headers of every answer.

Refuses to tell a customer what broke: an error is logged with an id, and the customer is given the id.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Flask, Request, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from bridge.centre import Centre
from bridge.logs import trail
from bridge.pages import Pages, bare_page
from bridge.store import StoreError
from bridge.views import Meta, message_meta
from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_WORDS = {
    400: "bad_request",
    404: "not_found",
    405: "not_allowed",
    410: "link_over",
    413: "too_large",
    415: "wrong_type",
    429: "too_many",
    500: "failed",
    503: "unavailable",
}
_RETRY_AFTER = 60
"""Seconds; said with 503."""

log = logging.getLogger(__name__)


def wants_json(asked: Request) -> bool:
    return asked.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def install(app: Flask, centre: Centre, pages: Pages) -> None:
    """Every error of the app becomes a kind answer; every answer gets our headers."""
    replies = Replies(centre, pages)

    @app.errorhandler(HTTPException)
    def _http_error(error: HTTPException) -> Response:
        if error.code and 300 <= error.code < 400:  # a redirect of the router
            return Response(status=error.code, headers={"Location": error.get_response().headers["Location"]})
        answer = replies.message(error.code or 500, wait=getattr(error, "retry_after", None) or 0)
        if error.code == 405 and (methods := getattr(error, "valid_methods", None)):
            answer.headers["Allow"] = ", ".join(methods)
        return answer

    @app.errorhandler(StoreError)
    def _not_now(error: Exception) -> Response:
        log.error("cannot take anything in now: %s", trail(error))
        return replies.message(503)

    @app.errorhandler(Exception)
    def _ours(error: Exception) -> Response:
        number = secrets.token_hex(4)
        log.error("error %s on %s %s: %s", number, request.method, request.endpoint or "?", trail(error))
        return replies.message(500, number)

    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        replies.allow_portal(response)
        return response


class Replies:
    def __init__(self, centre: Centre, pages: Pages) -> None:
        self._centre, self._pages = centre, pages

    def message(self, code: int, number: str = "", wait: int = 0) -> Response:
        code = code if code in _WORDS else 500 if code >= 500 else 400
        brand, words = self._whose()
        key = _WORDS[code] if brand or code < 500 else "broken"  # says no address to write to
        email = brand.file.email if brand else ""
        minutes = max(1, -(-wait // 60))
        meta = message_meta(words, key, self._ways_on(brand, words), email=email, id=number, minutes=minutes)
        if wants_json(request):
            response = _json_error(meta, {"retry_after": wait} if wait else {})
        else:
            response = Response(self._drawn(brand, words, meta), mimetype="text/html")
        response.status_code = code
        if code == 503:
            response.headers["Retry-After"] = str(_RETRY_AFTER)
        elif wait:
            response.headers["Retry-After"] = str(wait)
        return response

    def allow_portal(self, response: Response) -> None:
        """A portal on another host may read our answers to its own forms. No cookie is there to be ridden."""
        brand = self._brand()
        origin = request.headers.get("Origin")
        if brand and origin and request.endpoint in {"forms.form", "forms.token", "helpful"}:
            address = urlsplit(brand.file.url)
            response.vary.add("Origin")
            if origin == f"{address.scheme}://{address.netloc}":
                response.headers["Access-Control-Allow-Origin"] = origin
                response.headers["Access-Control-Allow-Methods"] = "POST"

    def _whose(self) -> tuple[Brand | None, Catalogue]:
        """The brand and language that the address names, else what the browser asks for."""
        brand = self._brand()
        asked = (request.view_args or {}).get("language")
        known = list(brand.languages if brand else self._centre.catalogues)
        usual = brand.source_language if brand else self._centre.default_words().language
        language = asked if asked in known else request.accept_languages.best_match(known) or usual
        return brand, self._centre.catalogues[language]

    def _brand(self) -> Brand | None:
        return self._centre.brands.get((request.view_args or {}).get("brand", ""))

    def _ways_on(self, brand: Brand | None, words: Catalogue) -> list[tuple[str, str]]:
        form = (request.view_args or {}).get("form")
        ways: list[tuple[str, str]] = []
        if brand and form and self._centre.place(brand.folder, words.language, form):
            ways.append(("message.form", f"{request.script_root}/f/{brand.folder}/{words.language}/{form}"))
        return [*ways, ("message.home", "")] if brand else ways

    def _drawn(self, brand: Brand | None, words: Catalogue, meta: Meta) -> str:
        if brand is None:
            return bare_page(words, meta)
        try:
            return self._pages.draw(brand, words, meta, self._addresses(brand), request.script_root)
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with a template, the customer gets an answer
            log.error("cannot draw for %s: %s", brand.folder, trail(error))  # noqa: TRY400 -- a traceback quotes people
            return bare_page(words, {**meta, "actions": []})

    def _addresses(self, brand: Brand) -> Mapping[str, str]:
        """This dead end in another language is that language's home."""
        root = request.script_root
        return {code: self._pages.portal_root(brand, code, root) for code in brand.languages}


def _json_error(meta: Meta, more: Mapping[str, int]) -> Response:
    return jsonify({"error": f"{meta['title']}. {meta['text']}", **more})
