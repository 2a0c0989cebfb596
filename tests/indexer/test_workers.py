"""Workers come and go without a trace."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from codearch.indexer.workers import Job, Workers

if TYPE_CHECKING:
    from pathlib import Path

SCRIPT = """
import os

from codearch.indexer.workers import Job, Workers

if __name__ == "__main__":
    workers = Workers(2)
    job = Job(b"def f(a):\\n    return a\\n" * 1000, "python")
    waiting = [workers.submit([job]) for _ in range(8)]
    waiting[0].result()
    if {idle}:
        [one.result() for one in waiting]
        workers.close()
    workers.end()
    os._exit(0)
"""


@pytest.mark.parametrize("idle", [True, False], ids=["idle", "busy"])
def test_a_process_that_ends_leaves_nothing_of_its_workers(tmp_path: Path, idle: bool) -> None:
    script = tmp_path / "bulk.py"
    script.write_text(SCRIPT.format(idle=idle))
    ran = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, timeout=60
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_workers_let_everything_else_go_first() -> None:
    workers = Workers(1)
    try:
        workers.submit([Job(b"def f(a):\n    return a\n", "python")]).result(60)
        own = psutil.Process().nice()
        nicest = 19
        expected = (
            psutil.BELOW_NORMAL_PRIORITY_CLASS
            if sys.platform == "win32"
            else min(nicest, int(own) + 5)
        )
        assert [each.nice() for each in spawned()] == [expected]
    finally:
        workers.end()


def spawned() -> list[psutil.Process]:
    """Return the worker processes of this one."""
    return [each for each in psutil.Process().children() if "spawn_main" in command_of(each)]


def command_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:  # of another test, and just ending
        return ""
