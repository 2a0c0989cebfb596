"""The models of effort, impact and priority, on values alone."""

from __future__ import annotations

from itertools import pairwise

import pytest

from codearch.facts import Category, Finding, Related, Span
from codearch.scores import (
    Commit,
    FilePast,
    FunctionShape,
    Place,
    decayed,
    effort_hours,
    impact,
    left_by,
    pace_of,
    rate_of,
    risk_of,
    scored,
    weight_of,
)
from codearch.scores.pace import usual_hours

NOWHERE = Span(0, 0, 0, 0, 0, 0)
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


def finding(
    category: Category = "security", rule: str = "any", hours: float = 1.0, files: int = 0
) -> Finding:
    return Finding(
        *("id", rule, category, 3, "message", "a.py", NOWHERE),
        effort_hours=hours,
        impact=6.0,
        related=tuple(Related(f"b{number}.py", 0, 0, "") for number in range(files)),
    )


def test_what_nobody_knows_changes_nothing() -> None:
    one = finding()
    known = scored(one, Place())
    assert (known.effort_hours, known.impact) == (one.effort_hours, one.impact)
    assert known.priority == pytest.approx(10 * 6.0 / (1 + 1 / 8), abs=0.1)


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (Place(code_lines=10), Place(code_lines=300)),
        (Place(cognitive=2), Place(cognitive=60)),
        (Place(coupled=0), Place(coupled=6)),
        (Place(tested=True), Place(tested=False)),
    ],
)
def test_size_complexity_spread_and_lacking_tests_cost_more(less: Place, more: Place) -> None:
    assert effort_hours(finding(), less) < effort_hours(finding(), more) <= 4.0


def test_places_elsewhere_cost_more() -> None:
    costs = [effort_hours(finding(files=count), Place()) for count in (0, 2, 6)]
    assert costs == sorted(set(costs))


def test_rules_that_estimate_by_size_are_not_scaled_by_it_again() -> None:
    long = Place(code_lines=400, cognitive=90)
    assert effort_hours(finding("size"), long) == 1.0
    assert effort_hours(finding("duplication", files=9), long) == 1.0


def test_a_signature_costs_by_its_callers() -> None:
    one = finding("size", "many-parameters")
    costs = [effort_hours(one, Place(callers=count)) for count in (0, 10, 100)]
    assert costs == [1.0, 1.5, 6.0]


def test_what_changes_nothing_that_runs_needs_no_test() -> None:
    assert effort_hours(finding("dead-code"), Place(tested=False)) == 1.0


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (Place(callers=0), Place(callers=9)),
        (Place(rank=0.1), Place(rank=0.9)),
        (Place(recent=0), Place(recent=30)),
        (Place(left=0.0), Place(left=1.0)),
    ],
)
def test_what_much_depends_on_weighs_more(less: Place, more: Place) -> None:
    assert impact(5.0, less) < 5.0 < impact(5.0, more)
    assert 0 <= weight_of(less) < weight_of(more) <= 1


def test_scores_keep_to_their_scales() -> None:
    most = Place(400, 90, 10_000, False, 1.0, 50, 5000, 1.0, 1.0)
    for one in (finding(hours=0.001), finding(hours=1e6), finding()):
        for place in (most, Place(1, 0, 0, True, 0.0, 0, 0, 0.0, 0.0)):
            known = scored(one, place, 2.0)
            assert 0 <= known.impact <= 10
            assert 0 <= known.priority <= 100
            assert 0 < known.effort_hours <= 200


def test_risk_decides_between_equals() -> None:
    first = [scored(finding(), Place(risk=risk)).priority for risk in (0.1, 0.5, 0.9)]
    assert first == sorted(set(first))


def test_who_has_left() -> None:
    authors = (("Ada", 3), ("Bob", 1))
    assert left_by(authors, {"Ada": 50, "Bob": 500}, since=100) == 0.75
    assert left_by(authors, {"Ada": 500, "Bob": 500}, since=100) == 0.0
    assert left_by((), {}, since=100) is None


# --- the risk -------------------------------------------------------------------------------------

CALM = FilePast(lines=200, fixes_year=0.5, fixes_two_years=1.0, authors=2, quiet_years=0.5)


def test_recent_fixes_count_more_than_old_ones() -> None:
    year = 365 * DAY
    assert decayed([0, 0], year, year) == pytest.approx(1.0)
    assert decayed([], year, year) == 0.0
    assert decayed([2 * year], year, year) == 1.0  # a clock that was ahead


@pytest.mark.parametrize(
    "riskier",
    [
        CALM._replace(fixes_year=3.0),
        CALM._replace(fixes_two_years=4.0),
        CALM._replace(lines=50),  # the same fixes on fewer lines
        CALM._replace(quiet_years=0.0),
    ],
)
def test_what_makes_a_line_of_a_file_riskier(riskier: FilePast) -> None:
    assert 0 < risk_of(CALM) < risk_of(riskier) < 1


def test_complex_functions_are_riskier_than_the_rest_of_their_file() -> None:
    risks = [
        risk_of(CALM),
        risk_of(CALM, FunctionShape(0, 0)),
        risk_of(CALM, FunctionShape(9, 2)),
        risk_of(CALM, FunctionShape(60, 6)),
    ]
    assert risks == sorted(set(risks))
    assert rate_of(CALM, FunctionShape(9, 99)) == rate_of(CALM, FunctionShape(9, 8))


# --- the pace -------------------------------------------------------------------------------------


def session(author: int, day: int, gap_s: float, count: int = 60, lines: int = 10) -> list[Commit]:
    """Return commits of one author, a fixed time apart."""
    return [Commit(author, day * DAY + int(number * gap_s), lines) for number in range(count)]


def test_a_pace_needs_changes_of_one_session() -> None:
    assert pace_of([]) == 1.0
    assert pace_of(session(1, 0, DAY)) == 1.0  # a commit a day says nothing of hours
    assert pace_of(session(1, 0, 5)) == 1.0  # rebased
    assert pace_of(session(1, 0, HOUR, lines=0)) == 1.0  # set apart
    assert pace_of(session(1, 0, HOUR, lines=5000)) == 1.0  # moved or generated


def test_slow_people_need_more_and_quick_ones_less() -> None:
    usual = 3600 * usual_hours(10)
    paces = [pace_of(session(1, 0, usual * times)) for times in (0.3, 0.7, 1.0, 1.4, 3.0)]
    assert all(one < other for one, other in pairwise(paces))
    assert paces[2] == pytest.approx(1.0, abs=0.01)
    assert paces[0] >= 0.5
    assert paces[-1] <= 2.0


def test_few_changes_say_little() -> None:
    usual = 3600 * usual_hours(10)
    few, many = (pace_of(session(1, 0, 1.8 * usual, count)) for count in (4, 400))
    assert 1.0 < few < 1.2 < many


def test_people_at_work_at_once_are_told_apart() -> None:
    usual = 3600 * usual_hours(10)
    alone = pace_of(session(1, 0, 1.5 * usual, 100))
    both = pace_of([*session(1, 0, 1.5 * usual, 100), *session(2, 0, 1.5 * usual, 100)])
    assert both >= alone > 1.2
