"""What hosts are told: nginx, for real, and the shape of the others' files."""

from __future__ import annotations

import http.client
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from portal_builder.publishing.hostfiles import HEADERS, NGINX, Ways, host_files
from portal_builder.publishing.tree import Tree
from support import free_port, write_tree

WAYS = Ways("/", gone=("ko/faq/환불 '1'/",), redirects={"ko/옛 글/": "/ko/new/", "ko/away/": "https://x.example/a?b=1"})
FILES = {
    "ko/index.html": "first", "ko/404.html": "nothing here", "ko/new/index.html": "new",
    "ko/faq/환불 '1'/index.html": "withdrawn", "ko/옛 글/index.html": "leads on",
}  # fmt: skip  # one tree
TREE = Tree({}, {}).with_files({path: text.encode() for path, text in FILES.items()})
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


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[int]:
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if program is None:
        pytest.skip("there is no nginx on this machine")
    port = free_port()
    tmp_path.chmod(0o755)
    write_tree(tmp_path / "site", FILES | {k: v.decode() for k, v in host_files("nginx", WAYS, TREE).items()})
    write_tree(tmp_path, {"nginx.conf": _NGINX.format(folder=tmp_path, port=port, snippet=NGINX)})
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == tmp_path.stat().st_uid and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)  # its workers run as nobody where root starts it
    process = subprocess.Popen([program, "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "log")])
    while process.poll() is None:
        try:
            ask(port, "/ko/")
        except ConnectionRefusedError:
            continue
        break
    yield port
    process.terminate()
    process.wait()


def ask(port: int, path: str) -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", quote(path))
    answer = connection.getresponse()
    return answer.status, answer.getheader("Location") or "", answer.read().decode()


def test_nginx_leads_on_and_says_what_is_gone(nginx: int) -> None:
    """301 for old addresses, 410 with the page's own words for withdrawn ones, names in Korean and with quotes too."""
    assert ask(nginx, "/ko/") == (200, "", "first")
    status, to, _ = ask(nginx, "/ko/옛 글/")
    assert (status, to.removeprefix(f"http://127.0.0.1:{nginx}")) == (301, "/ko/new/")
    assert ask(nginx, "/ko/away/")[:2] == (301, "https://x.example/a?b=1")
    assert ask(nginx, "/ko/faq/환불 '1'/") == (410, "", "withdrawn")
    assert ask(nginx, "/ko/nothing/")[::2] == (404, "nothing here")


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
