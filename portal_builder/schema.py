"""Owns the way from a file's tree to a typed value: every fault at once, each with its line. Refuses to guess."""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, LiteralString, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from portal_builder.instant import parse_moment
from portal_builder.problem import Problem, nearest
from portal_builder.yamlfile import Loc, YamlFile, read_text, read_yaml
from portal_builder.zones import zone_names

M = TypeVar("M", bound="Strict")

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
"""A language tag as used here (BCP 47: language, script, region)."""


class Strict(BaseModel):
    """A closed list of keys; a value of it never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _a_key_without_a_value_was_not_written(cls, tree: Any) -> Any:
        if not isinstance(tree, dict):
            return tree
        return {key: value for key, value in tree.items() if value is not None or key not in cls.model_fields}


class LocalText(Strict):
    """A text in several languages, or one text for all of them (under the empty key)."""

    by_language: Mapping[str, str]

    @model_validator(mode="before")
    @classmethod
    def _of(cls, value: object) -> object:
        if isinstance(value, str):
            return {"by_language": {"": value}}
        if isinstance(value, dict) and value and all(LANGUAGE.fullmatch(key) and text for key, text in value.items()):
            return {"by_language": value}
        raise custom("local_text")

    def in_(self, language: str, source: str = "") -> str:
        """The text in this language, else in the source language, else the first that was written."""
        texts = self.by_language
        return texts.get(language) or texts.get("") or texts.get(source) or next(iter(texts.values()))

    def lacks(self, language: str) -> bool:
        return "" not in self.by_language and not self.by_language.get(language)


def listed(value: object) -> object:
    """`a, b` as a list."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def custom(code: LiteralString) -> PydanticCustomError:
    """An error that `problems_of` says with the words of `value.<code>`."""
    return PydanticCustomError(code, "{code}", {"code": code})


def _moment(value: object) -> object:
    try:
        return parse_moment(value) if isinstance(value, str) else value
    except ValueError:
        raise custom("moment") from None


def _zone(value: object) -> object:
    if not isinstance(value, str) or value not in zone_names():
        raise custom("zone")
    return value


Names = Annotated[tuple[str, ...], BeforeValidator(listed)]
"""One name, several separated by commas, or a list."""
Moment = Annotated[typing.Any, BeforeValidator(_moment)]
"""A naive or aware datetime, as `instant.parse_moment` reads it."""
ZoneName = Annotated[str, BeforeValidator(_zone)]


def read_model(model: type[M], parsed: YamlFile) -> tuple[M | None, tuple[Problem, ...]]:
    """The value a file holds, or every fault it has."""
    if parsed.tree is None and parsed.problems:
        return None, parsed.problems
    if parsed.tree is not None and not isinstance(parsed.tree, dict):
        return None, (*parsed.problems, Problem.at(parsed.path, 1, "yaml.not_mapping"))
    try:
        value = model.model_validate(parsed.tree or {})
    except ValidationError as error:
        return None, (
            *parsed.problems,
            *(_problem(model, detail, parsed) for detail in error.errors(include_url=False)),
        )
    return value, parsed.problems


def read_file(model: type[M], file: Path, path: str) -> tuple[M | None, YamlFile, tuple[Problem, ...]]:
    """The value that a YAML file on disk holds, the file as it is written, and every fault of either."""
    text, unreadable = read_text(file, path)
    source = read_yaml(text, path)
    value, faults = read_model(model, source)
    return value, source, (*unreadable, *faults)


_WORDS = {  # pydantic's error types -> our messages
    "missing": "value.missing",
    "int_parsing": "value.number",
    "int_type": "value.number",
    "int_from_float": "value.number",
    "bool_parsing": "value.truth",
    "bool_type": "value.truth",
    "string_type": "value.text",
    "string_too_short": "value.empty",
    "string_too_long": "value.string_too_long",
    "tuple_type": "value.list",
    "list_type": "value.list",
    "too_short": "value.list_empty",
    "too_long": "value.list_long",
    "dict_type": "value.mapping",
    "mapping_type": "value.mapping",
    "model_type": "value.mapping",
    "model_attributes_type": "value.mapping",
    "greater_than_equal": "value.too_small",
    "less_than_equal": "value.too_large",
    "string_pattern_mismatch": "value.pattern",
}


def _problem(model: type[BaseModel], detail: ErrorDetails, parsed: YamlFile) -> Problem:
    loc = tuple(part for part in detail["loc"] if part != "by_language")
    name = _short(".".join(str(part) for part in loc) or "?")
    values: dict[str, object] = {"key": name, "given": _short(detail["input"])}
    kind = detail["type"]
    if kind == "extra_forbidden":
        known = _model_at(model, loc[:-1]).model_fields
        guess = nearest(str(loc[-1]), known)
        values |= {"nearest": guess, "known": ", ".join(known)}
        return Problem.at(parsed.path, parsed.line(loc), "key.nearest" if guess else "key.unknown", **values)
    if kind == "literal_error":
        allowed = [part.strip(" '") for part in str(detail["ctx"]["expected"]).replace(" or ", ",").split(",")]
        values |= {"known": ", ".join(allowed), "nearest": nearest(str(detail["input"]), allowed) or allowed[0]}
        return Problem.at(parsed.path, parsed.line(loc), "value.choice", **values)
    limits = {name: detail.get("ctx", {}).get(name, "") for name in ("ge", "le", "pattern", "max_length")}
    is_ours = detail.get("ctx", {}).get("code") == kind
    key = f"value.{kind}" if is_ours else _WORDS.get(kind, "value.wrong")
    return Problem.at(parsed.path, parsed.line(loc), key, **values, **limits)


def _short(value: object) -> str:
    text = str(value).replace("\n", " ")
    return text if len(text) <= 60 else text[:59] + "…"


def _model_at(model: type[BaseModel], loc: Loc) -> type[BaseModel]:
    """The model whose keys are read at this place."""
    for part in loc:
        if isinstance(part, str) and part in model.model_fields:
            model = next(_models_in(model.model_fields[part].annotation), model)
    return model


def _models_in(annotation: object) -> typing.Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from _models_in(argument)
