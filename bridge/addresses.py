"""Owns the addresses of the bridge as somebody outside of it sees them. Refuses to ask the request: a mail has none."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from portal_builder.brand import Brand


def bridge_root(brand: Brand) -> str:
    """In full, with a slash at the end: `/` in brand.yml is the portal's own host."""
    return urljoin(brand.file.url, brand.file.bridge.url)


def receipt_address(brand: Brand, language: str, form: str, receipt: str) -> str:
    return f"{bridge_root(brand)}f/{brand.folder}/{language}/{form}/{receipt}"


def origin(address: str) -> str:
    """What a browser calls the place a page comes from.

    >>> origin("https://help.daon.example/ko/?q=1")
    'https://help.daon.example'
    """
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
