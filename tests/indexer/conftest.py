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
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("CODEARCH_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def indexer(workspace: Workspace, own_cache: Path) -> Iterator[Running]:
    """An indexer at work on the workspace."""
    with Running(workspace.root) as running:
        yield running
