"""Owns what a guided answer is: one `content/flows/<flow>.yml`, questions that lead to an article or a form.

Refuses to know articles and pages. What a flow says of other files is checked in `check_flows.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field

from portal_builder.brand import Brand
from portal_builder.named import read_folder
from portal_builder.problem import Problem, nearest
from portal_builder.schema import LocalText, Names, Strict
from portal_builder.yamlfile import Loc, YamlFile

FOLDER = "flows"
"""Below content/, and in every portal."""
TURNS_AT_MOST = 150
"""Pages of one flow in one portal: every way through it has its own."""
_STEP = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=40)]


class FlowAnswer(Strict):
    """One thing a customer may answer, and the step that it leads to."""

    value: _STEP
    label: LocalText
    to: str


class Step(Strict):
    """A question with its answers, or an end: an article, a form, or both."""

    name: _STEP
    title: LocalText
    text: LocalText | None = None
    answers: tuple[FlowAnswer, ...] = ()
    article: str | None = None
    form: str | None = None

    @property
    def is_end(self) -> bool:
        return not self.answers


class FlowFile(Strict):
    """The keys of a flow's file."""

    title: LocalText
    summary: LocalText | None = None
    brand: Names = ("all",)
    order: int = 100
    related: Names = ()
    keywords: Names = ()
    form: str | None = None
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Turn:
    """Where a customer stands: the step, and every question answered on the way."""

    step: Step
    path: tuple[tuple[Step, FlowAnswer], ...] = ()

    @property
    def key(self) -> str:
        """The answers, as they stand in an address: `.shipped.long`; empty at the beginning."""
        return "".join(f".{answer.value}" for _, answer in self.path)

    @property
    def before(self) -> Turn | None:
        """The question before this one."""
        return Turn(self.path[-1][0], self.path[:-1]) if self.path else None


@dataclass(frozen=True)
class Flow:
    """A flow: its file's name and what the file says."""

    name: str
    file: FlowFile
    source: YamlFile

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        return {step.name: step for step in self.file.steps}

    @property
    def first(self) -> Step:
        return self.file.steps[0]

    def for_brand(self, brand: str) -> bool:
        return brand in self.file.brand or "all" in self.file.brand

    def turns(self) -> Iterator[Turn]:
        """Every place on every way through the flow, a question before its answers. Ways that lead back end there."""
        waiting = [Turn(self.first)]
        for _ in range(TURNS_AT_MOST + 1):
            if not waiting:
                return
            turn = waiting.pop()
            yield turn
            waiting += reversed([*self._next(turn)])

    def _next(self, turn: Turn) -> Iterator[Turn]:
        passed = {turn.step.name, *(step.name for step, _ in turn.path)}
        for answer in turn.step.answers:
            step = self.steps.get(answer.to)
            if step and step.name not in passed:
                yield Turn(step, (*turn.path, (turn.step, answer)))

    def texts(self) -> Iterator[tuple[Loc, LocalText]]:
        """Every text a customer reads, and where it stands."""
        yield ("title",), self.file.title
        if self.file.summary:
            yield ("summary",), self.file.summary
        for at, step in enumerate(self.file.steps):
            yield ("steps", at, "title"), step.title
            if step.text:
                yield ("steps", at, "text"), step.text
            for number, answer in enumerate(step.answers):
                yield ("steps", at, "answers", number, "label"), answer.label

    def problem(self, loc: Loc, key: str, /, **values: object) -> Problem:
        return Problem.at(self.source.path, self.source.line(loc), key, **values)


def load_flows(root: Path) -> tuple[Mapping[str, Flow], tuple[Problem, ...]]:
    """Every flow in `content/flows/`, by name, in their order."""
    flows, problems = read_folder(root, f"content/{FOLDER}", FlowFile, Flow)
    return flows, (*problems, *(fault for flow in flows.values() for fault in _faults(flow)))


def flows_of(flows: Mapping[str, Flow], brand: Brand) -> tuple[Flow, ...]:
    return tuple(flow for flow in flows.values() if flow.for_brand(brand.folder))


def _faults(flow: Flow) -> Iterable[Problem]:
    """What the steps say about one another."""
    seen: set[str] = set()
    for at, step in enumerate(flow.file.steps):
        if step.name in seen:
            yield flow.problem(("steps", at, "name"), "flow.step_twice", name=step.name)
        seen.add(step.name)
        yield from _step_faults(flow, at, step)
    yield from _loops(flow)
    reached = _reached(flow)
    for at, step in enumerate(flow.file.steps):
        if step.name not in reached:
            yield flow.problem(("steps", at, "name"), "flow.unreachable", name=step.name)
    if sum(1 for _ in flow.turns()) > TURNS_AT_MOST:
        yield flow.problem(("steps",), "flow.too_many", most=TURNS_AT_MOST)


def _step_faults(flow: Flow, at: int, step: Step) -> Iterable[Problem]:
    values: set[str] = set()
    for number, answer in enumerate(step.answers):
        loc = ("steps", at, "answers", number)
        if answer.value in values:
            yield flow.problem((*loc, "value"), "flow.answer_twice", name=answer.value)
        values.add(answer.value)
        if answer.to not in flow.steps:
            guess = nearest(answer.to, flow.steps)
            yield flow.problem((*loc, "to"), "flow.step_unknown", name=answer.to, nearest=guess)
    if step.is_end and not step.article and not step.form:
        yield flow.problem(("steps", at, "name"), "flow.dead_end", name=step.name)
    if step.answers and (step.article or step.form):
        yield flow.problem(("steps", at, "name"), "flow.no_end", name=step.name)


def _reached(flow: Flow) -> set[str]:
    reached: set[str] = set()
    waiting = [flow.first.name]
    while waiting:
        step = flow.steps.get(waiting.pop())
        if step and step.name not in reached:
            reached.add(step.name)
            waiting += [answer.to for answer in step.answers]
    return reached


def _loops(flow: Flow) -> Iterable[Problem]:
    """Answers that lead back to a question already answered on the way: one problem for each such answer."""
    done: set[str] = set()

    def walk(step: Step, way: tuple[str, ...]) -> Iterable[Problem]:
        for number, answer in enumerate(step.answers):
            if answer.to in (*way, step.name):
                at = flow.file.steps.index(step)
                loc = ("steps", at, "answers", number, "to")
                yield flow.problem(loc, "flow.loop", name=answer.to, way=" > ".join((*way, step.name, answer.to)))
            elif answer.to in flow.steps and answer.to not in done:
                yield from walk(flow.steps[answer.to], (*way, step.name))
        done.add(step.name)

    yield from walk(flow.first, ())
