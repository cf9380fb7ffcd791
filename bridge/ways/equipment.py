"""Owns what sinks work with: settings, mail servers, the way out by HTTP, links, doors. Refuses to use any of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bridge.outside import Outside
from bridge.settings import Settings
from bridge.ways.doors import DoorBook, Doors
from bridge.ways.links import Links
from bridge.ways.mailservers import MailServers
from bridge.ways.outgoing import Outgoing


@dataclass(frozen=True)
class Equipment:
    settings: Settings
    servers: MailServers
    outgoing: Outgoing
    links: Links
    doors: Doors
    outside: Outside


def equip(settings: Settings, secret: str, book: DoorBook, outside: Outside) -> Equipment:
    """One for all sinks of all brands, so that they share connections."""
    doors = Doors(book, secret, outside)
    servers = MailServers(settings.servers(), doors, outside)
    links = Links(secret, timedelta(days=settings.link_days))
    return Equipment(settings, servers, Outgoing(settings.private_hosts), links, doors, outside)
