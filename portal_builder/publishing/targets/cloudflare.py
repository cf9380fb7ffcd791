"""Owns the target `cloudflare`: a project of Cloudflare Pages, by its program wrangler. Refuses to know more of it.

The program asks which files the other side has, sends the others, and the site changes in one step.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from portal_builder.publishing.parcel import Parcel, Sent, TargetOptions, run
from portal_builder.schema import Names

SECRETS = ("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_ACCOUNT_ID")


class Options(TargetOptions):
    project: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    branch: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$")] = "main"
    """The project's production branch; any other makes a preview."""
    command: Annotated[Names, Field(min_length=1)] = ("wrangler",)
    """How the program is started, e.g. `[npx, --yes, wrangler@4]`."""


def host_of(_: Options) -> str:
    return "cloudflare"


def send(options: Options, parcel: Parcel) -> Sent:
    folder = parcel.unpack()
    message = f"Release {parcel.number}"
    run(
        [*options.command, "pages", "deploy", str(folder), "--project-name", options.project,
         "--branch", options.branch, "--commit-dirty=true", "--commit-message", message],
        parcel, cwd=parcel.desk,
    )  # fmt: skip  # one line of plumbing
    return Sent(len(parcel.tree.digests), 0)
