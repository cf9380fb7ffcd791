"""What hosts are told: nginx and Apache, for real, and the shape of the others' files."""

from __future__ import annotations

import http.client
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from programs import find_program

from portal_builder.publishing.hostfiles import HEADERS, NGINX, Ways, host_files
from portal_builder.publishing.tree import Tree
from support import free_port, write_tree

WAYS = Ways("/", gone=("ko/faq/환불 '1'/",), redirects={"ko/옛 글/": "/ko/new/", "ko/away/": "https://x.example/a?b=1"})
FILES = {
    "ko/index.html": "first", "ko/404.html": "nothing here", "ko/new/index.html": "new",
    "ko/faq/환불 '1'/index.html": "withdrawn", "ko/옛 글/index.html": "leads on",
}  # fmt: skip  # one tree
TREE = Tree(Path(), {}).with_files({path: text.encode() for path, text in FILES.items()})
_NGINX = """\
daemon off; pid {folder}/pid; error_log {folder}/log; worker_processes 1;
events {{}}
http {{
  access_log off; client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{
    listen 127.0.0.1:{port}; root {folder}/site;
    include {folder}/site/{snippet};
    location ~ ^/(?<language>[^/]+)/ {{ try_files $uri $uri/ =404; error_page 404 /$language/404.html; }}
  }}
}}
"""


_APACHE = """\
ServerRoot {folder}
ServerName help
PidFile {folder}/pid
ErrorLog {folder}/log
Listen 127.0.0.1:{port}
User nobody
TypesConfig {folder}/types
DocumentRoot {folder}/site
<Directory {folder}/site>
  AllowOverride All
  Require all granted
</Directory>
"""
_MODULES = Path("/usr/lib/apache2/modules")


@contextmanager
def serving(folder: Path, host: str, command: list[str]) -> Iterator[None]:
    """A web server of the machine's, started by root perhaps: then its workers are nobody, who has to see the files."""
    write_tree(folder / "site", FILES | {name: text.decode() for name, text in host_files(host, WAYS, TREE).items()})
    for place in (folder, *folder.parents):
        if place != Path("/") and os.access(place, os.W_OK):
            place.chmod(place.stat().st_mode | 0o055)
    process = subprocess.Popen(command)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[int]:
    program, port = _program("nginx"), free_port()
    write_tree(tmp_path, {"nginx.conf": _NGINX.format(folder=tmp_path, port=port, snippet=NGINX)})
    command = [program, "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "log")]
    with serving(tmp_path, "nginx", command):
        _wait_for(port)
        yield port


@pytest.fixture
def apache(tmp_path: Path) -> Iterator[int]:
    program, port = _program("apache2"), free_port()
    wanted = ("mpm_event", "authz_core", "dir", "mime", "alias", "headers", "unixd")
    names = [name for name in wanted if (_MODULES / f"mod_{name}.so").is_file()]  # some are built in
    loaded = "".join(f"LoadModule {name}_module {_MODULES}/mod_{name}.so\n" for name in names)
    settings = loaded + _APACHE.format(folder=tmp_path, port=port)
    write_tree(tmp_path, {"apache.conf": settings, "types": "text/html html\n"})
    with serving(tmp_path, "apache", [program, "-X", "-f", str(tmp_path / "apache.conf")]):
        _wait_for(port)
        yield port


def _program(name: str) -> str:
    program = find_program(name)
    assert program, f"{name} is not installed; make test installs it where it may"
    return program


def _wait_for(port: int) -> None:
    """Until it answers."""
    for _ in range(2000):
        try:
            ask(port, "/ko/")
        except OSError:
            threading.Event().wait(0.01)
        else:
            return
    raise AssertionError("it did not start")


def ask(port: int, path: str) -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", quote(path))
    answer = connection.getresponse()
    return answer.status, answer.getheader("Location") or "", answer.read().decode()


def test_nginx_leads_on_and_says_what_is_gone(nginx: int) -> None:
    """301 for old addresses, 410 with the page's own words for withdrawn ones, names in Korean and with quotes too."""
    _leads_on(nginx)


def test_apache_leads_on_and_says_what_is_gone(apache: int) -> None:
    """The same from .htaccess, and the headers."""
    _leads_on(apache)


def _leads_on(port: int) -> None:
    assert ask(port, "/ko/") == (200, "", "first")
    status, to, _ = ask(port, "/ko/옛 글/")
    assert (status, to.removeprefix(f"http://127.0.0.1:{port}")) == (301, "/ko/new/")
    assert ask(port, "/ko/away/")[:2] == (301, "https://x.example/a?b=1")
    assert ask(port, "/ko/faq/환불 '1'/") == (410, "", "withdrawn")
    assert ask(port, "/ko/nothing/")[::2] == (404, "nothing here")


def test_static_hosts_get_their_own_files() -> None:
    """Addresses are encoded, headers are those of docs/hosting.md, and the 404 page stands where each host looks."""
    netlify = {name: text.decode() for name, text in host_files("netlify", WAYS, TREE).items()}
    assert "/ko/%EC%98%9B%20%EA%B8%80/ /ko/new/ 301!" in netlify["_redirects"].splitlines()
    assert all(f"  {name}: {text}" in netlify["_headers"].splitlines() for name, text in HEADERS.items())
    cloudflare = host_files("cloudflare", WAYS, TREE)["_redirects"].decode()
    assert "!" not in cloudflare
    assert "404" not in cloudflare
    assert host_files("pages", WAYS, TREE)["404.html"] == b"nothing here"
    assert host_files("bucket", WAYS, TREE) == {"404.html": b"nothing here"}
    assert host_files("none", WAYS, TREE) == {}
