"""Owns the command `haedap import`. Refuses to know what any source looks like."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from portal_builder.article import is_address
from portal_builder.catalogue import Catalogue
from portal_builder.centre import Centre, load_centre
from portal_builder.commands.frame import spoken, with_root_option
from portal_builder.importing.placing import Wish
from portal_builder.importing.sources import recognised, source_names, sources
from portal_builder.importing.writing import Outcome, Plan, carry_out, plan_import
from portal_builder.library import NOT_KINDS
from portal_builder.plan import OURS
from portal_builder.problem import nearest
from portal_builder.schema import LANGUAGE
from portal_builder.speech import print_json


@click.command(name="import")
@with_root_option
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--from", "made_by", type=click.Choice(source_names()))
@click.option("--kind", default="faq", metavar="NAME")
@click.option("--brand", "for_brands", multiple=True, metavar="BRAND")
@click.option("--language", "spoken_in", metavar="LANG")
@click.option("--dry-run", "is_dry", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
def import_command(
    root: Path,
    source: Path,
    made_by: str | None,
    kind: str,
    for_brands: tuple[str, ...],
    spoken_in: str | None,
    is_dry: bool,
    as_json: bool,
) -> None:
    words, centre = spoken(), load_centre(root)
    wish = _wish(centre, kind, for_brands, spoken_in, words)
    name = made_by or _recognised(source, words)
    plan = plan_import(sources()[name].read(source), wish, centre.library)
    outcome = carry_out(root, plan, is_dry=is_dry)
    if as_json:
        print_json(_tree(name, source, plan, outcome, words, is_dry=is_dry))
    else:
        _print(name, source, plan, outcome, words, is_dry=is_dry)
    sys.exit(1 if outcome.kept else 0)


def _recognised(source: Path, words: Catalogue) -> str:
    names = recognised(source)
    if len(names) == 1:
        return names[0]
    key = "import.ambiguous" if names else "import.unrecognised"
    raise click.UsageError(words.say(key, source=source, known=", ".join(names or source_names())))


def _wish(centre: Centre, kind: str, brands: tuple[str, ...], language: str | None, words: Catalogue) -> Wish:
    for name in brands:
        if name not in centre.brands:
            raise click.UsageError(
                words.say(
                    "import.brand_unknown", name=name, nearest=nearest(name, centre.brands) or ", ".join(centre.brands)
                )
            )
    is_reserved = kind.lower() in OURS or kind in NOT_KINDS or kind.startswith((".", "_"))
    if "/" in kind or is_reserved or not is_address(kind):
        raise click.UsageError(words.say("import.kind", name=kind))
    asked = [centre.brands[name] for name in brands] or list(centre.brands.values())
    known = tuple(dict.fromkeys(tag for brand in asked for tag in brand.languages))
    language = language or next(iter(known), "")
    if not LANGUAGE.fullmatch(language) or language not in known:
        raise click.UsageError(words.say("import.language", name=language, known=", ".join(known) or "-"))
    return Wish(kind, language, known, brands)


def _print(name: str, source: Path, plan: Plan, outcome: Outcome, words: Catalogue, *, is_dry: bool) -> None:
    click.echo(words.say("import.source", source=source, name=words.say(f"import.from.{name}")))
    for path in outcome.written if is_dry else ():
        click.echo(words.say("import.would", path=path))
    for problem in plan.losses:
        click.echo(f"{problem.path}: {problem.message(words.words)}")
    for path in outcome.kept:
        click.echo(f"{path}: {words.say('import.in_the_way')}")
    counts = {"written": len(outcome.written), "unchanged": len(outcome.unchanged), "kept": len(outcome.kept)}
    click.echo(
        words.say("import.would_count" if is_dry else "import.count", losses=len(plan.losses), **counts), err=True
    )


def _tree(
    name: str, source: Path, plan: Plan, outcome: Outcome, words: Catalogue, *, is_dry: bool
) -> dict[str, object]:
    losses = [{"path": one.path, "key": one.key, "message": one.message(words.words)} for one in plan.losses]
    fates = {"written": outcome.written, "unchanged": outcome.unchanged, "kept": outcome.kept}
    return {"from": name, "source": str(source), "dry_run": is_dry, **fates, "losses": losses}
