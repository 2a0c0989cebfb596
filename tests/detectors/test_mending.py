"""Fixes of copies that are moved into a function are looked for anew where they may be others."""

from __future__ import annotations

import random

import pytest
from test_clones import Counted
from test_extracting_typed import GO, JAVA, TYPESCRIPT, Example

from codearch.detectors import Remembered, run_project
from codearch.detectors._clones import mending
from codearch.detectors.clone import DETECTOR

EXAMPLES = pytest.mark.parametrize("example", [TYPESCRIPT, JAVA, GO], ids=lambda each: each.path)


@EXAMPLES
def test_a_fix_moves_with_comments_elsewhere(
    example: Example, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, remembered = example.with_block(), {"clone": Remembered()}
    (before,) = run_project([DETECTOR], Counted({example.path: text}), None, remembered)
    assert before.fix
    files = {example.path: f"// note\n{text}\n// note\n"}
    monkeypatch.setattr(mending, "extraction", None)
    found = run_project([DETECTOR], Counted(files), None, remembered)
    monkeypatch.undo()
    assert found == run_project([DETECTOR], Counted(files))
    files[example.path] += f"// {example.called}\n"
    found = run_project([DETECTOR], Counted(files), None, remembered)
    assert found == run_project([DETECTOR], Counted(files))
    assert found[0].fix
    assert found[0].fix.title.endswith(f"`{example.called}_2`")


@EXAMPLES
def test_after_edits_of_comments_fixes_are_those_found_afresh(example: Example) -> None:
    rng = random.Random(6)
    files, remembered = {example.path: example.with_block()}, {"clone": Remembered()}
    for step in range(25):
        lines = files[example.path].splitlines(keepends=True)
        notes = [at for at, line in enumerate(lines) if "// note" in line]
        if notes and rng.random() < 0.3:
            del lines[rng.choice(notes)]
        else:
            lines.insert(rng.randrange(len(lines) + 1), f"{' ' * rng.randrange(9)}// note {step}\n")
        files[example.path] = "".join(lines)
        found = run_project([DETECTOR], Counted(files), None, remembered)
        assert found == run_project([DETECTOR], Counted(files))


def test_a_name_that_another_file_of_the_folder_takes_is_not_given_again() -> None:
    files = {GO.path: GO.with_block(), "other.go": "package main\n"}
    remembered = {"clone": Remembered()}
    run_project([DETECTOR], Counted(files), None, remembered)
    files = {
        GO.path: "// note\n\n" + files[GO.path],
        "other.go": f"package main\n\nfunc {GO.called}() {{}}\n",
    }
    found = run_project([DETECTOR], Counted(files), None, remembered)
    assert found == run_project([DETECTOR], Counted(files))
    assert found[0].fix
    assert found[0].fix.title.endswith(f"`{GO.called}_2`")
