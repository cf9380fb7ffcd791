"""Owns what a form's template is given (docs/templates.md). Refuses HTML; builder and bridge call it alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue
from portal_builder.form import Form, FormField
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
        "fields": [_field_view(field, brand, language) for field in form.fields],
        "privacy": {
            name: brand.say(getattr(file.privacy, name), language)
            for name in ("purpose", "items", "retention", "refusal")
        },
        "suggest": [dict(entry) for entry in suggest],
        "promise": promise(brand, words, at),
        "max_total_mb": file.max_total_mb,
    }


def form_action(form: Form, brand: Brand, language: str) -> str:
    """Where the form is posted to (fixed): `/f/<brand>/<lang>/<form>` on the brand's bridge."""
    return f"{brand.file.bridge.url}f/{brand.folder}/{language}/{form.name}"


def _field_view(field: FormField, brand: Brand, language: str) -> dict[str, Any]:
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
        "max_files": field.max_files,
        "max_mb": field.max_mb,
        "max_length": field.longest,
        "autocomplete": "name" if field.name == "name" else _AUTOCOMPLETE.get(field.type, ""),
        "show_if": {"field": rule.field, "values": list(rule.values)} if rule else None,
    }
