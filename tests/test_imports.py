"""Who may import whom: the arrows of docs/architecture.md, read from the code itself."""

from __future__ import annotations

import ast
import graphlib
from pathlib import Path

import pytest

from support import REPOSITORY

PACKAGES = ("portal_builder", "bridge")
LEAVES = {  # what builder and bridge share: no articles, no planning, no rendering
    f"portal_builder.{name}"
    for name in (
        "answers", "brand", "catalogue", "consent",
        "flow", "flow_view", "form", "form_view",
        "hours", "instant", "lazily", "links", "localised", "look",
        "named", "particles", "portal_view", "problem", "promise",
        "schema", "sensitive", "shipped", "speech", "yamlfile", "zones",
    )
}  # fmt: skip  # a list of names
PURE = {
    "plan",
    "selection",
    "resolve",
    "shelves",
    "edition",
    "article",
    "form",
    "answers",
    "consent",
    "sensitive",
    "hours",
    "promise",
    "instant",
    "agenda",
    "compare",
    "fold",
    "suggestions",
    "portal_view",
    "form_view",
    "flow_view",
    "localised",
    "particles",
    "guided",
    "translations",
    "pages.article",
    "pages.contact",
    "pages.context",
    "pages.left_behind",
    "pages.lists",
}
STORE = {"bridge.store", "bridge.store.migrations", "bridge.store.migrations.versions"}
WORLD = {"os", "io", "time", "random", "secrets", "subprocess", "socket", "shutil", "tempfile", "uuid"}


def modules() -> dict[str, Path]:
    files = [
        file for package in PACKAGES for file in (REPOSITORY / package).rglob("*.py") if "starter" not in file.parts
    ]
    return {
        ".".join(file.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__"): file for file in files
    }


def imports(file: Path) -> set[str]:
    """Every module a file names, those for types alone and those inside functions included."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative imports hide where an arrow leads"
            names |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


ARROWS = {module: imports(file) for module, file in modules().items()}


def test_there_is_no_circle() -> None:
    """The modules form a ladder: each stands only on lower ones."""
    graphlib.TopologicalSorter({module: names & ARROWS.keys() - {module} for module, names in ARROWS.items()}).prepare()


def test_there_is_no_circle_of_folders() -> None:
    """Nor do two folders need each other: each can be read knowing only those it stands on."""
    rooms: dict[str, set[str]] = {}
    for module, names in ARROWS.items():
        below = {".".join(name.split(".")[:2]) for name in names & ARROWS.keys()} - set(PACKAGES)
        rooms.setdefault(".".join(module.split(".")[:2]), set()).update(below)
    graphlib.TopologicalSorter({room: below - {room} for room, below in rooms.items()}).prepare()


def test_the_bridge_knows_only_the_leaves_of_the_builder() -> None:
    """And the builder does not know the bridge at all."""
    for module, names in ARROWS.items():
        known = {name for name in names if name in ARROWS}
        if module.startswith("bridge"):
            assert {name for name in known if name.startswith("portal_builder.")} <= LEAVES, module
        else:
            assert not any(name.startswith("bridge") for name in names), module


def test_the_leaves_stand_on_leaves_alone() -> None:
    """What both sides share drags nothing else of the builder along."""
    for leaf in LEAVES:
        assert {name for name in ARROWS[leaf] if name.startswith("portal_builder.") and name in ARROWS} <= LEAVES, leaf


@pytest.mark.parametrize(
    ("library", "allowed"),
    [
        ("mkdocs", {"portal_builder.press"}),
        ("flask", {"bridge.app", "bridge.web"}),
        ("sqlalchemy", STORE),
        ("alembic", STORE),
        ("psycopg", STORE),
        ("smtplib", {"bridge.ways.mailservers", "portal_builder.publishing.mailing"}),
    ],
)
def test_a_library_is_known_in_one_place(library: str, allowed: set[str]) -> None:
    """So that it can be replaced, and its faults mapped, in one place."""
    for module, names in ARROWS.items():
        if any(name.partition(".")[0] == library for name in names):
            assert module in allowed or module.rpartition(".")[0] in allowed, module


def test_planning_reads_no_clock_and_no_disk() -> None:
    """The planner, the model and the forms are functions of their arguments."""
    for name in PURE:
        module = f"portal_builder.{name}"
        assert not {imported.partition(".")[0] for imported in ARROWS[module]} & WORLD, module
        source = modules()[module].read_text("utf-8")
        for call in ("datetime.now", "date.today", ".read_text(", ".read_bytes(", "environ", "open("):
            assert call not in source, f"{module}: {call}"


def test_every_module_says_what_it_owns() -> None:
    """A module opens with one or two sentences: what it owns, what it refuses."""
    for module, file in modules().items():
        opening = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
        assert opening, module
        if not file.name.startswith("__"):
            assert opening.startswith("Owns ") or "efuses" in opening, f"{module}: {opening}"
