"""What is saved while workers still parse what was there before is what stays."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

import pytest

from codearch.indexer.workers import Job, Workers, prepare_many

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from conftest import Workspace
    from indexer.running import Running

FILES = 80  # more than are read at once, so that some go to the workers
OLD = "def before{0}():\n    return {0}\n"
NEW = "def afterwards{0}():\n    return {0}\n"


class SlowWorkers(Workers):
    """Workers that are done when the test says so."""

    def __init__(self) -> None:
        super().__init__(1)
        self.begun = threading.Event()
        self._lock = threading.Lock()
        self._finished = False
        self._waiting: list[tuple[Future[bytes], Sequence[Job]]] = []

    def submit(self, jobs: Sequence[Job]) -> Future[bytes]:
        done: Future[bytes] = Future()
        with self._lock:
            if self._finished:
                done.set_result(prepare_many(jobs))
            else:
                self._waiting.append((done, jobs))
        self.begun.set()
        return done

    def finish(self) -> None:
        with self._lock:
            self._finished = True
        for done, jobs in self._waiting:
            done.set_result(prepare_many(jobs))


@pytest.fixture
def slow(workspace: Workspace, indexer: Running) -> SlowWorkers:
    """Workers that hold the first files of a workspace as they were at first."""
    for number in range(FILES):
        workspace.write(f"m{number:02}.py", OLD.format(number))
    workers = indexer.shop.workers = SlowWorkers()
    indexer.hello()
    assert workers.begun.wait(30)
    return workers


def names(indexer: Running, path: str) -> list[str]:
    with indexer.snapshot() as snapshot:
        if snapshot.file(path) is None:
            return []
        return [symbol.name for symbol in snapshot.symbols(path) if symbol.name]


def saved(indexer: Running, path: str) -> None:
    """Tell of a change, and wait until it has been looked at."""
    indexer.ask("touched", paths=[path])
    while indexer.engine.waiting.changes:
        indexer.ask("status")
    indexer.ask("status")


def flushed(indexer: Running, _path: str) -> None:
    """Have the disk compared with the index, and wait until that has begun."""
    indexer.engine.waiting.flush()
    while indexer.engine.waiting.changes:
        indexer.ask("status")
    indexer.ask("status")


@pytest.mark.parametrize("looked_at", [saved, flushed])
def test_an_edit_is_not_overtaken(
    workspace: Workspace,
    indexer: Running,
    slow: SlowWorkers,
    looked_at: Callable[[Running, str], None],
) -> None:
    workspace.write("m00.py", NEW.format(0))
    looked_at(indexer, "m00.py")
    slow.finish()
    while indexer.ask("status")["state"] != "ready":
        continue
    assert names(indexer, "m00.py") == ["afterwards0"]
    assert names(indexer, "m01.py") == ["before1"]


@pytest.mark.parametrize("looked_at", [saved, flushed])
def test_a_deleted_file_does_not_come_back(
    workspace: Workspace,
    indexer: Running,
    slow: SlowWorkers,
    looked_at: Callable[[Running, str], None],
) -> None:
    (workspace.root / "m00.py").unlink()
    looked_at(indexer, "m00.py")
    slow.finish()
    while indexer.ask("status")["state"] != "ready":
        continue
    assert names(indexer, "m00.py") == []
    assert names(indexer, "m01.py") == ["before1"]
