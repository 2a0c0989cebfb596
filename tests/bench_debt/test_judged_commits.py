"""What editors showed on real commits, as it was judged: all of it, and what its figures say."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from judged import Commit, Row, Sheet, figures, problems

SETS = sorted(entry for entry in (HERE / "judged").iterdir() if entry.is_dir())


def row(verdict, reason="read", commit="a" * 40, rule="todo"):
    return Row("shop", commit, "cart.py", 3, rule, "hint", "changed", "TODO: sum", verdict, reason)


@pytest.mark.parametrize("folder", SETS, ids=lambda folder: folder.name)
def test_every_finding_that_was_shown_is_judged_with_a_reason(folder):
    sheet = Sheet.read(folder)
    assert problems(sheet) == []
    assert len({each.commit for each in sheet.commits}) == len(sheet.commits) >= 100


def test_no_commit_is_in_two_sets():
    listed = [each.commit for folder in SETS for each in Sheet.read(folder).commits]
    assert len(listed) == len(set(listed))


def test_figures_are_of_each_repository_of_all_and_of_each_rule():
    sheet = Sheet([Commit("shop", "a" * 40, 500, 900)], [row("yes"), row("no", rule="clone")])
    told = figures(sheet)
    assert "| shop | 1 | 500 | 2 | 4.0 | 1 of 2 (50 %) |" in told
    assert "| `clone` | 1 | 0 of 1 (0 %) |" in told


def test_what_nobody_judged_or_gave_a_reason_for_is_told():
    sheet = Sheet([Commit("shop", "a" * 40, 1, 1)], [row(""), row("no", reason="")])
    assert len(problems(sheet)) == 2
    assert "1 not judged" in figures(sheet)


def test_verdicts_are_kept_for_what_is_shown_again_in_other_words(tmp_path):
    old = Sheet([Commit("shop", "a" * 40, 1, 1)], [row("yes")])
    old.write(tmp_path)
    again = Sheet(old.commits, [replace(row("", ""), message="TODO"), row("", "", rule="clone")])
    again.judged_by(Sheet.read(tmp_path))
    assert [each.verdict for each in again.rows] == ["yes", ""]
