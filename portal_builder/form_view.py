"""Owns what a form's template is given (docs/templates.md). Refuses HTML; builder and bridge call it alike."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue
from portal_builder.form import PRIVACY_ITEMS, Form, FormField, PrivacyItems
from portal_builder.promise import promise

_AUTOCOMPLETE = {"email": "email", "phone": "tel"}


def form_view(
    form: Form,
    brand: Brand,
    words: Catalogue,
    suggest: Iterable[Mapping[str, str]] = (),
    at: datetime | None = None,
) -> dict[str, Any]:
    """The form in one language, ready to print; with a moment, the promise names the day."""
    language = words.language
    file = form.file
    return {
        "name": form.name,
        "title": brand.say(file.title, language),
        "summary": brand.say(file.summary, language) if file.summary else "",
        "action": form_action(form, brand, language),
        "fields": [_field_view(field, brand, words) for field in form.fields],
        "privacy": _privacy_view(file.privacy, brand, language),
        "basis": form.basis,
        "sensitive": file.sensitive,
        "suggest": [dict(entry) for entry in suggest],
        "promise": promise(brand, words, at),
        "max_total_mb": file.max_total_mb,
        "trap": trap_name(form, brand),
    }


_TRAP_WORDS = (("web", "home", "blog", "site", "profile", "social"), ("page", "link", "url"))


def trap_name(form: Form, brand: Brand) -> str:
    """A field that people do not see and robots fill in: another name for each form of each brand, and never one of its
    own. None of the names is one that browsers fill in by themselves (address, phone, company)."""
    names = [f"{first}_{second}" for first in _TRAP_WORDS[0] for second in _TRAP_WORDS[1]]
    free = [name for name in names if form.field(name) is None]
    digest = hashlib.sha256(f"{brand.folder}/{form.name}".encode()).digest()
    return free[int.from_bytes(digest[:4], "big") % len(free)]


def _privacy_view(privacy: PrivacyItems, brand: Brand, language: str) -> dict[str, str]:
    return {name: brand.say(getattr(privacy, name), language) for name in PRIVACY_ITEMS}


def form_action(form: Form, brand: Brand, language: str) -> str:
    """Where the form is posted to (fixed): `/f/<brand>/<lang>/<form>` on the brand's bridge."""
    return f"{brand.file.bridge.url}f/{brand.folder}/{language}/{form.name}"


def _field_view(field: FormField, brand: Brand, words: Catalogue) -> dict[str, Any]:
    language = words.language

    def say(name: str) -> str:
        text = getattr(field, name)
        return brand.say(text, language) if text else ""

    rule = field.show_if
    return {
        "name": field.name,
        "type": field.type,
        "label": say("label"),
        "hint": say("hint"),
        "placeholder": say("placeholder"),
        "required": field.required,
        "options": [{"value": option.value, "label": brand.say(option.label, language)} for option in field.options],
        "accept": ",".join(f".{extension}" for extension in field.accept) if field.type == "file" else "",
        "limits": _limits(field, words) if field.type == "file" else "",
        "max_files": field.max_files,
        "max_mb": field.max_mb,
        "max_length": field.longest,
        "autocomplete": "name" if field.name == "name" else _AUTOCOMPLETE.get(field.type, ""),
        "privacy": _privacy_view(field.privacy, brand, language) if field.privacy else None,
        "show_if": {"field": rule.field, "values": list(rule.values)} if rule else None,
    }


def _limits(field: FormField, words: Catalogue) -> str:
    """How many files, and how big."""
    if field.max_files == 1:
        return words.say("form.file.limit_one", size=field.max_mb)
    return words.say("form.file.limits", count=field.max_files, size=field.max_mb)
