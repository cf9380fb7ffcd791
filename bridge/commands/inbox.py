"""Owns `haedap-bridge inbox [list | show | retry]` (fixed): reads beside a running service, and after it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from bridge.commands.console import kindly, root_option
from bridge.datafolder import DataFolder
from bridge.inquiry import STATES, Entry
from bridge.intake.receipt import read_receipt
from bridge.outside import Outside
from bridge.records.export import record_tree
from bridge.records.inbox import entry_tree, held_lines, list_lines, show_lines
from bridge.records.retention import UNTOLD
from bridge.records.zones import read_zones
from bridge.settingsfile import read_settings
from bridge.store import Store, open_store
from bridge.store.people import Record, buried
from portal_builder.catalogue import Catalogue


def inbox_command(words: Catalogue) -> click.Group:
    """Without a subcommand it lists; options may stand before the subcommand or after it."""
    inbox = _Inbox(words)
    group = click.Group(
        "inbox",
        params=[*_shared(words), *_filters(words)],
        callback=click.pass_context(inbox.list_unless_asked),
        invoke_without_command=True,
        help=words.say("bridge.help.inbox"),
    )
    receipt = click.Argument(["receipt"])
    for name, params, callback in (
        ("list", _filters(words), inbox.list),
        ("show", [receipt], inbox.show),
        ("retry", [click.Argument(["receipt"], required=False)], inbox.retry),
        ("release", [receipt], inbox.release),
        ("close", [receipt], inbox.close),
    ):
        given = _given(callback)
        help_text = words.say(f"bridge.help.inbox_{name}")
        group.add_command(click.Command(name, params=[*_shared(words), *params], callback=given, help=help_text))
    return group


@dataclass(frozen=True)
class _Inbox:
    words: Catalogue

    def list_unless_asked(self, context: click.Context, **options: Any) -> None:
        context.obj = options
        if context.invoked_subcommand is None:
            self.list(**options)

    def list(self, root: Path | None, as_json: bool, state: Any, brand: str | None, held: bool, limit: int) -> None:
        with self._store(root) as (store, data):
            entries = store.entries(state=state, brand=brand, held=held, limit=limit) if store else ()
        if as_json:
            _print_json([entry_tree(entry) for entry in entries])
        elif held:
            lines = (
                held_lines(entries, self.words, read_zones(root or Path()))
                if entries
                else [self.words.say("bridge.none_held")]
            )
            click.echo("\n".join(lines))
        elif not entries:
            click.echo(self.words.say("bridge.empty", folder=data.path))
        else:
            click.echo("\n".join(list_lines(entries, self.words, read_zones(root or Path()))))

    def show(self, root: Path | None, as_json: bool, receipt: str) -> None:
        with self._store(root) as (store, _):
            entry = self._entry(store, receipt, root)
            consents = store.consents(entry.inquiry.receipt) if store else ()
        if as_json:
            _print_json(record_tree(Record(entry, consents)))
        else:
            click.echo("\n".join(show_lines(entry, self.words, read_zones(root or Path()), consents)))

    def retry(self, root: Path | None, as_json: bool, receipt: str | None) -> None:
        """One inquiry, or whatever the team has not got."""
        with self._store(root) as (store, _):
            number = self._entry(store, receipt, root).inquiry.receipt if receipt else None
            count = store.retry(number, Outside().now()) if store else 0
            if store:
                store.forget_door(None)  # who asks for another try means the locked doors too
        if as_json:
            _print_json({"receipt": number, "queued": count})
        elif number is None:
            self._say("bridge.retried_all" if count else "bridge.nothing_to_retry_all", count=count)
        else:
            self._say("bridge.retried" if count else "bridge.nothing_to_retry", receipt=number, count=count)

    def release(self, root: Path | None, as_json: bool, receipt: str) -> None:
        with self._store(root) as (store, _):
            entry = self._entry(store, receipt, root)
            assert store is not None  # noqa: S101 -- it has an entry
            count = store.let_go(entry.inquiry.receipt, Outside().now())
        if as_json:
            _print_json({"receipt": entry.inquiry.receipt, "queued": count})
        else:
            key = "bridge.released" if count else "bridge.nothing_to_release"
            self._say(key, receipt=entry.inquiry.receipt, count=count)

    def close(self, root: Path | None, as_json: bool, receipt: str) -> None:
        with self._store(root) as (store, _):
            inquiry = self._entry(store, receipt, root).inquiry
            assert store is not None  # noqa: S101 -- it has an entry
            now = Outside().now()
            store.done(inquiry.receipt, now)
        if as_json:
            _print_json({"receipt": inquiry.receipt, "closed_at": now.isoformat()})
        else:
            days = inquiry.retention_days or UNTOLD
            self._say("bridge.closed", receipt=inquiry.receipt, days=days)

    def _say(self, key: str, **values: object) -> None:
        click.echo(self.words.say(key, **values))

    @contextmanager
    def _store(self, root: Path | None) -> Iterator[tuple[Store | None, DataFolder]]:
        """None where nothing was ever taken in: looking must not make a database."""
        with kindly(self.words):
            settings = read_settings(root)
            data = DataFolder(settings.data or (root or Path()) / "var")
            where = settings.inbox(data.database)
            store = None if isinstance(where, Path) and not where.is_file() else open_store(where, owner=False)
            try:
                yield store, data
            finally:
                if store:
                    store.close()

    def _entry(self, store: Store | None, receipt: str, root: Path | None) -> Entry:
        number = read_receipt(receipt)
        entry = store.entry(number) if store and number else None
        if entry is None:
            grave = buried(store.database, number) if store and number else None
            if grave:
                at, why = read_zones(root or Path()).text(grave[0], ""), self.words.say(f"bridge.why.{grave[1]}")
                click.echo(self.words.say("bridge.gone", receipt=number, at=at, why=why), err=True)
            else:
                click.echo(self.words.say("bridge.no_receipt", receipt=receipt), err=True)
            raise SystemExit(1)
        return entry


def _given(callback: Any) -> Any:
    """The subcommand's own options, and behind them what stood before its name."""

    @click.pass_context
    def run(context: click.Context, /, **options: Any) -> None:
        before = context.obj or {}
        own = {name: value for name, value in options.items() if _is_given(context, name)}
        callback(**(options | {name: before[name] for name in options if name in before} | own))

    return run


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def _shared(words: Catalogue) -> Sequence[click.Parameter]:
    return [root_option(words), click.Option(["--json", "as_json"], is_flag=True, help=words.say("bridge.help.json"))]


def _filters(words: Catalogue) -> Sequence[click.Parameter]:
    limit = click.IntRange(1, 100_000)
    return [
        click.Option(["--state"], type=click.Choice(STATES), help=words.say("bridge.help.state")),
        click.Option(["--held"], is_flag=True, help=words.say("bridge.help.held")),
        click.Option(["--brand"], help=words.say("bridge.help.brand")),
        click.Option(["--limit"], type=limit, default=50, show_default=True, help=words.say("bridge.help.limit")),
    ]


def _print_json(tree: object) -> None:
    click.echo(json.dumps(tree, ensure_ascii=False, indent=2))
