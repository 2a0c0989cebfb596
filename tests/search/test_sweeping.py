"""What no file has had for a while is forgotten, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from search_store import Index

from codearch.index.sweep import sweep
from codearch.store.database import FILE_NAME, connect_writer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codearch.store.database import Connection

KETTLE = "def boil_water():\n    return 'whistle'\n"


@pytest.fixture
def index(tmp_path: Path) -> Index:
    index = Index(tmp_path)
    index.write({"kettle.py": KETTLE})
    for number in range(5):
        index.write({"tea.py": f"def brew_{number}(leaves):\n    return leaves + {number}\n"})
    return index


@pytest.fixture
def connection(index: Index) -> Iterator[Connection]:
    connection = connect_writer(index.folder / FILE_NAME)
    yield connection
    connection.close()


def forget_nothing(_passages: list[int]) -> None:
    """There are no vectors here to be forgotten."""


def contents(connection: Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM contents").fetchone()[0])


def test_old_versions_go_with_their_passages(index: Index, connection: Connection) -> None:
    assert contents(connection) == 6
    assert sweep(connection, forget_nothing, spare_contents=0)
    assert contents(connection) == 3
    lost = connection.execute(
        "SELECT count(*) FROM holders WHERE passage NOT IN (SELECT id FROM passages)"
        " OR content NOT IN (SELECT id FROM contents)"
    ).fetchone()
    unheld = connection.execute(
        "SELECT count(*) FROM passages WHERE id NOT IN (SELECT passage FROM holders)"
    ).fetchone()
    assert (lost[0], unheld[0]) == (0, 0)


def test_what_files_have_is_kept(index: Index, connection: Connection) -> None:
    sweep(connection, forget_nothing, spare_contents=0)
    assert index.names("boil water")[0] == "boil_water"
    assert index.names("brew leaves")[0] == "brew_4"


def test_a_forgotten_version_is_found_again_when_it_comes_back(
    index: Index, connection: Connection
) -> None:
    sweep(connection, forget_nothing, spare_contents=0)
    index.write({"tea.py": "def brew_0(leaves):\n    return leaves + 0\n"})
    assert index.names("brew leaves")[0] == "brew_0"


def test_few_spare_contents_are_left_alone(connection: Connection) -> None:
    assert not sweep(connection, forget_nothing)
    assert contents(connection) == 6
