"""`codearch rules` says which rules people found to be wrong, and turns one off when told to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from codearch.detectors import Doubts, Judgement, doubts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def judged(rule: str, marked: int, otherwise: int = 0) -> list[Judgement]:
    return [
        *(Judgement(f"f{n}", "falsePositive", rule=rule) for n in range(marked)),
        *(Judgement(f"w{n}", "wontFix", rule=rule) for n in range(otherwise)),
    ]


@pytest.mark.parametrize(
    ("marked", "others", "often"),
    [
        (9, 0, False),
        (10, 0, True),
        (10, 29, True),
        (10, 30, False),
        (11, 32, True),
        (11, 33, False),
    ],
)
def test_ten_times_and_more_than_a_quarter(marked: int, others: int, often: bool) -> None:
    said = judged("todo", marked)
    found = doubts(said, {"todo": marked + others}, ())
    assert found == {"todo": Doubts(marked, marked + others)}
    assert found["todo"].often is often


def test_findings_that_are_gone_count() -> None:
    said = judged("todo", 10, otherwise=35)
    assert doubts(said, {}, said)["todo"] == Doubts(10, 45)
    assert not doubts(said, {}, said)["todo"].often


def entries(findings: list[dict[str, str]], status: str = "falsePositive") -> str:
    return "".join(
        f'[[finding]]\nid = "{each["id"]}"\nstatus = "{status}"\nrule = "{each["rule"]}"\n'
        for each in findings
    )


def test_a_rule_that_is_often_wrong_says_so_and_is_turned_off(
    codearch: Callable, tmp_path: Path
) -> None:
    settings = "# ours\n[rules.todo]\nseverity = 3 # we mean it\n"
    (tmp_path / "codearch.toml").write_text(settings)
    (tmp_path / "a.py").write_text("".join(f"# TODO: {number}\n" for number in range(40)))
    found = [
        json.loads(line)
        for line in codearch("check", "--format", "jsonl", cwd=tmp_path).out.splitlines()
    ]
    debt = tmp_path / ".codearch" / "debt.toml"
    debt.parent.mkdir()
    debt.write_text(entries(found[:10]))
    assert "often wrong" not in codearch("rules", cwd=tmp_path).out, "10 of 40 are a quarter"
    debt.write_text(entries(found[:11]))
    said = "often wrong here: 11 of 40 findings were marked false; `codearch rules todo --off`"
    assert said in codearch("rules", cwd=tmp_path).out
    assert said in codearch("rules", "todo", cwd=tmp_path).out
    one = codearch("rules", "todo", "--json", cwd=tmp_path).json
    assert one["falsePositives"] == {"marked": 11, "of": 40, "often": True}
    assert one["check"]
    ran = codearch("rules", "todo", "--off", cwd=tmp_path)
    assert (ran.code, ran.out) == (0, "")
    assert (tmp_path / "codearch.toml").read_text() == settings + "enabled = false\n"
    assert not codearch("rules", "todo", "--json", cwd=tmp_path).json["check"]
    assert codearch("check", cwd=tmp_path).out == "No findings.\n"


def test_without_an_index_what_people_said_is_all_that_counts(
    codearch: Callable, tmp_path: Path
) -> None:
    (tmp_path / "codearch.toml").touch()
    (tmp_path / ".codearch").mkdir()
    said = entries([{"id": str(number), "rule": "todo"} for number in range(12)])
    (tmp_path / ".codearch" / "debt.toml").write_text(said)
    one = codearch("rules", "todo", "--json", cwd=tmp_path).json
    assert one["falsePositives"] == {"marked": 12, "of": 12, "often": True}


def test_settings_in_pyproject_stay_there(codearch: Callable, tmp_path: Path) -> None:
    project = tmp_path / "pyproject.toml"
    project.write_text("[tool.codearch.search]\nlimit = 5\n")
    assert codearch("rules", "todo", "--off", "--root", tmp_path).code == 0
    assert not (tmp_path / "codearch.toml").exists()
    assert not codearch("rules", "todo", "--json", "--root", tmp_path).json["check"]
    assert project.read_text().startswith("[tool.codearch.search]\nlimit = 5\n")


def test_off_needs_a_rule_and_a_file_that_is_ours(codearch: Callable, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.toml"
    elsewhere.touch()
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "codearch.toml").symlink_to(elsewhere)
    assert codearch("rules", "--off", "--root", tmp_path / "sub").code == 2
    ran = codearch("rules", "todo", "--off", "--root", tmp_path / "sub")
    assert ran.code == 2
    assert "symbolic link" in ran.err
    assert elsewhere.read_text() == ""
