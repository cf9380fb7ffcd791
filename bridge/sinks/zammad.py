"""Owns how an inquiry becomes a Zammad ticket. Refuses everything that every ticket system does alike.

https://docs.zammad.org/en/latest/api/ticket/index.html (create, search)
https://docs.zammad.org/en/latest/api/ticket/articles.html (attachments in base64)
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from bridge.ways.equipment import Equipment
from bridge.ways.tickets import Api, SystemOptions, Ticket, TicketSink, ticket_sink
from portal_builder.brand import Brand


class Options(SystemOptions):
    """`{sink: zammad, url: https://zammad.brand.example, token: zammad, group: Support}`."""

    group: str = "Users"


@dataclass(frozen=True)
class Zammad:
    group: str
    most: int = 30_000_000

    def find(self, api: Api, ticket: Ticket) -> bool:
        query = {"query": f'"{ticket.receipt}"', "limit": "5", "expand": "true"}
        found = api.get("/api/v1/tickets/search", query) or []
        return any(ticket.receipt in str(one.get("title")) for one in found)

    def create(self, api: Api, ticket: Ticket) -> None:
        article = {
            "subject": ticket.title,
            "body": ticket.whole,
            "content_type": "text/plain",
            "type": "web",
            "sender": "Customer",
            "internal": False,
            "attachments": [
                {
                    "filename": file.name,
                    "data": base64.b64encode(file.content).decode(),
                    "mime-type": "application/octet-stream",
                }
                for file in ticket.files
            ],
        }
        made = {
            "title": ticket.title,
            "group": self.group,
            "customer_id": f"guess:{ticket.email}",
            "tags": ",".join(tag.replace(",", " ") for tag in ticket.tags),
            "article": article,
        }
        api.post("/api/v1/tickets", made)


def connect(options: Options, brand: Brand, equipment: Equipment) -> TicketSink:  # noqa: ARG001 -- as every sink
    login = {"Authorization": f"Token token={equipment.settings.named_secret(options.token)}"}
    return ticket_sink(Zammad(options.group), options, login, equipment)
