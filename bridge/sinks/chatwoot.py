"""Owns how an inquiry becomes a Chatwoot conversation. Refuses everything that every ticket system does alike.

https://developers.chatwoot.com/api-reference/contacts/create-contact (and search, and a contact's conversations)
https://developers.chatwoot.com/api-reference/conversations/create-new-conversation
https://developers.chatwoot.com/api-reference/messages/create-new-message (attachments as multipart)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bridge.ways.equipment import Equipment
from bridge.ways.outgoing import FormPart
from bridge.ways.tickets import Api, SystemOptions, Ticket, TicketSink, ticket_sink
from portal_builder.brand import Brand

_TAKEN = {422}
"""There is a contact with this address already."""
_ATTRIBUTE = "haedap_receipt"


class Options(SystemOptions):
    """`{sink: chatwoot, url: https://app.chatwoot.com, token: chatwoot, account: 1, inbox: 3}`: an API channel."""

    account: int
    inbox: int


@dataclass(frozen=True)
class Chatwoot:
    account: int
    inbox: int
    most: int = 40_000_000

    def find(self, api: Api, ticket: Ticket) -> bool:
        contact = self._contact(api, ticket)
        started = self._conversation(api, ticket, contact["id"]) if contact else None
        return bool(started and started.get("messages"))

    def create(self, api: Api, ticket: Ticket) -> None:
        """In three steps, each of which finds what an earlier attempt has left."""
        contact = self._contact(api, ticket) or self._new_contact(api, ticket)
        started = self._conversation(api, ticket, contact["id"]) or self._new_conversation(api, ticket, contact)
        if started.get("messages"):
            return
        parts = [FormPart("content", ticket.whole.encode()), FormPart("message_type", b"incoming")]
        parts += [FormPart("attachments[]", file.content, file.name) for file in ticket.files]
        api.post_form(self._path(f"conversations/{started['id']}/messages"), parts)

    def _path(self, rest: str) -> str:
        return f"/api/v1/accounts/{self.account}/{rest}"

    def _contact(self, api: Api, ticket: Ticket) -> Mapping[str, Any] | None:
        found = api.get(self._path("contacts/search"), {"q": ticket.email})["payload"]
        return next((one for one in found if str(one.get("email")).lower() == ticket.email.lower()), None)

    def _new_contact(self, api: Api, ticket: Ticket) -> Mapping[str, Any]:
        asked = {"inbox_id": self.inbox, "name": ticket.name, "email": ticket.email}
        made = api.post(self._path("contacts"), asked, none_at=_TAKEN)
        contact = made["payload"]["contact"] if made else self._contact(api, ticket)
        return contact or {}

    def _conversation(self, api: Api, ticket: Ticket, contact: int) -> Mapping[str, Any] | None:
        found = api.get(self._path(f"contacts/{contact}/conversations"), {})["payload"]
        return next((one for one in found if one.get("custom_attributes", {}).get(_ATTRIBUTE) == ticket.receipt), None)

    def _new_conversation(self, api: Api, ticket: Ticket, contact: Mapping[str, Any]) -> Mapping[str, Any]:
        asked: dict[str, Any] = {
            "inbox_id": self.inbox,
            "contact_id": contact["id"],
            "custom_attributes": {_ATTRIBUTE: ticket.receipt, "subject": ticket.title, "tags": ", ".join(ticket.tags)},
        }
        ways = contact.get("contact_inboxes", ())
        source = next((way["source_id"] for way in ways if way.get("inbox", {}).get("id") == self.inbox), None)
        if source:
            asked["source_id"] = source
        made: Mapping[str, Any] = api.post(self._path("conversations"), asked)
        return made


def connect(options: Options, brand: Brand, equipment: Equipment) -> TicketSink:  # noqa: ARG001 -- as every sink
    login = {"api_access_token": equipment.settings.named_secret(options.token)}
    return ticket_sink(Chatwoot(options.account, options.inbox), options, login, equipment)
