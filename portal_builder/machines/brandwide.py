"""Owns what lies above a brand's portals for machines: robots.txt, the index of sitemaps, llms.txt. Refuses pages.

A crawler asks for robots.txt at the root of a host only. Brands that share a host have theirs above all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from portal_builder.brand import Brand
from portal_builder.centre import Centre
from portal_builder.machines.lists import SITEMAP, sitemap_index
from portal_builder.machines.publisher import brand_address
from portal_builder.machines.twins import llms_of_brand

ROBOTS = "robots.txt"
ABOVE = (ROBOTS, SITEMAP, "llms.txt")
"""What lies beside each brand's door."""


def files_above(centre: Centre, base: str | None, built: Iterable[str]) -> dict[str, str]:
    """By path below the output folder; only portals that are built (`brand/lang`) are named."""
    languages: dict[str, list[str]] = {}
    for name in built:
        folder, _, language = name.partition("/")
        languages.setdefault(folder, []).append(language)
    files: dict[str, str] = {}
    for folder, spoken in languages.items():
        brand = centre.brands[folder]
        files |= {f"{folder}/{path}": text for path, text in files_of(centre, brand, base, spoken).items()}
    if languages.keys() == centre.brands.keys():
        files[ROBOTS] = robots(list(centre.brands.values()), base)
    return files


def files_of(centre: Centre, brand: Brand, base: str | None, languages: Iterable[str]) -> Mapping[str, str]:
    """What lies beside the brand's door."""
    door = brand_address(brand, base)
    spoken = [language for language in brand.languages if language in set(languages)]
    words = centre.catalogues[brand.source_language]
    name = f"{brand.say(brand.file.name, brand.source_language)} {words.say('nav.centre')}"
    summary = words.say("home.description", brand=brand.say(brand.file.name, brand.source_language))
    portals = [(centre.catalogues[language].say("language.name"), f"{door}{language}/llms.txt") for language in spoken]
    return {
        ROBOTS: robots([brand], base),
        SITEMAP: sitemap_index(f"{door}{language}/{SITEMAP}" for language in spoken),
        "llms.txt": llms_of_brand(name, summary, portals),
    }


def robots(brands: Iterable[Brand], base: str | None) -> str:
    """Everything may be read but the bridge's own pages: forms that were sent, and receipts."""
    brands = list(brands)
    bridges = {urlsplit(brand.file.bridge.url).path for brand in brands}
    lines = ["User-agent: *", *(f"Disallow: {path}f/" for path in sorted(bridges)), ""]
    return "\n".join([*lines, *(f"Sitemap: {brand_address(brand, base)}{SITEMAP}" for brand in brands)]) + "\n"
