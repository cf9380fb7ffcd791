"""Owns how a brand looks: its template folders, its static files, its colours and the icons of every page as CSS.
Refuses to render a page."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from portal_builder.shipped import shipped

if TYPE_CHECKING:  # templates are found without reading any brand
    from portal_builder.brand import Brand

READABLE = 4.5
"""The least contrast of text to its ground (WCAG 2.2, 1.4.3)."""
LIGHT_PAGE = "#ffffff"
DARK_PAGE = "#12161c"
_INK = "#10141a"
_AIR = {"comfortable": 1, "compact": 0.7}
"""Of the room between things, what a density leaves."""
STYLED_ICONS = (
    "alert-circle-outline", "check", "chevron-down", "chevron-right", "circle-half-full", "clock-outline", "close",
    "format-list-bulleted", "help-circle-outline", "history", "information-outline", "magnify", "open-in-new",
    "pin-outline", "thumb-down-outline", "thumb-up-outline", "translate", "weather-night", "web",
    "white-balance-sunny", "wrench-outline",
)  # fmt: skip  # one line a few reads better than a column
"""Icons that stand on most pages, or often on one: the style sheet brings them once, pages name them. Others are drawn
where they stand."""
_AS_DATA = " '/:=;,()"
"""What may stand as it is in an address within double quotes."""


def template_folders(root: Path, brand: str) -> tuple[Path, ...]:
    """Where templates are looked for: the brand's own, the help centre's base, the product's, Material's icons."""
    folders = (root / "themes" / brand, root / "themes/_base", shipped() / "themes/_base")
    ours = tuple(dict.fromkeys(folder / "templates" for folder in folders if (folder / "templates").is_dir()))
    return (*ours, material_templates())


def product_templates() -> Path:
    """The product's own. One that is replaced can still be extended, as `_base/<name>`."""
    return shipped() / "themes/_base/templates"


def material_templates() -> Path:
    """Material for MkDocs ships its icons as templates."""
    spec = importlib.util.find_spec("material")
    assert spec is not None  # noqa: S101 -- pinned in pyproject.toml
    assert spec.submodule_search_locations  # noqa: S101 -- it is a package
    return Path(spec.submodule_search_locations[0]) / "templates"


def static_files(root: Path, brand: Brand) -> Mapping[str, Path]:
    """Styles, scripts and pictures of every page, by portal-relative path; the brand's own come last and win."""
    files: dict[str, Path] = {}
    for folder in (shipped() / "themes/_base", root / "themes/_base", root / "themes" / brand.folder):
        for file in sorted((folder / "static").rglob("*")):
            if file.is_file():
                files[f"static/{file.relative_to(folder / 'static').as_posix()}"] = file
    for name in picture_names(brand):
        file = root / "themes" / brand.folder / name
        if file.is_file():
            files[f"static/brand/{name}"] = file
    return files


def picture_names(brand: Brand) -> tuple[str, ...]:
    """The pictures that brand.yml names."""
    return tuple(name for name in (brand.file.logo, brand.file.favicon, brand.file.hero) if name)


def picture_path(name: str | None) -> str | None:
    """Where a brand's picture lies in its portals."""
    return f"static/brand/{name}" if name else None


def brand_css(brand: Brand) -> str:
    """The brand's colours as custom properties, light and dark; each pair readable on its page."""
    colours = brand.file.colours
    light = _properties(colours.primary, LIGHT_PAGE)
    dark = _properties(colours.dark or readable(colours.primary, DARK_PAGE), DARK_PAGE)
    return (
        f":root{{--corner:{brand.file.corner}px;--air:{_AIR[brand.file.density]};{light}}}\n"
        f"@media (prefers-color-scheme: dark){{:root:not([data-theme=light]){{{dark}}}}}\n"
        f":root[data-theme=dark]{{{dark}}}\n"
    ) + _icon_css()


@cache
def _icon_css() -> str:
    """A class for each icon that says its picture; portal.css draws it in the colour of the text."""
    folder = material_templates() / ".icons/material"
    pictures = {name: (folder / f"{name}.svg").read_text("utf-8").strip() for name in STYLED_ICONS}
    return "".join(
        f'.i-{name}{{--i:url("data:image/svg+xml,{quote(picture.replace(chr(34), chr(39)), safe=_AS_DATA)}")}}\n'
        for name, picture in pictures.items()
    )


def brand_ground(brand: Brand) -> str:
    """A quiet ground in the brand's colour, for light surroundings."""
    return _mix(brand.file.colours.primary, LIGHT_PAGE, 0.1)


def _properties(colour: str, page: str) -> str:
    on_brand = LIGHT_PAGE if contrast(colour, LIGHT_PAGE) >= READABLE else _INK
    link, tint = readable(colour, page), _mix(colour, page, 0.08)
    return f"--brand:{colour};--on-brand:{on_brand};--link:{link};--tint:{tint}"


def readable(colour: str, page: str) -> str:
    """The colour itself where it can be read on this page, else the nearest shade of it that can."""
    towards = _INK if contrast(_INK, page) > contrast(LIGHT_PAGE, page) else LIGHT_PAGE
    shades = (_mix(towards, colour, step / 20) for step in range(21))
    return next(shade for shade in shades if contrast(shade, page) >= READABLE or shade == towards)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, 'contrast ratio')."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _mix(colour: str, into: str, share: float) -> str:
    pairs = zip(_parts(colour), _parts(into), strict=True)
    return "#" + "".join(f"{round(share * one + (1 - share) * other):02x}" for one, other in pairs)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
