"""Owns reading a posted form within limits. Refuses what is broken or too much before any of it is believed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from flask import Request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest, UnsupportedMediaType
from werkzeug.formparser import FormDataParser

from bridge.centre import Place
from bridge.screening.post import Incoming, Post
from bridge.wording import one_line
from portal_builder.form import Form
from portal_builder.form_view import trap_name

_URLENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
FORM_KINDS = (_URLENCODED, _MULTIPART)
TEXT_LIMIT = 256_000
"""Bytes of a form without files. Werkzeug's own limits do not hold for urlencoded bodies, so the length is bounded."""
_PART_HEADERS = 1_000
_KEY = re.compile(r"[A-Za-z0-9_-]{8,100}")
_PAGE = re.compile(r"https?://|/(?!/)")
_PAGE_LENGTH = 500
_WITHIN = re.compile(r"[\w%-][\w%.-]*(/[\w%.-]+)*/?")


class StrictParser(FormDataParser):
    """Tells of a broken body instead of handing over an empty form."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **(kwargs | {"silent": False}))  # type: ignore[arg-type]  # passed through as they are


class FormRequest(Request):
    form_data_parser_class = StrictParser


def read_post(request: Request, place: Place, portal: str, *, by_script: bool, is_foreign: bool, flood: bool) -> Post:
    """What was sent, from a page of this portal; HTTP errors 400, 413 and 415 for what cannot be read."""
    form, kind = place.form, request.mimetype
    if kind not in FORM_KINDS:
        raise UnsupportedMediaType
    parts = _most_parts(form)
    request.max_content_length = TEXT_LIMIT if kind == _URLENCODED else _largest_body(form, parts)
    request.max_form_memory_size = TEXT_LIMIT
    request.max_form_parts = parts
    try:
        fields, files = request.form, request.files
    except ValueError as error:
        raise BadRequest from error
    if not fields and not files:
        raise BadRequest
    names = [field.name for field in form.fields]
    return Post(
        raw={name: fields.getlist(name) for name in names},
        files={name: list(_chosen(files.getlist(name))) for name in names},
        kept={name: fields.getlist(f"{name}.kept") for name in names},
        dropped={name: fields.getlist(f"{name}.drop") for name in names},
        page=customers_page(request, fields.get("_page", ""), portal),
        key=_key(fields.get("_key", "")),
        token=fields.get("_token", ""),
        trap=fields.get(trap_name(form, place.brand), ""),
        proof=fields.get("_proof", ""),
        by_script=by_script,
        is_foreign=is_foreign,
        flood=flood,
    )


def customers_page(request: Request, named: str, portal: str) -> str:
    """The page the customer came from: what the form names, else what the form's own address names, else the Referer.

    An article's link to a form carries the article along (`?from=faq/billing/refund/`). The Referer counts unless it is
    a page of this service: the customer came to that one from elsewhere.
    """
    referrer = clean_page(request.referrer or "", portal)
    carried = parse_qs(urlsplit(referrer).query).get("from", [""])[0]
    is_ours = urlsplit(referrer).path.startswith(f"{request.script_root}/f/")
    return clean_page(named, portal) or clean_page(carried, portal) or ("" if is_ours else referrer)


def clean_page(text: str, portal: str) -> str:
    """A web address or a path, on one line, or nothing; an article's page, named within its portal, is made whole.

    >>> clean_page(" /ondam/ko/faq/ ", ""), clean_page("javascript:alert(1)", ""), clean_page("//evil.example", "")
    ('/ondam/ko/faq/', '', '')
    >>> clean_page("faq/billing/refund/", "/ondam/ko/")
    '/ondam/ko/faq/billing/refund/'
    """
    page = one_line(text[: 4 * _PAGE_LENGTH], _PAGE_LENGTH)
    if _WITHIN.fullmatch(page) and ".." not in page:
        page = portal + page
    return page if _PAGE.match(page) else ""


def _key(text: str) -> str | None:
    return text if _KEY.fullmatch(text) else None


def _chosen(files: Iterable[FileStorage]) -> Iterable[Incoming]:
    """Browsers send an empty part for a file input that nobody used."""
    for file in files:
        size = file.stream.seek(0, 2)
        file.stream.seek(0)
        if file.filename or size:
            yield Incoming(file.filename or "", size, file.stream)


def _most_parts(form: Form) -> int:
    """What the largest honest form sends: each field, each option, each file kept and dropped, and our own."""
    files = sum(5 * field.max_files for field in form.fields if field.type == "file")
    return 20 + files + sum(1 + len(field.options) for field in form.fields)


def _largest_body(form: Form, parts: int) -> int:
    """Twice what is allowed in files, so that most who send too much get their form back and not an error page."""
    takes_files = any(field.type == "file" for field in form.fields)
    return TEXT_LIMIT + parts * _PART_HEADERS + (2 * form.file.max_total_mb * 1_000_000 if takes_files else 0)


def largest_body(largest_form: int) -> int:
    """What the server in front lets through, so that it is this module that explains."""
    return 2 * largest_form + 2_000_000
