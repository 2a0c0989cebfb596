"""An indexer and its watcher go by the same rules, whatever has become of the index."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from codearch.watch import Batch, Watcher

if TYPE_CHECKING:
    from conftest import Workspace
    from indexer.running import Running

DEADLINE_SECONDS = 30.0


def test_what_is_no_longer_excluded_is_watched_after_a_rebuild(
    workspace: Workspace, indexer: Running
) -> None:
    workspace.write("codearch.toml", '[index]\nexclude = ["out/"]\n')
    workspace.write("out/old.py", "def old_one():\n    return 1\n")
    indexer.index()

    def take(batch: Batch) -> None:
        indexer.engine.waiting.touched(sorted(batch.paths))

    watcher = Watcher(workspace.root, indexer.shop.intake.ignore, take)
    watcher.start()
    indexer.shop.watcher = watcher
    try:
        indexer.ask("rebuild")
        workspace.write("codearch.toml", "")
        indexer.index()
        assert indexer.search("old_one")[0] == "out/old.py old_one"
        limit = time.monotonic() + DEADLINE_SECONDS
        workspace.write("out/new.py", "def new_one():\n    return 2\n")
        while "out/new.py new_one" not in indexer.search("new_one"):
            workspace.write("out/new.py", "def new_one():\n    return 3\n")
            assert time.monotonic() < limit
    finally:
        indexer.shop.watcher = None
        watcher.stop()
