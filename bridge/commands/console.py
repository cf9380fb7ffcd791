"""Owns what the commands share: their language, their way of saying what is wrong, the options of all of them."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bridge.datafolder import LockedError
from bridge.settings import SettingsError, Wrong
from bridge.store import CorruptError, DiskError, StoreError, VersionError
from portal_builder.catalogue import Catalogue
from portal_builder.problem import ContentError

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def root_option(words: Catalogue) -> click.Option:
    return click.Option(["--root"], type=FOLDER, default=None, metavar="DIR", help=words.say("bridge.help.root"))


def say(words: Catalogue, key: str, **values: object) -> None:
    """Seen at once, also by whoever reads us through a pipe."""
    click.echo(words.say(f"bridge.{key}", **values))
    sys.stdout.flush()


@contextmanager
def kindly(words: Catalogue) -> Iterator[None]:
    """What can be wrong with a help centre, its settings or its machine: said on standard error, exit code 1."""
    try:
        yield
    except ContentError as error:
        lines = [problem.text(words.words) for problem in error.problems]
        _leave(*lines, words.say("bridge.problems", count=len(lines)))
    except SettingsError as error:
        _leave(*(setting_text(words, name, why) for name, why in error.faults.items()))
    except LockedError as error:
        _leave(words.say("bridge.locked", folder=error))
    except CorruptError:
        _leave(words.say("bridge.corrupt"))
    except DiskError:
        _leave(words.say("bridge.disk"))
    except VersionError as error:
        _leave(words.say("bridge.version", why=error))
    except StoreError as error:
        _leave(words.say("bridge.store", why=error))
    except OSError as error:
        _leave_machine(words, error)


def _leave_machine(words: Catalogue, error: OSError) -> None:
    if error.errno == errno.EPIPE:  # whoever read the lines has seen enough
        raise error
    if error.errno == errno.EADDRINUSE:
        _leave(words.say("bridge.port_taken"))
    _leave(words.say("bridge.system", why=error.strerror or error, file=error.filename or ""))


def setting_text(words: Catalogue, name: str, why: str | Wrong) -> str:
    """The setting, and what is wrong with it; what is no key of ours is said as it came."""
    wrong = Wrong(why) if isinstance(why, str) else why
    if wrong.key == "not_set" and name == "HAEDAP_SMTP_HOST":
        return words.say("bridge.no_mail_server")
    key = f"bridge.setting.{wrong.key}"
    asked = {name: str(value) for name, value in wrong.values.items()}  # as it is to be typed: 65535, not 65,535
    text = words.say(key, **asked) if key in words.words else wrong.key
    return words.say("bridge.setting", name=name, why=text)


def _leave(*lines: str) -> None:
    for line in lines:
        click.echo(line, err=True)
    sys.stdout.flush()
    raise SystemExit(os.EX_OK + 1)
