"""A part of the index is never told for the whole: a step that fails, or a lost indexer, ends in 3."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from codearch.indexer.client import Client
from codearch.indexer.launch import read_endpoint
from codearch.settings import root_cache
from codearch.store.database import FILE_NAME
from patience import PATIENCE_SECONDS, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

KILL = signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL
SOURCE = "import os\n\n\ndef price(net):\n    return rate() * net\n\n\ndef rate():\n    return 2\n"


@pytest.fixture
def tree(codearch: Callable, tmp_path: Path) -> Path:
    """A folder with an index."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "prices.py").write_text(SOURCE)
    assert codearch("index", "--root", tmp_path / "shop").code == 0
    return tmp_path / "shop"


@contextlib.contextmanager
def full_disk(root: Path, table: str, *, when: str = "INSERT") -> Iterator[None]:
    """Make the store refuse rows of a table, as a full disk would."""
    path = root_cache(root) / FILE_NAME
    said = "SELECT RAISE(ABORT, 'database or disk is full')"
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.execute(f"CREATE TRIGGER full BEFORE {when} ON {table} BEGIN {said}; END")
    yield
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.execute("DROP TRIGGER full")


@pytest.mark.parametrize(
    ("table", "commands"),
    [
        ("findings", {"check --format sarif": "unused-import", "explain fee": "fee"}),
        ("calls", {"graph calls": "fee"}),
        ("contents", {"search fee": "fee", "metrics": "fee", "index --json": "generation"}),
    ],
    ids=["check", "resolve", "read"],
)
def test_a_step_that_fails_ends_with_3_and_prints_no_part(
    codearch: Callable, tree: Path, table: str, commands: dict[str, str]
) -> None:
    with full_disk(tree, table):
        (tree / "fees.py").write_text(SOURCE.replace("price", "fee").replace("rate", "share"))
        for command in commands:
            ran = codearch(*command.split(), "--root", tree)
            assert (ran.code, ran.out) == (3, ""), command
            assert "disk is full" in ran.err
            assert "codearch index --full" in ran.err
    for command, whole in commands.items():
        ran = codearch(*command.split(), "--root", tree)
        assert ran.code == 0
        assert whole in ran.out


def test_without_vectors_words_answer_and_it_is_said(codearch: Callable, tree: Path) -> None:
    with full_disk(tree, "passages", when="UPDATE"):
        (tree / "fees.py").write_text(SOURCE.replace("price", "fee").replace("rate", "share"))
        ran = codearch("search", "fee", "--json", "--root", tree)
        assert ran.code == 0
        assert ran.json["results"][0]["path"] == "fees.py"
        assert not ran.json["complete"]
        assert "disk is full" in ran.err
        semantic = codearch("search", "fee", "--mode", "semantic", "--root", tree)
        assert (semantic.code, semantic.out) == (3, "")
        assert codearch("check", "--root", tree).code == 0  # it asks for no vectors


@pytest.mark.parametrize("command", ["check", "index"])
def test_an_indexer_that_dies_in_the_middle_leaves_no_part_for_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("CODEARCH_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "0.2")
    root = tmp_path / "many"
    root.mkdir()
    for number in range(150):
        (root / f"m{number}.py").write_text(SOURCE.replace("price", f"price{number}") * 10)
    ran = subprocess.Popen(
        [sys.executable, "-m", "codearch", command, "--root", root],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    kill_when_some_are_read(root)
    out, err = ran.communicate(timeout=PATIENCE_SECONDS)
    if command == "check":  # the next indexer is asked instead
        assert ran.returncode == 0
        assert all(f"m{number}.py" in out for number in range(150))
    else:
        assert (ran.returncode, out) == (3, "")
        assert "ended before it answered" in err


def test_a_paused_index_is_used_if_it_is_whole(codearch: Callable, tree: Path) -> None:
    with Client(tree) as editor:
        editor.call("pause")
        (tree / "fees.py").write_text(SOURCE.replace("price", "fee").replace("rate", "share"))
        ran = codearch("check", "--root", tree)
        assert ran.code == 0
        assert "prices.py" in ran.out
        assert "fees.py" not in ran.out
        assert "paused" in ran.err
        with contextlib.closing(sqlite3.connect(root_cache(tree) / FILE_NAME)) as connection:
            connection.execute("UPDATE files SET checked = 0")
            connection.commit()
        ran = codearch("check", "--root", tree)
        assert (ran.code, ran.out) == (3, "")
        assert "paused" in ran.err
        refused = codearch("index", "--root", tree)
        assert refused.code == 3
        assert "codearch index --resume" in refused.err
        assert codearch("index", "--resume", "--root", tree).code == 0
        assert editor.call("status")["state"] == "ready"
    assert "fees.py" in codearch("check", "--root", tree).out


def kill_when_some_are_read(root: Path) -> None:
    """Kill the indexer of a root as soon as it has stored a few files."""
    wait_until(lambda: count_of_files(root) >= 64)
    endpoint = read_endpoint(root_cache(root))
    assert endpoint is not None
    os.kill(endpoint.pid, KILL)


def count_of_files(root: Path) -> int:
    with contextlib.suppress(sqlite3.Error):
        path = f"file:{root_cache(root) / FILE_NAME}?mode=ro"
        with contextlib.closing(sqlite3.connect(path, uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM files").fetchone()[0])
    return 0


def test_a_stream_of_queries_survives_the_indexer(codearch: Callable, tree: Path) -> None:
    def queries() -> Iterator[str]:
        yield "price\n"
        endpoint = read_endpoint(root_cache(tree))
        assert endpoint is not None
        os.kill(endpoint.pid, KILL)
        (tree / "fees.py").write_text(SOURCE.replace("price", "fee").replace("rate", "share"))
        yield "fee\n"

    class Typed(io.StringIO):
        def __iter__(self) -> Iterator[str]:
            return queries()

    ran = codearch("search", "--stdin", "--json", "--root", tree, stdin=Typed())
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 0
    assert [one["results"][0]["path"] for one in answers] == ["prices.py", "fees.py"]


def test_a_relative_cache_folder_lies_below_the_current_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codearch: Callable
) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "prices.py").write_text(SOURCE)
    monkeypatch.setenv("CODEARCH_CACHE_DIR", "my/cache")
    ran = codearch("search", "price", "--root", tmp_path / "shop", cwd=tmp_path)
    assert (ran.code, "prices.py" in ran.out) == (0, True)
    assert list((tmp_path / "my" / "cache").iterdir())


def test_a_cache_folder_that_cannot_be_written_is_said(
    tree: Path, monkeypatch: pytest.MonkeyPatch, codearch: Callable
) -> None:
    monkeypatch.setenv("CODEARCH_CACHE_DIR", str(tree / "prices.py"))
    for command in (("search", "price"), ("status",)):
        ran = codearch(*command, "--root", tree)
        assert (ran.code, ran.out) == (3, "")
        assert "Let CODEARCH_CACHE_DIR name a folder" in ran.err
