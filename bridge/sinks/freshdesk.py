"""Owns how an inquiry becomes a Freshdesk ticket. Refuses everything that every ticket system does alike.

https://developers.freshdesk.com/api/#create_ticket (attachments as multipart, 20 MB of them a ticket)
https://developers.freshdesk.com/api/#list_all_tickets (by the requester's email and updated_since)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from html import escape

from bridge.ways.equipment import Equipment
from bridge.ways.outgoing import FormPart
from bridge.ways.tickets import Api, SystemOptions, Ticket, TicketSink, basic, ticket_sink
from portal_builder.brand import Brand

_OPEN, _LOW, _PORTAL = "2", "1", "2"
_UNKNOWN_REQUESTER = {400, 404}
_LONGEST_TAG = 32


class Options(SystemOptions):
    """`{sink: freshdesk, url: https://brand.freshdesk.com, token: freshdesk}`."""

    group_id: int | None = None


@dataclass(frozen=True)
class Freshdesk:
    group_id: int | None
    most: int = 20_000_000

    def find(self, api: Api, ticket: Ticket) -> bool:
        since = (ticket.received_at.astimezone(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = {"email": ticket.email, "updated_since": since, "per_page": "100"}
        found = api.get("/api/v2/tickets", query, none_at=_UNKNOWN_REQUESTER) or []
        return any(ticket.receipt in str(one.get("subject")) for one in found)

    def create(self, api: Api, ticket: Ticket) -> None:
        fields = {
            "name": ticket.name,
            "email": ticket.email,
            "subject": ticket.title,
            "description": f"<div>{escape(ticket.whole).replace(chr(10), '<br>')}</div>",
            "status": _OPEN,
            "priority": _LOW,
            "source": _PORTAL,
        }
        if self.group_id:
            fields["group_id"] = str(self.group_id)
        parts = [FormPart(name, value.encode()) for name, value in fields.items()]
        parts += [FormPart("tags[]", tag[:_LONGEST_TAG].encode()) for tag in ticket.tags]
        parts += [FormPart("attachments[]", file.content, file.name) for file in ticket.files]
        api.post_form("/api/v2/tickets", parts)


def connect(options: Options, brand: Brand, equipment: Equipment) -> TicketSink:  # noqa: ARG001 -- as every sink
    login = {"Authorization": basic(equipment.settings.named_secret(options.token), "X")}
    return ticket_sink(Freshdesk(options.group_id), options, login, equipment)
