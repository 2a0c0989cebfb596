"""A change costs what changed: nothing is parsed or embedded twice."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from indexer.running import Running

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Workspace

SHAPES = '''"""Shapes in the plane."""
import math


class Circle:
    """A circle around the origin."""

    def __init__(self, radius):
        self.radius = radius

    def area(self):
        """Return the surface that the circle covers."""
        return math.pi * self.radius ** 2

    def circumference(self):
        """Return the length of the circle's border."""
        return 2 * math.pi * self.radius
'''
REPORT = '''"""Prints shapes."""
from shapes import Circle


def describe(radius):
    """Describe a circle in one line of text."""
    circle = Circle(radius)
    return f"{circle.area():.2f} square metres"
'''


def shop(workspace: Workspace) -> None:
    workspace.write("shapes.py", SHAPES)
    workspace.write("report.py", REPORT)
    workspace.write("README.md", "# Shapes\n\nComputes areas.\n\n## Use\n\nRun report.py.\n")


def test_first_index_parses_and_embeds_everything(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    counters = indexer.index()
    assert counters["files"] == 3
    assert counters["parsed"] == 3
    assert counters["embedded"] > 0
    assert counters["pending"] == 0
    assert counters["errors"] == 0


def test_second_index_does_nothing(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    generation = indexer.index()["generation"]
    again = indexer.index()
    assert (again["parsed"], again["embedded"], again["removed"]) == (0, 0, 0)
    assert again["unchanged"] == 3
    assert again["hitRate"] == 1.0
    assert again["generation"] == generation


def test_restart_does_nothing(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    indexer.stop()
    with Running(workspace.root) as again:
        counters = again.index()
    assert (counters["parsed"], counters["embedded"]) == (0, 0)
    assert counters["files"] == 3


def test_edit_of_one_method_embeds_one_passage(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    workspace.write("shapes.py", SHAPES.replace("2 * math.pi", "math.tau"))
    counters = indexer.index()
    assert (counters["parsed"], counters["embedded"]) == (1, 1)


def test_words_of_an_edit_are_found_before_it_is_embedded(
    workspace: Workspace, indexer: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop(workspace)
    indexer.index()
    embedder = indexer.shop.embedder
    embed, found = embedder.step, list[str]()

    def step(stop: Callable[[], bool]) -> int:
        if embedder.waiting():
            found.extend(indexer.search("heronwharf", mode="lexical"))
        return embed(stop)

    monkeypatch.setattr(embedder, "step", step)
    workspace.write("shapes.py", f"{SHAPES}\n\ndef heronwharf(boats):\n    return len(boats)\n")
    assert indexer.index()["embedded"] == 1
    assert found[0] == "shapes.py heronwharf"


def test_comment_embeds_nothing(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    commented = SHAPES.replace("        return 2", "        # tau\n        return 2")
    workspace.write("shapes.py", commented)
    counters = indexer.index()
    assert (counters["parsed"], counters["embedded"]) == (1, 0)


def test_touch_parses_nothing(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    (workspace.root / "shapes.py").touch()
    counters = indexer.index()
    assert (counters["parsed"], counters["embedded"]) == (0, 0)


def test_same_size_and_time_but_other_content(workspace: Workspace, indexer: Running) -> None:
    file = workspace.write("a.py", "def apple():\n    return 1\n")
    indexer.index()
    state = file.stat()
    workspace.write("a.py", "def peach():\n    return 1\n")
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    indexer.index()
    assert indexer.search("peach")[0] == "a.py peach"


def test_move_keeps_ids_and_parses_nothing(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    with indexer.snapshot() as snapshot:
        before = {symbol.qualified_name: symbol.id for symbol in snapshot.symbols("shapes.py")}
    (workspace.root / "geometry").mkdir()
    (workspace.root / "shapes.py").rename(workspace.root / "geometry" / "circles.py")
    counters = indexer.index()
    assert (counters["parsed"], counters["embedded"], counters["removed"]) == (0, 0, 1)
    with indexer.snapshot() as snapshot:
        after = {
            symbol.qualified_name: symbol.id for symbol in snapshot.symbols("geometry/circles.py")
        }
    assert after["Circle.area"] == before["Circle.area"]


def test_copy_embeds_nothing(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    workspace.write("copy/shapes.py", SHAPES)
    counters = indexer.index()
    assert (counters["parsed"], counters["embedded"]) == (0, 0)
    assert counters["files"] == 4


def test_branch_switch_and_back_costs_nothing(repository: Workspace, own_cache: object) -> None:
    shop(repository)
    repository.commit("Begin")
    repository.git("checkout", "-q", "-b", "tau")
    repository.write("shapes.py", SHAPES.replace("2 * math.pi", "math.tau"))
    repository.commit("Use tau")
    with Running(repository.root) as running:
        running.index()
        repository.git("checkout", "-q", "main")
        there = running.index()
        repository.git("checkout", "-q", "tau")
        back = running.index()
    assert there["embedded"] == 1
    assert (back["parsed"], back["embedded"]) == (0, 0)


def test_removed_file_is_gone(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    (workspace.root / "report.py").unlink()
    counters = indexer.index()
    assert (counters["files"], counters["removed"]) == (2, 1)
    assert not any(hit.startswith("report.py") for hit in indexer.search("describe"))


def test_renamed_function_keeps_its_id(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    with indexer.snapshot() as snapshot:
        before = snapshot.named("circumference")[0].id
    workspace.write("shapes.py", SHAPES.replace("circumference", "perimeter"))
    indexer.index()
    with indexer.snapshot() as snapshot:
        assert snapshot.named("perimeter")[0].id == before


def test_edit_above_keeps_ids(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    with indexer.snapshot() as snapshot:
        before = snapshot.named("Circle.area")[0]
    workspace.write("shapes.py", "# one\n# two\n" + SHAPES)
    indexer.index()
    with indexer.snapshot() as snapshot:
        after = snapshot.named("Circle.area")[0]
    assert after.id == before.id
    assert after.span.line == before.span.line + 2


def test_definition_that_appears_is_called_from_other_files(
    workspace: Workspace, indexer: Running
) -> None:
    workspace.write("report.py", REPORT)
    indexer.index()
    workspace.write("shapes.py", SHAPES)
    indexer.index()
    with indexer.snapshot() as snapshot:
        area = snapshot.named("Circle.area")[0]
        callers = [snapshot.symbol(call.source) for call in snapshot.callers(area.id)]
        assert [caller.name for caller in callers if caller] == ["describe"]
        assert [edge.source for edge in snapshot.importers("shapes.py")] == ["report.py"]


def test_file_at_the_place_of_a_folder(workspace: Workspace, indexer: Running) -> None:
    workspace.write("thing/inner.py", "def inner():\n    return 'inside the folder'\n")
    indexer.index()
    (workspace.root / "thing" / "inner.py").unlink()
    (workspace.root / "thing").rmdir()
    workspace.write("thing", "#!/usr/bin/env python3\ndef outer():\n    return 'a file now'\n")
    indexer.index()
    assert indexer.search("outer")[0] == "thing outer"
    assert not any("inner.py" in hit for hit in indexer.search("inner"))


def test_new_ignore_rule_takes_effect(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    workspace.write("build/made.py", "def made():\n    return 'by a build'\n")
    indexer.index()
    assert indexer.search("made")[0] == "build/made.py made"
    workspace.write(".codearchignore", "build/\n")
    indexer.index()
    assert not any(hit.startswith("build/") for hit in indexer.search("made"))


def test_settings_file_takes_effect(workspace: Workspace, indexer: Running) -> None:
    shop(workspace)
    indexer.index()
    workspace.write("codearch.toml", '[index]\nexclude = ["report.py"]\n')
    indexer.ask("touched", paths=["codearch.toml"])
    assert indexer.index()["files"] == 3  # codearch.toml has come, report.py has gone
    assert not any(hit.startswith("report.py") for hit in indexer.search("describe"))


def test_progress_goes_through_all_phases(workspace: Workspace, indexer: Running) -> None:
    for number in range(80):
        workspace.write(f"m{number}.py", f"def work_{number}(x):\n    return x + {number}\n")
    phases: list[str] = []
    note = indexer.shop.progress.note

    def noted(phase: str, done: int, total: int, _part: float | None = None) -> None:
        phases.append(phase)
        note(phase, done, total)

    indexer.shop.progress.note = noted
    indexer.index()
    assert list(dict.fromkeys(phases)) == [
        "reading",
        "resolving",
        "embedding",
        "checking",
        "comparing",
    ]
    assert indexer.ask("status")["progress"] is None
