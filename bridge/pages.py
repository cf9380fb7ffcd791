"""Owns drawing a page with the same templates as the builder, in the brand's look. Refuses to decide what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, pass_context
from jinja2.runtime import Context

from bridge.centre import Centre
from bridge.views import Meta, brand_view
from portal_builder.brand import Brand
from portal_builder.catalogue import Catalogue
from portal_builder.look import product_templates, template_folders

_ABSOLUTE = ("/", "#", "http:", "https:", "mailto:", "tel:")


@dataclass(frozen=True)
class Links:
    """Where portal-relative addresses lead from a page of the bridge."""

    static: str
    """Ends with a slash; styles, scripts and pictures come from the bridge itself."""
    portal: str
    """Ends with a slash; the portal's root."""

    def url(self, address: str) -> str:
        if address.startswith(_ABSOLUTE):
            return address
        if address.startswith("static/"):
            return self.static + address.removeprefix("static/")
        return self.portal + address


@dataclass(frozen=True)
class Pages:
    centre: Centre
    serves_portals: bool
    """Whether the portals lie below `/` of this same service, else at the brand's own address."""
    _environments: dict[str, Environment] = field(default_factory=dict)

    def draw(self, brand: Brand, words: Catalogue, meta: Meta, addresses: Mapping[str, str], prefix: str = "") -> str:
        """One page; `addresses` holds this same page by language, `prefix` is where the service is mounted."""
        portal = brand_view(brand, words, self.centre.catalogues, addresses)
        return (
            self._environment(brand)
            .get_template(meta["template"])
            .render(
                config={"extra": {"portal": portal}},
                page={"meta": meta, "content": ""},
                bridge_links=Links(
                    f"{prefix}/f/_static/{brand.folder}/", self.portal_root(brand, words.language, prefix)
                ),
            )
        )

    def portal_root(self, brand: Brand, language: str, prefix: str = "") -> str:
        if self.serves_portals:
            return f"{prefix}/{brand.folder}/{language}/"
        return f"{brand.file.url}{language}/"

    def _environment(self, brand: Brand) -> Environment:
        """Made once a brand. Escaping is the templates' own, as in MkDocs: they print attributes that they build."""
        if brand.folder not in self._environments:
            own = FileSystemLoader(template_folders(self.centre.root, brand.folder))
            loader = ChoiceLoader([own, PrefixLoader({"_base": FileSystemLoader(product_templates())})])
            environment = Environment(loader=loader, autoescape=False)  # noqa: S701 -- see above; a test holds it
            environment.filters["url"] = _url
            self._environments[brand.folder] = environment
        return self._environments[brand.folder]


@pass_context
def _url(context: Context, address: Any) -> str:
    links: Links = context["bridge_links"]
    return links.url(str(address))


def bare_page(words: Catalogue, meta: Meta) -> str:
    """A page without any brand's look: for addresses of no brand, and for when drawing itself has failed."""
    actions = "".join(
        f'<p><a href="{escape(action["url"])}">{escape(action["title"])}</a></p>' for action in meta["actions"]
    )
    return (
        f'<!doctype html><html lang="{escape(words.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(meta['title'])}</title></head>"
        f"<body><main><h1>{escape(meta['title'])}</h1><p>{escape(meta['text'])}</p>{actions}</main></body></html>"
    )
