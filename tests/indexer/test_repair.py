"""The index is a cache: whatever befalls it, the next start is right."""

from __future__ import annotations

import os
import sqlite3
import threading
from typing import TYPE_CHECKING

import pytest

from codearch.errors import CodearchError, PausedError
from codearch.settings import claimed_cache
from codearch.store import vectors
from codearch.store.database import FILE_NAME
from indexer.running import Running
from indexer.test_costs import shop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Workspace


def index_once(workspace: Workspace) -> Path:
    shop(workspace)
    with Running(workspace.root) as running:
        running.index()
    return claimed_cache(workspace.root) / FILE_NAME


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zeroed(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")


def newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 9999")


def older(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 1")


def no_database(path: Path) -> None:
    path.write_text("these are notes, not a database\n" * 100)


@pytest.mark.parametrize("damage", [truncated, zeroed, foreign, newer, older, no_database])
def test_damaged_store_is_rebuilt_and_said(
    workspace: Workspace, damage: Callable[[Path], None]
) -> None:
    damage(index_once(workspace))
    with Running(workspace.root) as running:
        counters = running.index()
        status = running.ask("status")
        assert running.search("area")[0] == "shapes.py area"
    assert counters["files"] == 3
    assert counters["pending"] == 0
    assert status["health"] == "warning"
    assert "It was rebuilt." in status["problems"][0]["message"]


def test_lost_vectors_are_made_again(workspace: Workspace) -> None:
    store = index_once(workspace)
    vectors.drop(store.parent / "vectors")
    with Running(workspace.root) as running:
        counters = running.index()
        found = running.search("the surface that is covered", mode="semantic")
    assert counters["parsed"] == 0
    assert counters["embedded"] > 0
    assert "shapes.py area" in found[:3]


def test_deleted_cache_costs_time_alone(workspace: Workspace) -> None:
    store = index_once(workspace)
    for file in store.parent.glob("index.db*"):
        file.unlink()
    with Running(workspace.root) as running:
        assert running.index()["files"] == 3
        assert running.search("area")[0] == "shapes.py area"


def test_passages_flagged_but_without_vector(workspace: Workspace) -> None:
    """The process died after the flag of another store's vectors was copied, say."""
    store = index_once(workspace)
    with Running(workspace.root) as running:
        running.index()
        answering = running.shop.embedder.answering
        assert answering is not None
        table = answering.vectors
        table.delete([int(number) for number in table.ids()][:3])
    with Running(workspace.root) as running:
        assert running.index()["embedded"] == 3
    assert store.exists()


def test_content_that_cannot_be_read_is_made_again(workspace: Workspace) -> None:
    store = index_once(workspace)
    with sqlite3.connect(store) as connection:
        connection.execute("UPDATE contents SET outline = X'00'")
        connection.execute("UPDATE parsed SET facts = X'00'")
    workspace.write("new.py", "from shapes import Circle\n\n\ndef fresh():\n    return Circle(1)\n")
    with Running(workspace.root) as running:
        counters = running.index()
        assert running.search("area")[0] == "shapes.py area"
        status = running.ask("status")
    assert (counters["files"], counters["pending"]) == (4, 0)
    assert any("It was rebuilt." in one["message"] for one in status["problems"])


def test_rebuild_on_request(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    again = indexer.ask("index", full=True)
    assert again["parsed"] == 3
    assert indexer.search("area")[0] == "shapes.py area"


def test_searches_are_answered_while_the_index_is_replaced(
    workspace: Workspace, indexer: Running
) -> None:
    shop(workspace)
    indexer.index()
    replaced = threading.Event()
    failed: list[str] = []

    def ask() -> None:
        while not replaced.is_set():
            try:
                indexer.search("area")
            except CodearchError as error:
                failed.append(error.message)

    asking = [threading.Thread(target=ask, daemon=True) for _ in range(2)]
    for each in asking:
        each.start()
    for _ in range(5):
        indexer.ask("index", full=True)
    replaced.set()
    for each in asking:
        each.join()
    assert failed == []
    assert indexer.search("area")[0] == "shapes.py area"


def test_paused_index_refuses_to_flush(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.hello()
    indexer.index()
    indexer.ask("pause")
    assert indexer.ask("status")["state"] == "paused"
    with pytest.raises(Exception, match="paused"):
        indexer.ask("flush")
    with pytest.raises(Exception, match="paused"):
        indexer.ask("index")
    with pytest.raises(Exception, match="paused"):
        indexer.ask("rebuild")
    assert indexer.ask("status")["files"] == 3
    workspace.write("new.py", "def fresh_from_the_pause():\n    return 1\n")
    indexer.ask("resume")
    indexer.ask("flush")
    assert indexer.search("fresh_from_the_pause")[0] == "new.py fresh_from_the_pause"


def test_a_pause_ends_with_the_session_that_asked_for_it(
    workspace: Workspace, indexer: Running
) -> None:
    shop(workspace)
    indexer.hello()
    indexer.index()
    indexer.ask("pause", session=1)
    with pytest.raises(PausedError):
        indexer.ask("flush", session=2)
    indexer.answers.gone(1)
    workspace.write("new.py", "def fresh_from_the_pause():\n    return 1\n")
    indexer.ask("flush", session=2)
    assert indexer.search("fresh_from_the_pause")[0] == "new.py fresh_from_the_pause"


def test_a_pause_that_is_heard_after_its_session_has_ended_is_none(
    workspace: Workspace, indexer: Running
) -> None:
    """An editor paused the index and was killed; the request waited for a thread meanwhile."""
    shop(workspace)
    indexer.hello()
    indexer.index()
    indexer.answers.gone(1)
    indexer.ask("pause", session=1)
    workspace.write("new.py", "def fresh_all_the_same():\n    return 1\n")
    indexer.hello(2)
    indexer.ask("flush", session=2)
    assert indexer.search("fresh_all_the_same", session=2)[0] == "new.py fresh_all_the_same"
    assert indexer.ask("status", session=2)["state"] == "ready"


def test_files_that_cannot_be_read_stop_nothing(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    latin = "# Gr\xfc\xdfe\ndef gruss():\n    return 'hallo'\n"
    workspace.write("latin.py", latin.encode("latin-1"))
    workspace.write("wide.py", "def wide():\n    return 'UTF-16'\n".encode("utf-16"))
    workspace.write("broken.py", "def broken(:\n    return (((\n")
    workspace.write("deep.py", "x = " + "(" * 20_000 + ")" * 20_000 + "\n")
    workspace.write("nul.py", b"def nul():\n    return '\0'\n")
    workspace.write("crlf.py", "def crlf():\r\n    return 1\r\n")
    (workspace.root / "folder.py").mkdir()
    os.mkfifo(workspace.root / "pipe.py")
    (workspace.root / "out.py").symlink_to("/etc/passwd")
    (workspace.root / "circle").symlink_to(workspace.root)
    counters = indexer.index()
    assert counters["pending"] == 0
    for name, file in (("gruss", "latin"), ("wide",) * 2, ("broken",) * 2, ("crlf",) * 2):
        assert any(hit.startswith(f"{file}.py ") for hit in indexer.search(name)), name
    assert indexer.ask("status")["state"] == "ready"
