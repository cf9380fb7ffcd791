"""Owns the bridge's vocabulary: what a customer sent, its files, its way to each sink. Refuses to do anything.

Labels are copied into the inquiry when it is taken, in the brand's source language: a mail sent days later, or a list
read years later, says what the customer was asked then, whatever the form asks now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

State = Literal["queued", "sending", "retry", "delivered", "dead", "held", "skipped"]
"""Of a delivery. An inquiry has the most urgent state of its deliveries. `held`: waits for a person to release it;
`skipped`: not made on purpose, its `error` says why."""
STATES: tuple[State, ...] = ("dead", "held", "retry", "sending", "queued", "delivered", "skipped")
"""The most urgent first."""
SETTLED: tuple[State, ...] = ("delivered", "skipped")
"""The inquiry is where it was to go, or was not to go there."""


REPLY = "reply"
"""The sink of automatic answers. One that fails is the customer's wrong address: no reason for an alarm."""


def route_of(sink: str) -> str:
    """The entry of `deliver` that a delivery goes to: `desk:kim-3f2a` is one recipient of `desk`."""
    return sink.partition(":")[0]


AddressState = Literal["", "unverified", "verified"]
"""Whether the customer has shown that the address is theirs, where they were asked to."""


@dataclass(frozen=True)
class Answer:
    """One question and what was answered."""

    name: str
    type: str
    label: str
    values: tuple[str, ...]
    shown: tuple[str, ...]
    """The values as the team reads them: the labels of options."""


@dataclass(frozen=True)
class Tag:
    """Why this customer wrote, as the chosen option says."""

    cause: str
    polarity: str


@dataclass(frozen=True)
class StoredFile:
    """A file of an inquiry; `id` is its random name on disk."""

    id: str
    field: str
    name: str
    size: int
    sha256: str
    retention_days: int | None = None
    """Where it is kept for a shorter time than its inquiry."""


@dataclass(frozen=True)
class Inquiry:
    """What a customer sent, checked and cleaned."""

    receipt: str
    brand: str
    language: str
    form: str
    title: str
    received_at: datetime
    email: str
    subject: str
    page: str
    answers: tuple[Answer, ...]
    tags: tuple[Tag, ...] = ()
    files: tuple[StoredFile, ...] = ()
    retention_days: int | None = None
    """How long it is kept after it is done with, as the customer was told; None where that was not recorded."""

    def one(self, name: str) -> str:
        """The first answer to the question of this name, or an empty string."""
        return next((answer.values[0] for answer in self.answers if answer.name == name and answer.values), "")


@dataclass(frozen=True)
class Consent:
    """What a customer was told about their data, word for word, and whether they agreed."""

    field: str
    """The box; empty where the form only tells."""
    basis: str
    text_hash: str
    version: str
    language: str
    given: bool
    text: str = ""


@dataclass(frozen=True)
class Screening:
    """What was noticed about an inquiry before it was recorded."""

    held: tuple[str, ...] = ()
    """Why it is kept from the team until a person releases it, as codes; none for most."""
    masked: tuple[str, ...] = ()
    """Kinds of numbers that were taken out of the answers."""
    content_hash: str | None = None
    """The same for the same answers, for pages that have no key."""


UNSCREENED = Screening()


@dataclass(frozen=True)
class Delivery:
    """One inquiry on its way to one sink."""

    sink: str
    state: State
    attempts: int
    next_at: datetime | None
    """When the next attempt is due; while sending, when this one counts as lost."""
    settled_at: datetime | None
    """When it was delivered or given up."""
    error: str


@dataclass(frozen=True)
class Lease:
    """The right to make one attempt, until it expires; `token` proves it when the result is recorded."""

    delivery: int
    token: str
    receipt: str
    sink: str
    attempt: int
    """1 for the first."""
    queued_at: datetime


@dataclass(frozen=True)
class Alarm:
    """Something a person has to be told."""

    id: int
    kind: str
    """`dead`: a delivery was given up; `late`: a sink fails for long; `shut`: a sink is not tried any more."""
    subject: str
    """A receipt number, or `<brand>/<sink>`."""
    detail: str
    at: datetime
    attempts: int
    brand: str


@dataclass(frozen=True)
class Late:
    """What does not arrive at one sink of one brand."""

    brand: str
    sink: str
    count: int
    since: datetime
    error: str


@dataclass(frozen=True)
class Entry:
    """An inquiry as the inbox lists it."""

    inquiry: Inquiry
    deliveries: tuple[Delivery, ...]
    held: tuple[str, ...] = ()
    """Why it waits for a person to release it; none once somebody has."""
    verified_at: datetime | None = None
    """When the customer showed that the address is theirs."""
    masked: tuple[str, ...] = ()
    """Fields, each with the kind of number that was taken out of it."""
    closed_at: datetime | None = None
    """When a person said that it is done with."""

    @property
    def state(self) -> State:
        return min((delivery.state for delivery in self.deliveries), key=STATES.index, default="delivered")
