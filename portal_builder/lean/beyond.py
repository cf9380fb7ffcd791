"""Owns how the lean engine says no. Refuses to explain more than that: the reference engine has the words."""

from __future__ import annotations


class BeyondLeanError(Exception):
    """The project asks for what only the reference engine does, or has a fault that this one shall name."""
