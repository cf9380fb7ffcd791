"""Owns what a customer was told and asked before sending a form, as texts that can be proved later. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue
from portal_builder.form import PRIVACY_ITEMS, Form, FormField, PrivacyItems

Basis = Literal["notice", "consent_required", "consent_optional"]


@dataclass(frozen=True)
class Notice:
    """One text about privacy on one form, word for word as it was read."""

    field: str
    """The box that asks for consent to it; empty where it only tells."""
    basis: Basis
    version: str
    text: str

    @property
    def text_hash(self) -> str:
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()


def notices(form: Form, brand: Brand, words: Catalogue) -> tuple[Notice, ...]:
    """The form's own notice, and one for each separate box, in one language."""

    def notice(field: FormField | None, basis: Basis) -> Notice:
        items = field.privacy if field and field.privacy else form.file.privacy
        label = brand.say(field.label, words.language) if field else ""
        text = "\n".join(_lines(items, brand, words, label)) + "\n"
        return Notice(field.name if field else "", basis, form.file.privacy.version, text)

    boxes = [field for field in form.fields if field.type == "consent"]
    asked = [notice(box, "consent_optional" if box.privacy else "consent_required") for box in boxes]
    return tuple(asked) if form.basis == "consent_required" else (notice(None, "notice"), *asked)


def _lines(items: PrivacyItems, brand: Brand, words: Catalogue, label: str) -> Iterable[str]:
    """The four items under their headings, then the words beside the box."""
    yield words.say("form.privacy")
    for name in PRIVACY_ITEMS:
        yield f"{words.say(f'form.privacy.{name}')}: {brand.say(getattr(items, name), words.language)}"
    if label:
        yield f"[ ] {label}"
