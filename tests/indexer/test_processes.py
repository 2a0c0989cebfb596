"""The indexer as a process of its own: shared, replaced, brought back, and gone when not needed."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from codearch.errors import IndexerError
from codearch.indexer import launch
from codearch.indexer.client import Client
from codearch.settings import claimed_cache
from indexer.test_costs import shop
from patience import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Workspace

if sys.platform == "linux":
    import resource

PATIENCE_SECONDS = 30


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexers that leave soon after their last client."""
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "0.2")


@pytest.fixture
def client(workspace: Workspace) -> Iterator[Client]:
    shop(workspace)
    with Client(workspace.root) as client:
        yield client


def process_of(root: Path) -> int:
    endpoint = launch.read_endpoint(claimed_cache(root))
    assert endpoint is not None
    return endpoint.pid


def names(client: Client, query: str) -> list[str]:
    found: dict[str, Any] = client.call("search", {"query": query, "limit": 5})
    return [hit["symbol"]["name"] for hit in found["hits"]]


def test_two_clients_share_one_indexer(workspace: Workspace, client: Client) -> None:
    client.call("flush")
    first = process_of(workspace.root)
    with Client(workspace.root) as other:
        other.call("flush")
        assert process_of(workspace.root) == first
        assert other.session != client.session
        assert names(other, "area")[0] == "area"


def test_indexer_leaves_after_its_last_client(workspace: Workspace, client: Client) -> None:
    client.call("flush")
    process = psutil.Process(process_of(workspace.root))
    client.close()
    process.wait(PATIENCE_SECONDS)
    assert launch.read_endpoint(claimed_cache(workspace.root)) is None


def test_killed_indexer_comes_back_and_knows_the_buffers(
    workspace: Workspace, client: Client
) -> None:
    client.call("flush")
    client.overlay("shapes.py", "def from_a_buffer():\n    return 'unsaved text of an editor'\n")
    client.call("flush")
    os.kill(process_of(workspace.root), signal.SIGKILL)
    psutil.wait_procs([], 0)
    wait_until(lambda: not client.connected, PATIENCE_SECONDS)
    client.call("flush")
    status = client.call("status")
    assert status["health"] == "ok"
    assert not any("rebuilt" in one["message"] for one in status["problems"])
    assert names(client, "from_a_buffer")[0] == "from_a_buffer"
    assert names(client, "describe")[0] == "describe"


def test_a_rebuild_asked_for_as_the_indexer_ends_is_done_by_the_next(
    workspace: Workspace, client: Client
) -> None:
    client.call("flush")
    process = psutil.Process(process_of(workspace.root))
    process.suspend()  # it is asked, and never answers
    under_way = threading.Event()
    told: list[Any] = []

    def cancelled() -> bool:
        under_way.set()
        return False

    asked = threading.Thread(target=lambda: told.append(client.call("rebuild", {}, cancelled)))
    asked.start()
    assert under_way.wait(PATIENCE_SECONDS)
    process.kill()
    asked.join(PATIENCE_SECONDS)
    assert len(told) == 1
    client.call("flush")
    assert names(client, "area")[0] == "area"


@pytest.mark.skipif(sys.platform == "win32", reason="its pipes leave nothing behind")
def test_what_a_dead_indexer_left_is_cleaned_away(workspace: Workspace, client: Client) -> None:
    """Its address, its socket, and its lock, which the system gives back."""
    client.call("flush")
    folder = claimed_cache(workspace.root)
    before = launch.read_endpoint(folder)
    assert before is not None
    (folder / "indexer.4711").touch()  # it died as it wrote its address
    (folder / "4711.sock").touch()
    os.kill(before.pid, signal.SIGKILL)
    client.call("flush")
    after = launch.read_endpoint(folder)
    assert after is not None
    assert (after.pid, after.key) != (before.pid, before.key)
    assert not Path(before.address).exists()
    left = {each.name for each in folder.iterdir()}
    assert not left & {"indexer.4711", "4711.sock"}
    assert len([name for name in left if name.endswith(".sock")]) <= 1


def test_three_deaths_in_a_minute_are_said(workspace: Workspace, client: Client) -> None:
    for _ in range(3):
        client.call("status")
        os.kill(process_of(workspace.root), signal.SIGKILL)
        wait_until(lambda: not client.connected, PATIENCE_SECONDS)
    with pytest.raises(IndexerError, match="died 3 times within a minute"):
        client.call("status")


@pytest.mark.skipif(sys.platform != "linux", reason="limits handles as Linux does")
def test_a_client_without_handles_says_so(workspace: Workspace) -> None:
    shop(workspace)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    client = Client(workspace.root)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (1, before[1]))
        with pytest.raises(IndexerError, match=r"Too many open files.*ulimit -n"):
            client.open()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    with client:  # and goes on once it has some
        client.call("flush")
        assert names(client, "area")[0] == "area"


def test_killed_in_the_middle_nothing_is_lost(workspace: Workspace) -> None:
    for number in range(120):
        workspace.write(f"m{number}.py", f"def work_{number}(x):\n    return x + {number}\n" * 4)
    with Client(workspace.root) as client:
        done = threading.Thread(target=lambda: client.call("flush"))  # asked again by itself
        done.start()
        wait_until(lambda: client.call("status")["files"] > 0, PATIENCE_SECONDS)
        os.kill(process_of(workspace.root), signal.SIGKILL)
        done.join(PATIENCE_SECONDS)
        client.call("flush")
        status = client.call("status")
        assert (status["files"], status["pending"]) == (120, 0)
        assert names(client, "work_77")[0] == "work_77"


def test_saved_file_is_found_without_being_asked_for(workspace: Workspace, client: Client) -> None:
    client.call("flush")
    workspace.write("late.py", "def late_arrival():\n    return 'watched'\n")
    wait_until(lambda: "late_arrival" in names(client, "late_arrival"), PATIENCE_SECONDS)


def test_a_workspace_runs_nothing(workspace: Workspace) -> None:
    """A module of the workspace that shadows ours, or a standard one, is never imported."""
    mark = workspace.root / "ran"
    trap = f"open({str(mark)!r}, 'w').close()\n"
    for name in ("json.py", "codearch.py", "sitecustomize.py", "lancedb/__init__.py"):
        workspace.write(name, trap)
    with contextlib.chdir(workspace.root), Client(workspace.root) as client:
        client.call("flush")
    assert not mark.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="sets the limit of another process")
def test_a_client_that_came_when_no_handle_was_left_is_let_in_later(
    workspace: Workspace, client: Client
) -> None:
    client.call("flush")
    process = process_of(workspace.root)
    before = resource.prlimit(process, resource.RLIMIT_NOFILE)
    log = claimed_cache(workspace.root) / "logs" / "indexer.jsonl"
    resource.prlimit(process, resource.RLIMIT_NOFILE, (1, before[1]))
    with Client(workspace.root), ThreadPoolExecutor() as threads:  # for whom there was one left
        wait_until(lambda: "a client cannot be let in" in log.read_text())
        other = Client(workspace.root)
        opening = threads.submit(other.open)
        resource.prlimit(process, resource.RLIMIT_NOFILE, before)
        opening.result(PATIENCE_SECONDS)
        assert names(other, "area")[0] == "area"
        assert process_of(workspace.root) == process
        other.close()
