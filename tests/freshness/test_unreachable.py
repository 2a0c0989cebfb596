"""Without its indexer a window answers by words, says why, and goes on by itself when it can."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from codearch.indexer.launch import read_endpoint
from codearch.settings import root_cache
from freshness.hurried_window import Window
from patience import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Workspace

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(sys.platform == "win32", reason="kills as Unix does"),
]


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that says how far the server's clock is ahead."""
    place = tmp_path / "clock"
    place.write_text("0")
    monkeypatch.setenv("HURRIED_CLOCK", str(place))
    return place


@pytest.fixture
def window(project: Workspace, clock: Path) -> Iterator[Window]:
    """A window whose index is up to date."""
    del clock
    with Window(project.root) as each:
        each.command("index.flush")
        yield each


def indexer(project: Workspace) -> int | None:
    endpoint = read_endpoint(root_cache(project.root))
    return endpoint and endpoint.pid


def kill_three_times(project: Workspace, window: Window) -> None:
    """Kill the indexer as often as it comes back."""
    for _ in range(3):
        wait_until(lambda: window.command("status")["health"] == "ok")
        process = indexer(project)
        assert process is not None
        os.kill(process, signal.SIGKILL)
        wait_until(lambda process=process: indexer(project) != process or window.lost())


def test_three_deaths_in_a_minute(project: Workspace, window: Window, clock: Path) -> None:
    kill_three_times(project, window)
    wait_until(lambda: window.says("starting", "error"))

    # Words alone, and a clear word about it, told unasked and when asked.
    names, complete = window.found("work_7")
    assert names[0] == "work_7"
    assert not complete
    for status in (window.told, window.command("status")):
        assert status is not None
        assert (status["state"], status["health"]) == ("starting", "error")
        problem = status["problems"][0]
        assert "died 3 times within a minute" in problem["message"]
        assert "words alone" in problem["mend"]
        assert status["files"] == 20  # of what was indexed
    with pytest.raises(RuntimeError, match="died 3 times within a minute"):
        window.command("index.flush")

    # A minute later it is back by itself, with what has changed meanwhile.
    project.write("pkg0/late.py", "def heronwharf():\n    return 1\n")
    ahead = clock.with_suffix(".new")
    ahead.write_text("61")
    ahead.replace(clock)
    wait_until(lambda: window.says("ready", "ok"))
    assert window.found("heronwharf") == (["heronwharf"], True)
    assert window.command("status")["health"] == "ok"
