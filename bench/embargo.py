"""Does anything of a text leave the house before its time, or after it? Canaries in every place a text has.

    python -m bench.embargo --instants 200

Builds a help centre at random instants around its boundaries, one after the other into the same folder with warm
caches, and looks for canaries in every byte of the output, unpacked. What is packed bit by bit shows no canary: so some
builds are made again, from scratch, of a help centre whose texts that are not out are other texts or none. Not a byte
may differ.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import random
import struct
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal_builder.build import build
from portal_builder.build_portal import Order
from portal_builder.centre import Centre, load_centre
from portal_builder.check import check

START = datetime(2026, 12, 1, tzinfo=UTC)
LANGUAGES = {"daon": ("ko", "en"), "lumi": ("ko",)}
_ZONES = {"daon": "Asia/Seoul", "lumi": "America/New_York"}
_FOLDERS = ("faq/orders", "faq/billing", "guides", "notices")
_TREES = ("content", "scheduled")


@dataclass(frozen=True)
class Version:
    """One text in one language, and when it is out."""

    id: str
    language: str
    brand: str
    begins: datetime | None
    ends: datetime | None
    label: str
    """Tells versions of one text apart; the first has none and lies in content/."""
    secret: str
    """What it is drawn from: another secret, another text."""

    @property
    def canary(self) -> str:
        """Stands in all that the text says, shows and brings along."""
        return _token(self.secret, self.id, self.language, self.label)

    @property
    def path(self) -> str:
        tree, label = _TREES[bool(self.label)], f"@{self.label}" if self.label else ""
        return f"{tree}/{self.id}{label}.{self.language}.md"


@dataclass(frozen=True)
class Leak:
    """A canary where it must not be."""

    at: datetime
    file: str
    canary: str


def _token(*parts: str) -> str:
    return "q" + base64.b32encode(hashlib.sha256(" ".join(parts).encode()).digest()).decode().lower()[:11]


def texts(rng: random.Random, count: int) -> list[Version]:
    """Texts that come, are replaced, and go; each language and brand on its own."""
    found: list[Version] = []
    for number in range(count):
        folder, brand = rng.choice(_FOLDERS), rng.choice(("all", "all", "daon", "lumi"))
        name = f"{folder}/{_token('name', str(number))}"
        for language in rng.choice((("ko",), ("ko", "en"), ("en",))) if brand != "lumi" else ("ko",):
            begins = None if rng.random() < 0.3 else _moment(rng, 0)
            for turn in range(rng.choice((1, 1, 2, 3))):
                ends = _moment(rng, 10 + 20 * turn) if rng.random() < 0.5 else None
                label = f"{_token('label', str(turn))}" if turn else ""
                found.append(Version(name, language, brand, begins, ends, label, "secret"))
                begins = _moment(rng, 10 + 20 * turn)
    return found


def _moment(rng: random.Random, hours: int) -> datetime:
    return START + timedelta(hours=hours + rng.randrange(10), minutes=rng.randrange(60))


def write_centre(root: Path, versions: Iterable[Version]) -> Centre:
    """A help centre of these texts and some open ones that lead to all of them."""
    listed = list(versions)
    names = sorted({version.id for version in listed if version.brand == "all"})
    for brand, zone in _ZONES.items():
        file = f"name: {brand}\nurl: https://help.{brand}.example/\nzone: {zone}\n"
        file += f"languages: [{', '.join(LANGUAGES[brand])}]\nemail: help@{brand}.example\n"
        _write(root, f"themes/{brand}/brand.yml", file + 'colours: {primary: "#1f6f54"}\n')
    links = "\n".join(f"- [here](../../{name}.md)" for name in names)
    front = f"title: Open\nrelated: [{', '.join(names)}]\n"
    _write(root, "content/faq/open/open.ko.md", f"---\n{front}---\n\n{links}\n")
    over = (
        f"title: Over\nexpire_at: 2026-01-01\ninstead: {names[0]}\n"
        if names
        else "title: Over\nexpire_at: 2026-01-01\n"
    )
    _write(root, "content/faq/open/over.ko.md", f"---\n{over}---\n\nOver\n")
    _write(root, "content/forms/inquiry.yml", _form(names))
    for version in listed:
        _write_version(root, version)
    centre = load_centre(root)
    problems = check(centre)
    assert not problems, problems[:3]  # noqa: S101 -- the bench's own content
    return centre


def _form(names: Iterable[str]) -> str:
    return f"""title: Ask
