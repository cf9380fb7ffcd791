"""Owns the settings of the service: `HAEDAP_*` in the environment, checked at start. Refuses to print their values."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableError

PREFIX = "HAEDAP_"
_USUAL_PORTS = {"none": 25, "starttls": 587, "tls": 465}
_POSTGRESQL = ("postgresql", "postgresql+psycopg")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class SettingsError(Exception):
    """Settings the service cannot start with: the name of each, and what is wrong with it. Never a value."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = faults
        super().__init__(", ".join(faults))


MAIN_SERVER = "main"
"""What brand.yml calls the mail server of `smtp_host` and its neighbours."""


class SmtpServer(BaseModel):
    """A mail server and our login there."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    host: Annotated[str, Field(min_length=1)]
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Literal["none", "starttls", "tls"] = "starttls"
    user: str | None = None
    password: SecretStr | None = None
    password_file: Path | None = None
    timeout: Annotated[int, Field(ge=1, le=900)] = 60

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if fault := _login_fault(self.host, self.security, self.user, self.password, self.password_file):
            raise ValueError(": ".join(fault))
        return self

    @property
    def usual_port(self) -> int:
        return self.port or _USUAL_PORTS[self.security]

    def secret(self) -> str | None:
        """The password as it is now: a file may change while we run."""
        return _password(self.password, self.password_file)


class Settings(BaseSettings):
    """Each key is read from `HAEDAP_<KEY>`; an empty value counts as none."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        env_nested_delimiter="__",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    data: Path | None = None
    """The data folder; without it `var` in the help centre."""
    database: SecretStr | None = None
    """The address of a PostgreSQL database, which several machines may share; without it SQLite in the data folder."""
    smtp_host: str | None = None
    smtp_port: Annotated[int, Field(ge=1, le=65535)] | None = None
    """Without it what is usual for `smtp_security`: 25, 587 or 465."""
    smtp_security: Literal["none", "starttls", "tls"] = "starttls"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_password_file: Path | None = None
    smtp_timeout: Annotated[int, Field(ge=1, le=900)] = 60
    """Seconds of silence from the mail server. Short ones make doubles: it may have the mail and be slow to say so."""
    smtp_servers: Mapping[str, SmtpServer] = {}
    """Further mail servers by name: `HAEDAP_SMTP_SERVERS__BACKUP__HOST` and so on."""
    secrets: Mapping[str, SecretStr] = {}
    """Tokens and addresses that brand.yml names and does not hold: `HAEDAP_SECRETS__<NAME>`, or `..._FILE`."""
    private_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Hosts that webhooks and ticket systems may have at a private address. All others must be public."""
    link_days: Annotated[int, Field(ge=1, le=365)] = 30
    """How long a link to a file works that was too large for a mail."""
    secret: Annotated[SecretStr, Field(min_length=16)] | None = None
    """Signs what the customer's browser holds for us; without it one is made and kept in the data folder."""
    proxy_hops: Annotated[int, Field(ge=0, le=5)] = 0
    """How many reverse proxies stand before the service and may be believed about the customer's address."""
    lang: str | None = None
    """The language of the commands; without it what LANG says."""

    @field_validator("database")
    @classmethod
    def _is_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value and value.get_secret_value().partition("://")[0] not in _POSTGRESQL:
            raise ValueError("begins with postgresql+psycopg://; SQLite needs no address, it lies in the data folder")
        return value

    @field_validator("private_hosts", mode="before")
    @classmethod
    def _hosts(cls, value: object) -> object:
        return tuple(part.strip().lower() for part in value.split(",")) if isinstance(value, str) else value

    @field_validator("smtp_servers")
    @classmethod
    def _has_no_second_main(cls, value: Mapping[str, SmtpServer]) -> Mapping[str, SmtpServer]:
        if MAIN_SERVER in value:
            raise ValueError(f"smtp_servers: {MAIN_SERVER} is the server of HAEDAP_SMTP_HOST")
        return value

    @model_validator(mode="after")
    def _agree(self) -> Self:
        fault = _login_fault(
            self.smtp_host, self.smtp_security, self.smtp_user, self.smtp_password, self.smtp_password_file
        )
        if fault:
            raise ValueError(f"smtp_{fault[0]}: {fault[1]}")
        return self

    @property
    def port(self) -> int:
        return self.smtp_port or _USUAL_PORTS[self.smtp_security]

    def inbox(self, file: Path) -> Path | str:
        """Where the database is: the file, unless a server is named."""
        return self.database.get_secret_value() if self.database else file

    def password(self) -> str | None:
        return _password(self.smtp_password, self.smtp_password_file)

    def servers(self) -> Mapping[str, SmtpServer]:
        """Every mail server by the name that brand.yml knows it by."""
        if not self.smtp_host:
            return self.smtp_servers
        main = SmtpServer.model_construct(
            host=self.smtp_host,
            port=self.port,
            security=self.smtp_security,
            user=self.smtp_user,
            password=self.smtp_password,
            password_file=self.smtp_password_file,
            timeout=self.smtp_timeout,
        )
        return {MAIN_SERVER: main, **self.smtp_servers}

    def named_secret(self, name: str) -> str:
        """A secret that brand.yml names; SettingsError that names the variable where it is not set."""
        file = self.secrets.get(f"{name}_file")
        if file:
            try:
                return Path(file.get_secret_value()).read_text("utf-8").strip()
            except OSError:
                raise SettingsError({f"{variable('secrets')}__{name.upper()}_FILE": "no such file"}) from None
        given = self.secrets.get(name)
        if given is None:
            raise SettingsError({f"{variable('secrets')}__{name.upper()}": "not set"})
        return given.get_secret_value()


