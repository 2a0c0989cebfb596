"""A process that a busy machine lets work now and then is waited for; a silent one is not."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from codearch.indexer import launch, patience
from codearch.indexer.client import Client
from codearch.indexer.patience import Patience
from indexer.test_costs import shop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Workspace


@pytest.fixture
def lasting(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[int], float]], int]:
    """Return for how many seconds a process is waited for that may be silent for twenty."""

    def waited(worked: Callable[[int], float]) -> int:
        now = 0
        monkeypatch.setattr(patience.time, "monotonic", lambda: float(now))
        monkeypatch.setattr(patience, "_processor_seconds", lambda _pid: worked(now))
        one = Patience(1, 20.0)
        while one.lasts():
            now += 1
        return now

    return waited


@pytest.mark.parametrize(
    ("worked", "seconds"),
    [
        pytest.param(lambda _now: 0.0, 20, id="silent from the beginning"),
        pytest.param(lambda now: min(now, 3) / 10, 20, id="silent after three seconds"),
        pytest.param(lambda now: min(now, 45) / 100, 60, id="let work a little, then silent"),
        pytest.param(float, 30, id="at work on nothing but this"),
        pytest.param(lambda now: now / 100, 200, id="let work a little, without end"),
    ],
)
def test_work_is_waited_for(
    lasting: Callable[[Callable[[int], float]], int],
    worked: Callable[[int], float],
    seconds: int,
) -> None:
    assert lasting(worked) == seconds


def test_what_a_process_uses_of_processors_is_known() -> None:
    before = patience._processor_seconds(os.getpid())
    while patience._processor_seconds(os.getpid()) <= before:
        sum(range(10_000))
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    assert patience._processor_seconds(gone.pid) == 0.0


# As on a busy machine: a fiftieth of a second of work, then a tenth in which others have the core.
_LATE = """
import sys, time
from pathlib import Path

for _ in range(25):
    until = time.process_time() + 0.02
    while time.process_time() < until:
        pass
    time.sleep(0.1)

from codearch.indexer.process import run

run(Path(sys.argv[1]))
"""


def test_an_indexer_that_is_let_work_a_little_comes_up(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "0.2")
    monkeypatch.setattr(launch, "START_TIMEOUT_SECONDS", 2.0)
    shop(workspace)

    def late(root: Path, _folder: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", _LATE, str(root)]
        return subprocess.Popen(command, env=launch._environment(), start_new_session=True)

    monkeypatch.setattr(launch, "_spawn", late)
    with Client(workspace.root) as client:
        assert client.call("status")
