"""Brings the built panels into the wheel, where somebody has built them (`make panels`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Panels(BuildHookInterface[Any]):
    """Adds `clients/panels/dist` as `codearch/panels`, if it is there: Node.js may be absent."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the folder, unless the clone itself is installed: there it is found where it is."""
        dist = Path(self.root) / "clients" / "panels" / "dist"
        if version != "editable" and (dist / "index.html").is_file():
            build_data["force_include"][str(dist)] = "codearch/panels"