def _password(given: SecretStr | None, file: Path | None) -> str | None:
    if file:
        return file.read_text("utf-8").strip()
    return given.get_secret_value() if given else None


def _login_fault(
    host: str | None, security: str, user: str | None, password: SecretStr | None, file: Path | None
) -> tuple[str, str] | None:
    """Which setting of a mail server is wrong, and why."""
    if password and file:
        return "password", "give it or the file that holds it, not both"
    if bool(user) != bool(password or file):
        return "user", "a user needs a password, and a password a user"
    if user and security == "none" and host not in _LOOPBACK:
        return "security", "a password is not sent in the clear; use starttls or tls"
    return None


def variable(key: str) -> str:
    return PREFIX + key.upper()


def read_settings() -> Settings:
    """What the environment says, or a SettingsError that names every wrong one."""
    faults = _misspelt(os.environ)
    try:
        settings = Settings()
    except UnreadableError as error:
        raise SettingsError(faults | {variable(_field_of(error)): "give each part in a variable of its own"}) from None
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            key, _, why = detail["msg"].removeprefix("Value error, ").partition(": ")
            name = "__".join(str(part) for part in detail["loc"]) or key
            faults[variable(name)] = why or detail["msg"]
        raise SettingsError(faults) from None
    if settings.smtp_password_file and not settings.smtp_password_file.is_file():
        faults[variable("smtp_password_file")] = "no such file"
    for name, server in settings.smtp_servers.items():
        if server.password_file and not server.password_file.is_file():
            faults[f"{variable('smtp_servers')}__{name.upper()}__PASSWORD_FILE"] = "no such file"
    if faults:
        raise SettingsError(faults)
    return settings


def _field_of(error: UnreadableError) -> str:
    return next((key for key in Settings.model_fields if f'"{key}"' in str(error)), "?")


def _misspelt(environment: Mapping[str, str]) -> dict[str, str]:
    """Names that are almost ours. Others with our prefix may belong to other tools."""
    known = [variable(key) for key in Settings.model_fields]
    faults: dict[str, str] = {}
    for name in environment:
        if "__" in name and name.upper().partition("__")[0] in known:  # a name within a setting that holds several
            continue
        near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.85) if name.startswith(PREFIX) else []
        if near and name not in known:
            faults[name] = f"unknown; did you mean {near[0]}?"
    return faults
