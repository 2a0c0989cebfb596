"""An older version's indexer leaves for a newer one; windows of two versions fight for none."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest

from codearch import __version__
from codearch.indexer import launch
from codearch.indexer.client import Client
from codearch.indexer.protocol import ENDPOINT_NAME, Endpoint, read_endpoint
from codearch.settings import claimed_cache
from indexer.test_costs import shop
from kills import aged
from patience import wait_until
from streams import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Workspace

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stops processes as Unix does")

# What listens, and says nothing more: an indexer that hangs.
DEAF = """
import os, sys, time
from multiprocessing.connection import Listener
listener = Listener(sys.argv[2], authkey=b"key")
print("listening", flush=True)
while True:
    connection = listener.accept()
    while sys.argv[3] == "deaf":
        time.sleep(1)
    connection.recv_bytes()
    os.unlink(sys.argv[4])
    sys.exit()
"""


@pytest.mark.parametrize("manner", ["polite", "deaf"])
def test_an_older_version(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, manner: str
) -> None:
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "0.2")
    monkeypatch.setattr(launch, "LEAVE_SECONDS", 1.0)
    shop(workspace)
    folder = claimed_cache(workspace.root)
    address = str(tmp_path / "old.sock")
    note = folder / ENDPOINT_NAME
    said = ["-m", "codearch.indexer", str(workspace.root)]  # as an indexer's command line ends
    command = [sys.executable, "-c", DEAF, "", address, manner, str(note), *said]
    old = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert old.stdout is not None
        assert old.stdout.readline()
        note.write_bytes(msgspec.json.encode(Endpoint("0.0.1", old.pid, address, b"key")))
        with Client(workspace.root) as client:
            client.call("flush")
            assert client.call("status")["version"] == __version__
        old.wait(10)  # it does not end by itself while it hangs
    finally:
        old.kill()
        old.wait(10)


@pytest.fixture
def window_of(workspace: Workspace, tmp_path: Path) -> Iterator[Callable[[str], Session]]:
    """Opens windows of other versions of the product on the workspace."""
    opened: list[Session] = []

    def opening(version: str) -> Session:
        python = (sys.executable, aged.__file__, version, str(tmp_path))
        opened.append(Session(workspace.root, python))
        opened[-1].begin()
        return opened[-1]

    yield opening
    for each in opened:
        each.close()


def names(window: Session, query: str) -> list[str]:
    return [hit["symbol"] for hit in window.command("search", query=query)["results"]]


@pytest.mark.parametrize("newer", ["0.2.0", "0.10.0"])
def test_windows_of_two_versions_at_once(
    workspace: Workspace, window_of: Callable[[str], Session], newer: str
) -> None:
    """The newer one has its indexer; the older one searches by words until it is alone again."""
    shop(workspace)
    folder = claimed_cache(workspace.root)
    older = window_of("0.2.0rc1")
    older.command("index.flush")
    mine = read_endpoint(folder)
    assert mine is not None
    assert mine.version == "0.2.0rc1"

    window = window_of(newer)
    window.command("index.flush")
    theirs = read_endpoint(folder)
    assert theirs is not None
    assert theirs.version == newer
    for _ in range(3):
        assert "area" in names(older, "area")
        status = older.command("status")
        assert status["health"] == "error"
        assert any(newer in problem["message"] for problem in status["problems"])
        window.command("index.flush")
        assert "area" in names(window, "area")
    assert window.command("status")["health"] == "ok"
    assert read_endpoint(folder) == theirs

    window.close()
    wait_until(lambda: read_endpoint(folder) != theirs)
    older.command("index.flush")
    assert "area" in names(older, "area")
    assert older.command("status")["health"] == "ok"
