"""The settings that the commands on models obey."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from codearch.settings import find_root, load_settings

if TYPE_CHECKING:
    from codearch.settings import Settings

MB = 1_000_000


def settings_of(root: Path | None) -> Settings:
    """Return the settings of a root, or of where we are."""
    return load_settings(find_root(Path.cwd(), root)).obeyed()
