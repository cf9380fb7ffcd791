"""Owns what an inquiry form is: one `content/forms/<form>.yml`, drawn by the builder and checked by the bridge.

Refuses to know HTML, HTTP or where an inquiry goes. What a customer sent is checked in `answers.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, TypeAdapter, model_validator
from pydantic_core import SchemaError

from portal_builder.brand import Brand
from portal_builder.named import read_folder
from portal_builder.problem import Problem, nearest
from portal_builder.schema import LocalText, Names, Strict, custom
from portal_builder.yamlfile import Loc, YamlFile

FieldType = Literal[
    "short_text", "long_text", "select", "radio", "checkbox", "checkboxes", "date", "email", "phone",
    "order_number", "file", "consent", "hidden",
]  # fmt: skip  # one line a dozen reads better than a column
_PATTERN_LONGEST = 20_000
CHOICES = frozenset({"select", "radio", "checkboxes"})
BOXES = frozenset({"checkbox", "consent"})
DEFAULT_ACCEPT = (
    "jpg",
    "jpeg",
    "png",
    "gif",
    "webp",
    "heic",
    "heif",
    "pdf",
    "txt",
    "hwp",
    "hwpx",
    "docx",
    "xlsx",
    "zip",
)


def _field_name(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", value):
        raise custom("field_name")
    return value


def _pattern(value: str) -> str:
    try:
        whole_match(value)
    except SchemaError:
        raise custom("regex") from None
    return value


@lru_cache(maxsize=256)
def whole_match(pattern: str) -> TypeAdapter[str]:
    """A check by Rust's regular expressions: their time grows with the text and never faster, so that no customer's
    answer stops the service. They know no look-around and no back-references."""
    return TypeAdapter(Annotated[str, Field(pattern=rf"^(?:{pattern})$", max_length=_PATTERN_LONGEST)])


def _extensions(value: tuple[str, ...]) -> tuple[str, ...]:
    names = tuple(name.lower().lstrip(".") for name in value)
    if not all(re.fullmatch(r"[a-z0-9]{1,10}", name) for name in names):
        raise custom("extension")
    return names


class Tags(Strict):
    """Why people write: the cause, not the event, and whether it troubles them."""

    cause: str
    polarity: Literal["negative", "neutral", "positive"] = "neutral"


class Option(Strict):
    value: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
    label: LocalText
    tags: Tags | None = None
    suggest: Names = ()
    """Articles that may answer this already."""


class ShowIf(Strict):
    """The field is asked only while another field has one of these answers."""

    field: str
    values: Names


class PrivacyItems(Strict):
    """The four things a customer is told before data is taken (PIPA Art. 15(2))."""

    purpose: LocalText
    items: LocalText
    retention: LocalText
    refusal: LocalText


PRIVACY_ITEMS = tuple(PrivacyItems.model_fields)


class FormField(Strict):
    """One question."""

    name: Annotated[str, AfterValidator(_field_name)]
    type: FieldType
    label: LocalText
    hint: LocalText | None = None
    placeholder: LocalText | None = None
    required: bool = False
    options: tuple[Option, ...] = ()
    show_if: ShowIf | None = None
    max_length: Annotated[int, Field(ge=1, le=20_000)] | None = None
    """In characters."""
    pattern: Annotated[str, AfterValidator(_pattern)] | None = None
    """A regular expression that a short text or an order number matches as a whole."""
    accept: Annotated[Names, AfterValidator(_extensions), Field(min_length=1)] = DEFAULT_ACCEPT
    max_files: Annotated[int, Field(ge=1, le=10)] = 5
    max_mb: Annotated[int, Field(ge=1, le=100)] = 10
    retention_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    """Of files; without it they are kept as long as the rest."""
    privacy: PrivacyItems | None = None
    """What a box that may be left empty asks consent for, apart from the form's own notice."""

    @model_validator(mode="after")
    def _has_what_its_type_needs(self) -> Self:
        if self.retention_days and self.type != "file":
            raise custom("retention_unused")
        if self.privacy and self.type != "consent":
            raise custom("privacy_unused")
        if self.privacy and self.required:
            raise custom("consent_bundled")
        if self.type == "consent" and not self.privacy and not self.required:
            raise custom("consent_for_nothing")
        if self.type in CHOICES and not self.options:
            raise custom("options_missing")
        if self.options and self.type not in CHOICES:
            raise custom("options_unused")
        values = [option.value for option in self.options]
        if len(set(values)) != len(values):
            raise custom("options_twice")
        return self

    def option(self, value: str) -> Option | None:
        return next((option for option in self.options if option.value == value), None)

    @property
    def longest(self) -> int:
        return self.max_length or (5_000 if self.type == "long_text" else 200)


class Privacy(PrivacyItems):
    """What the whole form tells, and whether it asks for consent."""

    basis: Literal["notice", "consent_required"] | None = None
    """Without it what the fields say: a required box without a text of its own asks for consent to this one."""
    version: Annotated[str, Field(max_length=40)] = ""
    """The writer's own name for this text, kept with every inquiry."""


