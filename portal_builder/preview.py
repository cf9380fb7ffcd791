"""Owns `haedap serve`: portals built when they are looked at, shown again when a file changes. Refuses to publish.

A help centre with problems is served all the same: what can be read is shown, and the problems stand on the page.
"""

from __future__ import annotations

import html
import mimetypes
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

import click
from jinja2 import TemplateError

from portal_builder.build import CONVERSIONS, PAGES, finish
from portal_builder.catalogue import Catalogue
from portal_builder.centre import Centre, Portal, load_centre
from portal_builder.check import check
from portal_builder.doors import brands_door, language_door
from portal_builder.edition import Edition
from portal_builder.engines import LEAN, press_with
from portal_builder.history import committed
from portal_builder.instant import instant
from portal_builder.lean.kept import recall
from portal_builder.machines.brandwide import ABOVE, files_of
from portal_builder.plan import plan
from portal_builder.press import PressError
from portal_builder.problem import Problem
from portal_builder.release import swap_in
from portal_builder.search.memory import place
from portal_builder.stage import project_of
from portal_builder.watcher import Version, watch

_WORK = "build/preview"
_EVENTS = "/_haedap/events"
_SCRIPT = "/_haedap/reload.js"
_HEARTBEAT = 15.0  # seconds; an idle connection that says nothing is closed by something on the way
_RELOAD = """
const at = document.currentScript.dataset.version;
const source = new EventSource("/_haedap/events?since=" + at);
source.onmessage = () => { source.close(); location.reload(); };
const panel = document.querySelector("#haedap-problems");
panel?.querySelector("button").addEventListener("click", () => panel.remove());
"""
_PANEL = """position:fixed;inset:auto 0 0 0;z-index:2147483647;max-height:45vh;overflow:auto;margin:0;
padding:12px 16px;background:#fff4f2;color:#5c1408;border-top:3px solid #c8341b;white-space:pre-wrap;
font:14px/1.5 ui-monospace,monospace"""


@dataclass
class Preview:
    """The help centre as it is now, and which portals of that state are built."""

    root: Path
    base: str
    at: datetime | None
    clock: Callable[[], datetime]
    words: Catalogue
    version: Version = field(default_factory=Version)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _seen: int = 0
    _centre: Centre | None = None
    _problems: tuple[Problem, ...] = ()
    _built: dict[str, str] = field(default_factory=dict)
    """What the engine said of each portal built at this version; empty where all is well."""

    def centre(self) -> Centre:
        """The files as they are now; read again only when something changed."""
        with self._lock:
            return self._current()

    def _current(self) -> Centre:
        number = self.version.number
        if self._centre is None or number != self._seen:
            self._centre = load_centre(self.root, committed(self.root))
            self._problems = check(self._centre)
            self._seen, self._built = number, {}
        return self._centre

    def show(self, portal: Portal) -> Path:
        """The folder of this portal's HTML, built now if it is not yet."""
        with self._lock:
            centre = self._current()
            out = self.root / _WORK / "site" / str(portal)
            if str(portal) not in self._built:
                zone = centre.brands[portal.brand].zone
                now = instant(self.at, zone) if self.at else self.clock()
                edition = plan(centre, portal, now, self.base)
                self._built[str(portal)] = _press(centre, edition, self.root / _WORK / "stage" / str(portal), out)
            return out

    @property
    def shown_version(self) -> int:
        """The version of the files that was read last: anything newer is news to the page."""
        return self._seen

    def panel(self) -> str:
        """The problems, as they stand on every page; nothing where there are none."""
        with self._lock:
            lines = [problem.text(self.words.words) for problem in self._problems]
            lines += [said for said in self._built.values() if said]
        if not lines:
            return ""
        head = html.escape(self.words.say("serve.problems", count=len(lines)))
        button = f'<button type="button" style="float:right">{html.escape(self.words.say("serve.hide"))}</button>'
        text = html.escape("\n".join(lines))
        return f'<div id="haedap-problems" role="alert" style="{_PANEL}">{button}<strong>{head}</strong>\n{text}</div>'


def _press(centre: Centre, edition: Edition, folder: Path, out: Path) -> str:
    try:
        project, kept = project_of(centre, edition), recall(centre.root / PAGES / f"{place(out)}.json", out)
        site = press_with(LEAN, project, folder, centre.root / CONVERSIONS, kept)
        swap_in(finish(centre, edition, project, site), out)
        kept.leave(out)
    except PressError as error:
        return "\n".join(error.lines)
    return ""


def serve_preview(
    root: Path, host: str, port: int, at: datetime | None, clock: Callable[[], datetime], words: Catalogue
) -> None:
    """Serve until Ctrl-C."""
    preview = Preview(root, "", at, clock, words)
    server = _Server((host, port), preview)
    preview.base = f"http://{host}:{server.server_port}"
    observer = watch(root, preview.version)
    threading.Thread(target=_keep_time, args=(preview,), daemon=True).start()
    click.echo(words.say("serve.ready", url=f"{preview.base}/"))
    for portal in preview.centre().portals():
        click.echo(f"  {preview.base}/{portal}/")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo(words.say("serve.stopped"))
    finally:
        observer.stop()
        server.server_close()


