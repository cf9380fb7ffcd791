"""Owns the staged project: an Edition as a plain MkDocs project on disk. Refuses to render, or to decide anything.

The folder can be opened, read and built by hand (`mkdocs build`); it holds nothing of any other portal.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from portal_builder.brand import Brand
from portal_builder.centre import Centre
from portal_builder.dense import dense
from portal_builder.edition import Edition
from portal_builder.look import brand_css, material_templates, product_templates, static_files, template_folders
from portal_builder.machines.card import card
from portal_builder.machines.publisher import PICTURE
from portal_builder.project import BESIDE, Content, Project, Sheet, bytes_of


@dataclass(frozen=True)
class Staged:
    """A project on disk, and what staging it changed."""

    folder: Path
    written: tuple[str, ...]
    removed: tuple[str, ...]


def stage(centre: Centre, edition: Edition, folder: Path) -> Staged:
    """Write the project, touching only what differs."""
    return write_project(project_files(centre, edition), folder)


def project_files(centre: Centre, edition: Edition) -> dict[str, Content]:
    """Every file of the project, by its path within."""
    return files_of(project_of(centre, edition))


def project_of(centre: Centre, edition: Edition, look: Mapping[str, Content] | None = None) -> Project:
    """The project, as values; `look` are the brand's `look_files`, where they are known."""
    files: dict[str, Content] = {"synonyms.json": _synonyms(centre, edition).encode()}
    files |= {f"docs/{path}": asset.file for path, asset in edition.assets.items()}
    files |= {f"{BESIDE}/{path}": text.encode() for path, text in edition.files.items()}
    files |= look_files(centre.root, centre.brands[edition.portal.brand]) if look is None else look
    pages = {page.source: page.sheet for page in edition.pages}
    return Project(_settings(edition), centre.engine_config, pages, files)


def files_of(project: Project) -> dict[str, Content]:
    """What the project is on disk."""
    files: dict[str, Content] = {"mkdocs.yml": _yaml(project.settings).encode(), "base.yml": project.base.encode()}
    files |= {f"docs/{source}": _page_file(sheet).encode() for source, sheet in project.pages.items()}
    return files | dict(project.files)


def look_files(root: Path, brand: Brand) -> dict[str, Content]:
    """Templates, styles, scripts and pictures: the same for every edition of a brand."""
    files: dict[str, Content] = {}
    for folder in reversed(template_folders(root, brand.folder)):
        if folder != material_templates():
            files |= {
                f"overrides/{file.relative_to(folder).as_posix()}": file
                for file in sorted(folder.rglob("*"))
                if file.is_file()
            }
    files |= _replaced(files)
    files = {path: _dense(file) for path, file in files.items()}
    pictures = static_files(root, brand)
    files |= {f"docs/{path}": file for path, file in pictures.items()}
    files.setdefault(f"docs/{PICTURE}", card(brand, pictures))
    files["docs/static/brand.css"] = brand_css(brand).encode()
    return files


def _replaced(files: Mapping[str, Content]) -> dict[str, Content]:
    """The product's templates that somebody replaces, for their own to extend."""
    ours = {file.relative_to(product_templates()).as_posix(): file for file in product_templates().rglob("*.*")}
    return {f"overrides/_base/{name}": file for name, file in ours.items() if files[f"overrides/{name}"] != file}


def _dense(content: Content) -> Content:
    """The product's templates are staged without their indents; those of writers as they are."""
    if isinstance(content, Path) and content.suffix == ".html" and content.is_relative_to(product_templates()):
        return dense(content.read_text("utf-8")).encode()
    return content


def write_project(files: Mapping[str, Content], folder: Path) -> Staged:
    """Make the folder hold exactly these files."""
    written: list[str] = []
    for path, content in sorted(files.items()):
        data = bytes_of(content)
        target = folder / path
        if not target.resolve().is_relative_to(folder.resolve()):
            raise ValueError(path)  # every path was checked before; a staged project never writes outside of itself
        if not target.is_file() or target.read_bytes() != data:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            written.append(path)
    return Staged(folder, tuple(written), _remove_others(files, folder))


def _remove_others(files: Mapping[str, Content], folder: Path) -> tuple[str, ...]:
    removed = []
    for part in ("docs", "overrides", BESIDE):
        for file in sorted((folder / part).rglob("*"), reverse=True):
            path = file.relative_to(folder).as_posix()
            if file.is_dir() and not any(file.iterdir()):
                shutil.rmtree(file)
            elif not file.is_dir() and path not in files:
                file.unlink()
                removed.append(path)
    return tuple(removed)


def _settings(edition: Edition) -> dict[str, Any]:
    """Only maps: lists live in the base file, because engines differ in how they inherit them."""
    return {
        "INHERIT": "base.yml",
        "site_name": edition.name,
        "site_url": edition.site_url,
        "theme": {"language": edition.portal.language},
        "extra": {"portal": dict(edition.view)},
    }


def _synonyms(centre: Centre, edition: Edition) -> str:
    """Not for the engine: staged so that the search, too, is made of nothing but the project."""
    groups = centre.synonyms.get(edition.portal, ())
    return json.dumps(groups, ensure_ascii=False, indent=1) + "\n"


def _page_file(sheet: Sheet) -> str:
    return f"---\n{_yaml(sheet.meta)}---\n\n{sheet.text}\n"


def _yaml(value: object) -> str:
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=2**16)


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # libyaml where the wheel has it
    """Without anchors: a file that is read by people names each thing where it stands."""

    def ignore_aliases(self, _: object) -> bool:
        return True
