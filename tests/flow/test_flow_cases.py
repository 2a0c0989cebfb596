"""Every construct of every language: what is done after what, and where values come from."""

from __future__ import annotations

import re

import pytest
from flow_cases import CASES, Case, cases
from flow_rendering import flows

from codearch.languages import all_languages

FILES = {path.stem: path for path in sorted(CASES.glob("*.md"))}
ALL = [
    pytest.param(case, id=f"{name}: {case.title}")
    for name, path in FILES.items()
    for case in cases(path)
]

HOLDS = {"javascript": "typescript", "c": "cpp"}
KIN = [pytest.param(case.values[0], id=case.id) for case in ALL if case.values[0].language in HOLDS]


def test_every_language_with_flows_has_cases() -> None:
    assert set(FILES) == {each.name for each in all_languages().values() if each.flows is not None}


@pytest.mark.parametrize("name", FILES)
def test_every_section_is_read(name: str) -> None:
    titles = re.findall(r"(?m)^## (.+)$", FILES[name].read_text("utf-8"))
    found = cases(FILES[name])
    assert [case.title for case in found] == titles
    assert all(case.control is not None and case.values is not None for case in found)


@pytest.mark.parametrize("case", ALL)
def test_case(case: Case) -> None:
    control, values = flows(case.source, case.language)
    assert (case.control or "").splitlines() == control
    assert (case.values or "").splitlines() == values


@pytest.mark.parametrize("case", KIN)
def test_a_language_that_holds_another_reads_it_alike(case: Case) -> None:
    assert flows(case.source, HOLDS[case.language]) == flows(case.source, case.language)
