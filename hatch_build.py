"""What a help centre inherits from the product travels inside the wheel; an editable install reads it in place."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Shipped(BuildHookInterface):  # type: ignore[type-arg]  # hatchling gives no type to fill in
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "standard":
            for path in ("themes/_base", "i18n", "mkdocs.yml"):
                build_data["force_include"][path] = f"portal_builder/_shipped/{path}"
