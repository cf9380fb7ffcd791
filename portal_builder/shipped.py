"""Owns where the product's own files are: beside the packages in a checkout, inside the package when installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def shipped() -> Path:
    """The folder that holds `themes/_base`, `i18n` and `mkdocs.yml` of the product."""
    installed = _PACKAGE / "_shipped"
    return installed if installed.is_dir() else _PACKAGE.parent
