"""Ticket systems on loopback that speak the documented contract of each, as far as an inquiry needs it.

They refuse what the real ones refuse: a wrong login, a missing field, a key used twice with another body.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from bridge.testing import Asked

Reply = tuple[int, Mapping[str, str], bytes]


def reply(status: int, tree: Any = None) -> Reply:
    return status, {"Content-Type": "application/json"}, json.dumps(tree).encode()


def parts_of(asked: Asked) -> list[tuple[str, str | None, bytes]]:
    """Name, file name and content of each part of a form."""
    head = f"Content-Type: {asked.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + asked.body)
    found = []
    for part in message.iter_parts():
        named = dict(part["Content-Disposition"].params)
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found.append((str(named["name"]), named.get("filename"), content))
    return found


@dataclass
class Filed:
    """A ticket, as it can be read there."""

    title: str
    text: str
    email: str
    files: dict[str, bytes] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)


@dataclass
class Desk:
    """What all of them share: tickets, and a fault that is planted for the next creation."""

    filed: list[Filed] = field(default_factory=list)
    lose_answer: bool = False
    """The next ticket is made, and the answer says 502."""
    refuse: int = 0
    """Answered to everything."""

    def made(self, ticket: Filed, tree: Any) -> Reply:
        self.filed.append(ticket)
        if self.lose_answer:
            self.lose_answer = False
            return reply(502)
        return reply(201, tree)

    def __call__(self, asked: Asked) -> Reply:
        if self.refuse:
            return reply(self.refuse)
        if not self.knows_us(asked):
            return reply(401)
        return self.answer(asked)

    def knows_us(self, asked: Asked) -> bool:
        raise NotImplementedError

    def answer(self, asked: Asked) -> Reply:
        raise NotImplementedError


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@dataclass
class Zendesk(Desk):
    uploads: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    keys: dict[str, bytes] = field(default_factory=dict)

    def knows_us(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == _basic("bot@daon.example/token", "hush")

    def answer(self, asked: Asked) -> Reply:
        if (asked.method, asked.path) == ("POST", "/api/v2/uploads.json"):
            token = f"token{len(self.uploads)}"
            self.uploads[token] = (asked.query["filename"], asked.body)
            return reply(201, {"upload": {"token": token}})
        if (asked.method, asked.path) == ("GET", "/api/v2/tickets.json"):
            same = [one for one in self.filed if one.more["external_id"] == asked.query["external_id"]]
            return reply(200, {"tickets": [{"id": 1} for _ in same]})
        if (asked.method, asked.path) == ("POST", "/api/v2/tickets.json"):
            key = asked.headers["idempotency-key"]
            if key in self.keys:  # the answer of the first time, or a refusal where the body differs
                return reply(201 if self.keys[key] == asked.body else 400, {"ticket": {"id": 1}})
            self.keys[key] = asked.body
            tree = json.loads(asked.body)["ticket"]
            files = dict(self.uploads[token] for token in tree["comment"]["uploads"])
            more = {"external_id": tree["external_id"], "tags": tree["tags"]}
            filed = Filed(tree["subject"], tree["comment"]["body"], tree["requester"]["email"], files, more)
            return self.made(filed, {"ticket": {"id": 1}})
        return reply(404)


@dataclass
class Freshdesk(Desk):
    def knows_us(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == _basic("hush", "X")

    def answer(self, asked: Asked) -> Reply:
        if (asked.method, asked.path) == ("GET", "/api/v2/tickets"):
            same = [one for one in self.filed if one.email == asked.query["email"]]
            if not same:
                return reply(400, {"description": "There is no contact matching the given email"})
            return reply(200, [{"id": 1, "subject": one.title} for one in same])
        if (asked.method, asked.path) == ("POST", "/api/v2/tickets"):
            parts = parts_of(asked)
            fields = {name: content.decode() for name, file, content in parts if not file}
            files = {file: content for name, file, content in parts if file and name == "attachments[]"}
            if not {"email", "subject", "description", "status", "priority"} <= fields.keys():
                return reply(400)
            if sum(map(len, files.values())) > 20_000_000:
                return reply(413)
            return self.made(Filed(fields["subject"], fields["description"], fields["email"], files), {"id": 1})
        return reply(404)


@dataclass
class Zammad(Desk):
    def knows_us(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == "Token token=hush"

    def answer(self, asked: Asked) -> Reply:
        if (asked.method, asked.path) == ("GET", "/api/v1/tickets/search"):
            words = asked.query["query"].strip('"')
            return reply(200, [{"id": 1, "title": one.title} for one in self.filed if words in one.title])
        if (asked.method, asked.path) == ("POST", "/api/v1/tickets"):
            tree = json.loads(asked.body)
            article = tree["article"]
            files = {one["filename"]: base64.b64decode(one["data"], validate=True) for one in article["attachments"]}
            customer = tree["customer_id"].removeprefix("guess:")
            more = {"group": tree["group"], "type": article["type"]}
            return self.made(Filed(tree["title"], article["body"], customer, files, more), {"id": 1})
        return reply(404)


@dataclass
class Chatwoot(Desk):
    contacts: list[dict[str, Any]] = field(default_factory=list)
    conversations: list[dict[str, Any]] = field(default_factory=list)
    break_at_message: bool = False

    def knows_us(self, asked: Asked) -> bool:
        return asked.headers.get("api_access_token") == "hush"

    def answer(self, asked: Asked) -> Reply:
        place = asked.path.removeprefix("/api/v1/accounts/1/").split("/")
        routes: Mapping[tuple[str, str], Callable[[Asked, list[str]], Reply]] = {
            ("GET", "contacts/search"): self._search,
            ("POST", "contacts"): self._contact,
            ("GET", "contacts/conversations"): self._conversations,
            ("POST", "conversations"): self._conversation,
            ("POST", "conversations/messages"): self._message,
        }
        named = "/".join(part for part in place if not part.isdecimal())
        view = routes.get((asked.method, named))
        return view(asked, place) if view else reply(404)

    def _search(self, asked: Asked, _: list[str]) -> Reply:
        return reply(200, {"payload": [one for one in self.contacts if asked.query["q"] in one["email"]]})

    def _contact(self, asked: Asked, _: list[str]) -> Reply:
        tree = json.loads(asked.body)
        if any(one["email"] == tree["email"] for one in self.contacts):
            return reply(422, {"message": "Email has already been taken"})
        source = {"source_id": f"source{len(self.contacts)}", "inbox": {"id": tree["inbox_id"]}}
        self.contacts.append(
            {"id": len(self.contacts), "email": tree["email"], "name": tree["name"], "contact_inboxes": [source]}
        )
        return reply(200, {"payload": {"contact": self.contacts[-1], "contact_inbox": source}})

    def _conversations(self, _: Asked, place: list[str]) -> Reply:
        own = [one for one in self.conversations if one["contact_id"] == int(place[1])]
        return reply(200, {"payload": own})

    def _conversation(self, asked: Asked, _: list[str]) -> Reply:
        tree = json.loads(asked.body)
        if not any(
            tree.get("source_id") == way["source_id"] for one in self.contacts for way in one["contact_inboxes"]
        ):
            return reply(404)
        self.conversations.append({**tree, "id": len(self.conversations), "messages": []})
        return reply(200, self.conversations[-1])

    def _message(self, asked: Asked, place: list[str]) -> Reply:
        if self.break_at_message:
            self.break_at_message = False
            return reply(500)
        conversation = self.conversations[int(place[1])]
        parts = parts_of(asked)
        fields = {name: content.decode() for name, file, content in parts if not file}
        files = {file: content for name, file, content in parts if file and name == "attachments[]"}
        if fields["message_type"] != "incoming":
            return reply(422)
        conversation["messages"].append(fields["content"])
        (contact,) = (one for one in self.contacts if one["id"] == conversation["contact_id"])
        title = conversation["custom_attributes"]["subject"]
        return self.made(Filed(title, fields["content"], contact["email"], files), {"id": 1})


@dataclass
class GitHub(Desk):
    private: bool = True

    def knows_us(self, asked: Asked) -> bool:
        return asked.headers.get("authorization") == "Bearer hush"

    def answer(self, asked: Asked) -> Reply:
        if (asked.method, asked.path) == ("GET", "/repos/daon/help"):
            return reply(200, {"private": self.private})
        if (asked.method, asked.path) == ("GET", "/repos/daon/help/issues"):
            return reply(200, [{"number": 1, "title": one.title} for one in self.filed])
        if (asked.method, asked.path) == ("POST", "/repos/daon/help/issues"):
            tree = json.loads(asked.body)
            return self.made(Filed(tree["title"], tree["body"], "", {}, {"labels": tree["labels"]}), {"number": 1})
        return reply(404)


@dataclass
class GitLab(Desk):
    uploads: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def knows_us(self, asked: Asked) -> bool:
        return asked.headers.get("private-token") == "hush"

    def answer(self, asked: Asked) -> Reply:
        if not asked.path.startswith("/api/v4/projects/daon%2Fhelp/"):
            return reply(404)
        what = asked.path.rpartition("/")[2]
        if (asked.method, what) == ("POST", "uploads"):
            ((_, file, content),) = parts_of(asked)
            mark = f"![{file}](/uploads/{len(self.uploads)}/{file})"
            self.uploads[mark] = (str(file), content)
            return reply(201, {"markdown": mark})
        if (asked.method, what) == ("GET", "issues"):
            found = [one for one in self.filed if asked.query["search"] in one.title]
            return reply(200, [{"iid": 1, "title": one.title} for one in found])
        if (asked.method, what) == ("POST", "issues"):
            tree = json.loads(asked.body)
            files = dict(kept for mark, kept in self.uploads.items() if mark in tree["description"])
            filed = Filed(tree["title"], tree["description"], "", files, {"confidential": tree["confidential"]})
            return self.made(filed, {"iid": 1})
        return reply(404)