suggest: [{", ".join(names)}]
fields:
  - {{name: email, type: email, required: true, label: E-mail}}
  - {{name: message, type: long_text, required: true, label: Message}}
privacy: {{purpose: a, items: b, retention: c, refusal: d}}
"""


def _write_version(root: Path, version: Version) -> None:
    canary, folder = version.canary, f"{version.path.partition('/')[0]}/{version.id.rpartition('/')[0]}"
    notice = "pinned: true\nseverity: outage\n" if version.id.startswith("notices") else ""
    front = f"""title: Title {canary}
summary: Summary {canary}
brand: {version.brand}
tags: [{canary}]
redirect_from: [faq/old/{canary}, 'faq/old/more#{canary}']
owner: {canary}
search: {{keywords: [{canary}key]}}
attachments: [{canary}.txt, {canary}.txt.gz]
{notice}"""
    for key, moment in (("publish_at", version.begins), ("expire_at", version.ends)):
        front += f"{key}: {moment:%Y-%m-%dT%H:%M:%SZ}\n" if moment else ""
    text = (
        f"{canary} said.\n\n## Heading {canary}\n\n![Picture {canary}](pictures/{canary}.png)\n\n![x]({canary}.svg)\n"
    )
    _write(root, version.path, f'---\n{front}---\n\n{text}\n??? question "{canary}?"\n    {canary}\n')
    _write(root, f"{folder}/pictures/{canary}.png", png(canary.encode()))
    _write(root, f"{folder}/{canary}.svg", f"<svg xmlns='http://www.w3.org/2000/svg'><title>{canary}</title></svg>")
    _write(root, f"{folder}/{canary}.txt", canary)
    _write(root, f"{folder}/{canary}.txt.gz", gzip.compress(canary.encode(), mtime=0))


def _write(root: Path, path: str, content: str | bytes) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(content.encode() if isinstance(content, str) else content)


def png(pixels: bytes) -> bytes:
    """A grey picture whose pixels are these bytes, deflated as in any PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", len(pixels), 1, 8, 0, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\0" + pixels))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


def unpacked(data: bytes) -> Iterator[bytes]:
    """The bytes, and what is packed in them."""
    yield data
    if data.startswith(b"\x1f\x8b"):
        yield from unpacked(gzip.decompress(data))
    if data.startswith(b"\x89PNG"):
        place = 8
        while place < len(data):
            (length,) = struct.unpack(">I", data[place : place + 4])
            if data[place + 4 : place + 8] in {b"IDAT", b"zTXt"}:
                yield zlib.decompressobj().decompress(data[place + 8 : place + 8 + length])
            place += length + 12


def out_at(versions: Iterable[Version], brand: str, language: str, at: datetime) -> dict[str, Version | None]:
    """By id what a portal shows, None where it has run out: said once more, apart from the builder's own way."""
    found: dict[str, Version | None] = {}
    begun = [one for one in versions if one.brand in {"all", brand} and (one.begins is None or one.begins <= at)]
    for name in {one.id for one in begun}:
        of_name = [one for one in begun if one.id == name]
        own = [one for one in of_name if one.language == language] or [one for one in of_name if one.language == "ko"]
        if own:
            last = max(own, key=lambda one: one.begins or datetime.min.replace(tzinfo=UTC))
            found[name] = None if last.ends and last.ends <= at else last
    return found


def scan(versions: list[Version], out: Path, at: datetime) -> tuple[list[Leak], int]:
    """Every canary that is where it must not be; and how many were found where they belong."""
    leaks: list[Leak] = []
    proper = 0
    portals = [f"{brand}/{language}" for brand, spoken in LANGUAGES.items() for language in spoken]
    shown = {name: out_at(versions, *name.partition("/")[::2], at) for name in portals}
    canaries = {version.canary for version in versions}
    slugs = {version.id.rpartition("/")[2]: version.id for version in versions}
    for file in sorted(out.rglob("*")):
        path = file.relative_to(out).as_posix()
        portal = "/".join(path.split("/")[:2])
        of_portal = shown.get(portal, {})
        allowed = {version.canary for version in of_portal.values() if version}
        allowed |= {slug for slug, name in slugs.items() if of_portal.get(name)}
        allowed |= {slug for slug, name in slugs.items() if name in of_portal and slug in path}  # the page that says so
        if path == ".haedap/release.json":  # addresses of what is gone, for hosts; titles never
            allowed |= {slug for slug, name in slugs.items() if any(name in one for one in shown.values())}
            allowed |= {version.canary for one in shown.values() for version in one.values() if version}
        found = {token for data in _data(file, path) for token in canaries | slugs.keys() if token.encode() in data}
        leaks += [Leak(at, path, token) for token in sorted(found - allowed)]
        proper += len(found & allowed)
    return leaks, proper