class FormFile(Strict):
    """The keys of a form's file."""

    title: LocalText
    summary: LocalText | None = None
    brand: Names = ("all",)
    order: int = 100
    suggest: Names = ()
    fields: Annotated[tuple[FormField, ...], Field(min_length=1)]
    privacy: Privacy
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 180
    """Days from when an inquiry is done with."""
    sensitive: Literal["mask", "refuse"] = "mask"
    """What happens to resident registration and card numbers in answers."""
    max_total_mb: Annotated[int, Field(ge=1, le=200)] = 25


@dataclass(frozen=True)
class Form:
    """A form: its file's name and what the file says."""

    name: str
    file: FormFile
    source: YamlFile

    @property
    def fields(self) -> tuple[FormField, ...]:
        return self.file.fields

    def field(self, name: str) -> FormField | None:
        return next((field for field in self.fields if field.name == name), None)

    def field_of(self, field_type: FieldType) -> FormField | None:
        """The first field of a type: the e-mail field is the customer's address."""
        return next((field for field in self.fields if field.type == field_type), None)

    @property
    def basis(self) -> Literal["notice", "consent_required"]:
        """Whether the customer is told, or asked."""
        asks = any(field.type == "consent" and field.required for field in self.fields)
        return self.file.privacy.basis or ("consent_required" if asks else "notice")

    def for_brand(self, brand: str) -> bool:
        return brand in self.file.brand or "all" in self.file.brand

    def problem(self, loc: Loc, key: str, /, **values: object) -> Problem:
        return Problem.at(self.source.path, self.source.line(loc), key, **values)

    def texts(self) -> Iterable[tuple[Loc, LocalText]]:
        """Every text a customer reads, and where it stands."""
        file = self.file
        yield ("title",), file.title
        if file.summary:
            yield ("summary",), file.summary
        for name in PRIVACY_ITEMS:
            yield ("privacy", name), getattr(file.privacy, name)
        for at, field in enumerate(file.fields):
            if field.privacy:
                for name in PRIVACY_ITEMS:
                    yield ("fields", at, "privacy", name), getattr(field.privacy, name)
            for name in ("label", "hint", "placeholder"):
                if text := getattr(field, name):
                    yield ("fields", at, name), text
            for number, option in enumerate(field.options):
                yield ("fields", at, "options", number, "label"), option.label


def load_forms(root: Path) -> tuple[Mapping[str, Form], tuple[Problem, ...]]:
    """Every form in `content/forms/`, by name, in their order."""
    forms, problems = read_folder(root, "content/forms", FormFile, Form)
    return forms, (*problems, *(fault for form in forms.values() for fault in _faults(form)))


def _faults(form: Form) -> Iterable[Problem]:
    """What the fields say about one another."""
    seen: dict[str, FormField] = {}
    for at, field in enumerate(form.fields):
        if field.name in seen:
            yield form.problem(("fields", at, "name"), "form.field_twice", name=field.name)
        if field.show_if:
            yield from _show_if_faults(form, at, field.show_if, seen)
        seen[field.name] = field
    yield from _privacy_faults(form)
    if form.field_of("email") is None:
        yield form.problem(("fields",), "form.no_email")
    if form.field_of("long_text") is None:
        yield form.problem(("fields",), "form.no_text")


def _privacy_faults(form: Form) -> Iterable[Problem]:
    basis = form.file.privacy.basis
    boxes = [at for at, field in enumerate(form.fields) if field.type == "consent" and field.required]
    if basis == "consent_required" and not boxes:
        yield form.problem(("privacy", "basis"), "form.consent_no_box")
    if basis == "notice":
        for at in boxes:
            yield form.problem(("fields", at), "form.consent_not_asked", name=form.fields[at].name)
    for at in boxes:
        if form.fields[at].show_if:
            yield form.problem(("fields", at, "show_if"), "form.consent_hidden", name=form.fields[at].name)
    for at, field in enumerate(form.fields):
        if (field.retention_days or 0) > form.file.retention_days:
            days = form.file.retention_days
            yield form.problem(("fields", at, "retention_days"), "form.file_outlives", days=days)


def _show_if_faults(form: Form, at: int, show_if: ShowIf, seen: Mapping[str, FormField]) -> Iterable[Problem]:
    asked = seen.get(show_if.field)
    if asked is None:
        guess = nearest(show_if.field, seen)
        yield form.problem(("fields", at, "show_if", "field"), "form.show_if_field", name=show_if.field, nearest=guess)
        return
    for value in show_if.values:
        if asked.type in CHOICES and asked.option(value) is None:
            guess = nearest(value, [option.value for option in asked.options])
            yield form.problem(("fields", at, "show_if", "values"), "form.show_if_value", name=value, nearest=guess)


def forms_of(forms: Mapping[str, Form], brand: Brand) -> tuple[Form, ...]:
    return tuple(form for form in forms.values() if form.for_brand(brand.folder))
