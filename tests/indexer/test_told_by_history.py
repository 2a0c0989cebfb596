"""What history tells of a file's comments stands in the findings, whatever happens meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codearch.errors import GitError
from codearch.indexer import origins
from indexer.stepping import Stepping
from indexer.test_alone import library

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Workspace

ASKING = """\
import helper

# TODO: ask the second carrier
helper.run()
"""
TOLD = "TODO: ask the second carrier; left by Nils Abara on 2023-11-14"


@pytest.fixture
def stepping(repository: Workspace) -> Iterator[Stepping]:
    """An index of many files, which workers have looked at; one holds a note."""
    library(repository)
    repository.write("helper.py", "walk = 1\n")
    repository.write("mailing.py", ASKING)
    repository.commit("Begin", author="Nils Abara", time=1_700_000_000)
    stepping = Stepping(repository.root)
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
    assert stepping.notes("mailing.py") == [TOLD]


def test_history_is_asked_again_where_git_failed(
    repository: Workspace, stepping: Stepping, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise GitError("git failed.")

    with monkeypatch.context() as patched:
        patched.setattr(origins, "Versions", fail)
        stepping.read_history()
        stepping.settle()
        assert stepping.notes("mailing.py") == ["TODO: ask the second carrier"]
    repository.write("other.py", "walk = 2\n")
    repository.commit("Walk on", time=1_700_100_000)
    stepping.engine.waiting.reconcile(git=True)
    stepping.settle()
    stepping.read_history()
    stepping.settle()
    assert stepping.notes("mailing.py") == [TOLD]


def test_a_buffer_is_told_as_well(stepping: Stepping) -> None:
    stepping.engine.waiting.overlay(1, "mailing.py", f"{ASKING}helper.run(1)\n")
    stepping.settle()
    assert stepping.notes("mailing.py", 1) == ["TODO: ask the second carrier"]
    stepping.read_history()
    stepping.settle()
    assert stepping.notes("mailing.py", 1) == stepping.notes("mailing.py") == [TOLD]


@pytest.mark.parametrize("left", ["", "# TODO: ask the first carrier\n"])
def test_a_buffer_is_told_what_the_file_on_the_disk_is_asked_for_and_no_more(
    repository: Workspace, stepping: Stepping, left: str
) -> None:
    repository.write("mailing.py", f"{ASKING}# TODO: ask the first carrier\n")
    repository.commit("Ask twice", author="Nils Abara", time=1_700_000_000)
    stepping.engine.waiting.reconcile(git=True)
    stepping.engine.waiting.overlay(1, "mailing.py", f"{ASKING}helper.run(1)\n")
    stepping.read_history()
    stepping.settle()
    assert stepping.notes("mailing.py", 1) == [TOLD]
    repository.write("mailing.py", f"import helper\n{left}")
    stepping.settle()
    stepping.read_history()
    stepping.settle()
    assert stepping.notes("mailing.py", 1) == ["TODO: ask the second carrier"]
