"""Progress stands on standard error, in a form that fits what standard error is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from codearch.cli._progress import Bar, Lines, progress

if TYPE_CHECKING:
    from pathlib import Path


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("codearch.cli._progress.time.monotonic", clock)
    return clock


def working(done: int, total: int = 1000) -> dict[str, Any]:
    report = {"phase": "reading", "done": done, "total": total, "share": done / total}
    return {"state": "indexing", "progress": report}


def test_without_a_terminal_it_is_a_line_now_and_then(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    with Lines() as shown:
        for second in range(1, 13):
            clock.now += 1
            shown.on_event("status", working(50 * second))
        shown.on_event("changed", {"generation": 3})
        shown.on_event("status", {"state": "ready", "progress": None})
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "codearch: reading 250 of 1,000 (25%)",
        "codearch: reading 500 of 1,000 (50%)",
    ]


def test_what_is_done_at_once_needs_no_progress(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    for shown in (Lines(), Bar()):
        with shown:
            clock.now += 0.1
            shown.on_event("status", working(10))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("plain", [True, False], ids=["NO_COLOR", "colours"])
def test_in_a_terminal_it_is_a_bar_that_goes_away(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    clock: Clock,
    *,
    plain: bool,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    if plain:
        monkeypatch.setenv("NO_COLOR", "1")
    with Bar() as shown:
        clock.now += 2
        shown.on_event("status", working(400))
    said = capsys.readouterr().err
    assert "reading 400 of 1,000" in said
    assert "40 %" in said
    assert ("\x1b[38" in said) is not plain, "colours"


def test_the_form_follows_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    assert isinstance(progress(), Lines)


@pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX's interrupt")
def test_control_c_ends_with_130_and_leaves_the_indexer_alone(shop: Path, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "CODEARCH_CACHE_DIR": str(tmp_path),
        "CODEARCH_INDEXER_IDLE_SECONDS": "3",
    }
    command = [sys.executable, "-m", "codearch", "search", "--stdin", "--json"]
    with subprocess.Popen(
        command,
        cwd=shop,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=1,
        # What a shell starts in the background ignores interrupts, and so would this.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("tax\n")
        process.stdin.flush()
        assert '"query": "tax"' in process.stdout.readline(), "an answer comes at once"
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
    again = subprocess.run(
        [*command[:3], "status", "--json"],
        cwd=shop,
        env=environment,
        capture_output=True,
        check=True,
    )
    assert b'"health": "ok"' in again.stdout
