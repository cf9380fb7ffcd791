"""Owns how an inquiry becomes an issue on GitHub. Refuses a public repository: what customers write is not for all.

https://docs.github.com/en/rest/issues/issues (create, list since). Issues take no files by the API, so they are links.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import Annotated

from pydantic import Field

from bridge.ways.equipment import Equipment
from bridge.ways.parcel import SinkError
from bridge.ways.tickets import Api, SystemOptions, Ticket, TicketSink, fenced, ticket_sink
from portal_builder.brand import Brand
from portal_builder.schema import Names

_PAGES = 10


class Options(SystemOptions):
    """`{sink: github, repository: brand/help, token: github}`."""

    url: Annotated[str, Field(pattern=r"^https?://[^\s/]+(/\S*)?$")] = "https://api.github.com"
    repository: Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+$")]
    labels: Names = ()


@dataclass(frozen=True)
class GitHub:
    repository: str
    labels: tuple[str, ...]
    most: int = 0

    def find(self, api: Api, ticket: Ticket) -> bool:
        """By the list: the search forgets the last minutes."""
        since = ticket.received_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for page in range(1, _PAGES + 1):
            query = {"state": "all", "since": since, "sort": "created", "per_page": "50", "page": str(page)}
            issues = api.get(f"/repos/{self.repository}/issues", query) or []
            if any(ticket.receipt in str(issue.get("title")) for issue in issues):
                return True
            if len(issues) < 50:
                return False
        return False

    def create(self, api: Api, ticket: Ticket) -> None:
        if not api.get(f"/repos/{self.repository}", {}).get("private"):
            raise SinkError(f"{self.repository} is public: inquiries are not put there", permanent=True)
        body = "\n\n".join(filter(None, (fenced(ticket.text), ticket.links)))
        asked = {"title": ticket.title, "body": body, "labels": [*self.labels, *ticket.tags]}
        api.post(f"/repos/{self.repository}/issues", asked)


def connect(options: Options, brand: Brand, equipment: Equipment) -> TicketSink:  # noqa: ARG001 -- as every sink
    login = {
        "Authorization": f"Bearer {equipment.settings.named_secret(options.token)}",
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
    }
    return ticket_sink(GitHub(options.repository, options.labels), options, login, equipment)
