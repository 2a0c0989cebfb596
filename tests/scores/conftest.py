"""An indexer at work on the test's workspace, its cache in the test's own folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from indexer.running import Running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Workspace


@pytest.fixture
def indexer(workspace: Workspace, own_cache: Path) -> Iterator[Running]:
    """An indexer at work on the workspace."""
    assert own_cache
    with Running(workspace.root) as running:
        running.hello()
        yield running
