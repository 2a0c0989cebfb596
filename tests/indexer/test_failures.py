"""What failed is tried again by itself, soon at first, ever more seldom where it does not help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.indexer import failures
from codearch.indexer.failures import Failures

if TYPE_CHECKING:
    import pytest


def tries(found: Failures, clock: list[float], seconds: int) -> list[int]:
    """Return when a step that always fails is tried again within so many seconds."""
    began, times = int(clock[0]), []
    for second in range(began, began + seconds):
        clock[0] = float(second)
        if found.due():
            times.append(second - began)
            found.clear()  # as a look at the whole disk does
            found.failed("read", OSError("full"))
    return times


def test_pauses_grow_and_begin_anew_when_all_was_well(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1_000.0]
    monkeypatch.setattr(failures.time, "monotonic", lambda: clock[0])
    found = Failures()
    assert not found.due()
    found.failed("read", OSError("full"))
    assert tries(found, clock, 300) == [15, 45, 105, 225]
    assert "disk is full" in found.mend
    found.clear()
    assert tries(found, clock, 2_000) == []
    found.failed("read", OSError("full"))
    assert tries(found, clock, 20) == [15]


def test_a_problem_stands_until_all_has_gone_well() -> None:
    found = Failures()
    found.failed("read", OSError("full"))
    found.clear()  # it is tried again
    assert "full" in found.problem
    found.failed("read", OSError("full"))
    found.settled()
    assert "full" in found.problem
    found.clear()
    found.settled()
    assert (found.problem, found.mend) == ("", "")
