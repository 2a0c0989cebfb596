"""What the index has no room for is said, never passed for fresh, and taken once there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from codearch.indexer import engine, failures
from indexer.test_costs import shop
from patience import wait_until

if TYPE_CHECKING:
    from conftest import Workspace
    from indexer.running import Running

ROOMY_PAGES = 1 << 30


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """An indexer that soon tries again what has failed."""
    monkeypatch.setattr(engine, "_FAILURE_PAUSE_SECONDS", 0.01)


def limit(indexer: Running, pages: int) -> None:
    """Let the database have so many pages; SQLite raises this to as many as it has."""
    asked = indexer.engine.waiting.run_soon(
        lambda: indexer.shop.connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()
    )
    asked.result()


def long_source(name: str) -> str:
    return "".join(f"def {name}_{number}(a, b):\n    return a * b\n\n\n" for number in range(900))


def left_without_room(workspace: Workspace, indexer: Running, text: str) -> None:
    shop(workspace)
    indexer.hello()
    indexer.index()
    limit(indexer, 1)
    indexer.ask("overlay", path="shapes.py", text=text)
    wait_until(lambda: standing(indexer) == ("indexing", "error"))


def standing(indexer: Running) -> tuple[Any, ...]:
    status = indexer.ask("status")
    return status["state"], status["health"]


def test_an_index_that_is_behind_is_not_ready(
    workspace: Workspace, indexer: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop(workspace)
    indexer.index()
    assert standing(indexer) == ("ready", "ok")
    limit(indexer, 1)
    workspace.write("long.py", long_source("longish"))
    answer = indexer.ask("flush")  # it returns: nobody waits for room for ever
    assert "full" in str(answer["failed"])
    assert standing(indexer) == ("indexing", "error")
    (problem,) = [one for one in indexer.ask("status")["problems"] if one["severity"] == 5]
    assert "disk is full" in problem["mend"]
    assert indexer.search("area")[0] == "shapes.py area"

    limit(indexer, ROOMY_PAGES)
    monkeypatch.setattr(failures.time, "monotonic", lambda: 1e9)  # some minutes later
    indexer.engine.waiting.notify()
    wait_until(lambda: standing(indexer) == ("ready", "ok"))
    assert indexer.search("longish_7")[0] == "long.py longish_7"


def test_a_buffer_that_found_no_room_is_taken_later(workspace: Workspace, indexer: Running) -> None:
    left_without_room(workspace, indexer, long_source("unsaved"))
    indexer.ask("flush")
    assert standing(indexer) == ("indexing", "error")  # it was tried again, and does not fit

    limit(indexer, ROOMY_PAGES)
    assert indexer.ask("flush")["failed"] == {}
    assert indexer.search("unsaved_7")[0] == "shapes.py unsaved_7"
    assert standing(indexer) == ("ready", "ok")


def test_of_two_texts_the_newer_is_taken_later(workspace: Workspace, indexer: Running) -> None:
    left_without_room(workspace, indexer, long_source("first"))
    limit(indexer, ROOMY_PAGES)
    indexer.ask("overlay", path="shapes.py", text="def second():\n    return 2\n")
    indexer.ask("flush")
    assert indexer.search("second")[0] == "shapes.py second"
    assert "shapes.py first_7" not in indexer.search("first_7")


def test_vectors_that_cannot_be_made_leave_words_fresh() -> None:
    found = failures.Failures()
    found.failed("embed", OSError("no room"))
    assert not found.behind
    found.failed("check", OSError("no room"))
    assert found.behind
