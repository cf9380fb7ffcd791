"""Owns putting the web application together from a service. Refuses to open anything: it is given all it needs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from bridge.pages import Pages
from bridge.ratelimit import Limits
from bridge.service import Service
from bridge.web.asking import AskingPages
from bridge.web.attachments import Attachments
from bridge.web.body import FormRequest
from bridge.web.desk import Desk
from bridge.web.files import Site, install_look
from bridge.web.forms import FormPages
from bridge.web.helpful import HelpfulPages
from bridge.web.replies import install
from bridge.web.watch import install_watch


class _App(Flask):
    request_class = FormRequest


def create_app(service: Service, site: Path | None = None) -> Flask:
    """The application; with `site`, built portals below `/` too."""
    app = _App("bridge", static_folder=None, template_folder=None)
    pages = Pages(service.centre, serves_portals=site is not None)
    desk = Desk(service.centre, service.store, pages)
    tokens, outside, rates = service.tokens, service.outside, service.settings.rates
    limits = Limits(rates, service.counters.forms)
    FormPages(desk, service.intake, tokens, service.proofs, limits, outside).install(app)
    AskingPages(desk, tokens, service.intake.plans, outside, service.intake.wake).install(app)
    readers = Limits(replace(rates, form="off"), service.counters.readers)
    HelpfulPages(desk, readers, outside).install(app)
    install_look(app, service.centre)
    Attachments(service.links, service.store, service.vault, service.outside).install(app)
    install_watch(app, service)
    if site is not None:
        Site(site.resolve()).install(app)
    install(app, service.centre, pages)
    hops = service.settings.proxy_hops
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0, x_prefix=hops)  # type: ignore[method-assign]  # Flask's own way
    return app
