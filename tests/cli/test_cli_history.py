"""What rests on git's history is found at the first run, and the same at each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Workspace

DAY = 24 * 3600
COMMITS = 60


def test_check_waits_for_the_history(repository: Workspace, codearch: Callable) -> None:
    for number in range(COMMITS):
        repository.write("shop/orders.py", f"COLUMNS = {number}\n")
        repository.write("export/rows.py", f"HEADER = {number}\n")
        repository.commit(f"Add column {number}", time=1_600_000_000 + number * DAY)
    asked = ("check", "--root", repository.root, "--format", "text", "--rule", "coupling")
    first = codearch(*asked)
    assert f"{COMMITS} of its {COMMITS} commits also changed that file" in first.out
    assert codearch(*asked).out == first.out
    repository.write("export/rows.py", "HEADER = 'new'\n")
    repository.commit("Head it anew", time=1_600_000_000 + COMMITS * DAY)
    assert f"{COMMITS} of its {COMMITS + 1} commits" in codearch(*asked).out
