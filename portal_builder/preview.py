"""Owns `haedap serve` as the browser sees it: pages drawn when they are looked at, shown again when a file changes.
Refuses to publish, and to know how a page comes about.

A help centre with problems is served all the same: what can be read is shown, and the problems stand on the page.
"""

from __future__ import annotations

import html
import mimetypes
import threading
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

import click
from jinja2 import TemplateError

from portal_builder.catalogue import Catalogue
from portal_builder.centre import Portal
from portal_builder.doors import brands_door, language_door
from portal_builder.machines.brandwide import ABOVE, files_of
from portal_builder.previewed import Previewed
from portal_builder.project import bytes_of
from portal_builder.watcher import watch

_EVENTS = "/_haedap/events"
_SCRIPT = "/_haedap/reload.js"
_PROBLEMS = "/_haedap/problems"
_HEARTBEAT = 15.0  # seconds; an idle connection that says nothing is closed by something on the way
_PAUSE = 0.5  # seconds without a change after which the whole help centre is looked over
_RELOAD = """
const { version } = document.currentScript.dataset, PLACE = "haedap.preview.place";
const kept = JSON.parse(sessionStorage.getItem(PLACE));
sessionStorage.removeItem(PLACE);
if (kept?.address === location.href) scrollTo({ left: kept.x, top: kept.y, behavior: "instant" });
const hear = () => {
  const panel = document.querySelector("#haedap-problems");
  panel?.querySelector("button").addEventListener("click", () => panel.remove());
};
const listen = (since) => {
  const source = new EventSource("/_haedap/events?since=" + since);
  source.onmessage = async ({ data }) => {
    source.close();
    const [news, number] = data.split(" ");
    if (news === "changed") {
      sessionStorage.setItem(PLACE, JSON.stringify({ address: location.href, x: scrollX, y: scrollY }));
      return location.reload();
    }
    const said = await (await fetch("/_haedap/problems")).text();
    document.querySelector("#haedap-problems")?.remove();
    document.body.insertAdjacentHTML("beforeend", said);
    hear();
    listen(number);
  };
};
hear();
listen(version);
"""
_PANEL = """position:fixed;inset:auto 0 0 0;z-index:2147483647;max-height:45vh;overflow:auto;margin:0;
padding:12px 16px;background:#fff4f2;color:#5c1408;border-top:3px solid #c8341b;white-space:pre-wrap;
font:14px/1.5 ui-monospace,monospace"""
_BROKEN = (OSError, ValueError, LookupError, TemplateError)
"""What half-written files lead to."""


def _panel(previewed: Previewed, words: Catalogue) -> str:
    """The problems, as they stand on every page; nothing where there are none."""
    problems, said = previewed.problems()
    lines = [*(problem.text(words.words) for problem in problems), *said]
    if not lines:
        return ""
    head = html.escape(words.say("serve.problems", count=len(lines)))
    button = f'<button type="button" style="float:right">{html.escape(words.say("serve.hide"))}</button>'
    text = html.escape("\n".join(lines))
    return f'<div id="haedap-problems" role="alert" style="{_PANEL}">{button}<strong>{head}</strong>\n{text}</div>'


def serve_preview(
    root: Path, host: str, port: int, at: datetime | None, clock: Callable[[], datetime], words: Catalogue
) -> None:
    """Serve until Ctrl-C."""
    previewed = Previewed(root, "", at, clock)
    server = _Server((host, port), previewed, words)
    previewed.base = f"http://{host}:{server.server_port}"
    observer = watch(root, previewed.version)
    click.echo(words.say("serve.ready", url=f"{previewed.base}/"))
    threading.Thread(target=_keep_up, args=(previewed,), daemon=True).start()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo(words.say("serve.stopped"))
    finally:
        observer.stop()
        server.server_close()


def _keep_up(previewed: Previewed) -> None:
    """Name the portals; look everything over after each burst of changes; when a text begins or ends, show that."""
    named: tuple[Portal, ...] = ()
    while True:
        seen = previewed.version.changed
        due: datetime | None = None
        try:
            named = named or _named(previewed)
            while (newer := previewed.version.wait_change(seen, _PAUSE)) > seen:
                seen = newer
            previewed.look_over()
            now = previewed.clock()
            due = previewed.centre().next_change(now) if previewed.at is None else None
        except _BROKEN:
            now = previewed.clock()  # a page says why; the next change may mend it
        seconds = min((due - now).total_seconds(), 3600.0) if due else 3600.0
        if previewed.version.wait_change(seen, max(seconds, 0.1)) == seen and due and previewed.clock() >= due:
            previewed.version.grow(frozenset())


