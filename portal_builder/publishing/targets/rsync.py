"""Owns the target `rsync`: a server with ssh and rsync. Each release is a folder there, made current with one rename.

Refuses to delete anything there but its own releases. Files that the last release had already are hard links to it.
"""

from __future__ import annotations

import re
import shlex
from typing import Annotated, Literal

from pydantic import Field

from portal_builder.publishing.parcel import Parcel, Sent, TargetOptions, run

SECRETS = ()
_MEANINGS = {
    11: "the server could not write; is its disk full?",
    12: "the connection broke, or the server has no rsync",
    23: "some files could not be written there",
    30: "the server fell silent",
}
"""Its own words are lost where the other side ends first."""
_NEW = re.compile(r"Number of regular files transferred: ([\d,.]+)")


class Options(TargetOptions):
    server: Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.@:%\[\]-]*$")]
    """`user@host`, as ssh takes it."""
    path: Annotated[str, Field(pattern=r"^/[^\s'\"\\$`]*[^\s'\"\\$`/]$")]
    """An absolute path there; readers are served from `current/` below it."""
    port: Annotated[int, Field(ge=1, le=65535)] = 22
    identity: str | None = None
    """A file with the private key; ssh's own choice without it."""
    known_hosts: str | None = None
    """A file with the server's key; ssh's own without it. A server that is in neither is refused."""
    keep: Annotated[int, Field(ge=2, le=1000)] = 3
    host: Literal["none", "apache", "nginx"] = "none"


def host_of(options: Options) -> str:
    return options.host


def send(options: Options, parcel: Parcel) -> Sent:
    """Bring the files into a folder that nobody looks into, then swap the link. Nothing is sent twice."""
    folder = parcel.unpack()
    top, number = options.path, parcel.number
    last = _ssh(options, parcel, _FIND_LAST, top).strip()
    links = [f"--link-dest={top}/releases/{last}"] if last else []
    said = run(
        ["rsync", "--recursive", "--links", "--times", "--checksum", "--delete", "--stats", "--no-motd",
         "--chmod=D755,F644", *links, "--rsh", shlex.join(_shell(options)),
         f"{folder}/", f"{options.server}:{top}/releases/.{number}.making/"],
        parcel, meanings=_MEANINGS,
    )  # fmt: skip  # one line of plumbing
    _ssh(options, parcel, _SWAP, top, str(number), str(options.keep))
    found = _NEW.search(said)
    return Sent(int(re.sub(r"\D", "", found[1])) if found else 0, 0)


# Run by the server's own sh: $1 the path, $2 the release's number, $3 how many are kept.
_FIND_LAST = """
mkdir -p "$1/releases" && cd "$1" || exit 1
if [ -e current ] && [ ! -L current ]; then echo "$1/current is no link" >&2; exit 1; fi
if [ -L current ] && [ -d current/ ]; then basename "$(readlink current)"; fi
"""
_SWAP = """
cd "$1" || exit 1
if [ -d "releases/$2" ]; then
  n=1; while [ -d "releases/$2.$n" ]; do n=$((n + 1)); done; to="$2.$n"
else to="$2"; fi
mv "releases/.$2.making" "releases/$to" && ln -sfn "releases/$to" .current.new && mv -fT .current.new current || exit 1
ls -1t releases | tail -n "+$(($3 + 1))" | while read -r old; do
  [ "$old" = "$to" ] || rm -rf "releases/$old"
done
rm -rf releases/.*.making
"""


def _ssh(options: Options, parcel: Parcel, script: str, *words: str) -> str:
    """The script comes by standard input, so that nothing has to be quoted twice."""
    command = [*_shell(options), options.server, shlex.join(["sh", "-s", "--", *words])]
    return run(command, parcel, given=script)


def _shell(options: Options) -> list[str]:
    command = ["ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20", "-o", "StrictHostKeyChecking=yes"]
    command += ["-p", str(options.port)]
    command += ["-i", options.identity, "-o", "IdentitiesOnly=yes"] if options.identity else []
    return command + (["-o", f"UserKnownHostsFile={options.known_hosts}"] if options.known_hosts else [])
