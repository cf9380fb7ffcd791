"""Owns what the bridge's pages are given (docs/templates.md): form, receipt, message. Refuses HTML and HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bridge.centre import Place
from bridge.inquiry import Inquiry
from bridge.intake.kept import KeptFile
from bridge.wording import half_hidden
from portal_builder.answers import Fault
from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue
from portal_builder.flow import Flow
from portal_builder.flow_view import path_view, speaker, turn_of
from portal_builder.form_view import form_view
from portal_builder.localised import long_moment, size_text
from portal_builder.portal_view import portal_view
from portal_builder.promise import promise

Meta = dict[str, Any]


def brand_view(
    brand: Brand, words: Catalogue, catalogues: Mapping[str, Catalogue], addresses: Mapping[str, str]
) -> Meta:
    """The portal around the page; `addresses` holds this same page by language."""
    view = portal_view(brand, words, catalogues)
    view["nav"] = [
        {"title": words.say("nav.home"), "url": "", "kind": "home"},
        {"title": words.say("nav.contact"), "url": "contact/", "kind": "contact"},
    ]
    view["languages"] = [entry | {"url": addresses[entry["code"]]} for entry in view["languages"]]
    return view


def form_meta(
    place: Place,
    action: str,
    at: datetime,
    *,
    answers: Mapping[str, Sequence[str]],
    faults: Iterable[Fault] = (),
    kept: Mapping[str, Sequence[KeptFile]] | None = None,
    flows: Iterable[Flow] = (),
) -> Meta:
    form = form_view(place.form, place.brand, place.words, at=at) | {"action": action}
    crumbs = [("nav.home", ""), ("nav.contact", "contact/")]
    return _meta("form.html", form["title"], place.words, form["summary"]) | {
        "breadcrumbs": [{"title": place.words.say(key), "url": url} for key, url in crumbs],
        "form": form,
        "faults": [{"field": fault.field, "message": fault_text(place, fault)} for fault in faults],
        "answers": {name: list(values) for name, values in answers.items()},
        "kept": {
            name: [_file_view(file, place.words.language) for file in files] for name, files in (kept or {}).items()
        },
        "flow": flow_meta(place, next(iter(answers.get("_page", ())), ""), flows),
    }


def _file_view(file: KeptFile, language: str) -> dict[str, str]:
    return {"name": file.name, "size_text": size_text(file.size, language), "token": file.token}


def flow_meta(place: Place, page: str, flows: Iterable[Flow]) -> Meta | None:
    """The way through a guided answer that led to the form, as the page it came from names it."""
    found = turn_of(page, flows)
    if found is None:
        return None
    flow, turn = found
    say = speaker(place.brand, place.words.language)
    return {"title": say(flow.file.title), "path": path_view(flow, turn, say)}


def receipt_meta(place: Place, inquiry: Inquiry, address: str, *, reply_comes: bool) -> Meta:
    words, brand = place.words, place.brand
    received = inquiry.received_at.astimezone(brand.zone)
    steps = [
        words.say("receipt.next.read"),
        words.say("receipt.next.answer", email=half_hidden(inquiry.email)) if inquiry.email else "",
        promise(brand, words, inquiry.received_at),
        words.say("receipt.next.spam"),
    ]
    return _meta("receipt.html", words.say("receipt.title"), words) | {
        "receipt": inquiry.receipt,
        "received": f"{long_moment(received, words.language)} ({received:%Z})",
        "email": half_hidden(inquiry.email) if reply_comes else None,
        "next": [step for step in steps if step],
        "form": {"title": brand.say(place.form.file.title, words.language), "url": address},
        "suggest": [],
    }


_ASK_ICONS = {"confirm": "email-check-outline", "verify": "email-check-outline", "not_mine": "email-off-outline"}


def ask_meta(words: Catalogue, key: str, action: str, token: str, *, soon: bool = False) -> Meta:
    """`ask.<key>.title`, `.text`, `.button` and `.more`: one question, one button."""
    return _meta("ask.html", words.say(f"ask.{key}.title"), words) | {
        "icon": _ASK_ICONS[key],
        "text": words.say(f"ask.{key}.text"),
        "button": words.say(f"ask.{key}.button"),
        "more": words.say(f"ask.{key}.more"),
        "note": words.say("ask.soon") if soon else "",
        "action": action,
        "token": token,
        "receipt": "",
    }


def reasons_meta(words: Catalogue, action: str, article: str, back: str) -> Meta:
    """Why did it not help? `back` is the article's address within its portal."""
    title = words.say("helpful.thanks")
    return _meta("reasons.html", title, words) | {"action": action, "article": article, "back": back}


def message_meta(words: Catalogue, key: str, actions: Iterable[tuple[str, str]] = (), **values: object) -> Meta:
    """`message.<key>.title` and `.text`; `actions` are keys of words and addresses."""
    title = words.say(f"message.{key}.title")
    return _meta("message.html", title, words) | {
        "text": words.say(f"message.{key}.text", **values),
        "actions": [{"title": words.say(word), "url": url} for word, url in actions],
    }


def fault_text(place: Place, fault: Fault) -> str:
    """What to mend, in the customer's language."""
    field = place.form.field(fault.field)
    label = place.brand.say(field.label, place.words.language) if field else fault.field
    return place.words.say(f"form.error.{fault.code}", label=label, **fault.values)


def _meta(template: str, title: str, words: Catalogue, summary: str = "") -> Meta:
    return {
        "template": template,
        "title": title,
        "summary": summary,
        "kind": "contact",
        "text_language": words.language,
        "fallback": None,
        "breadcrumbs": [],
        "alternates": [],
    }
