"""Owns handing an inquiry to a program of yours: signed JSON as Standard Webhooks says. Refuses to follow redirects.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field
from standardwebhooks import Webhook as Signer

from bridge.inquiry import StoredFile
from bridge.settings import SettingsError, variable
from bridge.ways.equipment import Equipment
from bridge.ways.ladder import SOONER
from bridge.ways.outgoing import Answer, OutgoingError
from bridge.ways.parcel import Notice, Parcel, SinkError
from portal_builder.brand import Brand
from portal_builder.schema import Names, Strict

CAN_TELL = True
_GONE = 410


class Options(Strict):
    """`{sink: webhook, url: https://hooks.brand.example/inquiries, secret: hook}`."""

    url: Annotated[str, Field(pattern=r"^https?://\S+$")]
    secret: Annotated[Names, Field(min_length=1)]
    """By name in the settings; two while the secret is being changed."""


@dataclass(frozen=True)
class Webhook:
    url: str
    signers: Sequence[Signer]
    equipment: Equipment
    gives_up_after = SOONER

    def send(self, parcel: Parcel) -> None:
        inquiry = parcel.inquiry
        self._post(f"inquiry-{inquiry.receipt}", "inquiry.received", inquiry.received_at, self._data(parcel))

    def tell(self, notice: Notice) -> None:
        data = {"brand": notice.brand.folder, "title": notice.title, "lines": list(notice.lines)}
        self._post(notice.key, f"alarm.{notice.kind}", notice.at, data)

    def doors(self) -> Sequence[str]:
        return (self.equipment.doors.name("webhook", self.url),)

    def _post(self, id_: str, kind: str, moment: datetime, data: Mapping[str, Any]) -> None:
        now = self.equipment.outside.now()
        body = json.dumps({"type": kind, "timestamp": moment.isoformat(), "data": data}, ensure_ascii=False)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": id_,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signer.sign(id_, now, body) for signer in self.signers),
        }
        try:
            answer = self.equipment.outgoing.ask("POST", self.url, headers, body.encode())
        except OutgoingError as error:
            raise SinkError(str(error)) from error
        self._settle(answer, now)

    def _settle(self, answer: Answer, now: datetime) -> None:
        if answer.is_good:
            return
        if answer.status == _GONE:  # its way to say: never again
            self.equipment.doors.gone(self.doors()[0], "the webhook answered 410 Gone")
        raise SinkError(f"the webhook answered {answer.status}", retry_after=answer.retry_after(now))

    def _data(self, parcel: Parcel) -> Mapping[str, Any]:
        inquiry = parcel.inquiry
        names = ("receipt", "brand", "language", "form", "title", "email", "subject", "page")
        return {
            **{name: getattr(inquiry, name) for name in names},
            "received_at": inquiry.received_at.isoformat(),
            "answers": [
                {"name": answer.name, "type": answer.type, "label": answer.label, "values": list(answer.values)}
                for answer in inquiry.answers
            ],
            "tags": [{"cause": tag.cause, "polarity": tag.polarity} for tag in inquiry.tags],
            "files": [self._file(parcel, file) for file in inquiry.files],
            "answered": parcel.answered,
        }

    def _file(self, parcel: Parcel, file: StoredFile) -> Mapping[str, Any]:
        link = self.equipment.links.link(parcel.brand, file, parcel.inquiry.received_at)
        own = {"field": file.field, "name": file.name, "size": file.size, "sha256": file.sha256}
        return {**own, "url": link.url, "until": link.until.isoformat()}


def connect(options: Options, brand: Brand, equipment: Equipment) -> Webhook:  # noqa: ARG001 -- as every sink
    return Webhook(options.url, [_signer(name, equipment) for name in options.secret], equipment)


def _signer(name: str, equipment: Equipment) -> Signer:
    secret = equipment.settings.named_secret(name)
    try:
        return Signer(secret)
    except Exception as error:
        key = f"{variable('secrets')}__{name.upper()}"
        raise SettingsError({key: "is no webhook secret: whsec_ and base64"}) from error
