"""Owns where readers say whether an article helped: `/helpful/<brand>/<lang>` (fixed). Refuses to know who they are.

What is kept is a count a day. No cookie is set; the address is counted in memory against floods, and forgotten. Only
articles that are there are counted, so that nobody fills the database with names of their own.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from flask import Flask, Response, request
from werkzeug.exceptions import BadRequest, NotFound, TooManyRequests, UnsupportedMediaType

from bridge.feedback import ANSWERS, LONGEST_ARTICLE
from bridge.outside import Outside
from bridge.ratelimit import Limits
from bridge.views import Meta, message_meta, reasons_meta
from bridge.web.body import FORM_KINDS
from bridge.web.desk import Desk, is_foreign
from bridge.web.replies import wants_json
from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue

_LONGEST_BODY = 4_000
_MOST_PARTS = 10
_TREES = ("content", "scheduled")
_NO_ARTICLES = ("forms", "replies", "flows")
_STEP = r"(?!_)[^\s/?#%:*\"<>|\\.]+(\.[^\s/?#%:*\"<>|\\.]+)*"
_ARTICLE = re.compile(rf"{_STEP}(/{_STEP})+")
"""An article's id: what a file may be called, below a kind's folder. No step is `..`, hidden or empty."""


@dataclass(frozen=True)
class HelpfulPages:
    desk: Desk
    limits: Limits
    outside: Outside

    def install(self, app: Flask) -> None:
        app.add_url_rule("/helpful/<brand>/<language>", "helpful", self.say, methods=["POST"], strict_slashes=False)

    def say(self, brand: str, language: str) -> Response:
        """Count one answer: 204 for a script, else a page that thanks, or asks why it did not help."""
        whose, words = self._asked(brand, language)
        if wait := self.limits.hit(request.remote_addr or "", brand).wait:
            raise TooManyRequests(retry_after=wait)
        given, answer = _read()
        if is_foreign(whose) or answer not in ANSWERS:
            raise BadRequest
        article = article_id(given)
        if article is None or not _is_there(self.desk.centre.root, article, whose, language):
            raise NotFound
        day = self.outside.now().astimezone(whose.zone).date()
        self.desk.store.count_feedback(brand, language, article, day, answer)
        return Response(status=204) if wants_json(request) else self._page(whose, words, article, answer)

    def _asked(self, brand: str, language: str) -> tuple[Brand, Catalogue]:
        found = self.desk.centre.brands.get(brand)
        if found is None or language not in found.languages or not found.file.features.helpful:
            raise NotFound
        return found, self.desk.centre.catalogues[language]

    def _page(self, brand: Brand, words: Catalogue, article: str, answer: str) -> Response:
        root = request.script_root
        back = f"{quote(article)}/"  # within the brand's own portal, whatever the request says
        if answer == "no":
            meta: Meta = reasons_meta(words, f"{root}/helpful/{brand.folder}/{words.language}", article, back)
        else:
            meta = message_meta(words, "helpful", [("message.article", back), ("message.home", "")])
        homes = {code: self.desk.pages.portal_root(brand, code, root) for code in brand.languages}
        return Response(self.desk.pages.draw(brand, words, meta, homes, root), mimetype="text/html")


def article_id(given: str) -> str | None:
    """The id in a page's address, which is percent-encoded where it is not ASCII; None for what can be no id.

    >>> article_id("faq/billing/refund"), article_id("faq/%ED%99%98%EB%B6%88")
    ('faq/billing/refund', 'faq/환불')
    >>> [article_id(text) for text in ("faq/../../secret", "/etc/passwd", "faq/a%252e", "refund", "forms/a", "a/index")]
    [None, None, None, None, None, None]
    """
    article = unicodedata.normalize("NFC", unquote(given))
    if len(article) > LONGEST_ARTICLE or not article.isprintable() or not _ARTICLE.fullmatch(article):
        return None
    is_list = article.endswith("/index")
    return None if is_list or article.startswith(tuple(f"{folder}/" for folder in _NO_ARTICLES)) else article


def _read() -> tuple[str, str]:
    """Article and answer as they were posted; HTTP errors 400, 413 and 415 for what cannot be read."""
    if request.mimetype not in FORM_KINDS:
        raise UnsupportedMediaType
    request.max_content_length = request.max_form_memory_size = _LONGEST_BODY
    request.max_form_parts = _MOST_PARTS
    try:
        return request.form["article"], request.form["answer"]
    except ValueError as error:
        raise BadRequest from error


def _is_there(root: Path, article: str, brand: Brand, language: str) -> bool:
    """Whether there is a text of this id in this language, or one whose name says no language."""
    names = [f"{article}.{language}.md"]
    if article.rpartition(".")[2] not in brand.languages:
        names.append(f"{article}.md")
    names += [unicodedata.normalize("NFD", name) for name in names]  # as some systems write Hangul
    return any(_is_file(root / tree / name) for tree in _TREES for name in names)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file system takes
        return False
