"""SQLite's log takes no room when nothing waits, and nobody who reads is held up for it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from codearch.store.database import FILE_NAME, connect_reader, connect_writer, shorten_log

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codearch.store.database import Connection


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


@pytest.fixture
def writer(path: Path) -> Iterator[Connection]:
    connection = connect_writer(path)
    connection.execute("CREATE TABLE notes (text BLOB)")
    yield connection
    connection.close()


def write(connection: Connection, megabytes: int) -> None:
    for _ in range(megabytes):
        connection.execute("INSERT INTO notes VALUES (zeroblob(1048576))")


def log_bytes(path: Path) -> int:
    return path.with_name(f"{FILE_NAME}-wal").stat().st_size


def test_a_long_log_is_written_back(path: Path, writer: Connection) -> None:
    write(writer, 6)
    assert log_bytes(path) > 6_000_000
    shorten_log(writer, path)
    assert log_bytes(path) == 0


def test_a_short_log_stays_as_it_is(path: Path, writer: Connection) -> None:
    write(writer, 1)
    shorten_log(writer, path)
    assert log_bytes(path) > 1_000_000


def test_a_reader_is_not_waited_for(path: Path, writer: Connection) -> None:
    write(writer, 1)
    reader = connect_reader(path)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM notes").fetchone() == (1,)
    write(writer, 5)
    begun = time.perf_counter()
    shorten_log(writer, path)
    assert time.perf_counter() - begun < 5  # as long as others wait for one another
    assert reader.execute("SELECT count(*) FROM notes").fetchone() == (1,)
    reader.execute("ROLLBACK")
    reader.close()
    shorten_log(writer, path)
    assert log_bytes(path) == 0
