"""A process that was stopped holds up nobody else: an indexer is replaced, a window left alone."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from multiprocessing import connection
from typing import TYPE_CHECKING

import psutil
import pytest

from codearch.errors import IndexerError
from codearch.indexer import client as clients
from codearch.indexer import launch, line, service
from codearch.indexer.client import Client
from codearch.indexer.protocol import Request, encode
from codearch.indexer.sending import Sender
from codearch.settings import claimed_cache
from indexer.test_costs import shop
from patience import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.indexer.protocol import Wire
    from conftest import Workspace

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stops processes as Unix does")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexers that leave soon after their last client, and clients that wait no longer."""
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "0.2")
    monkeypatch.setattr(launch, "ANSWER_SECONDS", 2.0)
    monkeypatch.setattr(line, "PING_SECONDS", 0.5)
    monkeypatch.setattr(line, "STOPPED_SECONDS", 2.0)


@pytest.fixture
def client(workspace: Workspace) -> Iterator[Client]:
    shop(workspace)
    with Client(workspace.root) as client:
        client.call("flush")
        yield client


def process_of(workspace: Workspace) -> psutil.Process:
    endpoint = launch.read_endpoint(claimed_cache(workspace.root))
    assert endpoint is not None
    return psutil.Process(endpoint.pid)


def read_all(wire: Wire) -> None:
    while True:
        wire.recv_bytes()


def found_first(client: Client, query: str) -> str:
    found = client.call("search", {"query": query, "limit": 1})
    return str(found["hits"][0]["symbol"]["name"])


def first(client: Client) -> str:
    return found_first(client, "area")


def test_one_that_stops_is_replaced_for_whoever_waits(workspace: Workspace, client: Client) -> None:
    before = process_of(workspace)
    before.send_signal(signal.SIGSTOP)
    client.call("status")
    after = process_of(workspace)
    assert after.pid != before.pid
    assert not before.is_running()
    client.call("flush")
    assert first(client) == "area"


def test_one_that_has_stopped_is_replaced_for_whoever_comes(
    workspace: Workspace, client: Client
) -> None:
    before = process_of(workspace)
    before.send_signal(signal.SIGSTOP)
    with Client(workspace.root) as another:
        another.call("flush")
        assert first(another) == "area"
    assert not before.is_running()
    client.call("flush")  # it has lost its own, and finds the new one


def test_telling_never_waits(workspace: Workspace, client: Client) -> None:
    """A window's event loop tells what has changed; it must not wait for a reader."""
    process = process_of(workspace)
    process.send_signal(signal.SIGSTOP)
    for _ in range(50):  # far more than a socket holds
        client.tell("touched", {"paths": ["shapes.py" * 10_000]})
    process.send_signal(signal.SIGCONT)
    client.call("flush")
    assert process_of(workspace) == process


def test_a_busy_one_is_left_alone(workspace: Workspace, client: Client) -> None:
    """What takes longer than a process has to say that it is there is waited for."""
    process = process_of(workspace)
    client.call("pause")
    with Client(workspace.root) as another:
        other = another.call("want_history", {"paths": ["shapes.py"], "wait": 4})
        assert other is None
    client.call("resume")
    assert process_of(workspace) == process


def test_a_window_that_reads_nothing_holds_up_nobody(workspace: Workspace, client: Client) -> None:
    found = launch.connect(claimed_cache(workspace.root))
    assert found is not None
    silent, _ = found
    silent.send_bytes(encode(Request(1, "hello", {"settings": {}})))
    for number in range(2, 600):  # more answers than a socket holds
        silent.send_bytes(encode(Request(number, "status")))
    for name in ("first", "second"):
        workspace.write("fresh.py", f"def {name}_thing():\n    return 1\n")
        client.call("flush")
        assert found_first(client, f"{name}_thing") == f"{name}_thing"
    silent.close()


def test_who_connects_and_says_nothing_holds_up_nobody(
    workspace: Workspace, client: Client
) -> None:
    endpoint = launch.read_endpoint(claimed_cache(workspace.root))
    assert endpoint is not None
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(endpoint.address)
        with Client(workspace.root) as another:
            assert first(another) == "area"
    assert first(client) == "area"


