"""Documentation that cannot lie: what exists is documented, what is documented exists, and every example is taken."""

from __future__ import annotations

import importlib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args
from urllib.parse import unquote

import click
import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from portal_builder.article import FrontMatter, read_article
from portal_builder.brand import BrandFile
from portal_builder.catalogue import load_tool_words
from portal_builder.cli import main as haedap_command
from portal_builder.flow import FlowFile
from portal_builder.form import FieldType, FormFile
from portal_builder.publishing.settings import PublishFile
from portal_builder.schema import LocalText, Strict, read_model
from portal_builder.yamlfile import YamlFile, read_yaml
from support import REPOSITORY

READMES = ("README.md", "README.ko.md")
DOCUMENTS = sorted(
    file.relative_to(REPOSITORY).as_posix() for pattern in ("*.md", "docs/*.md") for file in REPOSITORY.glob(pattern)
)
MODELS: Mapping[str, type[Strict]] = {
    "docs/articles.md": FrontMatter,
    "docs/brands.md": BrandFile,
    "docs/forms.md": FormFile,
    "docs/flows.md": FlowFile,
    "docs/publishing.md": PublishFile,
}
"""Which file is described where, in its table of keys."""
KEYS_UNDER = {
    "docs/articles.md": "Front matter",
    "docs/brands.md": "Keys",
    "docs/forms.md": "Keys",
    "docs/flows.md": "Keys",
    "docs/publishing.md": "publish.yml",
}
FOR_TESTS = ("scripts/*.py", "scripts/*.sh", "tests/*.py", "tests/e2e/*.py", "Makefile")
VARIABLE = re.compile(r"HAEDAP_[A-Z]+(?:_[A-Z]+)*")
_FENCED = re.compile(r"^(?P<fence>`{3,})(?P<kind>\w*)\n(?P<text>.*?)^(?P=fence)$", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^(?P<level>#{1,6}) (?P<title>.+)$", re.MULTILINE)


# -- reading documents -------------------------------------------------------------------------------------------


def document(name: str) -> str:
    file = REPOSITORY / name
    assert file.is_file(), f"{name} is not there"
    return file.read_text("utf-8")


def blocks(name: str, *kinds: str) -> list[str]:
    """The code blocks of these kinds, in order."""
    return [match["text"] for match in _FENCED.finditer(document(name)) if match["kind"] in kinds]


def prose(name: str) -> str:
    """A document without its code blocks."""
    return _FENCED.sub("", document(name))


def section(name: str, title: str) -> str:
    """What stands below a heading, up to the next one of the same or a higher level."""
    text = prose(name)
    headings = list(_HEADING.finditer(text))
    for at, match in enumerate(headings):
        if match["title"].replace("`", "") == title:
            after = (other for other in headings[at + 1 :] if len(other["level"]) <= len(match["level"]))
            end = next(after, None)
            return text[match.end() : end.start() if end else None]
    raise AssertionError(f"{name} has no section `{title}`")


def rows(text: str) -> Iterator[list[str]]:
    """The rows of every table, as cells; heads and rules left out."""
    for line in text.splitlines():
        if line.startswith("| `"):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def first_cells(text: str) -> list[str]:
    """What the tables of a text are about: the code at the beginning of each row, up to its first space."""
    return [re.split(r"[ `\[]", row[0].strip("`"), maxsplit=1)[0] for row in rows(text)]


def assert_same(documented: Iterable[str], existing: Iterable[str], where: str) -> None:
    """Both ways, each once."""
    documented, existing = list(documented), set(existing)
    assert len(documented) == len(set(documented)), f"{where} documents something twice: {documented}"
    missing, stale = existing - set(documented), set(documented) - existing
    assert not missing, f"{where} says nothing of {sorted(missing)}"
    assert not stale, f"{where} documents what is not there: {sorted(stale)}"


# -- what exists -------------------------------------------------------------------------------------------------


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation is not LocalText:  # a text in several languages is one value to a writer
            yield annotation
    else:
        for argument in get_args(annotation):
            yield from models_in(argument)


def keys_of(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every key of a file, those inside other keys with a dot."""
    for name, field in model.model_fields.items():
        yield prefix + name, field
        for inner in models_in(field.annotation):
            yield from keys_of(inner, f"{prefix}{name}.")


def bridge(module: str) -> Any:
    """A module of the bridge, whose absence is said in one line."""
    try:
        return importlib.import_module(f"bridge.{module}")
    except ModuleNotFoundError as error:
        pytest.fail(f"bridge/{module}.py cannot be imported: {error}")


def commands() -> Mapping[str, click.Command]:
    """Every command of both programs by what is typed: `haedap build`, `haedap-bridge inbox list`."""
    programs = {"haedap": haedap_command, "haedap-bridge": bridge("cli").commands(load_tool_words("en"))}
    found: dict[str, click.Command] = {}

    def walk(name: str, command: click.Command) -> None:
        found[name] = command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for inner in command.list_commands(context):
                child = command.get_command(context, inner)
                assert child, f"{name} {inner}"
                walk(f"{name} {inner}", child)

    for name, program in programs.items():
        walk(name, program)
    return found


def words_of(command: click.Command) -> Iterator[str]:
    """Its options and arguments as they are typed; --help goes without saying."""
    for param in command.params:
        if isinstance(param, click.Argument):
            yield (param.name or "").upper()
        else:
            yield from param.opts


def project() -> Any:
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))


def settings() -> set[str]:
    return set(bridge("settingsfile").variables())


def variables_in(*patterns: str) -> set[str]:
    """Every variable that files name."""
    files = [file for pattern in patterns for file in REPOSITORY.glob(pattern) if file != Path(__file__)]
    return {name for file in files for name in VARIABLE.findall(file.read_text("utf-8"))}


# -- keys and field types ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODELS)
def test_every_key_is_documented_and_every_documented_key_exists(name: str) -> None:
    """The table of keys of articles, brands and forms is the list of keys the readers know."""
    assert_same(first_cells(section(name, KEYS_UNDER[name])), dict(keys_of(MODELS[name])), name)


@pytest.mark.parametrize("name", MODELS)
def test_required_keys_and_defaults_are_the_real_ones(name: str) -> None:
    """A key is said to be required exactly where it is, and a plain default is the one the reader uses."""
    fields = dict(keys_of(MODELS[name]))
    for row in rows(section(name, KEYS_UNDER[name])):
        key, default = row[0].strip("`"), row[2]
        if fields[key].is_required():
            assert default == "required", f"{name}: {key} is required"
            continue
        assert default != "required", f"{name}: {key} is not required"
        for value in _plain(fields[key].default):
            assert f"`{value}`" in default, f"{name}: {key} is {value} by default"


def _plain(value: object) -> Iterator[str]:
    """A default as a writer would spell it; several for a list, none for what has no plain spelling."""
    if isinstance(value, bool):
        yield str(value).lower()
    elif isinstance(value, (str, int)) and value != "":
        yield str(value)
    elif isinstance(value, tuple):
        yield from (part for part in value if isinstance(part, str))


def test_every_field_type_is_documented() -> None:
    """The table of field types is the list of types a form may use."""
    assert_same(first_cells(section("docs/forms.md", "Field types")), get_args(FieldType), "docs/forms.md")


def test_the_example_article_is_taken() -> None:
    """The complete example of docs/articles.md is an article without a fault."""
    article, problems = read_article(blocks("docs/articles.md", "markdown")[0], "content/faq/billing/refund.ko.md")
    assert not problems
    assert article is not None
    assert article.links


@pytest.mark.parametrize("name", ["docs/brands.md", "docs/forms.md"])
def test_every_yaml_example_is_taken(name: str) -> None:
    """The first example is a complete file; each further one may stand in it."""
    first, *others = (read_yaml(text, name) for text in blocks(name, "yaml"))
    assert isinstance(first.tree, dict)
    for part in (first, *others):
        assert isinstance(part.tree, dict)
        _, problems = read_model(MODELS[name], YamlFile(name, first.tree | part.tree, part.lines, part.problems))
        assert not problems, part.tree


# -- commands and variables --------------------------------------------------------------------------------------


def test_every_command_has_a_section_and_every_section_a_command() -> None:
    """docs/commands.md has one section for each command of both programs."""
    titles = [match["title"] for match in _HEADING.finditer(prose("docs/commands.md"))]
    documented = [title.strip("`") for title in titles if title.startswith("`haedap")]
    assert_same(documented, commands(), "docs/commands.md")
    programs = {name for name in documented if " " not in name}
    assert programs == set(project()["project"]["scripts"])


def test_every_option_is_documented_with_its_command() -> None:
    """The table of a command's section is the list of what can be typed behind it."""
    for name, command in commands().items():
        text = section("docs/commands.md", name)
        own = text[: match.start()] if (match := _HEADING.search(text)) else text
        assert_same(first_cells(own), words_of(command), f"docs/commands.md, {name}")


def test_every_variable_is_documented() -> None:
    """The variables of the commands and of the bridge's settings stand in docs/commands.md, and no others."""
    documented = first_cells(section("docs/commands.md", "Environment variables"))
    assert_same(documented, settings() | {"HAEDAP_LANG"}, "docs/commands.md")


def test_the_bridges_page_explains_every_setting() -> None:
    """docs/bridge.md has a line for each setting."""
    assert_same(first_cells(section("docs/bridge.md", "Settings")), settings(), "docs/bridge.md")


def test_no_variable_is_read_that_nobody_is_told_of() -> None:
    """What the programs name is documented for users, what tests and scripts name for contributors."""
    known = settings() | {"HAEDAP_LANG"}
    assert variables_in("portal_builder/**/*.py", "bridge/**/*.py", "i18n/**/*.yml") <= known
    for_tests = variables_in(*FOR_TESTS) - known
    assert_same(set(VARIABLE.findall(document("CONTRIBUTING.md"))) - known, for_tests, "CONTRIBUTING.md")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_names_a_variable_that_is_not_there(name: str) -> None:
    """Variables in running text and examples exist as well."""
    known = settings() | {"HAEDAP_LANG"} | variables_in(*FOR_TESTS)
    assert set(VARIABLE.findall(document(name))) <= known


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_in_examples_can_be_typed(name: str) -> None:
    """Every `haedap ...`, `haedap-bridge ...` and `make ...` of a document names what is there, options included."""
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    known = commands()
    for line in _typed(name):
        program, *rest = line.split()
        if program == "make":
            asked = [word for word in rest if "=" not in word]
            assert set(asked) <= targets, f"{name}: {line}"
            continue
        assert program in known, f"{name}: {line}"
        command = program
        while rest and f"{command} {rest[0]}" in known:
            command += f" {rest.pop(0)}"
        assert not isinstance(known[command], click.Group) or not rest or rest[0].startswith("-"), f"{name}: {line}"
        options = {word.partition("=")[0] for word in rest if word.startswith("--")}
        assert options <= {*words_of(known[command]), "--help"}, f"{name}: {line}"


def _typed(name: str) -> Iterator[str]:
    """Lines of shell examples and code in running text that begin with one of our programs or with make."""
    lines = [line for text in blocks(name, "sh", "ini") for line in text.splitlines()]
    for line in (*lines, *re.findall(r"`([^`\n]+)`", prose(name))):
        typed = re.sub(r"^(ExecStart=)?(\S*/)?\.venv/bin/", "", _without_comment(line))
        if re.match(r"(haedap|haedap-bridge|make)( [^.]|$)", typed):
            yield typed


# -- links, the two READMEs, libraries, modules ------------------------------------------------------------------


def _slug(heading: str) -> str:
    """The anchor git hosts give a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
    kept = (char for char in text if char in " -_" or unicodedata.category(char)[0] in "LNM")
    return "".join(kept).replace(" ", "-")


def _links(name: str) -> Iterator[str]:
    text = re.sub(r"`[^`\n]*`", "", prose(name))
    yield from re.findall(r"\]\(([^)\s]+)\)", text)
    yield from re.findall(r"<img src=\"([^\"]+)\"", text)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_between_documents_lead_somewhere(name: str) -> None:
    """Each relative link names a file of the repository, and a heading of it where it has a fragment."""
    for link in _links(name):
        if "://" in link or link.startswith("mailto:"):
            continue
        path, _, fragment = unquote(link).partition("#")
        target = (REPOSITORY / name).parent / path if path else REPOSITORY / name
        assert target.exists(), f"{name}: {link}"
        if fragment:
            text = _FENCED.sub("", target.read_text("utf-8"))
            assert fragment in {_slug(match["title"]) for match in _HEADING.finditer(text)}, f"{name}: {link}"


def test_the_two_readmes_say_the_same() -> None:
    """The same sections in the same order, the same links, and the same commands but for the comments."""
    for read in (_levels, _targets, _shell_lines, _output_lines):
        english, korean = (read(name) for name in READMES)
        assert english == korean, read.__name__


def _levels(name: str) -> list[str]:
    return [match["level"] for match in _HEADING.finditer(prose(name))]


def _targets(name: str) -> set[str]:
    return set(_links(name)) - set(READMES)


def _shell_lines(name: str) -> list[str]:
    return [_without_comment(line) for text in blocks(name, "sh") for line in text.splitlines()]


def _output_lines(name: str) -> list[str]:
    """What is shown, but for the explanations behind it."""
    return [line.strip().split("  ")[0] for text in blocks(name, "text") for line in text.splitlines()]


def _without_comment(line: str) -> str:
    return line.partition(" #")[0].strip()


@pytest.mark.parametrize(
    ("title", "where"),
    [
        ("Runtime", "project.dependencies"),
        ("Analysers", "project.optional-dependencies.analysers"),
        ("Chat", "project.optional-dependencies.chat"),
        ("Buckets", "project.optional-dependencies.s3"),
        ("XLIFF", "project.optional-dependencies.xliff"),
        ("Development", "dependency-groups.dev"),
    ],
)
def test_every_library_is_accounted_for(title: str, where: str) -> None:
    """docs/dependencies.md lists the direct dependencies of pyproject.toml, each with licence and reason."""
    tree = project()
    for part in where.split("."):
        tree = tree[part]
    names = [re.split(r"[<>=~! \[]", requirement, maxsplit=1)[0] for requirement in tree]
    text = section("docs/dependencies.md", title)
    assert_same(first_cells(text), names, "docs/dependencies.md")
    for library, licence, reason, _ in rows(text):
        assert licence, library
        assert reason, library


def test_the_architecture_names_modules_that_are_there() -> None:
    """Every file that docs/architecture.md names exists, and every step of the builder's flow is in it."""
    named = set(re.findall(r"[\w/]+\.py\b", document("docs/architecture.md")))
    folders = [REPOSITORY / folder for folder in (".", "portal_builder", "bridge")]
    assert not {name for name in named if not any((folder / name).is_file() for folder in folders)}
    assert {"library.py", "brand.py", "form.py", "catalogue.py", "plan.py", "stage.py", "press.py", "build.py"} <= named


def test_the_version_is_in_the_changelog() -> None:
    """The version of pyproject.toml has its section in CHANGELOG.md."""
    assert f"## [{project()['project']['version']}]" in document("CHANGELOG.md")


def test_the_tests_that_reliability_names_are_there() -> None:
    """Each fault's test in docs/reliability.md can be run by the name that stands there."""
    for file, name in re.findall(r"`(test_\w+\.py)::(test_\w+)`", document("docs/reliability.md")):
        text = (REPOSITORY / "tests/bridge" / file).read_text("utf-8")
        assert f"def {name}(" in text, f"{file}::{name}"
