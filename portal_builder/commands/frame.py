"""Owns what every command has in common: `--root`, moments, words, and how the three kinds of errors end. Refuses to do
the work of any.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portal_builder.catalogue import Catalogue
from portal_builder.instant import instant, parse_moment
from portal_builder.press import PressError
from portal_builder.problem import ContentError, UnknownPortalError
from portal_builder.speech import print_problems, tool_words

if TYPE_CHECKING:  # loading these takes longer than what many commands do
    from portal_builder.brand import Brand
    from portal_builder.centre import Centre


class Moment(click.ParamType[datetime]):
    """An instant as writers spell it."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return value if isinstance(value, datetime) else parse_moment(value)
        except ValueError:
            self.fail(spoken().say("cli.moment", given=value), param, ctx)


def spoken() -> Catalogue:
    return tool_words(os.environ)


ROOT = click.Path(path_type=Path, file_okay=False)


def with_root_option(command: Callable[..., None]) -> Callable[..., None]:
    """Every command works on any help centre: `--root DIR`, the current folder without it."""

    @click.option("--root", type=ROOT, default=Path(), metavar="DIR")
    @wraps(command)
    def with_root(root: Path, **options: Any) -> None:
        if not (root / "content").is_dir() or not (root / "themes").is_dir():
            raise click.UsageError(spoken().say("cli.no_centre", root=root.resolve()))
        try:
            command(root=root.resolve(), **options)
        except ContentError as error:
            print_problems(error.problems, spoken())
            sys.exit(1)
        except UnknownPortalError as error:
            hint = error.nearest or ", ".join(error.known)
            raise click.UsageError(spoken().say("cli.portal_unknown", name=error.name, nearest=hint)) from None
        except PressError as error:
            click.echo(spoken().say("cli.engine", project=error.project, lines="\n  ".join(error.lines)), err=True)
            sys.exit(1)
        except BrokenPipeError:  # whoever read the lines has seen enough: `haedap status | head`
            raise
        except OSError as error:
            click.echo(spoken().say("cli.system", why=error.strerror or error, file=error.filename or ""), err=True)
            sys.exit(1)

    return with_root


def warn_of_problems(centre: Centre, words: Catalogue) -> None:
    """What is told of a help centre with problems may lack what could not be read."""
    from portal_builder.check import check  # noqa: PLC0415 -- as above

    if problems := len(check(centre)):
        click.echo(words.say("status.problems", count=problems), err=True)


def asked_instant(centre: Centre, at: datetime | None) -> datetime:
    """The first of the instants that a moment means for the brands; now where none is given."""
    moments = [instant(at, brand.zone) for brand in centre.brands.values()] if at else []
    return min(moments, default=datetime.now(UTC))


def local_time(at: datetime, brands: Mapping[str, Brand]) -> str:
    """An instant on the clock of the (first) brand's customers, whatever this machine's zone is."""
    zone = next((brand.zone for brand in brands.values()), None)
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M} ({zone or 'UTC'})"


def short_path(path: Path) -> str:
    """A path as short as it can be said."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
