"""Whatever befalls the files of an index, the next question is answered from a new one."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from typing import TYPE_CHECKING

import psutil
import pytest

from codearch.indexer import launch
from codearch.indexer.client import Client
from codearch.settings import claimed_cache
from codearch.store.database import FILE_NAME
from indexer.running import Running
from indexer.test_costs import shop
from indexer.test_processes import PATIENCE_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Workspace

PAGE = 4096


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexers that leave soon after their last client."""
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "0.2")


def overwritten(offset: int, length: int) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(offset)
            file.write(random.Random(offset).randbytes(length))

    return damage


def swapped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    first, second = slice(PAGE, 2 * PAGE), slice(5 * PAGE, 6 * PAGE)
    data[first], data[second] = data[second], data[first]
    path.write_bytes(data)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "notes.txt").write_text("somebody's")


def of_missing_tables(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE calls")


DAMAGES = {
    "header": overwritten(20, 40),
    "first pages": overwritten(PAGE, 3 * PAGE),
    "one number": overwritten(9 * PAGE + 2000, 3),
    "the middle": overwritten(60_000, 30_000),
    "swapped": swapped,
    "emptied": emptied,
    "a folder": a_folder,
    "missing tables": of_missing_tables,
}


def indexed(workspace: Workspace) -> Path:
    """Index a shop by a process that then leaves; return its database."""
    shop(workspace)
    with Client(workspace.root) as client:
        client.call("flush")
        endpoint = launch.read_endpoint(claimed_cache(workspace.root))
    assert endpoint is not None
    psutil.Process(endpoint.pid).wait(PATIENCE_SECONDS)
    return claimed_cache(workspace.root) / FILE_NAME


def first_hit(client: Client, query: str = "area") -> str:
    found = client.call("search", {"query": query, "limit": 3})
    return str(found["hits"][0]["symbol"]["name"])


def messages(client: Client) -> str:
    return " ".join(one["message"] for one in client.call("status")["problems"])


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_found_at_the_start(workspace: Workspace, damage: Callable[[Path], None]) -> None:
    damage(indexed(workspace))
    with Client(workspace.root) as client:
        client.call("flush")
        assert first_hit(client) == "area"
        assert messages(client).count("It was rebuilt.") == 1


def test_a_copy_of_an_index_is_not_damaged(workspace: Workspace) -> None:
    path = indexed(workspace)
    copy = path.with_name("copy")
    shutil.copyfile(path, copy)
    os.utime(copy, ns=(1, 1))
    copy.replace(path)
    with Running(workspace.root) as running:
        assert running.index()["parsed"] == 0
        assert running.ask("status")["health"] == "ok"


def test_damage_found_at_work(workspace: Workspace) -> None:
    """The asker waits for the new index, and buffers are in it as they were."""
    shop(workspace)
    with Running(workspace.root) as running:
        running.hello()
        running.index()
        with sqlite3.connect(running.shop.path) as connection:
            connection.execute(
                "UPDATE meta SET value = CAST(X'FF' AS TEXT) WHERE key = 'generation'"
            )
        status = running.ask("status")
        assert "It was rebuilt." in status["problems"][0]["message"]
        running.ask("flush")
        assert running.search("area")[0] == "shapes.py area"
        assert ("replaced", {}) in running.events


def test_damage_that_a_reader_found(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    inode = indexer.shop.path.stat().st_ino
    indexer.ask("repair", inode=inode, reason="The index is damaged.")
    indexer.ask("repair", inode=inode, reason="The index is damaged.")  # another saw it as well
    status = indexer.ask("status")
    assert [one["message"] for one in status["problems"]].count(
        "The index is damaged. It was rebuilt."
    ) == 1
    indexer.ask("flush")
    assert indexer.search("area")[0] == "shapes.py area"


def test_a_mistake_in_a_statement_is_no_damage(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    counters = indexer.index()
    mistaken = indexer.engine.waiting.run_soon(
        lambda: indexer.shop.connection.execute("SELECT * FROM no_such_table")
    )
    assert isinstance(mistaken.exception(), sqlite3.OperationalError)
    assert indexer.ask("status")["files"] == counters["files"]
    assert indexer.ask("status")["health"] == "ok"


def test_buffers_survive_a_rebuild(workspace: Workspace) -> None:
    shop(workspace)
    with Client(workspace.root) as client:
        client.overlay("shapes.py", "def from_a_buffer():\n    return 1\n")
        client.call("flush")
        client.call("rebuild")
        client.call("flush")
        assert first_hit(client, "from_a_buffer") == "from_a_buffer"


def test_deleted_cache_is_made_again_below_a_session(workspace: Workspace) -> None:
    shop(workspace)
    with Client(workspace.root) as client:
        client.overlay("shapes.py", "def from_a_buffer():\n    return 1\n")
        client.call("flush")
        before = launch.read_endpoint(claimed_cache(workspace.root))
        assert before is not None
        process = psutil.Process(before.pid)
        shutil.rmtree(claimed_cache(workspace.root))
        client.call("flush")
        assert first_hit(client, "from_a_buffer") == "from_a_buffer"
        assert first_hit(client, "describe") == "describe"
        assert client.call("status")["health"] == "ok"
        after = launch.read_endpoint(claimed_cache(workspace.root))
    assert after is not None
    assert after.pid != before.pid
    process.wait(PATIENCE_SECONDS)


def test_junk_among_the_vectors_is_made_again(workspace: Workspace) -> None:
    path = indexed(workspace)
    for file in (path.parent / "vectors").rglob("*"):
        if file.is_file():
            file.write_bytes(b"junk")
    with Client(workspace.root) as client:
        client.call("flush")
        first_hit(client)  # where they can be opened, it takes a search to see it
        client.call("flush")
        found = client.call("search", {"query": "surface covered", "limit": 3, "mode": "semantic"})
        assert found["complete"]
        assert "area" in [hit["symbol"]["name"] for hit in found["hits"]]
        said = messages(client)
    assert said.count("They were made again.") == 1
    assert ".rs:" not in said


def test_vectors_lost_at_work_are_made_again(workspace: Workspace) -> None:
    shop(workspace)
    with Client(workspace.root) as client:
        client.call("flush")
        shutil.rmtree(claimed_cache(workspace.root) / "vectors")
        assert first_hit(client) == "area"  # by its words
        client.call("flush")
        found = client.call("search", {"query": "surface covered", "limit": 3, "mode": "semantic"})
        assert found["complete"]
        assert "They were made again." in messages(client)
