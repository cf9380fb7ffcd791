"""Owns serving files: a brand's styles, scripts and pictures, and (with `--site`) the built portals. Refuses any path
that is not below their folder, and names of types by the machine it runs on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from flask import Flask, Response, request, send_file
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from bridge.centre import Centre
from portal_builder.look import brand_css, static_files

_TYPES = {
    ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript",
    ".json": "application/json", ".map": "application/json", ".webmanifest": "application/manifest+json",
    ".xml": "application/xml", ".txt": "text/plain", ".svg": "image/svg+xml", ".png": "image/png",
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif",
    ".ico": "image/x-icon", ".woff": "font/woff", ".woff2": "font/woff2", ".pdf": "application/pdf",
    ".md": "text/markdown", ".mp4": "video/mp4", ".wasm": "application/wasm",
}  # fmt: skip  # one line a few reads better than a column
_TEXT = {"application/json", "application/manifest+json", "application/xml", "image/svg+xml"}


def install_look(app: Flask, centre: Centre) -> None:
    """`/f/_static/<brand>/...`, so that our pages look right while the portal's host is down."""
    files = {name: static_files(centre.root, brand) for name, brand in centre.brands.items()}
    view = partial(_look, centre, files)
    app.add_url_rule("/f/_static/<brand>/<path:name>", "files.look", view)


def _look(centre: Centre, files: Mapping[str, Mapping[str, Path]], brand: str, name: str) -> Response:
    if brand in centre.brands and name == "brand.css":
        response = Response(brand_css(centre.brands[brand]), content_type=content_type(name))
        response.add_etag()
        response.cache_control.no_cache = True
        response.make_conditional(request)
        return response
    file = files.get(brand, {}).get(f"static/{name}")
    if file is None:
        raise NotFound
    return _sent(file)


@dataclass(frozen=True)
class Site:
    """Built portals below `/`."""

    folder: Path

    def install(self, app: Flask) -> None:
        app.add_url_rule("/", "site.root", self.page, defaults={"path": ""})
        app.add_url_rule("/<path:path>", "site.page", self.page)

    def page(self, path: str) -> Response:
        found = safe_join(str(self.folder), path)
        if found is None or "\0" in path:
            raise NotFound
        if any(part.startswith(".") for part in path.split("/")):
            return self._missing(path)  # the record of the build is not for readers
        try:
            return self._found(Path(found), path)
        except OSError:  # a name that no file system takes
            raise NotFound from None

    def _found(self, file: Path, path: str) -> Response:
        if file.is_dir() and path and not path.endswith("/"):
            return _moved(path)
        if file.is_dir():
            file = file / "index.html"
        elif path.endswith("/"):
            return self._missing(path)
        if not file.is_file():
            return self._missing(path)
        if path in self._gone():
            return _sent_as(file, HTTPStatus.GONE)
        return _sent(file)

    def _gone(self) -> frozenset[str]:
        """The addresses of withdrawn texts, as the builder's record of this folder has them."""
        record = self.folder / ".haedap/release.json"
        try:
            return _gone_of(record, record.stat().st_mtime_ns)
        except OSError:
            return frozenset()  # a folder that something else made

    def _missing(self, path: str) -> Response:
        """The 404 page of the portal that the address lies in."""
        folder = PurePosixPath(path)
        for parent in (folder, *folder.parents):
            found = safe_join(str(self.folder), str(parent), "404.html")
            if found and Path(found).is_file():
                return _sent_as(Path(found), HTTPStatus.NOT_FOUND)
        raise NotFound


@lru_cache(maxsize=1)
def _gone_of(record: Path, _written: int) -> frozenset[str]:
    """Read again where it was written again."""
    try:
        portals = json.loads(record.read_text("utf-8"))["portals"]
        return frozenset(f"{name}/{url}" for name, portal in portals.items() for url in portal["gone"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return frozenset()  # of another version of the builder


def content_type(name: str) -> str:
    kind = _TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind in _TEXT else kind


def _sent_as(file: Path, status: HTTPStatus) -> Response:
    """A page that says why it is not the one that was asked for."""
    response = _sent(file, conditional=False)
    response.status_code = status
    return response


def _sent(file: Path, *, conditional: bool = True) -> Response:
    response = send_file(file, mimetype=content_type(file.name), conditional=conditional)
    response.headers["Content-Type"] = content_type(file.name)
    response.headers["Cache-Control"] = "no-cache"  # keep it, but ask: a portal changes when it is published
    # The policy of our own pages does not fit text of writers, which may bring styles and media of its own.
    response.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
    return response


def _moved(path: str) -> Response:
    """Built from the path's parts, so that `//evil.example` cannot become an address."""
    parts = [part for part in path.split("/") if part]
    query = f"?{request.query_string.decode('ascii', 'ignore')}" if request.query_string else ""
    address = f"{request.script_root}/{quote('/'.join(parts))}/{query}"
    return Response(status=302, headers={"Location": address, "Cache-Control": "no-cache"})
