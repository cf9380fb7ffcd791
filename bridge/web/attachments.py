"""Owns the address of files that were too large for a mail: `/a/<token>`. Refuses to show one: it is only ever saved.

What a customer sent may be anything, whatever its name says. So no browser may guess a type, run it or draw it in
our origin.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from flask import Flask, Response, send_file
from werkzeug.exceptions import Gone

from bridge.files.vault import Vault
from bridge.outside import Outside
from bridge.store import Store
from bridge.ways.links import Links

_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True)
class Attachments:
    links: Links
    store: Store
    vault: Vault
    outside: Outside

    def install(self, app: Flask) -> None:
        app.add_url_rule("/a/<token>", "attachments.file", self.file)

    def file(self, token: str) -> Response:
        """The same answer to a link that is forged, over, or whose file was deleted."""
        id_ = self.links.file_id(token, self.outside.now())
        file = self.store.file(id_) if id_ else None
        if file is None:
            raise Gone
        try:
            content = io.BytesIO(self.vault.read(file.id))
        except FileNotFoundError:
            raise Gone from None
        response = send_file(
            content, mimetype="application/octet-stream", as_attachment=True, download_name=file.name, conditional=False
        )
        response.headers.update(_HEADERS)
        return response
