"""Owns the settings of the service: `HAEDAP_*` in the environment, and one file below them, checked at start.

Refuses to print their values. How they are read from files stands in `settingsfile.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bridge.ratelimit import Rates, rates

PREFIX = "HAEDAP_"
_USUAL_PORTS = {"none": 25, "starttls": 587, "tls": 465}
_POSTGRESQL = ("postgresql", "postgresql+psycopg")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a setting: a key of the tool's words below `bridge.setting.`, and what it is filled with."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


class SettingsError(Exception):
    """Settings the service cannot start with: the name of each, and what is wrong with it. Never a value."""

    def __init__(self, faults: Mapping[str, str | Wrong]) -> None:
        self.faults = faults
        super().__init__(", ".join(faults))


def _rate(value: str) -> str:
    try:
        rates(value)
    except ValueError:
        raise ValueError(": rate") from None
    return value


Rate = Annotated[str, AfterValidator(_rate)]
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
    """Read anew at each login: a password may change while we run."""
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
    limit_address: Rate = "20 per 10 minutes; 200 per day"
    """How often one address (IPv4, or IPv6 /64) may post; who is over it is told to wait."""
    limit_form: Rate = "120 per 10 minutes"
    """How often one form of a brand is posted before it counts as flooded: what comes then is held."""
    limit_all: Rate = "3000 per hour"
    """How often all forms may be posted; over it everybody is told to wait."""
    metrics_token: Annotated[SecretStr, Field(min_length=16)] | None = None
    """Whoever brings it may read `/metrics`; without it only this machine may."""
    log_format: Literal["text", "json"] = "text"
    """Lines for people, or one JSON object a line."""
    dkim_selector: str | None = None
    """Under which name the mail server's DKIM key stands in the DNS; `doctor` looks there."""
    held_days: Annotated[int, Field(ge=7, le=3650)] = 30
    """How long an inquiry is kept that was held as suspicious and that nobody released."""
    undelivered_days: Annotated[int, Field(ge=30, le=3650)] | None = None
    """How long one is kept that could not be delivered; without it until a person closes it."""
    lang: str | None = None
    """The language of the commands; without it what LANG says."""

    @field_validator("database")
    @classmethod
    def _is_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value and value.get_secret_value().partition("://")[0] not in _POSTGRESQL:
            raise ValueError("database: no_address")
        return value

    @field_validator("private_hosts", mode="before")
    @classmethod
    def _hosts(cls, value: object) -> object:
        return tuple(part.strip().lower() for part in value.split(",")) if isinstance(value, str) else value

    @field_validator("smtp_servers")
    @classmethod
    def _has_no_second_main(cls, value: Mapping[str, SmtpServer]) -> Mapping[str, SmtpServer]:
        if MAIN_SERVER in value:
            raise ValueError("smtp_servers: second_main")
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

    @property
    def rates(self) -> Rates:
        return Rates(self.limit_address, self.limit_form, self.limit_all)

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
                wrong = Wrong("no_file", {"file": file.get_secret_value()})
                raise SettingsError({f"{variable('secrets')}__{name.upper()}_FILE": wrong}) from None
        given = self.secrets.get(name)
        if given is None:
            raise SettingsError({f"{variable('secrets')}__{name.upper()}": Wrong("not_set")})
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
        return "password", "password_twice"
    if bool(user) != bool(password or file):
        return "user", "user_and_password"
    if user and security == "none" and host not in _LOOPBACK:
        return "security", "in_the_clear"
    return None


def variable(key: str) -> str:
    return PREFIX + key.upper()
