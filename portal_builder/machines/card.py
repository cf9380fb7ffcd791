"""Owns the picture that other sites show beside a link: the brand's logo on its colour, as PNG. Refuses text in it,
whose look would depend on the fonts of the machine that builds."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import resvg_py

from portal_builder.brand import Brand
from portal_builder.look import brand_ground, picture_path
from portal_builder.machines.publisher import PICTURE_SIZE

_TYPES = {".svg": "svg+xml", ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".gif": "gif", ".webp": "webp"}
_LOGO = 240
_HERO = 400
_BUBBLE = (
    '<path fill="{colour}" d="M480 180h240q40 0 40 40v130q0 40-40 40H600l-70 66v-66h-50q-40 0-40-40V220q0-40 40-40z"/>'
)
"""For a brand without a logo that can be drawn: a speech bubble in its colour."""


def card(brand: Brand, pictures: Mapping[str, Path]) -> bytes:
    """The picture of one brand; `pictures` are its files by portal-relative path."""
    logo, hero = (_embedded(picture_path(name), pictures) for name in (brand.file.logo, brand.file.hero))
    return _drawn(brand.file.colours.primary, brand_ground(brand), logo, hero)


@lru_cache(maxsize=64)
def _drawn(colour: str, ground: str, logo: str, hero: str) -> bytes:
    try:
        return _png(colour, ground, logo, hero)
    except ValueError:  # a picture that is none: `haedap check` tells its writer, a build goes on
        return _png(colour, ground, "", "")


def _png(colour: str, ground: str, logo: str, hero: str) -> bytes:
    width, height = PICTURE_SIZE
    parts = [f'<rect width="{width}" height="{height}" fill="{ground}"/>']
    if hero:
        place = f'y="{height - _HERO}" width="{width}" height="{_HERO}" preserveAspectRatio="xMidYMax slice"'
        parts.append(f'<image {place} href="{hero}"/>')
    middle = f'x="{(width - _LOGO) // 2}" y="{(height - _LOGO) // 2}" width="{_LOGO}" height="{_LOGO}"'
    parts.append(f'<image {middle} href="{logo}"/>' if logo else _BUBBLE.format(colour=colour))
    size = f'width="{width}" height="{height}"'
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'
    return bytes(resvg_py.svg_to_bytes(svg_string=picture, skip_system_fonts=True))


def _embedded(path: str | None, pictures: Mapping[str, Path]) -> str:
    """A picture as part of another one; nothing where the brand has none, or one that cannot be drawn."""
    file = pictures.get(path) if path else None
    kind = _TYPES.get(file.suffix.lower()) if file else None
    return f"data:image/{kind};base64,{b64encode(file.read_bytes()).decode()}" if file and kind else ""
