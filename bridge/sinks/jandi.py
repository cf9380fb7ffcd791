"""Owns telling a Jandi topic that an inquiry came, by its incoming webhook. Refuses personal data.

https://support.jandi.com/ko/articles/6352697 (Incoming Webhook: body, connectColor, connectInfo)
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bridge.ways.announce import announcement
from bridge.ways.equipment import Equipment
from bridge.ways.ladder import SOONER
from bridge.ways.outgoing import OutgoingError
from bridge.ways.parcel import Notice, Parcel, SinkError
from portal_builder.brand import Brand
from portal_builder.schema import Strict

CAN_TELL = True
_ACCEPT = "application/vnd.tosslab.jandi-v2+json"
_ALARM_COLOUR = "#C62828"


class Options(Strict):
    """`{sink: jandi, url: jandi}`: the name of the secret that holds the webhook's address."""

    url: str


@dataclass(frozen=True)
class Jandi:
    url: str
    colour: str
    equipment: Equipment
    gives_up_after = SOONER

    def send(self, parcel: Parcel) -> None:
        title, facts = announcement(parcel)
        info = [{"title": name, "description": value} for name, value in facts]
        self._post({"body": title, "connectColor": self.colour, "connectInfo": info})

    def tell(self, notice: Notice) -> None:
        info = [{"title": notice.title, "description": "\n".join(notice.lines)}]
        self._post({"body": notice.title, "connectColor": _ALARM_COLOUR, "connectInfo": info})

    def doors(self) -> Sequence[str]:
        return ()

    def _post(self, message: Mapping[str, Any]) -> None:
        headers = {"Accept": _ACCEPT, "Content-Type": "application/json"}
        body = json.dumps(message, ensure_ascii=False).encode()
        try:
            answer = self.equipment.outgoing.ask("POST", self.url, headers, body)
        except OutgoingError as error:
            raise SinkError(str(error)) from error
        if not answer.is_good:
            raise SinkError(
                f"Jandi answered {answer.status}", retry_after=answer.retry_after(self.equipment.outside.now())
            )


def connect(options: Options, brand: Brand, equipment: Equipment) -> Jandi:
    return Jandi(equipment.settings.named_secret(options.url), brand.file.colours.primary, equipment)
