"""Whatever is done to the files of an index while nobody looks, the next start makes it right."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import lancedb
import numpy as np
import pyarrow as pa
import pytest

from codearch.settings import root_cache
from codearch.store import vectors
from codearch.store.database import FILE_NAME
from indexer.running import Running
from indexer.test_costs import shop
from soak.rows import Holding

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Workspace

    Harm = Callable[[Path, Path], None]  # to a file, with another root's file of its kind at hand


@pytest.fixture(autouse=True)
def many_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few vectors are enough for an index upon them."""
    monkeypatch.setattr(vectors, "FLAT_ROWS", 1)


def harbour(workspace: Workspace) -> Path:
    """Index another root, whose files go by the same names."""
    root = workspace.root.with_name("other")
    shutil.copytree(workspace.root, root)
    (root / "shapes.py").write_text("def moor(ship, quay):\n    return quay.take(ship)\n")
    with Running(root) as running:
        running.index()
    return root_cache(root)


def indexed(workspace: Workspace) -> Path:
    shop(workspace)
    with Running(workspace.root) as running:
        running.index()
    return root_cache(workspace.root)


def contents(folder: Path) -> tuple[object, object]:
    """Return all that an index holds, and its vectors."""
    holding = Holding(folder)
    return holding.of(0), holding.vectors


def files(folder: Path, kind: str) -> list[Path]:
    """Return the files of the vectors of one kind; that they are there is part of the test."""
    found = [file for file in (folder / "vectors").rglob(f"*.{kind}") if file.is_file()]
    assert found
    return found


def truncated(file: Path, _other: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def zeroed(file: Path, _other: Path) -> None:
    file.write_bytes(bytes(file.stat().st_size))


def foreign(file: Path, _other: Path) -> None:
    file.write_bytes(random.Random(1).randbytes(9_000))


def swapped(file: Path, other: Path) -> None:
    shutil.copyfile(other, file)


HARMS: tuple[Harm, ...] = (truncated, zeroed, swapped)


@pytest.mark.parametrize("kind", ["manifest", "lance", "txn", "idx"])
@pytest.mark.parametrize("harm", HARMS)
def test_harm_to_files_of_the_vectors(workspace: Workspace, harm: Harm, kind: str) -> None:
    folder = indexed(workspace)
    expected = contents(folder)
    other = harbour(workspace)
    spare = files(other, kind)[0]
    for file in files(folder, kind):
        harm(file, spare)
    with Running(workspace.root) as running:
        running.index()
        running.search("surface covered", mode="semantic")  # it may take one to see it
        running.index()
        assert running.search("surface covered", mode="semantic")
        assert running.ask("status")["pending"] == 0
    assert contents(folder) == expected


NUMBER, WORDS = pa.int64(), pa.string()
SCHEMAS = {
    "newer": pa.schema([("id", NUMBER), ("vector", pa.list_(pa.float64(), 256)), ("row", NUMBER)]),
    "older": pa.schema([("id", NUMBER), ("vector", pa.list_(pa.float32(), 8))]),
    "foreign": pa.schema([("recipe", WORDS), ("minutes", NUMBER)]),
}


@pytest.mark.parametrize("stored", ["float32", "float16"])
@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_vectors_of_another_schema(
    workspace: Workspace, schema: pa.Schema, stored: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEARCH_MODEL_STORED_AS", stored)
    folder = indexed(workspace)
    expected = contents(folder)
    (place,) = (folder / "vectors").iterdir()
    tables = lancedb.connect(place)
    (name,) = tables.list_tables().tables
    tables.create_table(name, schema.empty_table(), mode="overwrite")
    with Running(workspace.root) as running:
        assert running.index()["embedded"] > 0
        assert running.search("surface covered", mode="semantic")
        assert running.ask("status")["pending"] == 0
    assert contents(folder) == expected


@pytest.mark.parametrize(
    ("harm", "suffix"), [(foreign, "-wal"), (swapped, "-wal"), (foreign, "-shm")]
)
def test_what_lies_beside_a_database_that_was_left_in_order(
    workspace: Workspace, harm: Harm, suffix: str
) -> None:
    folder = indexed(workspace)
    expected = contents(folder)
    spare = folder / "spare"
    with sqlite3.connect(folder / "another.db", isolation_level=None) as another:
        another.execute("PRAGMA journal_mode = WAL")
        another.execute("CREATE TABLE recipes (name TEXT)")
        another.executemany("INSERT INTO recipes VALUES (?)", [("soup",)] * 900)
        shutil.copyfile(folder / f"another.db{suffix}", spare)
    another.close()
    place = folder / f"{FILE_NAME}{suffix}"
    place.write_bytes(bytes(40_000))
    harm(place, spare)
    with Running(workspace.root) as running:
        running.index()
        assert running.search("area")[0] == "shapes.py area"
    assert contents(folder) == expected


def test_the_index_of_another_root_is_not_taken_over(workspace: Workspace) -> None:
    folder = indexed(workspace)
    expected = contents(folder)
    other = harbour(workspace)
    shutil.rmtree(folder)
    shutil.copytree(other, folder)
    with Running(workspace.root) as running:
        running.index()
        said = [one["message"] for one in running.ask("status")["problems"]]
    assert any("is that of" in each and "It was rebuilt." in each for each in said)
    assert contents(folder) == expected


def test_what_a_killed_rebuild_left_is_deleted(workspace: Workspace) -> None:
    folder = indexed(workspace)
    shutil.copytree(next((folder / "vectors").iterdir()), folder / "vectors" / "of-an-old-store")
    with Running(workspace.root) as running:
        assert running.index()["embedded"] == 0
    assert len(list((folder / "vectors").iterdir())) == 1


def test_vectors_of_passages_that_were_swept_hide_no_missing_ones(workspace: Workspace) -> None:
    """A process died between the sweep and its vectors; some that are flagged are lost as well."""
    indexed(workspace)
    with Running(workspace.root) as running:
        running.index()
        answering = running.shop.embedder.answering
        assert answering is not None
        table = answering.vectors
        known = [int(number) for number in table.ids()]
        first = table.get(known[:3])
        table.upsert([1_000_000 + number for number in first], np.stack(list(first.values())))
        table.delete(known[:3])
    with Running(workspace.root) as running:
        assert running.index()["embedded"] == 3
        answering = running.shop.embedder.answering
        assert answering is not None
        assert sorted(map(int, answering.vectors.ids())) == sorted(known)
