"""Owns how each kind of host is told what moved, what is gone and what headers to send. Refuses to know any release.

The pages say all of this by themselves as well (an old address has a page that leads on, a withdrawn text one that says
so): these files make it faster, and right for machines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from portal_builder.publishing.shelf import Published
from portal_builder.publishing.tree import Tree

HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
"""What a page cannot say by itself; docs/hosting.md says why."""
NGINX = ".haedap/nginx.conf"
"""Beside a brand's door."""
_KEEP_SAFE = "/:?#[]@!&'()*+,;=%~-._"


@dataclass(frozen=True)
class Ways:
    """What a host is told."""

    root: str
    """The path of the top, as browsers ask for it: `/`, or `/help/` where the brand's address has one."""
    gone: tuple[str, ...]
    """Pages below the top that say that a text was withdrawn."""
    redirects: Mapping[str, str]
    """By page below the top, an address or a path from the host's root."""


def ways_of(record: Published, brand: str, address: str) -> Ways:
    """What a release says of one brand's host, or of all brands on one (an empty name); `address`: the brand's own."""
    root, top = urlsplit(address).path or "/", f"{brand}/" if brand else ""
    return Ways(
        root,
        gone=tuple(path.removeprefix(top) for path in record.gone if path.startswith(top)),
        redirects={
            old.removeprefix(top): new if "://" in new or new.startswith("/") else f"{root}{new.removeprefix(top)}"
            for old, new in record.redirects.items()
            if old.startswith(top)
        },
    )


def host_files(host: str, ways: Ways, tree: Tree) -> Mapping[str, bytes]:
    """The files that this kind of host reads, by path below the top."""
    return {path: text.encode() for path, text in HOSTS[host](ways, tree).items()}


def _netlify(ways: Ways, tree: Tree) -> dict[str, str]:
    """With `!` a rule wins over the page that stands there. Netlify knows no 410; 404 keeps machines away too."""
    lines = [f"{encoded(ways.root + old)} {encoded(new)} 301!" for old, new in sorted(ways.redirects.items())]
    lines += [f"{encoded(ways.root + page)} {encoded(ways.root + page)}index.html 404!" for page in sorted(ways.gone)]
    lines += [f"{encoded(ways.root + folder)}* {encoded(ways.root + folder)}404.html 404" for folder in _portals(tree)]
    return {"_redirects": _lines(lines), "_headers": _headers()}


def _cloudflare(ways: Ways, _: Tree) -> dict[str, str]:
    """It looks for the nearest 404.html by itself, and has no rule for what is gone."""
    lines = [f"{encoded(ways.root + old)} {encoded(new)} 301" for old, new in sorted(ways.redirects.items())]
    return {"_redirects": _lines(lines), "_headers": _headers()}


def _pages(_: Ways, tree: Tree) -> dict[str, str]:
    """One 404 page at the top; files that begin with a dot or a line are files like others."""
    return {".nojekyll": ""} | _first_404(tree)


def _apache(ways: Ways, tree: Tree) -> dict[str, str]:
    """Addresses are taken as they are after decoding."""
    lines = ["DirectoryIndex index.html", "Options -Indexes", "AddDefaultCharset utf-8"]
    lines += ["<IfModule mod_headers.c>", *(f'  Header always set {name} "{text}"' for name, text in HEADERS.items())]
    lines += ['  Header set Cache-Control "no-cache"', "</IfModule>"]
    for old, new in sorted(ways.redirects.items()):
        lines.append(f'RedirectMatch 301 "^{_pattern(ways.root + old)}(index\\.html)?$" "{encoded(new)}"')
    for folder in _portals(tree):
        path = ways.root + folder
        lines += [
            f'<If "%{{REQUEST_URI}} =~ m#^{_pattern(path)}#">',
            f'  ErrorDocument 404 "{encoded(path)}404.html"',
            "</If>",
        ]
    for page in sorted(ways.gone):
        path = ways.root + page
        asked = f'<If "%{{REQUEST_URI}} =~ m#^{_pattern(path)}$#">'
        lines += [asked, f'  ErrorDocument 410 "{encoded(path)}index.html"', "</If>"]
        lines.append(f'RedirectMatch 410 "^{_pattern(path)}$"')
    return {".htaccess": _lines(lines)}


def _nginx(ways: Ways, _: Tree) -> dict[str, str]:
    """To be included in a server block; nginx takes it up when it is reloaded."""
    lines = []
    for old, new in sorted(ways.redirects.items()):
        lines.append(f"location = {_quoted(ways.root + old)} {{ return 301 {encoded(new)}; }}")
    for page in sorted(ways.gone):
        path = ways.root + page
        lines.append(f"location = {_quoted(path)} {{ error_page 410 {_quoted(path + 'index.html')}; return 410; }}")
    return {NGINX: _lines(lines)}


HOSTS: Mapping[str, Callable[[Ways, Tree], Mapping[str, str]]] = {
    "none": lambda _, __: {},
    "netlify": _netlify,
    "cloudflare": _cloudflare,
    "pages": _pages,
    "apache": _apache,
    "nginx": _nginx,
    "bucket": lambda _, tree: _first_404(tree),
}
"""By the names that targets use."""


def _first_404(tree: Tree) -> dict[str, str]:
    """For hosts that know one page for everything that is missing: that of the first portal."""
    for folder in _portals(tree):
        return {"404.html": tree.content(f"{folder}404.html").decode()}
    return {}


def _portals(tree: Tree) -> Iterator[str]:
    """Every folder with a page for what is missing."""
    yield from (path.removesuffix("404.html") for path in sorted(tree.digests) if path.endswith("/404.html"))


def _headers() -> str:
    return _lines(["/*", *(f"  {name}: {text}" for name, text in HEADERS.items())])


def encoded(address: str) -> str:
    """As it is written in headers."""
    return quote(address, safe=_KEEP_SAFE)


def _quoted(path: str) -> str:
    """A word of nginx; it compares decoded paths."""
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _pattern(path: str) -> str:
    """A path in a regular expression of Apache, where a quote cannot stand in a quoted word."""
    return "".join(char if char.isalnum() or char in "/-_" else f"\\x{ord(char):02x}" if ord(char) < 128 else char
                   for char in path)  # fmt: skip  # one expression


def _lines(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
