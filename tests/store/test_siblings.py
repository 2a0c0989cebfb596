"""Vectors of other indexes beside one's own: found by text, whatever their owners do meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from codearch.settings.folders import ROOT_NOTE
from codearch.store.database import transaction
from codearch.store.opening import open_store
from codearch.store.siblings import TRIALS, Siblings
from codearch.store.vectors import Vectors

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from codearch.store.database import Connection
    from codearch.store.vectors import Stored

DIMENSION = 16
READER = "7"


class Index:
    """The parts of an index that hold vectors."""

    def __init__(self, home: Path, name: str, *, stored: Stored = "float32") -> None:
        self.folder = home / name
        self.folder.mkdir()
        (self.folder / ROOT_NOTE).write_text(f"/{name}\n")
        self.db: Connection = open_store(self.folder / "index.db")
        self.vectors = Vectors(
            self.folder / "vectors" / f"of-{name}", "of_tea", DIMENSION, stored=stored
        )
        with transaction(self.db):
            self.db.executemany(
                "INSERT INTO meta VALUES (?, ?)", [("store", f"of-{name}"), ("parser", READER)]
            )

    def hold(self, keys: list[int]) -> NDArray[np.float32]:
        """Embed some passages; return their vectors."""
        rows = np.random.default_rng(keys[0]).normal(size=(len(keys), DIMENSION))
        rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        with transaction(self.db):
            ids = [
                self.db.execute("INSERT INTO passages (key) VALUES (?)", (key,)).lastrowid or 0
                for key in keys
            ]
        self.vectors.upsert(ids, rows)
        return rows


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of all indexes."""
    return tmp_path


@pytest.fixture
def ours(home: Path) -> Index:
    """One's own."""
    return Index(home, "ours")


def siblings(ours: Index, reader: str = READER) -> Siblings:
    """Return the others as an index sees them."""
    return Siblings(ours.folder, ours.vectors, reader)


def test_each_of_several_gives_what_it_has(home: Path, ours: Index) -> None:
    one, other = Index(home, "one"), Index(home, "other")
    rows, more = one.hold([1, 2, 3]), other.hold([3, 4, -5])
    found = siblings(ours).known([-5, 2, 4, 99])
    assert sorted(found) == [-5, 2, 4]
    assert np.array_equal(found[2], rows[1])
    assert np.array_equal(found[-5], more[2])


def test_a_passage_without_its_vector_is_not_known(home: Path, ours: Index) -> None:
    one = Index(home, "one")
    one.hold([1, 2])
    one.db.execute("INSERT INTO passages (key) VALUES (3)")
    assert sorted(siblings(ours).known([1, 2, 3])) == [1, 2]


def test_its_owner_may_write_tidy_up_and_delete_meanwhile(home: Path, ours: Index) -> None:
    one = Index(home, "one")
    rows = one.hold([1, 2])
    reading = siblings(ours)
    assert len(reading.known([1])) == 1
    for key in range(10, 70):
        one.hold([key])
    one.vectors.compact()
    one.vectors.delete([2])
    found = reading.known([1, 2, 30])
    assert sorted(found) == [1, 30]
    assert np.array_equal(found[1], rows[0])


def test_one_that_never_knows_anything_is_asked_no_more(home: Path, ours: Index) -> None:
    one = Index(home, "one")
    reading = siblings(ours)
    for _ in range(TRIALS):
        assert not reading.known([1])
    one.hold([1])
    assert not reading.known([1])
    reading.close()
    assert len(reading.known([1])) == 1


def test_what_was_rounded_or_read_otherwise_is_not_taken(home: Path, ours: Index) -> None:
    Index(home, "rounded", stored="float16").hold([1])
    assert not siblings(ours).known([1])
    Index(home, "one").hold([1])
    assert siblings(ours).known([1])
    assert not siblings(ours, reader="8").known([1])


def test_one_that_rounds_itself_takes_both(home: Path) -> None:
    ours = Index(home, "ours", stored="float16")
    Index(home, "rounded", stored="float16").hold([1])
    Index(home, "exact").hold([2])
    assert sorted(siblings(ours).known([1, 2])) == [1, 2]


def test_folders_that_are_no_index_are_left_alone(home: Path, ours: Index) -> None:
    (home / "half").mkdir()
    (home / "half" / ROOT_NOTE).write_text("/half\n")
    (home / "foreign").mkdir()
    (home / "foreign" / "index.db").write_bytes(b"no database")
    (home / "foreign" / ROOT_NOTE).write_text("/foreign\n")
    Index(home, "one").hold([1])
    assert len(siblings(ours).known([1])) == 1
    assert sorted(one.name for one in (home / "half").iterdir()) == [ROOT_NOTE]
