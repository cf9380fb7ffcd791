"""Owns how an inquiry becomes a Zendesk ticket. Refuses everything that every ticket system does alike.

https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/ (create, list by external_id, Idempotency-Key)
https://developer.zendesk.com/documentation/ticketing/managing-tickets/adding-ticket-attachments-with-the-api
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from bridge.ways.equipment import Equipment
from bridge.ways.tickets import Api, SystemOptions, Ticket, TicketSink, basic, ticket_sink
from portal_builder.brand import Brand


class Options(SystemOptions):
    """`{sink: zendesk, url: https://brand.zendesk.com, user: bot@brand.example, token: zendesk}`."""

    user: str
    """The agent that the token belongs to."""
    group_id: int | None = None


@dataclass(frozen=True)
class Zendesk:
    group_id: int | None
    most: int = 50_000_000

    def find(self, api: Api, ticket: Ticket) -> bool:
        return bool(api.get("/api/v2/tickets.json", {"external_id": ticket.receipt})["tickets"])

    def create(self, api: Api, ticket: Ticket) -> None:
        uploads = [
            api.post_bytes("/api/v2/uploads.json", {"filename": file.name}, file.content)["upload"]["token"]
            for file in ticket.files
        ]
        made: dict[str, Any] = {
            "subject": ticket.title,
            "comment": {"body": ticket.whole, "uploads": uploads},
            "requester": {"name": ticket.name, "email": ticket.email},
            "external_id": ticket.receipt,
            "tags": list(ticket.tags),
        }
        if self.group_id:
            made["group_id"] = self.group_id
        # A key that comes again with another body is refused, and uploads have new names each time.
        digest = hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:16]
        api.post("/api/v2/tickets.json", {"ticket": made}, {"Idempotency-Key": f"{ticket.receipt}-{digest}"})


def connect(options: Options, brand: Brand, equipment: Equipment) -> TicketSink:  # noqa: ARG001 -- as every sink
    token = equipment.settings.named_secret(options.token)
    login = {"Authorization": basic(f"{options.user}/token", token)}
    return ticket_sink(Zendesk(options.group_id), options, login, equipment)
