"""An indexer at work on the test's workspace, its cache in the test's own folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexer.running import Running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Workspace


@pytest.fixture(autouse=True)
def apart(own_cache: Path) -> None:
    """Keep the user's indexes out of it."""


@pytest.fixture
def indexer(workspace: Workspace) -> Iterator[Running]:
    """An indexer at work on the workspace."""
    with Running(workspace.root) as running:
        yield running