def test_a_key_that_does_not_fit_opens_nothing(workspace: Workspace, client: Client) -> None:
    endpoint = launch.read_endpoint(claimed_cache(workspace.root))
    assert endpoint is not None
    with pytest.raises(service.AuthenticationError):
        connection.Client(endpoint.address, authkey=b"a guess")
    assert first(client) == "area"


def test_too_much_left_unread_ends_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codearch.indexer.sending.MOST_BYTES", 4_000_000)
    monkeypatch.setattr("codearch.indexer.sending.STUCK_SECONDS", 0.0)
    ours, theirs = connection.Pipe()
    reasons: list[str] = []
    sender = Sender(ours, reasons.append)
    for _ in range(8):
        sender.send(bytes(1_000_000))
    wait_until(lambda: bool(reasons))
    with pytest.raises((EOFError, OSError)):
        read_all(theirs)


def test_one_large_frame_is_no_reader_that_reads_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("codearch.indexer.sending.MOST_BYTES", 1_000_000)
    ours, theirs = connection.Pipe()
    reasons: list[str] = []
    sender = Sender(ours, reasons.append)
    for size in (3_000_000, 2_000_000, 10):
        sender.send(bytes(size))
    assert [len(theirs.recv_bytes()) for _ in range(3)] == [3_000_000, 2_000_000, 10]
    assert not reasons


def test_what_cannot_be_sent_ends_the_connection() -> None:
    ours, theirs = connection.Pipe()
    reasons: list[str] = []
    sender = Sender(ours, reasons.append)
    theirs.close()
    sender.send(b"anybody there?")
    wait_until(lambda: bool(reasons))
    with pytest.raises((EOFError, OSError)):
        ours.recv_bytes()


def test_half_a_character_in_a_buffer_is_replaced(workspace: Workspace, client: Client) -> None:
    """Editors in JavaScript send such while an emoji is typed."""
    client.overlay("shapes.py", "def grin():\n    return '\ud83d', 'teeth'\n")
    client.call("flush")
    assert found_first(client, "grin") == "grin"
    process_of(workspace).kill()
    wait_until(lambda: not client.connected)
    client.call("flush")  # the buffer was told again
    assert found_first(client, "grin") == "grin"


def test_an_indexer_that_cannot_start_is_not_started_for_ever(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop(workspace)
    started: list[int] = []

    def broken(*arguments: object) -> object:
        command = [sys.executable, "-c", "import sys; sys.exit('no such encoder')"]
        del arguments
        started.append(1)
        folder = claimed_cache(workspace.root)
        (folder / "logs").mkdir(exist_ok=True)
        with (folder / "logs" / "indexer.stderr").open("wb") as errors:
            return clients.launch.subprocess.Popen(command, stderr=errors)

    monkeypatch.setattr(launch, "_spawn", broken)
    client = Client(workspace.root)
    for _ in range(3):
        with pytest.raises(IndexerError, match="did not start: no such encoder"):
            client.call("status")
    with pytest.raises(IndexerError, match=r"died 3 times within a minute\. .*no such encoder"):
        client.call("status")
    assert len(started) == 3


def test_one_that_stops_while_it_starts_an_indexer_holds_up_nobody(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds the lock under which indexers are started, and will never let it go."""
    monkeypatch.setattr(launch, "START_LOCK_SECONDS", 0.5)
    shop(workspace)
    command = [sys.executable, "-c", _STOPPED_STARTER, str(workspace.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline()
        starter.send_signal(signal.SIGSTOP)
        try:
            with Client(workspace.root) as client, Client(workspace.root) as another:
                client.call("flush")
                assert first(client) == first(another) == "area"
                assert starter.poll() is None
        finally:
            starter.kill()


_STOPPED_STARTER = """
import sys
from pathlib import Path
from codearch.indexer.holding import claim
from codearch.indexer.protocol import START_LOCK_NAME

_, lock = claim(Path(sys.argv[1]), START_LOCK_NAME)
print(lock.is_locked, flush=True)
sys.stdin.read()
"""
