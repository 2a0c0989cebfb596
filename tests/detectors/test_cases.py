"""Each rule finds what its case file says, there and nowhere else."""

from pathlib import Path

import pytest
from detector_cases import FOLDER, Case, all_cases
from memory_project import findings_in, fixed

from codearch.detectors import all_rules
from codearch.languages import by_path


@pytest.mark.parametrize("case", all_cases(), ids=str)
def test_case(case: Case) -> None:
    found = findings_in(case.files, case.rule, case.settings, case.history, case.before)
    assert [f"{each.path}:{each.span.line + 1} {each.message}" for each in found] == case.expected


@pytest.mark.parametrize("case", [case for case in all_cases() if case.fixed], ids=str)
def test_fixes(case: Case) -> None:
    after = fixed(case.files, case.rule)
    assert {path: after[path] for path in case.fixed} == case.fixed


@pytest.mark.parametrize("case", [case for case in all_cases() if case.mended], ids=str)
def test_fixes_that_somebody_confirms(case: Case) -> None:
    after = fixed(case.files, case.rule, unsafe=True)
    assert {path: after[path] for path in case.mended} == case.mended


@pytest.mark.parametrize("rule", sorted(all_rules()))
def test_every_rule_has_cases_in_all_its_languages(rule: str) -> None:
    cases = [case for case in all_cases() if case.rule == rule]
    shown = {
        language.name
        for case in cases
        if case.expected
        for path in case.files
        if (language := by_path(path)) is not None
    }
    assert all_rules()[rule].languages <= shown
    assert any(not case.expected for case in cases), "no look-alikes"


def test_every_case_file_is_of_a_rule() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == set(all_rules())


def test_a_rule_is_named_as_its_file() -> None:
    modules = {Path(path).stem for path in _modules()}
    assert {rule.replace("-", "_") for rule in all_rules()} == modules


def _modules() -> list[Path]:
    import codearch.detectors

    folder = Path(str(codearch.detectors.__file__)).parent
    return [path for path in folder.glob("*.py") if not path.name.startswith("_")]
