"""Owns the commands `haedap i18n ...`: how translations stand, and the work on them. Refuses to translate."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from portal_builder.article import Article
from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue
from portal_builder.centre import Centre, load_centre
from portal_builder.commands.frame import Moment, asked_instant, spoken, warn_of_problems, with_root_option
from portal_builder.localised import language_name
from portal_builder.speech import print_json, table_lines
from portal_builder.tongues.claims import told
from portal_builder.tongues.judge import Tongues, Verdict
from portal_builder.translating.past import past_versions
from portal_builder.translating.stamp import Sources, write_stamp
from portal_builder.translating.standing import STATES, Speaks, Standing, counted, share_current, standings
from portal_builder.translating.worddiff import word_diff
from portal_builder.translating.work import LIST, Order, take_work, write_work
from portal_builder.translating.xliff import XliffMissingError

Changes = Mapping[tuple[str, str], tuple[str, ...] | None]
"""By translation and digest: what its source says differently now; None where git does not know."""


@click.group(name="i18n")
def i18n() -> None:
    """Explained by `help.i18n`."""


@i18n.command(name="stamp")
@with_root_option
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
def stamp_command(root: Path, paths: tuple[Path, ...]) -> None:
    centre, words = load_centre(root), spoken()
    warn_of_problems(centre, words)
    sources = Sources(centre.library, centre.brands, datetime.now(UTC))
    count = 0
    for article in _named(sources, root, paths, speaking(centre)):
        digest = sources.digest_for(article)
        if digest and write_stamp(root, article.path, digest):
            click.echo(words.say("i18n.stamped", path=article.path, digest=digest))
            count += 1
    click.echo(words.say("i18n.stamped_count", count=count))


def _named(sources: Sources, root: Path, paths: tuple[Path, ...], speaks: Speaks) -> Iterator[Article]:
    """The translations that these files and folders hold; without any, those that nobody has stamped yet."""
    wanted = [path.resolve() for path in paths]
    for article in sources.translations():
        file = (root / article.path).resolve()
        is_wanted = any(file == path or file.is_relative_to(path) for path in wanted)
        if is_wanted if wanted else article.meta.translates is None and speaks(article):
            yield article


@i18n.command(name="status")
@with_root_option
@click.option("--brand", "brands", multiple=True)
@click.option("--language", "languages", multiple=True)
@click.option("--at", type=Moment())
@click.option("--brief", is_flag=True)
@click.option("--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT")
@click.option("--json", "as_json", is_flag=True)
@click.option("--csv", "as_csv", is_flag=True)
def status_command(
    root: Path,
    brands: tuple[str, ...],
    languages: tuple[str, ...],
    at: datetime | None,
    brief: bool,
    fail_under: float | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    centre, words = load_centre(root), spoken()
    if as_json and as_csv:
        raise click.UsageError(words.say("i18n.one_format"))
    warn_of_problems(centre, words)
    chosen = _chosen(centre, brands, words)
    every = tuple(standings(centre.library, chosen, asked_instant(centre, at), speaking(centre)))
    _must_be_known("language", languages, {one.language for one in every}, words)
    found = tuple(one for one in every if not languages or one.language in languages)
    changes = {} if brief else source_changes(centre, found)
    if as_json:
        _print_json(found, changes)
    elif as_csv:
        _print_csv(found, changes)
    else:
        _print_matrix(found, words)
        _print_work(() if brief else found, changes, words)
    low = [pair for pair, counts in counted(found).items() if share_current(counts) < (fail_under or 0)]
    if low:
        names = ", ".join("/".join(pair) for pair in low)
        click.echo(words.say("i18n.under", portals=names, percent=f"{fail_under:g}"), err=True)
        sys.exit(1)


@i18n.command(name="todo")
@with_root_option
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--language", required=True)
@click.option("--brand", "brands", multiple=True)
@click.option("--owner", "owners", multiple=True)
@click.option("--format", "layout", type=click.Choice(["markdown", "xliff"]), default="markdown", show_default=True)
def todo_command(
    root: Path, folder: Path, language: str, brands: tuple[str, ...], owners: tuple[str, ...], layout: str
) -> None:
    centre, words = load_centre(root), spoken()
    if folder.is_dir() and any(folder.iterdir()):
        raise click.UsageError(words.say("i18n.not_empty", folder=folder))
    warn_of_problems(centre, words)
    chosen = _chosen(centre, brands, words)
    every = tuple(standings(centre.library, chosen, datetime.now(UTC), speaking(centre)))
    wanted = [one for one in every if one.language == language and (not owners or one.owner in owners)]
    _must_be_known("language", [language], {one.language for one in every}, words)
    _must_be_known("owner", owners, {one.owner for one in every if one.owner}, words)
    readme = words.say(f"i18n.readme.{layout}", language=language_name(language, words.language))
    with _needing_xliff(words):
        jobs = write_work(root, folder, _orders(centre, wanted), as_xliff=layout == "xliff", readme=readme)
    for job in jobs:
        click.echo(job.path)
    click.echo(words.say("i18n.todo" if jobs else "i18n.todo_nothing", count=len(jobs), folder=folder))


def _chosen(centre: Centre, names: Iterable[str], words: Catalogue) -> list[Brand]:
    """The brands of these names; all of them where none is named."""
    _must_be_known("brand", names, centre.brands, words)
    return [brand for brand in centre.brands.values() if not names or brand.folder in names]


def _must_be_known(what: str, names: Iterable[str], known: Iterable[str], words: Catalogue) -> None:
    """A slip of the finger is said, before a report on nothing looks like good news."""
    for name in names:
        if name not in known:
            there = ", ".join(sorted(known)) or "-"
            raise click.UsageError(words.say(f"i18n.unknown_{what}", name=name, known=there))


def _orders(centre: Centre, found: Iterable[Standing]) -> Iterator[Order]:
    """Each text once, however many brands wait for it."""
    todo = {(one.source, one.language): one for one in found if one.state in {"stale", "missing", "in_name_only"}}
    texts = centre.library.by_path
    stale = [(one.source or "", one.made_from or "") for one in todo.values() if one.state == "stale"]
    past = past_versions(centre.root, stale)
    for one in todo.values():
        source = texts[one.source or ""]
        before = past.get((source.path, one.made_from or ""))
        changes = word_diff(told(before), told(source)) if before else ()
        yield Order(source, one.language, texts.get(one.path or ""), before, changes)


@i18n.command(name="take")
@with_root_option
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--overwrite", is_flag=True)
def take_command(root: Path, folder: Path, overwrite: bool) -> None:
    centre, words = load_centre(root), spoken()
    if not (folder / LIST).is_file():
        raise click.UsageError(words.say("i18n.no_work", folder=folder))
    is_good = True
    with _needing_xliff(words):
        for taken in take_work(root, folder, centre.library.by_path, speaking(centre), overwrite=overwrite):
            outcome = "taken_stale" if taken.outcome == "taken" and taken.is_stale else taken.outcome
            click.echo(words.say(f"i18n.take.{outcome}", path=taken.path))
            for problem in taken.problems:
                click.echo(f"    {problem.text(words.words)}")
            is_good = is_good and taken.outcome in {"taken", "untouched"}
    sys.exit(0 if is_good else 1)


@contextmanager
def _needing_xliff(words: Catalogue) -> Iterator[None]:
    try:
        yield
    except XliffMissingError:
        click.echo(words.say("i18n.no_xliff"), err=True)
        sys.exit(1)


def speaking(centre: Centre) -> Speaks:
    """Whether a text is in the language that it claims; one with too little prose to tell is believed."""
    tongues = Tongues(centre.catalogues)
    return lambda article: tongues.judge(told(article), article.language).verdict is not Verdict.NO


def source_changes(centre: Centre, found: Iterable[Standing]) -> Changes:
    """What changed in the sources of stale translations since they were made."""
    stale = {(one.source or "", one.made_from or "") for one in found if one.state == "stale"}
    now = centre.library.by_path
    then = past_versions(centre.root, stale)
    return {
        key: word_diff(told(then[key]), told(now[key[0]])) if key in then else None for key in stale if key[0] in now
    }


def _changes_of(one: Standing, changes: Changes) -> tuple[str, ...] | None:
    return changes.get((one.source or "", one.made_from or ""))


def _print_json(found: Iterable[Standing], changes: Changes) -> None:
    found = tuple(found)
    matrix = [
        {"brand": brand, "language": language, "current_percent": round(share_current(counts), 1)}
        | {state: counts[state] for state in STATES}
        for (brand, language), counts in counted(found).items()
    ]
    texts = [asdict(one) | {"changes": _changes_of(one, changes)} for one in found]
    print_json({"matrix": matrix, "texts": texts})


def _print_csv(found: Iterable[Standing], changes: Changes) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(("brand", "language", "article", "state", "path", "source", "owner", "changes"))
    for one in found:
        said = " … ".join(_changes_of(one, changes) or ())
        row = (one.brand, one.language, one.article, one.state, one.path, one.source, one.owner, said)
        writer.writerow(cell or "" for cell in row)


def _print_matrix(found: Iterable[Standing], words: Catalogue) -> None:
    head = [words.say(f"i18n.column.{name}") for name in ("brand", "language", "share")]
    head += [words.say(f"i18n.state.{state}") for state in STATES]
    rows = [
        (brand, language, f"{share_current(counts):.1f} %", *(str(counts[state]) for state in STATES))
        for (brand, language), counts in counted(found).items()
    ]
    for line in table_lines(head, rows):
        click.echo(line)


def _print_work(found: Iterable[Standing], changes: Changes, words: Catalogue) -> None:
    """What is to be done, each text once, however many brands share it."""
    lines: dict[tuple[str, str], tuple[Standing, list[str]]] = {}
    for one in found:
        if one.state != "current":
            key = (one.state, one.path or f"{one.source} {one.language}")
            lines.setdefault(key, (one, []))[1].append(one.brand)
    for (state, _), (one, brands) in sorted(lines.items(), key=lambda item: (STATES.index(item[1][0].state), item[0])):
        said = {"state": words.say(f"i18n.state.{state}"), "path": one.path or f"{one.source} → {one.language}"}
        click.echo(words.say("i18n.line", **said, brands=", ".join(brands), owner=one.owner or "-"))
        if state == "stale":
            known = _changes_of(one, changes)
            for change in [words.say("i18n.unknown_change")] if known is None else known:
                click.echo(f"    {change}")
