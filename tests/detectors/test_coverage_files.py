"""What tools leave of the lines that ran, where it lies on the disk."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

import pytest
from memory_project import MemoryProject

from codearch.detectors._reached.coverage import Ran, coverage

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = "def settle():\n    return 1\n\n\ndef refund():\n    return 2\n"
XML = (
    '<coverage version="7"><class name="shop.py" filename="shop.py"><lines>'
    '<line number="1" hits="1"/><line number="2" hits="0"/></lines></class></coverage>'
)


@pytest.fixture
def project(tmp_path: Path) -> MemoryProject:
    (tmp_path / "shop.py").write_text(SOURCE)
    os.utime(tmp_path / "shop.py", (1_000, 1_000))
    found = MemoryProject({"shop.py": SOURCE})
    found.root = tmp_path
    return found


def test_coverage_py_keeps_lines_as_bits(project: MemoryProject, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / ".coverage") as database:
        database.execute("CREATE TABLE file (id INTEGER PRIMARY KEY, path TEXT)")
        database.execute("CREATE TABLE line_bits (file_id INTEGER, context_id INTEGER, numbits)")
        database.execute("INSERT INTO file VALUES (1, ?)", (str(tmp_path / "shop.py"),))
        database.execute("INSERT INTO line_bits VALUES (1, 1, ?)", (bytes([0b0010_0010]),))
        database.execute("INSERT INTO line_bits VALUES (1, 2, ?)", (bytes([0b0100_0010]),))
    database.close()
    assert coverage(project) == {"shop.py": Ran(frozenset({1, 5, 6}), None, ".coverage")}


def test_what_is_no_database_says_nothing(project: MemoryProject, tmp_path: Path) -> None:
    (tmp_path / ".coverage").write_bytes(b"no database at all, but some bytes of it" * 100)
    assert coverage(project) == {}


def test_a_report(project: MemoryProject, tmp_path: Path) -> None:
    (tmp_path / "coverage.xml").write_text(XML)
    assert coverage(project) == {"shop.py": Ran(frozenset({1}), frozenset({2}), "coverage.xml")}


def test_a_report_from_before_the_last_change_says_nothing(
    project: MemoryProject, tmp_path: Path
) -> None:
    (tmp_path / "coverage.xml").write_text(XML)
    os.utime(tmp_path / "coverage.xml", (500, 500))
    assert coverage(project) == {}


def test_views_are_no_tables(project: MemoryProject, tmp_path: Path) -> None:
    """A database of a repository that somebody cloned may count without end when it is asked."""
    with sqlite3.connect(tmp_path / ".coverage") as database:
        database.execute("CREATE TABLE file (id INTEGER PRIMARY KEY, path TEXT)")
        database.execute("INSERT INTO file VALUES (1, 'shop.py')")
        database.execute(
            "CREATE VIEW line_bits AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
            " SELECT 1 AS file_id, 1 AS context_id, x'ff' AS numbits FROM n"
        )
    database.close()
    assert coverage(project) == {}


def test_a_report_larger_than_other_files_is_read(project: MemoryProject, tmp_path: Path) -> None:
    filling = "<package>" + " " * 2_000_000 + "</package>"
    (tmp_path / "coverage.xml").write_text(XML.replace("<class", f"{filling}<class"))
    assert coverage(project) == {"shop.py": Ran(frozenset({1}), frozenset({2}), "coverage.xml")}


@pytest.mark.parametrize(
    "text",
    [
        "<coverage>" + "<class " * 50_000,
        "<coverage>" + '<class filename="shop.py">' * 50_000,
        '<coverage><class filename="shop.py">' + "<line " * 50_000 + "</class>",
        "<report>" + '<package name="a">' * 50_000,
    ],
    ids=["classes", "open classes", "lines", "packages"],
)
def test_no_report_takes_long(project: MemoryProject, tmp_path: Path, text: str) -> None:
    (tmp_path / "coverage.xml").write_text(text)
    assert not any(each.hit or each.missed for each in coverage(project).values())


def test_files_are_found_by_the_end_of_their_path() -> None:
    sources = {f"src/part{number}/shop.py": SOURCE for number in range(3)}
    report = "".join(
        f"SF:{path}\nDA:1,1\nend_of_record\n"
        for path in ("/build/src/part1/shop.py", "shop.py", "once.py", "C:\\w\\lib\\once.py")
    )
    found = coverage(MemoryProject({**sources, "lib/once.py": SOURCE, "lcov.info": report}))
    assert sorted(found) == ["lib/once.py", "src/part1/shop.py"]
