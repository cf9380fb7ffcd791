"""Owns the staged project: an Edition as a plain MkDocs project on disk. Refuses to render, or to decide anything.

The folder can be opened, read and built by hand (`mkdocs build`); it holds nothing of any other portal.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import yaml

from portal_builder.brand import Brand
from portal_builder.centre import Centre
from portal_builder.edition import Edition, Page
from portal_builder.look import brand_css, material_templates, product_templates, static_files, template_folders
from portal_builder.machines.card import card
from portal_builder.machines.publisher import PICTURE

BESIDE = "beside"
"""Below the project: what lies beside the pages for machines. The engine would take a Markdown twin for a page."""

Content: TypeAlias = bytes | Path
"""What a staged file holds: bytes of ours, or a file to copy."""


@dataclass(frozen=True)
class Staged:
    """A project on disk, and what staging it changed."""

    folder: Path
    digest: str
    """Of everything staged: the same digest, the same portal."""
    written: tuple[str, ...]
    removed: tuple[str, ...]


def stage(centre: Centre, edition: Edition, folder: Path) -> Staged:
    """Write the project, touching only what differs."""
    files = project_files(centre, edition)
    return write_project(files, folder)


def project_files(centre: Centre, edition: Edition) -> dict[str, Content]:
    """Every file of the project, by its path within."""
    brand = centre.brands[edition.portal.brand]
    files: dict[str, Content] = {
        "mkdocs.yml": _engine_config(edition).encode(),
        "base.yml": centre.engine_config.encode(),
    }
    files["synonyms.json"] = _synonyms(centre, edition).encode()
    files |= {f"docs/{page.source}": _page_file(page).encode() for page in edition.pages}
    files |= {f"docs/{path}": asset.file for path, asset in edition.assets.items()}
    files |= {f"{BESIDE}/{path}": text.encode() for path, text in edition.files.items()}
    return files | look_files(centre.root, brand)


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
    pictures = static_files(root, brand)
    files |= {f"docs/{path}": file for path, file in pictures.items()}
    files.setdefault(f"docs/{PICTURE}", card(brand, pictures))
    files["docs/static/brand.css"] = brand_css(brand).encode()
    return files


def _replaced(files: Mapping[str, Content]) -> dict[str, Content]:
    """The product's templates that somebody replaces, for their own to extend."""
    ours = {file.relative_to(product_templates()).as_posix(): file for file in product_templates().rglob("*.*")}
    return {f"overrides/_base/{name}": file for name, file in ours.items() if files[f"overrides/{name}"] != file}


def write_project(files: Mapping[str, Content], folder: Path) -> Staged:
    """Make the folder hold exactly these files."""
    written: list[str] = []
    for path, content in sorted(files.items()):
        data = _bytes(content)
        target = folder / path
        if not target.resolve().is_relative_to(folder.resolve()):
            raise ValueError(path)  # every path was checked before; a staged project never writes outside of itself
        if not target.is_file() or target.read_bytes() != data:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            written.append(path)
    return Staged(folder, project_digest(files), tuple(written), _remove_others(files, folder))


def project_digest(files: Mapping[str, Content]) -> str:
    """SHA-256 over every path and what lies there, in hex."""
    digest = hashlib.sha256()
    for path, content in sorted(files.items()):
        digest.update(path.encode() + b"\0" + hashlib.sha256(_bytes(content)).digest())
    return digest.hexdigest()


def _bytes(content: Content) -> bytes:
    return content.read_bytes() if isinstance(content, Path) else content


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


def _engine_config(edition: Edition) -> str:
    """Only maps: lists live in the base file, because engines differ in how they inherit them."""
    config = {
        "INHERIT": "base.yml",
        "site_name": edition.name,
        "site_url": edition.site_url,
        "theme": {"language": edition.portal.language},
        "extra": {"portal": dict(edition.view)},
    }
    return _yaml(config)


def _synonyms(centre: Centre, edition: Edition) -> str:
    """Not for the engine: staged so that the search, too, is made of nothing but the project."""
    groups = centre.synonyms.get(edition.portal, ())
    return json.dumps(groups, ensure_ascii=False, indent=1) + "\n"


def _page_file(page: Page) -> str:
    front = {"title": page.title, "template": page.template, "summary": page.summary, **page.meta}
    return f"---\n{_yaml(front)}---\n\n{page.text.strip()}\n"


def _yaml(value: object) -> str:
    return yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=2**16)


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # libyaml where the wheel has it
    """Without anchors: a file that is read by people names each thing where it stands."""

    def ignore_aliases(self, _: object) -> bool:
        return True
