"""A worker that is killed costs nothing but time; a file that kills workers is left out alone."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

import pytest

from codearch.indexer import bulk, intake
from codearch.indexer.workers import Workers, prepare_many
from indexer.running import Running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codearch.indexer.workers import Job
    from conftest import Workspace


class Mortal(Workers):
    """Workers that die together: of a content of this kind, or as often as they are to."""

    def __init__(self, deadly: bytes, deaths: int) -> None:
        super().__init__(2)
        self._deadly, self._deaths = deadly, deaths
        self._waiting: list[tuple[Future[bytes], Sequence[Job]]] = []

    def submit(self, jobs: Sequence[Job]) -> Future[bytes]:
        done: Future[bytes] = Future()
        self._waiting.append((done, jobs))
        if len(jobs) == 1 or len(self._waiting) == 2:
            self._finish()
        return done

    def _finish(self) -> None:
        waiting, self._waiting = self._waiting, []
        dead = any(self._deadly in data for _, jobs in waiting for data, *_ in jobs)
        if dead and self._deaths:
            self._deaths -= 1
        for done, jobs in waiting:
            if dead and self._deaths >= 0:
                done.set_exception(BrokenProcessPool("killed"))
            else:
                done.set_result(prepare_many(jobs))
        if dead and self._deaths == 0:
            self._deadly = b"no such thing"


@pytest.fixture
def many(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(intake, "BULK_BYTES", 1)
    monkeypatch.setattr(bulk, "CHUNK_BYTES", 150)
    for number in range(8):
        workspace.write(f"m{number}.py", f"def work_{number}(x):\n    return x + {number}\n" * 3)
    return workspace


@pytest.mark.parametrize(
    ("deaths", "left_out"), [(1, {}), (2, {}), (99, {"crashes the parser": 1})]
)
def test_workers_that_die(many: Workspace, deaths: int, left_out: dict[str, int]) -> None:
    """Killed by the system, they are asked again; dying of one file, they cost no other."""
    with Running(many.root) as running:
        running.shop.workers = Mortal(b"work_5", deaths)
        running.index()
        status = running.ask("status")
        assert status["skipped"] == left_out
        assert status["files"] == 8 - len(left_out)
    assert multiprocessing.active_children() == [] or os.name == "nt"
