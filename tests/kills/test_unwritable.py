"""Where the cache is read-only or full all say so, and windows answer from what was indexed."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from codearch.indexer.client import Client
from codearch.indexer.launch import read_endpoint
from codearch.settings import root_cache
from freshness.hurried_window import Window
from indexer.test_costs import shop
from kills.test_lacking import need_namespace
from patience import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Workspace

pytestmark = [
    pytest.mark.timeout(240),
    pytest.mark.skipif(sys.platform != "linux", reason="mounts as Linux does"),
]

# Until there is a file of that name, the cache is read-only or full for what runs here.
_READ_ONLY = """
mount --bind "$CODEARCH_CACHE_DIR" "$CODEARCH_CACHE_DIR" || exit 99
mount -o remount,ro,bind "$CODEARCH_CACHE_DIR" || exit 99
( while [ -d /proc/$$ ] && ! [ -e "$WRITABLE" ]; do sleep 0.05; done
  mount -o remount,rw,bind "$CODEARCH_CACHE_DIR" ) > /dev/null 2>&1 < /dev/null &
exec "$@"
"""
_FULL = """
mount -t tmpfs -o size=30m tmpfs "$CODEARCH_CACHE_DIR" || exit 99
head -c 40000000 /dev/zero > "$CODEARCH_CACHE_DIR/filler" 2> /dev/null
( while [ -d /proc/$$ ] && ! [ -e "$WRITABLE" ]; do sleep 0.05; done
  rm "$CODEARCH_CACHE_DIR/filler" ) > /dev/null 2>&1 < /dev/null &
exec "$@"
"""


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexers that leave soon, and servers that soon try again."""
    (tmp_path / "clock").write_text("0")
    monkeypatch.setenv("HURRIED_CLOCK", str(tmp_path / "clock"))
    monkeypatch.setenv("WRITABLE", str(tmp_path / "writable"))
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "0.2")


@pytest.fixture
def read_only(own_cache: Path) -> tuple[str, ...]:
    """What to put before a command that is to find its cache read-only."""
    own_cache.mkdir()
    return (*need_namespace(), "sh", "-c", _READ_ONLY, "sh", sys.executable)


@pytest.fixture
def full(own_cache: Path) -> tuple[str, ...]:
    """What to put before a command that is to find the disk of its cache full."""
    own_cache.mkdir()
    return (*need_namespace(), "sh", "-c", _FULL, "sh", sys.executable)


@pytest.fixture
def indexed(workspace: Workspace, read_only: tuple[str, ...]) -> Workspace:
    """A shop that has been indexed, and whose indexer has left."""
    del read_only
    shop(workspace)
    with Client(workspace.root) as client:
        client.call("flush")
        endpoint = read_endpoint(root_cache(workspace.root))
    assert endpoint is not None
    process = psutil.Process(endpoint.pid) if psutil.pid_exists(endpoint.pid) else None
    if process is not None:
        process.wait(60)
    return workspace


def hover(window: Window, path: Path, line: int, column: int) -> str:
    place = {
        "textDocument": {"uri": path.as_uri()},
        "position": {"line": line, "character": column},
    }
    found = window.ask("textDocument/hover", place)
    return found["contents"]["value"] if found else ""


def test_a_window_answers_from_what_was_indexed(
    indexed: Workspace, read_only: tuple[str, ...], tmp_path: Path
) -> None:
    with Window(indexed.root, read_only) as window:
        names, complete = window.found("area of a circle")
        assert "area" in names
        assert not complete
        assert "Called" in hover(window, indexed.root / "shapes.py", 10, 8)
        status = window.command("status")
        assert (status["state"], status["health"]) == ("starting", "error")
        assert "cannot be written to" in status["problems"][0]["message"]
        assert "CODEARCH_CACHE_DIR" in status["problems"][0]["mend"]
        wait_until(lambda: window.says("starting", "error"))
        with pytest.raises(RuntimeError, match="cannot be written to"):
            window.command("index.flush")

        # As soon as it can be written to, all goes on by itself.
        indexed.write("late.py", "def heronwharf():\n    return 1\n")
        (tmp_path / "writable").touch()
        wait_until(lambda: window.says("ready", "ok"))
        assert window.found("heronwharf") == (["heronwharf"], True)


def test_a_window_that_has_nothing_to_answer_from(
    workspace: Workspace, read_only: tuple[str, ...]
) -> None:
    shop(workspace)
    with Window(workspace.root, read_only) as window:
        with pytest.raises(RuntimeError, match="cannot be written to"):
            window.command("search", query="area")
        assert window.command("status")["health"] == "error"


def test_a_window_on_a_full_disk(
    workspace: Workspace, full: tuple[str, ...], tmp_path: Path
) -> None:
    shop(workspace)
    with Window(workspace.root, full) as window:
        wait_until(lambda: window.says("starting", "error"))
        with pytest.raises(RuntimeError, match="No space left on device"):
            window.command("search", query="area")
        problem = window.command("status")["problems"][0]
        assert "No space left on device" in problem["message"]
        assert "room" in problem["mend"] or "disk is full" in problem["mend"]
        (tmp_path / "writable").touch()
        wait_until(lambda: window.says("ready", "ok"))
        assert window.found("area")[1]


@pytest.mark.parametrize(
    "command", ["search area", "index", "check", "status", "explain area", "metrics --format jsonl"]
)
def test_command_lines_say_it(indexed: Workspace, read_only: tuple[str, ...], command: str) -> None:
    """They would bring the index up to date, so none of them answers from a stale one."""
    done = subprocess.run(
        [*read_only, "-m", "codearch", *shlex.split(command)],
        cwd=indexed.root,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 3
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "cannot be written to" in line
    assert "CODEARCH_CACHE_DIR" in line


def test_the_doctor_says_it(indexed: Workspace, read_only: tuple[str, ...]) -> None:
    done = subprocess.run(
        [*read_only, "-m", "codearch", "doctor", "--json"],
        cwd=indexed.root,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    said = json.dumps(json.loads(done.stdout))
    assert "CODEARCH_CACHE_DIR" in said
    assert os.environ["CODEARCH_CACHE_DIR"] in said
