"""Every test here has a cache folder of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def apart(own_cache: Path) -> None:
    """Keep what is broken here away from the user's indexes."""