def _data(file: Path, path: str) -> Iterator[bytes]:
    yield path.encode()
    if file.is_file():
        yield from unpacked(file.read_bytes())


def contents(out: Path) -> dict[str, bytes]:
    """All that readers can get: without the record of the build, which knows the time of day."""
    files = (file for file in sorted(out.rglob("*")) if file.is_file() and ".haedap" not in file.parts)
    return {file.relative_to(out).as_posix(): file.read_bytes() for file in files}


def without_secrets(versions: list[Version], at: datetime) -> list[Version]:
    """The same texts as far as anybody may know.

    What is over or replaced says something else. What is to come is not there, or where open texts name it, years away.
    """
    known: list[Version] = []
    shown = [
        version
        for brand, spoken in LANGUAGES.items()
        for language in spoken
        for version in out_at(versions, brand, language, at).values()
    ]
    for version in versions:
        if version.begins is None or version.begins <= at:
            known.append(version if version in shown else replace(version, secret="another"))  # noqa: S106 -- no password
        elif version.brand == "all":
            later = START + timedelta(days=len(known) + 9000)
            known.append(replace(version, secret="another", begins=later, ends=None))  # noqa: S106 -- the same
    return known


def differing(versions: list[Version], out: Path, at: datetime, place: Path) -> list[str]:
    """Files that would be others if the texts that nobody may see were others: there must be none."""
    centre = write_centre(place / "centre", without_secrets(versions, at))
    build(centre, Order(at=at), place / "site", at)
    one, other = contents(out), contents(place / "site")
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def instants(rng: random.Random, versions: Iterable[Version], count: int) -> list[datetime]:
    """Around boundaries: a second before, at them, and some time after."""
    edges = sorted({edge for version in versions for edge in (version.begins, version.ends) if edge})
    steps = (timedelta(seconds=-1), timedelta(0), timedelta(minutes=rng.randrange(90)))
    return [rng.choice(edges) + rng.choice(steps) for _ in range(count)]


def run(root: Path, seed: int, *, texts_in_all: int, builds: int, compared: int) -> Mapping[str, object]:
    """Build at so many instants, scan each, and make every so many-th again without the secrets."""
    rng = random.Random(seed)  # noqa: S311 -- a drawing that can be repeated
    versions = texts(rng, texts_in_all)
    centre = write_centre(root / "centre", versions)
    leaks: list[Leak] = []
    differ: list[str] = []
    proper = 0
    for number, at in enumerate(instants(rng, versions, builds)):
        build(centre, Order(at=at), root / "site", at)
        found, belong = scan(versions, root / "site", at)
        leaks, proper = leaks + found, proper + belong
        if number % max(1, builds // max(1, compared)) == 0:
            with tempfile.TemporaryDirectory(dir=root) as place:
                differ += [f"{at} {path}" for path in differing(versions, root / "site", at, Path(place))]
    return {"builds": builds, "versions": len(versions), "proper": proper, "leaks": leaks, "differing": differ}


def main() -> None:
    """Print what was found; end with 1 where anything leaked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instants", type=int, default=200)
    parser.add_argument("--compared", type=int, default=20)
    parser.add_argument("--texts", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = run(Path(folder), asked.seed, texts_in_all=asked.texts, builds=asked.instants, compared=asked.compared)
    for name, value in told.items():
        print(f"{name}: {len(value) if isinstance(value, list) else value}")
    for leak in [*_listed(told["leaks"]), *_listed(told["differing"])][:20]:
        print(leak)
    raise SystemExit(1 if told["leaks"] or told["differing"] or not told["proper"] else 0)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


if __name__ == "__main__":
    main()
