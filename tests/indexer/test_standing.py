"""Findings of rules on the whole workspace are read once, and those alone written that changed."""

from __future__ import annotations

import sqlite3

import pytest
from msgspec.structs import replace

from codearch.facts import Finding, Span
from codearch.indexer import standing as module
from codearch.indexer.standing import Standing, standing, write

FOUND = Finding(
    id="a", rule="clone", category="duplication", severity=3, message="twice", path="a.py",
    span=Span(0, 1, 0, 0, 0, 1), symbol="", effort_hours=1.0, impact=2.0, priority=2.0,
)  # fmt: skip
OTHER = replace(FOUND, id="b", path="b.py")


@pytest.fixture
def connection() -> sqlite3.Connection:
    made = sqlite3.connect(":memory:")
    made.execute("CREATE TABLE findings (id, file, path, rule, severity, data, generation)")
    return made


def test_what_was_read_or_written_is_not_read_again(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(connection, "clone", [], [(FOUND, b"1")], 1)
    known: dict[bytes, Standing] = {}
    before = standing(connection, known)["clone"]
    assert [(each.finding, each.stamp) for each in before] == [(FOUND, b"1")]
    known.update(write(connection, "clone", before, [(FOUND, b"1"), (OTHER, b"2")], 2))
    monkeypatch.setattr(module, "unpack", None)
    now = standing(connection, known)["clone"]
    assert [(each.finding, each.stamp) for each in now] == [(FOUND, b"1"), (OTHER, b"2")]
    generations = connection.execute("SELECT generation FROM findings ORDER BY id").fetchall()
    assert generations == [(1,), (2,)]


def test_what_is_gone_is_known_no_more(connection: sqlite3.Connection) -> None:
    known = write(connection, "clone", [], [(FOUND, b"1"), (OTHER, b"1")], 1)
    before = standing(connection, known)["clone"]
    write(connection, "clone", before, [(FOUND, b"1")], 2)
    assert [each.finding for each in standing(connection, known)["clone"]] == [FOUND]
    assert len(known) == 1
