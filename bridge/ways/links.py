"""Owns links to files of inquiries: signed, so that nobody guesses one, and good for a while only. Refuses to serve."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from itsdangerous import BadSignature, URLSafeSerializer

from bridge.inquiry import StoredFile
from bridge.ways.parcel import Link
from portal_builder.brand import Brand


@dataclass(frozen=True)
class Links:
    secret: str
    lasting: timedelta

    def link(self, brand: Brand, file: StoredFile, received_at: datetime) -> Link:
        """The same at each attempt: its time runs from the moment the inquiry came."""
        until = received_at.astimezone(UTC) + self.lasting
        token = self._signer.dumps([file.id, int(until.timestamp())])
        return Link(f"{_bridge_url(brand)}a/{token}", until)

    def file_id(self, token: str, now: datetime) -> str | None:
        """Which file a token stands for; None for one that is forged or whose time is over."""
        try:
            file, until = self._signer.loads(token)
        except (BadSignature, ValueError, TypeError):
            return None
        return str(file) if now.timestamp() <= until else None

    @property
    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret, salt="file link")


def _bridge_url(brand: Brand) -> str:
    """The bridge's address in full: `/` in brand.yml is the portal's own host."""
    given = brand.file.bridge.url
    if given != "/":
        return given
    portal = urlsplit(brand.file.url)
    return f"{portal.scheme}://{portal.netloc}/"