def _named(previewed: Previewed) -> tuple[Portal, ...]:
    portals = previewed.centre().portals()
    for portal in portals:
        click.echo(f"  {previewed.base}/{portal}/")
    return portals


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], previewed: Previewed, words: Catalogue) -> None:
        self.previewed, self.words = previewed, words
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else what follows the headers waits 40 ms, file after file
    server: _Server
    _shown = 0
    """The version that a page is drawn of, or an older one: then the browser asks again."""
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
        elif path == _PROBLEMS:
            panel = _panel(self.server.previewed, self.server.words)
            self._send(HTTPStatus.OK, "text/html; charset=utf-8", panel.encode())
        else:
            self._page_or_why(path)

    def _page_or_why(self, path: str) -> None:
        """Whatever a half-written file breaks, the writer sees the problems and not a dead connection."""
        try:
            self._page(path)
        except _BROKEN as error:
            self._shown = self.server.previewed.shown
            text = html.escape(self.server.words.say("serve.broken", why=f"{type(error).__name__}: {error}"))
            self._html(HTTPStatus.INTERNAL_SERVER_ERROR, f"<!doctype html><meta charset=utf-8><p>{text}</p>")

    def do_POST(self) -> None:
        self.close_connection = True  # what was sent is not read
        text = html.escape(self.server.words.say("serve.no_bridge"))
        self._html(HTTPStatus.NOT_IMPLEMENTED, f"<!doctype html><meta charset=utf-8><p>{text}</p>")

    def _page(self, path: str) -> None:
        previewed = self.server.previewed
        centre = previewed.centre()
        self._shown = previewed.shown
        brand, _, rest = path.lstrip("/").partition("/")
        language, slash, inner = rest.partition("/")
        portal = Portal(brand, language)
        if portal in centre.portals():
            if not slash:
                self._redirect(f"/{portal}/")
            else:
                self._below(portal, inner)
        elif brand in centre.brands and rest in ABOVE:
            known = centre.brands[brand]
            text = files_of(centre, known, previewed.base, known.languages)[rest]
            self._send(HTTPStatus.OK, f"{_type(rest)}; charset=utf-8", text.encode())
        elif brand in centre.brands and rest in self._doors:
            door = language_door(centre, centre.brands[brand], previewed.base)
            self._html(HTTPStatus.OK, door) if path.endswith("/") else self._redirect(f"/{brand}/")
        elif brand in self._doors and centre.brands and centre.portals():
            self._html(HTTPStatus.OK, brands_door(centre))
        else:
            text = html.escape(self.server.words.say("serve.nothing", path=path))
            self._html(HTTPStatus.NOT_FOUND, f"<!doctype html><meta charset=utf-8><p>{text}</p>")

    def _below(self, portal: Portal, path: str) -> None:
        """What lies in a portal: a page, or something beside it."""
        previewed = self.server.previewed
        url = path.removesuffix("index.html")
        is_page = not url or url.endswith("/")
        if is_page and (page := previewed.page(portal, url)) is not None:
            self._html(HTTPStatus.OK, page)
        elif not is_page and (content := previewed.file(portal, path)) is not None:
            self._send(HTTPStatus.OK, _type(path), bytes_of(content))
        elif not is_page and previewed.page(portal, f"{url}/") is not None:
            self._redirect(f"{urlsplit(self.path).path}/")
        else:
            self._html(HTTPStatus.NOT_FOUND, previewed.lost(portal) or "<!doctype html><meta charset=utf-8>")

    def _html(self, status: HTTPStatus, text: str) -> None:
        panel = _panel(self.server.previewed, self.server.words)
        script = f'<script src="{_SCRIPT}" data-version="{self._shown}"></script>'
        before, body_end, after = text.rpartition("</body>")
        page = before + panel + script + body_end + after if body_end else text + panel + script
        self._send(status, "text/html; charset=utf-8", page.encode())

    def _events(self, since: int) -> None:
        """Tell the browser once that something is newer than what it shows (server-sent events)."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            while (news := self.server.previewed.version.wait_beyond(since, _HEARTBEAT)).number <= since:
                self.wfile.write(b": still here\n\n")
                self.wfile.flush()
            self.wfile.write(f"data: {'changed' if news.changed > since else 'problems'} {news.number}\n\n".encode())
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


def _type(path: str) -> str:
    return mimetypes.guess_type(path)[0] or "application/octet-stream"
