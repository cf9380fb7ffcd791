"""Owns signed tokens: for a form that was opened, for links in mails. Refuses to remember which came back already.

A form's token says when it was given out, so that a post which comes too soon, too late or a second time is noticed
without a cookie. A token of one purpose, form or inquiry is worth nothing for another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

from bridge.outside import Outside

FORM_LASTS = timedelta(hours=24)
LINK_LASTS = timedelta(days=30)
_LONGEST = 500


@dataclass(frozen=True)
class FormToken:
    """One opening of a form."""

    nonce: str
    given_at: datetime

    @property
    def expires_at(self) -> datetime:
        return self.given_at + FORM_LASTS


@dataclass(frozen=True)
class Tokens:
    secret: str
    outside: Outside

    def for_form(self, scope: str) -> str:
        nonce = self.outside.secret_bytes(9).hex()
        return str(self._signer(f"form:{scope}").dumps([nonce, self.outside.now().timestamp()]))

    def read_form(self, scope: str, text: str) -> FormToken | None:
        """None for what is forged, of another form, of the future or out of date."""
        try:
            nonce, given = self._signer(f"form:{scope}").loads(text[:_LONGEST])
            token = FormToken(str(nonce), datetime.fromtimestamp(given, UTC))
        except (BadSignature, ValueError, TypeError, OverflowError, OSError):
            return None
        now = self.outside.now()
        return token if token.given_at <= now < token.expires_at else None

    def for_inquiry(self, purpose: str, receipt: str) -> str:
        return str(self._signer(f"{purpose}:{receipt}").dumps(self.outside.now().timestamp()))

    def given_at(self, purpose: str, receipt: str, text: str) -> datetime | None:
        """When this token was given out; None for one that is not ours, not for this, or out of date."""
        try:
            given = datetime.fromtimestamp(self._signer(f"{purpose}:{receipt}").loads(text[:_LONGEST]), UTC)
        except (BadSignature, ValueError, TypeError, OverflowError, OSError):
            return None
        return given if given <= self.outside.now() < given + LINK_LASTS else None

    def _signer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret, salt=f"token:{purpose}")
