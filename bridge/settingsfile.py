"""Owns reading the settings: the environment first, then files that hold one secret each, then `haedap.toml`.

Refuses to start with a secret that everybody on the machine can read, and with names that nobody knows.
"""

from __future__ import annotations

import difflib
import os
import stat
import tomllib
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource
from pydantic_settings import SettingsError as UnreadableError

from bridge.settings import PREFIX, Settings, SettingsError, Wrong, variable

CONFIG = PREFIX + "CONFIG"
FILE_NAME = "haedap.toml"
_FOR_US_ALONE = (Path("/run/secrets"), Path("/run/credentials"))
"""What container engines and systemd mount into one service only, whatever its files' modes say."""

_NESTED = frozenset({"secrets", "smtp_servers"})
"""Settings of several parts, each a variable of its own: `HAEDAP_SECRETS__<NAME>`. In the file they are tables."""

Faults = dict[str, str | Wrong]


def variables() -> tuple[str, ...]:
    """Every variable that is read."""
    keys = dict.fromkeys((*Settings.model_fields, *(f"{key}_file" for key in sorted(_secrets()))))
    return (CONFIG, *(variable(key) for key in keys))


def read_settings(root: Path | None = None) -> Settings:
    """What the environment and the file of the help centre say, or a SettingsError that names every wrong one."""
    given = os.environ
    faults = _misspelt(given)
    file = _file(root or Path(), given, faults)
    tree = _tree(file, faults) if file else {}
    secrets = _secret_values(given, tree, faults)
    if file and stat.S_IMODE(file.stat().st_mode) & stat.S_IROTH and (_secrets() | _NESTED) & tree.keys():
        faults[str(file)] = Wrong("world_readable", {"file": file})
    below = {key: value for key, value in tree.items() if key in Settings.model_fields} | secrets
    try:
        settings = _layered(below)()
    except UnreadableError as error:
        faults[variable(next((key for key in _NESTED if f'"{key}"' in str(error)), "?"))] = Wrong("parts")
        raise SettingsError(faults) from None
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            name, why = _fault(detail)
            faults[name] = why
        raise SettingsError(faults) from None
    for name, server in settings.smtp_servers.items():
        if server.password_file and (wrong := unfit(server.password_file)):
            faults[f"{variable('smtp_servers')}__{name.upper()}__PASSWORD_FILE"] = wrong
    if faults:
        raise SettingsError(faults)
    return settings


def _layered(below: Mapping[str, Any]) -> type[Settings]:
    """The settings with values that count where the environment says nothing."""

    class Layered(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            del dotenv_settings, file_secret_settings  # other files than ours
            return init_settings, env_settings, InitSettingsSource(settings_cls, dict(below))

    return Layered


def _secrets() -> set[str]:
    """Settings whose value nobody may see; those that hold several stand in `_NESTED`."""
    return {key for key, field in Settings.model_fields.items() if SecretStr in _types(field.annotation)} - _NESTED


def _types(annotation: object) -> Iterator[object]:
    yield annotation
    for argument in typing.get_args(annotation):
        yield from _types(argument)


def _file(root: Path, environment: Mapping[str, str], faults: Faults) -> Path | None:
    named = environment.get(CONFIG)
    file = Path(named) if named else root / FILE_NAME
    if file.is_file():
        return file
    if named:
        faults[CONFIG] = Wrong("no_file", {"file": file})
    return None


def _tree(file: Path, faults: Faults) -> dict[str, Any]:
    """The keys of the file; paths in it begin at its folder."""
    try:
        tree = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        where = str(error).rpartition("(at ")[2].rstrip(")")
        faults[str(file)] = Wrong("not_toml", {"where": where})
        return {}
    known = {*Settings.model_fields, *(f"{key}_file" for key in _secrets())}
    for key in sorted(tree.keys() - known):
        faults[f"{file}: {key}"] = _unknown(key, known)
    for key, value in tree.items():
        if isinstance(value, str) and (key.endswith("_file") or key == "data"):
            tree[key] = str(file.parent / value)
    return tree


def _secret_values(environment: Mapping[str, str], tree: Mapping[str, Any], faults: Faults) -> dict[str, str]:
    """What the files hold that `HAEDAP_<KEY>_FILE` or `<key>_file` name."""
    values: dict[str, str] = {}
    for key in sorted(_secrets()):
        name = environment.get(variable(f"{key}_file")) or tree.get(f"{key}_file")
        if not name:
            continue
        if environment.get(variable(key)) or key in tree:
            faults[variable(key)] = Wrong("both", {"other": variable(f"{key}_file")})
            continue
        wrong = unfit(Path(name))
        if wrong:
            faults[variable(f"{key}_file")] = wrong
        elif f"{key}_file" not in Settings.model_fields:  # else it is read when it is needed
            values[key] = Path(name).read_text("utf-8").strip()
    return values


def unfit(file: Path) -> Wrong | None:
    """Why a file may not hold a secret."""
    if not file.is_file():
        return Wrong("no_file", {"file": file})
    if not os.access(file, os.R_OK):
        return Wrong("not_readable", {"file": file})
    alone = any(file.resolve().is_relative_to(folder) for folder in _FOR_US_ALONE)
    if file.stat().st_mode & stat.S_IROTH and not alone:
        return Wrong("world_readable", {"file": file})
    return None


def _misspelt(environment: Mapping[str, str]) -> Faults:
    """Names that are almost ours. Others with our prefix may belong to other tools."""
    known = variables()
    faults: Faults = {}
    for name in environment:
        if name.upper().partition("__")[0] in {variable(key) for key in _NESTED} and "__" in name:
            continue
        near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.85) if name.startswith(PREFIX) else []
        if near and name not in known:
            faults[name] = Wrong("nearest", {"nearest": near[0]})
    return faults


def _unknown(key: str, known: set[str]) -> Wrong:
    near = difflib.get_close_matches(key, known, n=1)
    return Wrong("nearest", {"nearest": near[0]}) if near else Wrong("unknown")


_WORDS = {  # pydantic's error types -> our messages
    "int_parsing": "number",
    "int_type": "number",
    "float_parsing": "number",
    "bool_parsing": "truth",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "literal_error": "choice",
    "too_short": "too_short",
    "string_too_short": "too_short",
    "string_type": "text",
}


def _fault(detail: ErrorDetails) -> tuple[str, str | Wrong]:
    """The variable, and what is wrong with it. A validator of ours says `key: code`."""
    key, _, code = detail["msg"].removeprefix("Value error, ").partition(": ")
    place = [str(part) for part in detail["loc"]]
    is_ours = detail["type"] == "value_error"
    name = variable("__".join([*place, key] if is_ours and code and key and key not in place else place or [key]))
    if is_ours:
        return name, code or key
    values = {name: value for name, value in detail.get("ctx", {}).items() if name != "error"}
    known = _WORDS.get(detail["type"])
    return name, Wrong(known, values) if known else detail["msg"]
