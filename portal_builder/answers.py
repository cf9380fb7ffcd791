"""Owns the check of what a customer sent against the form that asked for it. Refuses HTTP, files' contents and clocks.

The same rules hold with and without JavaScript; what the browser hid or allowed is not trusted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from email_validator import EmailNotValidError, validate_email
from pydantic import ValidationError

from portal_builder.form import BOXES, CHOICES, Form, FormField, whole_match
from portal_builder.sensitive import find_sensitive, masked

_MEGABYTE = 1_000_000
_LINE_BREAKING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_FREE_TEXT = frozenset({"short_text", "long_text", "phone", "order_number", "hidden"})
"""Answers in which a customer may have written any number."""


@dataclass(frozen=True)
class Upload:
    """A file a customer chose: its name as it came, its size in bytes, and the token that finds its bytes."""

    name: str
    size: int
    token: str = ""


@dataclass(frozen=True)
class Fault:
    """One answer that has to be mended: `form.error.<code>` says how, in the customer's language."""

    field: str
    code: str
    values: Mapping[str, str | int]


@dataclass(frozen=True)
class Masked:
    """Numbers of one kind that were hidden in one answer."""

    field: str
    kind: str
    count: int


@dataclass(frozen=True)
class Answers:
    """What was asked and answered, cleaned; and the files, with names that are safe to show."""

    values: Mapping[str, tuple[str, ...]]
    files: Mapping[str, tuple[Upload, ...]]
    masked: tuple[Masked, ...] = ()
    """What stood in them, and stands in them no longer."""

    def one(self, name: str) -> str:
        return next(iter(self.values.get(name, ())), "")


def check(
    form: Form, raw: Mapping[str, Sequence[str]], uploads: Mapping[str, Sequence[Upload]]
) -> Answers | tuple[Fault, ...]:
    """The cleaned answers, or every fault in the order of the fields."""
    values: dict[str, tuple[str, ...]] = {}
    files: dict[str, tuple[Upload, ...]] = {}
    faults: list[Fault] = []
    for field in form.fields:
        if not is_asked(field, values):
            continue
        if field.type == "file":
            files[field.name] = tuple(
                Upload(clean_file_name(upload.name), upload.size, upload.token)
                for upload in uploads.get(field.name, ())
            )
            faults += _file_faults(field, files[field.name])
        else:
            values[field.name] = _cleaned(field, raw.get(field.name, ()))
            faults += _faults(field, values[field.name])
    total = sum(upload.size for chosen in files.values() for upload in chosen)
    if total > form.file.max_total_mb * _MEGABYTE:
        first = next(name for name, chosen in files.items() if chosen)
        faults.append(Fault(first, "files_too_big", {"max": form.file.max_total_mb}))
    found = _sensitive(form, values, files)
    if form.file.sensitive == "refuse":
        faults += [Fault(one.field, one.kind, {}) for one in found]
        return tuple(faults) if faults else Answers(values, files)
    return tuple(faults) if faults else Answers(_masked_values(form, values), _masked_names(files), found)


def _sensitive(
    form: Form, values: Mapping[str, tuple[str, ...]], files: Mapping[str, tuple[Upload, ...]]
) -> tuple[Masked, ...]:
    """What stands in free texts and in names of files, field by field."""
    listed: list[Masked] = []
    for field in form.fields:
        texts = values.get(field.name, ()) if field.type in _FREE_TEXT else ()
        texts += tuple(upload.name for upload in files.get(field.name, ()))
        kinds = [found.kind for text in texts for found in find_sensitive(text)]
        listed += [Masked(field.name, kind, kinds.count(kind)) for kind in dict.fromkeys(kinds)]
    return tuple(listed)


