"""What history tells of a file's comments stands in the findings, whatever happens meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codearch.errors import GitError
from codearch.indexer import origins
from codearch.indexer.engine import Engine
from codearch.indexer.workshop import Workshop
from codearch.settings import Settings, claimed_cache
from codearch.snapshot import Reader, Snapshot
from indexer.test_alone import library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from conftest import Workspace

ASKING = """\
import helper

# TODO: ask the second carrier
helper.run()
"""
TOLD = "TODO: ask the second carrier; left by Nils Abara on 2023-11-14"


class Stepping:
    """An engine that works as far as a test lets it."""

    def __init__(self, root: Path) -> None:
        self.shop = Workshop(root, claimed_cache(root))
        self.shop.load_encoder()
        self.engine = Engine(self.shop)

    def until(self, ended: Callable[[], bool]) -> None:
        self.engine.run(ended)

    def settle(self) -> None:
        self._until_done(self.engine.waiting.flush())

    def read_history(self) -> None:
        self._until_done(self.engine.waiting.look(""))
        self.settle()

    def _until_done(self, ticket: Future[int] | Future[None]) -> None:
        self.until(ticket.done)
        ticket.result()

    def value(self, query: str) -> str:
        return str(self.shop.connection.execute(query).fetchone()[0])

    def notes(self, session: int = 0) -> list[str]:
        reader = Reader(self.shop.folder, self.shop.root, session)
        with Snapshot(reader, Settings()) as snapshot:
            return [each.message for each in snapshot.findings(rule="todo", path="mailing.py")]


@pytest.fixture
def stepping(repository: Workspace) -> Iterator[Stepping]:
    """An index of many files, which workers have looked at; one holds a note."""
    library(repository)
    repository.write("helper.py", "walk = 1\n")
    repository.write("mailing.py", ASKING)
    repository.commit("Begin", author="Nils Abara", time=1_700_000_000)
    stepping = Stepping(repository.root)
    stepping.engine.waiting.join(1, scan=True)
    stepping.settle()
    yield stepping
    stepping.shop.close()


def test_a_file_that_is_resolved_again_before_its_notes_were_told(
    repository: Workspace, stepping: Stepping
) -> None:
    assert stepping.value("SELECT beyond IS NOT NULL FROM files WHERE path = 'mailing.py'") == "1"
    asked = "SELECT count(*) FROM origins WHERE path = 'mailing.py'"
    stepping.until(lambda: stepping.value(asked) == "1")
    repository.write("helper.py", "def run():\n    return 1\n")
    stepping.engine.waiting.touched(["helper.py"])
    stepping.settle()
    assert stepping.notes() == [TOLD]


def test_history_is_asked_again_where_git_failed(
    repository: Workspace, stepping: Stepping, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise GitError("git failed.")

    with monkeypatch.context() as patched:
        patched.setattr(origins, "Versions", fail)
        stepping.read_history()
        assert stepping.notes() == ["TODO: ask the second carrier"]
    repository.write("other.py", "walk = 2\n")
    repository.commit("Walk on", time=1_700_100_000)
    stepping.engine.waiting.reconcile(git=True)
    stepping.settle()
    stepping.read_history()
    assert stepping.notes() == [TOLD]


def test_a_buffer_is_told_as_well(stepping: Stepping) -> None:
    stepping.engine.waiting.overlay(1, "mailing.py", f"{ASKING}helper.run(1)\n")
    stepping.settle()
    assert stepping.notes(1) == ["TODO: ask the second carrier"]
    stepping.read_history()
    assert stepping.notes(1) == stepping.notes() == [TOLD]
