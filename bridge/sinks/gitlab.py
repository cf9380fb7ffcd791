"""Owns how an inquiry becomes a confidential issue on GitLab. Refuses to make one that everybody can read.

https://docs.gitlab.com/api/issues/ (create, search in titles), https://docs.gitlab.com/api/project_markdown_uploads/
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from pydantic import Field

from bridge.ways.equipment import Equipment
from bridge.ways.outgoing import FormPart
from bridge.ways.tickets import Api, SystemOptions, Ticket, TicketSink, fenced, ticket_sink
from portal_builder.brand import Brand
from portal_builder.schema import Names


class Options(SystemOptions):
    """`{sink: gitlab, project: brand/help, token: gitlab}`."""

    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+(/\S*)?$")] = "https://gitlab.com"
    project: str
    """Its path or its number."""
    labels: Names = ()


@dataclass(frozen=True)
class GitLab:
    project: str
    labels: tuple[str, ...]
    most: int = 10_000_000

    def find(self, api: Api, ticket: Ticket) -> bool:
        query = {"search": ticket.receipt, "in": "title", "scope": "all"}
        return any(ticket.receipt in str(issue.get("title")) for issue in api.get(self._path("issues"), query) or [])

    def create(self, api: Api, ticket: Ticket) -> None:
        uploads = [
            api.post_form(self._path("uploads"), [FormPart("file", file.content, file.name)])["markdown"]
            for file in ticket.files
        ]
        asked = {
            "title": ticket.title,
            "description": "\n\n".join(filter(None, (fenced(ticket.text), ticket.links, *uploads))),
            "labels": ",".join(label.replace(",", " ") for label in (*self.labels, *ticket.tags)),
            "confidential": True,
        }
        api.post(self._path("issues"), asked)

    def _path(self, rest: str) -> str:
        return f"/api/v4/projects/{quote(self.project, safe='')}/{rest}"


def connect(options: Options, brand: Brand, equipment: Equipment) -> TicketSink:  # noqa: ARG001 -- as every sink
    login = {"PRIVATE-TOKEN": equipment.settings.named_secret(options.token)}
    return ticket_sink(GitLab(options.project, options.labels), options, login, equipment)
