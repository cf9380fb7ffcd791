"""Wrong settings are named at start without their values; docs/bridge.md tells of each, and of nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from bridge.cli import commands
from bridge.settings import Settings, SettingsError, read_settings, variable
from portal_builder.catalogue import load_tool_words, placeholders
from portal_builder.speech import tool_words

DOCS = Path(__file__).parents[2] / "docs/bridge.md"


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"SMTP_PORT": "many"}, "HAEDAP_SMTP_PORT"),
        ({"SMTP_SECURITY": "ssl"}, "HAEDAP_SMTP_SECURITY"),
        ({"SECRET": "short"}, "HAEDAP_SECRET"),
        ({"SMTP_USER": "me"}, "HAEDAP_SMTP_USER"),
        ({"SMTP_USER": "me", "SMTP_PASSWORD": "hush", "SMTP_SECURITY": "none"}, "HAEDAP_SMTP_SECURITY"),
        ({"SMTP_USER": "me", "SMTP_PASSWORD": "hush", "SMTP_PASSWORD_FILE": "/x"}, "HAEDAP_SMTP_PASSWORD"),
        ({"SMTP_USER": "me", "SMTP_PASSWORD_FILE": "/nowhere"}, "HAEDAP_SMTP_PASSWORD_FILE"),
        ({"PROXY_HOPS": "-1"}, "HAEDAP_PROXY_HOPS"),
        ({"SMTP_HOTS": "mail.example"}, "HAEDAP_SMTP_HOTS"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], named: str) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"HAEDAP_{name}", value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert named in caught.value.faults
    assert "hush" not in str(caught.value.faults)


def test_a_password_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("hush\n", "utf-8")
    monkeypatch.setenv("HAEDAP_SMTP_USER", "me")
    monkeypatch.setenv("HAEDAP_SMTP_PASSWORD_FILE", str(tmp_path / "password"))
    assert read_settings().password() == "hush"
    assert "hush" not in repr(read_settings())


def test_empty_settings_count_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAEDAP_SMTP_PORT", "")
    assert read_settings().port == 587


def test_the_documentation_tells_every_setting_and_no_other() -> None:
    told = {name.partition("__")[0] for name in re.findall(r"`(HAEDAP_[A-Z_]+)`", DOCS.read_text("utf-8"))}
    assert told == {variable(key) for key in Settings.model_fields}


def test_the_documentation_tells_every_command_and_option() -> None:
    text = DOCS.read_text("utf-8")
    for path, command in _commands(commands(load_tool_words("en")), "haedap-bridge"):
        assert path in text
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert f"`{parameter.opts[0]}" in text, f"{path} {parameter.opts[0]}"


def _commands(command: click.Command, path: str) -> list[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        return [(path, command)]
    own = [(path, command)] if command.invoke_without_command else []
    return own + [pair for name, sub in command.commands.items() for pair in _commands(sub, f"{path} {name}")]


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "en_US.UTF-8", "HAEDAP_LANG": "ko"}, "ko"),
        ({}, "en"),
    ],
)
def test_the_language_of_the_commands(environment: dict[str, str], language: str) -> None:
    assert tool_words(environment).language == language


def test_the_commands_have_the_same_words_in_both_languages() -> None:
    korean, english = (
        {key: text for key, text in load_tool_words(language).words.items() if key.startswith("bridge.")}
        for language in ("ko", "en")
    )
    assert korean.keys() == english.keys()
    assert {key: placeholders(text) for key, text in korean.items()} == {
        key: placeholders(text) for key, text in english.items()
    }
