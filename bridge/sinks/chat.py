"""Owns telling a chat room that an inquiry came: Slack, Telegram, Teams and all others that Apprise knows.

Refuses personal data. Apprise is an extra: without it this sink says so at start, and nothing else misses it.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bridge.settings import SettingsError, variable
from bridge.ways.announce import announcement
from bridge.ways.equipment import Equipment
from bridge.ways.ladder import SOONER
from bridge.ways.parcel import Notice, Parcel, SinkError
from portal_builder.brand import Brand
from portal_builder.schema import Strict

CAN_TELL = True


class Options(Strict):
    """`{sink: chat, url: slack}`: the name of the secret that holds the Apprise address, such as `slack://...`."""

    url: str


@dataclass(frozen=True)
class Chat:
    rooms: Any
    """An `apprise.Apprise`."""
    gives_up_after = SOONER

    def send(self, parcel: Parcel) -> None:
        title, facts = announcement(parcel)
        self._say(title, "\n".join(f"{name}: {value}" for name, value in facts))

    def tell(self, notice: Notice) -> None:
        self._say(notice.title, "\n".join(notice.lines))

    def doors(self) -> Sequence[str]:
        return ()

    def _say(self, title: str, body: str) -> None:
        if not self.rooms.notify(title=title, body=body):
            raise SinkError("the chat service did not take it")


def connect(options: Options, brand: Brand, equipment: Equipment) -> Chat:  # noqa: ARG001 -- as every sink
    key = f"{variable('secrets')}__{options.url.upper()}"
    try:
        apprise = importlib.import_module("apprise")
    except ModuleNotFoundError:
        raise SettingsError({key: "chat notices need Apprise: pip install 'haedap[chat]'"}) from None
    rooms = apprise.Apprise()
    if not rooms.add(equipment.settings.named_secret(options.url)):
        raise SettingsError({key: "is no address that Apprise understands"})
    return Chat(rooms)
