"""A rule that fails costs its own findings where it failed, and nobody else anything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from codearch.detectors import file_detectors, project_detectors
from codearch.indexer import checking, detecting

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from codearch.detectors import Draft, FileView, ProjectView
    from conftest import Workspace
    from indexer.running import Running

NOTED = "def area(a):\n    return a  # TODO: square it\n"
MEND = "All other findings are there"


def found(indexer: Running) -> list[tuple[str, str]]:
    indexer.ask("flush")
    with indexer.snapshot() as snapshot:
        return [(one.path, one.rule) for one in snapshot.findings()]


def said(indexer: Running) -> list[str]:
    problems = indexer.ask("status")["problems"]
    return [one["message"] for one in problems if MEND in one["mend"]]


def test_a_rule_that_fails_on_a_file_is_named_and_the_others_go_on(
    workspace: Workspace, indexer: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    (todo,) = (rule for rule in file_detectors() if rule.id == "todo")
    (nested,) = (rule for rule in file_detectors() if rule.id == "unused-import")

    def fails(file: FileView) -> Iterator[Draft]:
        if b"cursed" in file.source:
            raise ValueError("deep")
        yield from nested.check(file)

    rules = [replace(nested, check=fails), todo]
    monkeypatch.setattr(checking, "file_detectors", lambda: rules)
    workspace.write("alpha.py", "import os\n\n\n" + NOTED)
    workspace.write("beta.py", "import os\n\ncursed = 1\n" + NOTED)
    indexer.hello()
    indexer.index()
    assert found(indexer) == [
        ("alpha.py", "unused-import"),
        ("alpha.py", "todo"),
        ("beta.py", "todo"),
    ]
    status = indexer.ask("status")
    assert (status["state"], status["health"]) == ("ready", "warning")
    (why,) = said(indexer)
    assert why.startswith("The rule unused-import failed on beta.py, whose findings of it are miss")
    assert why.endswith(": ValueError('deep')")
    workspace.write("beta.py", "import os\n\nblessed = 1\n" + NOTED)
    assert ("beta.py", "unused-import") in found(indexer)
    assert said(indexer) == []
    assert indexer.ask("status")["health"] == "ok"


def test_what_failed_on_a_file_goes_with_it(
    workspace: Workspace, indexer: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    (todo,) = (rule for rule in file_detectors() if rule.id == "todo")

    def fails(_file: FileView) -> Iterator[Draft]:
        raise KeyError("name")

    monkeypatch.setattr(checking, "file_detectors", lambda: [replace(todo, check=fails)])
    workspace.write("alpha.py", NOTED)
    indexer.hello()
    indexer.index()
    assert found(indexer) == []
    assert len(said(indexer)) == 1
    (workspace.root / "alpha.py").unlink()
    indexer.ask("flush")
    assert said(indexer) == []


def test_a_rule_that_fails_on_the_workspace_is_named_and_the_others_go_on(
    workspace: Workspace, indexer: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    (cycle,) = (rule for rule in project_detectors() if rule.id == "import-cycle")

    def fails(project: ProjectView) -> Iterator[Draft]:
        if project.project.file("gamma.py") is None:
            raise ValueError("no such edge")
        return iter(())

    broken = replace(cycle, id="coupling", check=fails)
    monkeypatch.setattr(detecting, "project_detectors", lambda: [broken, cycle])
    workspace.write("alpha.py", "import beta\n")
    workspace.write("beta.py", "import alpha\n")
    indexer.hello()
    indexer.index()
    assert ("alpha.py", "import-cycle") in found(indexer)
    assert said(indexer) == [
        "The rule coupling failed and finds nothing: ValueError('no such edge')"
    ]
    workspace.write("gamma.py", "import alpha\n")
    indexer.ask("flush")
    assert said(indexer) == []
