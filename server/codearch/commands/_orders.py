"""In which order findings are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.facts import Finding

Sort = Literal["priority", "severity", "effort", "age", "path"]
SORTS: tuple[Sort, ...] = get_args(Sort)

_ORDERS: dict[Sort, Callable[[Finding], tuple[object, ...]]] = {
    "priority": lambda one: (-one.priority, -one.severity, *_age(one)),
    "severity": lambda one: (-one.severity, -one.priority, *_age(one)),
    "effort": lambda one: (-one.effort_hours, -one.priority),
    "age": lambda one: (*_age(one), -one.priority),
    "path": lambda _: (),
}


def ordered_by(sort: Sort, finding: Finding) -> tuple[object, ...]:
    """Return by what a finding is sorted: what comes first, then path, line and rule."""
    return (*_ORDERS[sort](finding), finding.path, finding.span.line, finding.rule, finding.id)


def _age(one: Finding) -> tuple[bool, int]:
    """Return by what the oldest come first, and those of unknown age last."""
    return not one.since, one.since
