"""Owns the pages above the portals: one that chooses a brand's language, one that shows all brands. Refuses MkDocs."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from portal_builder.brand import Brand
from portal_builder.centre import Centre
from portal_builder.localised import direction
from portal_builder.look import template_folders
from portal_builder.machines.publisher import brand_address
from portal_builder.portal_view import portal_view


def language_door(centre: Centre, brand: Brand, base: str | None = None) -> str:
    """`<brand>/index.html`: the languages as links; a script leads on by stored choice, browser and default."""
    card = _card(centre, brand, brand.source_language, "")
    return _render(centre.root, brand, "door.html", brand=card | {"address": brand_address(brand, base)})


def brands_door(centre: Centre) -> str:
    """`index.html` above all brands."""
    brands = [_card(centre, brand, brand.source_language, f"{brand.folder}/") for brand in centre.brands.values()]
    return _render(centre.root, next(iter(centre.brands.values())), "brands.html", brands=brands, words=_words(centre))


def _words(centre: Centre) -> list[dict[str, str]]:
    """What the page of all brands says, in every language that one of them speaks."""
    spoken = dict.fromkeys(portal.language for portal in centre.portals())
    return [
        {
            "code": code,
            "dir": direction(code),
            "title": centre.catalogues[code].say("door.brands"),
            "text": centre.catalogues[code].say("door.brands_text"),
        }
        for code in spoken
    ]


def _card(centre: Centre, brand: Brand, language: str, base: str) -> dict[str, object]:
    view = portal_view(brand, centre.catalogues[language], centre.catalogues)
    languages = [
        {
            "code": code,
            "name": centre.catalogues[code].say("language.name"),
            "choose": centre.catalogues[code].say("door.enter"),
            "brand": brand.say(brand.file.name, code),
            "url": f"{base}{code}/",
        }
        for code in brand.languages
        if code in centre.catalogues
    ]
    return view | {
        "folder": brand.folder,
        "languages": languages,
        "home": f"{base}{language}/",
        "default": brand.default_language,
    }


def _render(root: Path, look: Brand, template: str, /, **values: object) -> str:
    environment = Environment(loader=FileSystemLoader(template_folders(root, look.folder)), autoescape=True)
    return environment.get_template(template).render(**values) + "\n"
