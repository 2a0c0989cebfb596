"""What lacks room, handles or leave to write says so, and goes on by itself once it has them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from indexer.running import Running
from indexer.test_costs import shop
from kills import crowded
from soak import clocked

if TYPE_CHECKING:
    from conftest import Workspace

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits as Linux has them")


@cache
def _namespace() -> tuple[str, ...]:
    """Return the command that begins a mount namespace, () where that is not permitted."""
    user = () if os.geteuid() == 0 else ("--map-root-user",)
    for options in ((*user, "--mount"), ("--map-root-user", "--mount")):
        command = ("unshare", *options)
        tried = ["sh", "-c", "mount -t tmpfs tmpfs /mnt"]
        try:
            if subprocess.run([*command, *tried], capture_output=True, check=False).returncode == 0:
                return command
        except OSError:
            return ()
    return ()


def need_namespace() -> tuple[str, ...]:
    if not _namespace():
        pytest.skip("a mount namespace of one's own is not permitted here")
    return _namespace()


def run(limit: str, workspace: Workspace, own_cache: Path, *before: str) -> list[Any]:
    """Return what an index said under a limit and after it, and what a search found at last."""
    for number in range(60):
        functions = (f"def work_{number}_{at}(x):\n    return x + {at}\n\n\n" for at in range(20))
        workspace.write(f"m{number}.py", "".join(functions))
    shop(workspace)
    own_cache.mkdir()
    command = [
        *before,
        sys.executable,
        crowded.__file__,
        limit,
        str(workspace.root),
        str(own_cache),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=110)
    assert done.returncode == 0, done.stderr[-3_000:]
    said: list[Any] = json.loads(done.stdout)
    return said


def judge(said: list[Any]) -> None:
    lacking, after, found = said
    assert lacking["health"] == "error"
    problem = next(one for one in lacking["problems"] if one["severity"] == 5)
    assert "disk is full" in problem["mend"]
    assert "ulimit -n" in problem["mend"]
    assert (after["state"], after["health"], after["files"], after["pending"]) == (
        "ready", "ok", 63, 0,
    )  # fmt: skip
    assert found[0] == "shapes.py area"


def test_full_disk(workspace: Workspace, own_cache: Path) -> None:
    judge(run("full", workspace, own_cache, *need_namespace()))


def test_no_file_handles_left(workspace: Workspace, own_cache: Path) -> None:
    judge(run("handles", workspace, own_cache))


def test_read_only_cache(workspace: Workspace, own_cache: Path) -> None:
    """The command line says what to do; nothing is written anywhere else."""
    before = need_namespace()
    shop(workspace)
    own_cache.mkdir()
    script = 'mount -t tmpfs -o ro tmpfs "$1" && cd "$2" && shift 2 && exec "$@"'
    asked = (sys.executable, "-m", "codearch", "status")
    done = subprocess.run(
        [*before, "sh", "-c", script, "sh", str(own_cache), str(workspace.root), *asked],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "server")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 3
    assert "cannot be written to: Read-only file system" in done.stderr
    assert "CODEARCH_CACHE_DIR" in done.stderr


def test_clock_set_back(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A year ago, what was indexed tomorrow is still what lies there, and edits are seen."""
    shop(workspace)
    with Running(workspace.root) as running:
        running.index()
    (tmp_path / "clock").write_text(str(-365 * 86_400))
    monkeypatch.setenv("SOAK_CLOCK", str(tmp_path / "clock"))
    monkeypatch.setattr("time.time_ns", clocked.now_ns)
    monkeypatch.setattr("time.time", lambda: clocked.now_ns() / 1e9)
    with Running(workspace.root) as running:
        assert running.index()["parsed"] == 0
        workspace.write("late.py", "def late_arrival():\n    return 1\n")
        assert running.index()["parsed"] == 1
        assert running.search("late_arrival")[0] == "late.py late_arrival"
        assert running.ask("status")["health"] == "ok"
