"""Wrong settings are named at start without their values; docs/bridge.md tells of each, and of nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from bridge import settings as settings_module
from bridge import settingsfile
from bridge.cli import commands
from bridge.commands.console import setting_text
from bridge.settings import Settings, SettingsError
from bridge.settingsfile import read_settings, variables
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
        ({"CONFIG": "/nowhere.toml"}, "HAEDAP_CONFIG"),
        ({"HELD_DAYS": "1"}, "HAEDAP_HELD_DAYS"),
        ({"DATABASE": "mysql://hush"}, "HAEDAP_DATABASE"),
        ({"LOG_FORMAT": "xml"}, "HAEDAP_LOG_FORMAT"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], named: str) -> None:
    for name, value in given.items():
        monkeypatch.setenv(f"HAEDAP_{name}", value)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert named in caught.value.faults
    assert "hush" not in str(caught.value.faults)
    for language in ("ko", "en"):
        words = load_tool_words(language)
        for name, why in caught.value.faults.items():
            assert setting_text(words, name, why).startswith(f"{name}: ")
            assert "pydantic" not in setting_text(words, name, why)


def settings_of(root: Path, text: str, mode: int = 0o600) -> Settings:
    file = root / "haedap.toml"
    file.write_text(text, "utf-8")
    file.chmod(mode)
    return read_settings(root)


def test_one_file_and_the_environment_above_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The file beside the help centre is read by itself, another one by its name; the environment counts more."""
    (tmp_path / "password").write_text("hush", "utf-8")
    (tmp_path / "password").chmod(0o600)
    text = 'data = "inquiries"\nsmtp_host = "mail.example"\nsmtp_user = "me"\nsmtp_password_file = "password"\n'
    settings = settings_of(tmp_path, text)
    assert (settings.data, settings.smtp_host) == (tmp_path / "inquiries", "mail.example")
    assert settings.password() == "hush"
    monkeypatch.setenv("HAEDAP_SMTP_HOST", "other.example")
    assert read_settings(tmp_path).smtp_host == "other.example"
    monkeypatch.setenv("HAEDAP_CONFIG", str(tmp_path / "haedap.toml"))
    assert read_settings(Path("/")).smtp_user == "me"


@pytest.mark.parametrize(
    ("text", "named", "said"),
    [
        ('smtp_hots = "x"', "haedap.toml: smtp_hots", "smtp_host"),
        ("smtp_host = ", "haedap.toml", "end of document"),
        ("smtp_port = 70000", "HAEDAP_SMTP_PORT", "65535"),
        ('smtp_port = "many"', "HAEDAP_SMTP_PORT", "whole number"),
        ('smtp_security = "ssl"', "HAEDAP_SMTP_SECURITY", "'starttls'"),
        ('smtp_user = "me"', "HAEDAP_SMTP_USER", "password"),
        ('secret = "abc"', "HAEDAP_SECRET", "16"),
    ],
)
def test_what_is_wrong_in_the_file(tmp_path: Path, text: str, named: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings_of(tmp_path, text)
    (name,) = caught.value.faults
    assert name.endswith(named)
    assert said in setting_text(load_tool_words("en"), name, caught.value.faults[name])
    assert setting_text(load_tool_words("ko"), name, caught.value.faults[name])


def test_secrets_that_everybody_can_read_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file of its own, and the settings file where a secret stands in it; every secret may come from a file."""
    with pytest.raises(SettingsError):
        settings_of(tmp_path, 'secret = "0123456789abcdef"', 0o644)
    assert settings_of(tmp_path, 'smtp_host = "a.example"', 0o644).smtp_host == "a.example"
    (tmp_path / "haedap.toml").unlink()
    file = tmp_path / "secret"
    file.write_text("0123456789abcdef\n", "utf-8")
    for name in ("SECRET", "METRICS_TOKEN"):
        monkeypatch.setenv(f"HAEDAP_{name}_FILE", str(file))
    file.chmod(0o644)
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert set(caught.value.faults) == {"HAEDAP_SECRET_FILE", "HAEDAP_METRICS_TOKEN_FILE"}
    file.chmod(0o640)
    settings = read_settings()
    assert settings.secret
    assert settings.secret.get_secret_value() == "0123456789abcdef"


def test_every_word_about_settings_has_its_place() -> None:
    """No fault is said in the words of a library."""
    codes = set(re.findall(r'ValueError\("\w+: (\w+)"\)', Path(settings_module.__file__).read_text("utf-8")))
    codes |= set(settingsfile._WORDS.values())
    codes |= set(re.findall(r'Wrong\("(\w+)"', Path(settingsfile.__file__).read_text("utf-8")))
    assert not {code for code in codes if f"bridge.setting.{code}" not in load_tool_words("ko").words}


def test_a_password_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("hush\n", "utf-8")
    (tmp_path / "password").chmod(0o600)
    monkeypatch.setenv("HAEDAP_SMTP_USER", "me")
    monkeypatch.setenv("HAEDAP_SMTP_PASSWORD_FILE", str(tmp_path / "password"))
    assert read_settings().password() == "hush"
    assert "hush" not in repr(read_settings())


def test_empty_settings_count_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAEDAP_SMTP_PORT", "")
    assert read_settings().port == 587


def test_the_documentation_tells_every_setting_and_no_other() -> None:
    told = {name.partition("__")[0] for name in re.findall(r"`(HAEDAP_[A-Z_]+)`", DOCS.read_text("utf-8"))}
    assert told == set(variables())


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
    context = click.Context(command)
    inner = {name: command.get_command(context, name) for name in command.list_commands(context)}
    return own + [pair for name, sub in inner.items() if sub for pair in _commands(sub, f"{path} {name}")]


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
