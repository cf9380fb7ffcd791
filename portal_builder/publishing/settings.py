"""Owns `publish.yml`: where releases lie, how many are kept, which targets get them. Refuses to hold a secret.

Each target's own keys are those of the `Options` in its file below `portal_builder/publishing/targets/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from portal_builder.problem import Problem, nearest
from portal_builder.publishing.parcel import TargetOptions
from portal_builder.publishing.targets import target_modules
from portal_builder.schema import Strict, read_file, read_model
from portal_builder.yamlfile import YamlFile

FILE = "publish.yml"


def _trees(value: object) -> object:
    """One target or a list of them; what each holds is its own file's business."""
    return [value] if isinstance(value, dict) else value


class PublishFile(Strict):
    """The keys of `publish.yml`."""

    folder: str = "build/public"
    """Where releases lie: a path, relative to the help centre's root or absolute."""
    keep: Annotated[int, Field(ge=2, le=1000)] = 5
    every: Annotated[int, Field(ge=2, le=86400)] = 60
    pull: bool = True
    targets: Annotated[tuple[Mapping[str, Any], ...], BeforeValidator(_trees)] = ()


@dataclass(frozen=True)
class Target:
    """One place that gets every release."""

    name: str
    kind: str
    options: TargetOptions
    module: ModuleType


@dataclass(frozen=True)
class PublishSettings:
    folder: Path
    keep: int = 5
    """So many releases stay on the shelf."""
    every: int = 60
    """Seconds between two looks of `haedap watch` at what was written."""
    pull: bool = True
    """Whether `haedap watch` pulls."""
    targets: tuple[Target, ...] = ()


def load_settings(root: Path, brands: Mapping[str, object]) -> tuple[PublishSettings, tuple[Problem, ...]]:
    """The settings of a help centre, or those that hold without the file, and every problem."""
    if not (root / FILE).is_file():
        return PublishSettings(root / "build/public"), ()
    file, parsed, problems = read_file(PublishFile, root / FILE, FILE)
    if file is None:
        return PublishSettings(root / "build/public"), problems
    found = [_target(index, dict(tree), parsed, brands) for index, tree in enumerate(file.targets)]
    problems = (*problems, *(problem for _, more in found for problem in more))
    targets = tuple(target for target, _ in found if target)
    names = [target.name for target in targets]
    problems += tuple(
        Problem.at(FILE, parsed.line(("targets", index)), "publish.target_twice", name=name)
        for index, name in enumerate(names)
        if name in names[:index]
    )
    return PublishSettings((root / file.folder).resolve(), file.keep, file.every, file.pull, targets), problems


def _target(
    index: int, tree: dict[str, Any], parsed: YamlFile, brands: Mapping[str, object]
) -> tuple[Target | None, tuple[Problem, ...]]:
    kinds = target_modules()
    kind = str(tree.get("to") or "")
    line = parsed.line(("targets", index, "to"))
    if kind not in kinds:
        known = ", ".join(sorted(kinds))
        return None, (
            Problem.at(FILE, line, "value.choice", key="to", given=kind, known=known, nearest=nearest(kind, kinds)),
        )
    lines = {place[2:]: line for place, line in parsed.lines.items() if place[:2] == ("targets", index)}
    options, problems = read_model(kinds[kind].Options, YamlFile(FILE, tree, lines))
    if options is None:
        return None, problems
    if options.brand and options.brand not in brands:
        guess = nearest(options.brand, brands) or next(iter(brands), "")
        where = parsed.line(("targets", index, "brand"))
        values = {"given": options.brand, "known": ", ".join(brands), "nearest": guess}
        return None, (Problem.at(FILE, where, "value.choice", key="brand", **values),)
    name = options.name or (f"{kind}-{options.brand}" if options.brand else kind)
    return Target(name, kind, options, kinds[kind]), problems
