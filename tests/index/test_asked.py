"""Who asked a question: as the store has it, whatever was resolved, deleted or undone meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codearch.index import asked
from codearch.index.asked import Askers, key_hash, store_asked
from codearch.store.opening import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codearch.store.database import Connection


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Connection]:
    connection = open_store(tmp_path / "index.db")
    connection.execute("PRAGMA foreign_keys = OFF")  # what was asked, without the files
    yield connection
    connection.close()


def test_files_are_found_by_what_they_asked(store: Connection) -> None:
    store_asked(store, 1, {"name:boil", "file:tea.py"})
    store_asked(store, 2, {"name:pour"})
    store_asked(store, 3, {"name:boil", "name:pour"})
    askers = Askers(store)
    assert askers.of(["name:boil"]) == {1, 3}
    assert askers.of(["name:pour", "file:tea.py"]) == {1, 2, 3}
    assert askers.of(["name:steep"]) == set()
    assert askers.of([]) == set()


def test_what_is_resolved_again_counts_alone(store: Connection) -> None:
    store_asked(store, 1, {"name:boil"})
    askers = Askers(store)
    assert askers.of(["name:boil"]) == {1}
    store_asked(store, 1, {"name:pour"})
    store_asked(store, 2, {"name:boil"})
    assert askers.of(["name:boil"]) == {2}
    assert askers.of(["name:pour"]) == {1}


def test_what_was_rolled_back_was_not_asked(store: Connection) -> None:
    store_asked(store, 1, {"name:boil"})
    askers = Askers(store)
    assert askers.of(["name:boil"]) == {1}
    store.execute("BEGIN IMMEDIATE")
    store_asked(store, 2, {"name:boil"})
    store.execute("ROLLBACK")
    assert askers.of(["name:boil"]) == {1}
    store_asked(store, 3, {"name:boil"})
    assert askers.of(["name:boil"]) == {1, 3}


def test_after_many_resolutions_the_answer_is_that_of_the_store(
    store: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "_MOST_RECENT", 5)
    askers = Askers(store)
    holds: dict[int, set[str]] = {}
    for step in range(60):
        file = step * 7 % 13
        holds[file] = {f"name:n{step * 5 % 11}", f"name:n{step * 3 % 11}"}
        store_asked(store, file, holds[file])
        if step % 4 == 0 or step > 50:
            for each in range(11):
                key = f"name:n{each}"
                assert askers.of([key]) == {one for one, keys in holds.items() if key in keys}


def test_hashes_at_both_ends_are_found(store: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "key_hash", int)
    store_asked(store, 2**31, ["0", str(2**24 - 1)])
    assert Askers(store).of(["0"]) == {2**31}
    assert Askers(store).of([str(2**24 - 1)]) == {2**31}


def test_a_hash_has_24_bits() -> None:
    assert 0 <= key_hash("name:boil") < 2**24
