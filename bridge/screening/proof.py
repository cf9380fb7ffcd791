"""Owns proofs of work (altcha, PBKDF2): a task for the customer's browser, and whether it was done. Refuses puzzles.

The task costs a phone a fraction of a second and a sender of thousands real time. It is signed and good for one form
and ten minutes; which were used already is the store's to know.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from altcha.v2 import Challenge, Payload, create_challenge, verify_solution

from bridge.outside import Outside

COST = 1000
"""Rounds of PBKDF2; checking takes half a millisecond, solving some 256 times that."""
LASTS = timedelta(minutes=10)
_LONGEST = 4_000


@dataclass(frozen=True)
class Proof:
    """Work that was done."""

    nonce: str
    expires_at: datetime


@dataclass(frozen=True)
class Proofs:
    secret: str
    outside: Outside
    cost: int = COST

    def task(self, scope: str) -> dict[str, Any]:
        """What the browser has to solve, as JSON."""
        data = {"form": scope, "until": int((self.outside.now() + LASTS).timestamp())}
        made: Challenge = create_challenge("PBKDF2/SHA-256", self.cost, data=data, hmac_secret=self._key)
        return made.to_dict()

    def read(self, scope: str, text: str) -> Proof | None:
        """The proof; None for one that is missing, wrong, of another form or out of date. Cheap looks come first."""
        try:
            payload = Payload.from_dict(json.loads(base64.b64decode(text[:_LONGEST], validate=True)))
            data = payload.challenge.parameters.data or {}
            until = datetime.fromtimestamp(data["until"], UTC)
            is_ours = data["form"] == scope and payload.challenge.parameters.cost == self.cost
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError, OSError):
            return None
        if not is_ours or until <= self.outside.now():
            return None
        return Proof(str(payload.challenge.parameters.nonce)[:64], until) if self._is_right(payload) else None

    def _is_right(self, payload: Payload) -> bool:
        try:
            return bool(verify_solution(payload, self._key).verified)
        except (ValueError, TypeError, OverflowError, AttributeError):  # parts of a form no honest browser sends
            return False

    @property
    def _key(self) -> str:
        return f"proof:{self.secret}"