def _masked_values(form: Form, values: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    free = {field.name for field in form.fields if field.type in _FREE_TEXT}
    return {
        name: tuple(masked(text, find_sensitive(text)) for text in texts) if name in free else texts
        for name, texts in values.items()
    }


def _masked_names(files: Mapping[str, tuple[Upload, ...]]) -> Mapping[str, tuple[Upload, ...]]:
    """Names of files may hold no asterisk."""

    return {
        field: tuple(replace(upload, name=masked(upload.name, find_sensitive(upload.name), "_")) for upload in uploads)
        for field, uploads in files.items()
    }


def is_asked(field: FormField, values: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether the answers so far make this field appear; a field that depends on one not asked is not asked."""
    rule = field.show_if
    return rule is None or any(value in rule.values for value in values.get(rule.field, ()))


def clean_file_name(name: str) -> str:
    """A name to show and to send: composed, without path, control or direction characters, at most 120 characters.

    >>> clean_file_name("C:\\\\tmp\\\\사업자등록증.pdf")
    '사업자등록증.pdf'
    """
    name = unicodedata.normalize("NFC", _SURROGATE.sub("", name)).replace("\\", "/").rsplit("/", 1)[-1]
    name = _INVISIBLE.sub("", _LINE_BREAKING.sub("", name))
    name = re.sub(r'[:*?"<>|]', "_", name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if dot and len(extension) <= 10:
        return f"{stem[: 119 - len(extension)] or 'file'}.{extension}"
    return name[:120] or "file"


def _cleaned(field: FormField, raw: Sequence[str]) -> tuple[str, ...]:
    """NFC, without control characters; one line where one line is asked for; empty answers are no answers."""
    texts = (_SURROGATE.sub("\ufffd", text) for text in raw)
    texts = (unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n") for text in texts)
    if field.type == "long_text":
        cleaned = [_CONTROL.sub("", text).strip() for text in texts]
    else:
        cleaned = [_LINE_BREAKING.sub(" ", text).strip() for text in texts]
    if field.type in {"phone", "order_number", "date", "email"}:
        cleaned = [_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip() for text in cleaned]
    cleaned = list(dict.fromkeys(text for text in cleaned if text))
    return tuple(cleaned if field.type == "checkboxes" else cleaned[:1])


def _faults(field: FormField, answers: tuple[str, ...]) -> Iterable[Fault]:
    if not answers:
        if field.required and field.type != "hidden":
            code = "consent" if field.type == "consent" else "choose" if field.type in CHOICES | BOXES else "required"
            yield Fault(field.name, code, {})
        return
    if field.type in CHOICES:
        if any(field.option(answer) is None for answer in answers):
            yield Fault(field.name, "choice", {})
    elif len(answers[0]) > field.longest:
        yield Fault(field.name, "too_long", {"max": field.longest, "length": len(answers[0])})
    elif not _is_well_formed(field, answers[0]):
        yield Fault(field.name, field.type if field.type in _FORMATS else "pattern", {})


def _is_well_formed(field: FormField, answer: str) -> bool:
    if field.pattern and not _matches(field.pattern, answer):
        return False
    return _FORMATS.get(field.type, lambda _: True)(answer)


def _matches(pattern: str, answer: str) -> bool:
    try:
        whole_match(pattern).validate_python(answer)
    except ValidationError:
        return False
    return True


def _is_email(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def _is_phone(text: str) -> bool:
    return bool(re.fullmatch(r"\+?[0-9 ().-]+", text)) and 7 <= sum(char.isdigit() for char in text) <= 15


def _is_date(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text)) and len(text) == len("2026-12-01")
    except ValueError:
        return False


def _is_order_number(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _./-]{2,39}", text))


_FORMATS = {"email": _is_email, "phone": _is_phone, "date": _is_date, "order_number": _is_order_number}


def _file_faults(field: FormField, uploads: tuple[Upload, ...]) -> Iterable[Fault]:
    if field.required and not uploads:
        yield Fault(field.name, "file_missing", {})
    if len(uploads) > field.max_files:
        yield Fault(field.name, "files_too_many", {"max": field.max_files, "count": len(uploads)})
    for upload in uploads:
        if upload.size > field.max_mb * _MEGABYTE:
            yield Fault(field.name, "file_too_big", {"name": upload.name, "max": field.max_mb})
        elif upload.size == 0:
            yield Fault(field.name, "file_empty", {"name": upload.name})
        elif upload.name.rpartition(".")[2].lower() not in field.accept:
            yield Fault(field.name, "file_type", {"name": upload.name, "accept": ", ".join(field.accept)})
