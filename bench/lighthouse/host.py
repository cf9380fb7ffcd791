"""Owns a small host for measurements: the files of a folder, with gzip and lifetimes as a real one sends them."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO

_TEXTS = ("text/", "application/json", "application/javascript", "image/svg+xml", "application/xml")


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def send_head(self) -> Any:
        """The file, packed where it is text and the browser takes it."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        kind = self.guess_type(str(path))
        if not path.is_file() or not kind.startswith(_TEXTS):
            return super().send_head()
        packed = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(packed)))
        self.send_header("Cache-Control", "max-age=3600" if "/static/" in self.path else "max-age=0")
        self.end_headers()
        body: BinaryIO = io.BytesIO(packed)
        return body

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the name that the base class gives it
        """A measurement prints its figures alone."""


@contextmanager
def host(folder: Path) -> Iterator[ThreadingHTTPServer]:
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder))) as server:
        yield server