def _keep_time(preview: Preview) -> None:
    """When a text begins or ends, pages show it without an edit."""
    while preview.at is None:
        number = preview.version.number
        now = preview.clock()
        due = preview.centre().next_change(now)
        seconds = min((due - now).total_seconds(), 3600.0) if due else 3600.0
        if preview.version.wait_beyond(number, max(seconds, 0.1)) == number and due and preview.clock() >= due:
            preview.version.grow()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], preview: Preview) -> None:
        self.preview = preview
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    _doors: ClassVar[frozenset[str]] = frozenset({"", "index.html"})

    def log_message(self, *_: object) -> None:
        """Say nothing of requests: the terminal belongs to the writer."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        if path == _EVENTS:
            since = parts.query.removeprefix("since=")
            self._events(int(since) if since.isdecimal() else 0)
        elif path == _SCRIPT:
            self._send(HTTPStatus.OK, "text/javascript; charset=utf-8", _RELOAD.encode())
        else:
            self._page_or_why(path)

    def _page_or_why(self, path: str) -> None:
        """Whatever a half-written file breaks, the writer sees the problems and not a dead connection."""
        try:
            self._page(path)
        except (OSError, ValueError, LookupError, TemplateError) as error:
            text = html.escape(self.server.preview.words.say("serve.broken", why=f"{type(error).__name__}: {error}"))
            self._html(HTTPStatus.INTERNAL_SERVER_ERROR, f"<!doctype html><meta charset=utf-8><p>{text}</p>")

    def do_POST(self) -> None:
        self.close_connection = True  # what was sent is not read
        text = html.escape(self.server.preview.words.say("serve.no_bridge"))
        self._html(HTTPStatus.NOT_IMPLEMENTED, f"<!doctype html><meta charset=utf-8><p>{text}</p>")

    def _page(self, path: str) -> None:
        preview = self.server.preview
        centre = preview.centre()
        brand, _, rest = path.lstrip("/").partition("/")
        language, slash, inner = rest.partition("/")
        portal = Portal(brand, language)
        if portal in centre.portals():
            if not slash:
                self._redirect(f"/{portal}/")
            else:
                self._file(preview.show(portal), inner)
        elif brand in centre.brands and rest in ABOVE:
            known = centre.brands[brand]
            text = files_of(centre, known, preview.base, known.languages)[rest]
            kind = mimetypes.guess_type(rest)[0] or "text/plain"
            self._send(HTTPStatus.OK, f"{kind}; charset=utf-8", text.encode())
        elif brand in centre.brands and rest in self._doors:
            door = language_door(centre, centre.brands[brand], preview.base)
            self._html(HTTPStatus.OK, door) if path.endswith("/") else self._redirect(f"/{brand}/")
        elif brand in self._doors and centre.brands and centre.portals():
            self._html(HTTPStatus.OK, brands_door(centre))
        else:
            text = html.escape(preview.words.say("serve.nothing", path=path))
            self._html(HTTPStatus.NOT_FOUND, f"<!doctype html><meta charset=utf-8><p>{text}</p>")

    def _file(self, folder: Path, inner: str) -> None:
        file = (folder / inner).resolve()
        if file.is_dir() and inner and not inner.endswith("/"):
            self._redirect(f"{urlsplit(self.path).path}/")
            return
        file = file / "index.html" if file.is_dir() else file
        status = HTTPStatus.OK
        if not file.is_file() or not file.is_relative_to(folder.resolve()):
            file, status = folder / "404.html", HTTPStatus.NOT_FOUND
        if not file.is_file():
            self._html(status, "<!doctype html><meta charset=utf-8>")
        elif file.suffix == ".html":
            self._html(status, file.read_text("utf-8"))
        else:
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            self._send(status, kind, file.read_bytes())

    def _html(self, status: HTTPStatus, text: str) -> None:
        preview = self.server.preview
        script = f'<script src="{_SCRIPT}" data-version="{preview.shown_version}"></script>'
        before, body_end, after = text.rpartition("</body>")
        page = before + preview.panel() + script + body_end + after if body_end else text + preview.panel() + script
        self._send(status, "text/html; charset=utf-8", page.encode())

    def _events(self, since: int) -> None:
        """Tell the browser once that something is newer than what it shows (server-sent events)."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            while self.server.preview.version.wait_beyond(since, _HEARTBEAT) <= since:
                self.wfile.write(b": still here\n\n")
                self.wfile.flush()
            self.wfile.write(b"data: changed\n\n")
        except OSError:
            return  # the reader went away

    def _redirect(self, to: str) -> None:
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)
