"""Owns the target `directory`: another folder of this or a mounted machine, with releases of its own and `current`.

Refuses to touch anything in it but its own releases.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

from portal_builder.publishing.looked import FileSet
from portal_builder.publishing.parcel import Parcel, Sent, TargetError, TargetOptions
from portal_builder.publishing.shelf import Shelf, ShelfError
from portal_builder.publishing.tree import Tree

SECRETS = ()
_KEEP = 3


class Options(TargetOptions):
    path: str
    """An absolute path; readers are served from `current/site` below it."""
    host: Literal["none", "apache", "nginx", "netlify", "cloudflare", "pages"] = "none"


def host_of(options: Options) -> str:
    return options.host


def send(options: Options, parcel: Parcel) -> Sent:
    """Copy what changed into a release of its own, then swap."""
    shelf = Shelf(Path(options.path))
    try:
        with shelf.held():
            shelf.repair()
            before = shelf.current()
            known = shelf.laid(before.number).digests if before else {}
            record = replace(parcel.record, number=shelf.next_number())
            shelf.reveal(shelf.make(parcel.tree, record), record)
            shelf.thin_out(_KEEP)
    except ShelfError as error:
        raise TargetError(str(error)) from error
    except OSError as error:
        raise TargetError(f"{error.strerror}: {error.filename or options.path}") from error
    return sent_between(known, parcel.tree)


def sent_between(known: FileSet, tree: Tree) -> Sent:
    """How many files differ."""
    new = sum(known.get(path) != digest for path, digest in tree.digests.items())
    return Sent(new, len(known.keys() - tree.digests.keys()))
