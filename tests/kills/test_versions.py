"""An indexer of another version is asked to leave, ended where it does not, and replaced."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest

from codearch import __version__
from codearch.indexer import client as clients
from codearch.indexer.client import Client
from codearch.indexer.protocol import ENDPOINT_NAME, Endpoint
from codearch.settings import claimed_cache
from indexer.test_costs import shop

if TYPE_CHECKING:
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
def test_another_version(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, manner: str
) -> None:
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "0.2")
    monkeypatch.setattr(clients, "LEAVE_SECONDS", 1.0)
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
