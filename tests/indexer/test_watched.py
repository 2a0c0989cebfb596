"""An indexer and its watcher go by the same rules, whatever has become of the index."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, ClassVar

import pytest

from codearch.watch import Batch, Pace, Watcher
from patience import wait_until

if TYPE_CHECKING:
    from conftest import Workspace
    from indexer.running import Running


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

        def is_found() -> bool:
            workspace.write("out/new.py", "def new_one():\n    return 2\n")
            return "out/new.py new_one" in indexer.search("new_one")

        wait_until(is_found)
    finally:
        indexer.shop.watcher = None
        watcher.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system tells some time later")
def test_the_index_is_not_ready_from_the_moment_a_file_is_changed(
    workspace: Workspace, indexer: Running
) -> None:
    workspace.write("a.py", "def first_one():\n    return 1\n")
    indexer.index()
    wait_until(lambda: indexer.engine.state == "ready")
    late = Pace(quiet_ms=60_000, longest_ms=60_000)  # as on a machine that is at work elsewhere
    watcher = Watcher(workspace.root, indexer.shop.intake.ignore, lambda _: None, pace=late)
    watcher.start()
    indexer.shop.watcher = watcher
    try:
        assert indexer.engine.state == "ready"
        workspace.write("a.py", "def second_one():\n    return 1\n")
        assert indexer.engine.state == "indexing"
        indexer.engine.telling.due = True
        wait_until(lambda: indexer.engine.telling.told_state == "indexing")
    finally:
        indexer.shop.watcher = None
        watcher.stop()
    wait_until(lambda: indexer.engine.telling.told_state == "ready")  # told by itself


class Noting(Watcher):
    """A watcher that has not begun, and keeps what comparisons took."""

    took: ClassVar[list[float]] = []

    def comparing_took(self, seconds: float) -> None:
        self.took.append(seconds)


def test_a_comparison_that_finds_nothing_tells_nobody_and_what_it_took_is_known(
    workspace: Workspace, indexer: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Noting, "took", [])
    workspace.write("area.py", "def area():\n    return 1\n")
    indexer.hello()
    indexer.index()
    indexer.shop.watcher = Noting(workspace.root, indexer.shop.intake.ignore, lambda _: None)

    def told() -> int:
        return sum(event == "changed" for event, _ in indexer.events)

    before = told()
    indexer.ask("flush")
    indexer.ask("flush")
    assert told() == before
    assert len(Noting.took) == 2
    assert all(seconds > 0 for seconds in Noting.took)
    workspace.write("area.py", "def area():\n    return 2\n")
    indexer.ask("flush")
    assert told() > before
    assert len(Noting.took) == 2
