"""Owns the target `netlify`: a site of Netlify, by its own program. Refuses to know Netlify's interface.

The program asks which files the other side has, sends the others, and the site changes in one step.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from portal_builder.publishing.parcel import Parcel, Sent, TargetOptions, run
from portal_builder.schema import Names

SECRETS = ("NETLIFY_AUTH_TOKEN",)


class Options(TargetOptions):
    site: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    """Its id or name."""
    command: Annotated[Names, Field(min_length=1)] = ("netlify",)
    """How the program is started, e.g. `[npx, --yes, netlify-cli@23]`."""


def host_of(_: Options) -> str:
    return "netlify"


def send(options: Options, parcel: Parcel) -> Sent:
    folder = parcel.unpack()
    message = f"Release {parcel.number}"
    run(
        [*options.command, "deploy", "--prod", "--no-build", "--dir", str(folder), "--site", options.site,
         "--message", message],
        parcel, cwd=parcel.desk,
    )  # fmt: skip  # one line of plumbing
    return Sent(len(parcel.tree.digests), 0)
