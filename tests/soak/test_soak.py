"""A short soak; `make soak` does hundreds of operations in real repositories."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from soak import clocked
from soak.comparing import Comparison
from soak.desk import Desk
from soak.garden import plant
from soak.soaking import OPERATIONS, Plan, deck, soak, surroundings

if TYPE_CHECKING:
    from pathlib import Path

SEED = 4
OPERATION_COUNT = 30


@pytest.fixture
def garden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of some hundred files in several languages, and a cache of the test's own."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "XDG_"))]:
        monkeypatch.delenv(name)
    for name, value in surroundings(tmp_path).items():
        monkeypatch.setenv(name, value)
    root = tmp_path / "garden"
    root.mkdir()
    plant(root)
    return root


@pytest.mark.timeout(600)  # some 30 s, where nothing else runs
@pytest.mark.skipif(sys.platform == "win32", reason="kills processes as Unix does")
def test_index_is_that_built_from_nothing(garden: Path, tmp_path: Path) -> None:
    """Random operations leave an index as if nothing had happened, never ready too soon."""
    plan = Plan(SEED, OPERATION_COUNT, everything_each=5)
    report = soak(garden, tmp_path, plan, print)
    said = "\n".join(report.lines())
    print(said)
    assert report.clean, said


def test_a_deck_has_each_operation_equally_often() -> None:
    """Twenty rounds hold every kind twenty times."""
    cards = deck(Plan(1, 20 * len(OPERATIONS)))
    assert {cards.count(name) for name in OPERATIONS} == {20}


def test_a_comparison_sees_what_is_missing_and_too_much(garden: Path, tmp_path: Path) -> None:
    """A judge that sees nothing would be no judge."""
    desk = Desk(garden, tmp_path, SEED)
    desk.set_clock(0)
    desk.open_window()
    try:
        desk.windows[0].command("index.flush")
        comparison = Comparison(desk)
        assert comparison.everything() == []
        desk.windows[0].command("index.pause")
        (garden / "new.py").write_text("def brand_new():\n    return 1\n")
        (garden / "product" / "watch" / "changes.py").unlink()
        said = "\n".join(comparison.everything(searches=False))
    finally:
        desk.close()
    assert "files, missing" in said
    assert "files, too much" in said
    assert "symbols, missing" in said
    assert "vectors, missing" in said


def test_the_clock_of_the_product_can_be_set(tmp_path: Path) -> None:
    """A module that runs by the clock of the tests sees another time."""
    (tmp_path / "clock").write_text("-86400")
    (tmp_path / "tells.py").write_text("import time\nprint(time.time(), time.time_ns())\n")
    told = subprocess.run(
        [sys.executable, clocked.__file__, "-m", "tells"],
        env={**os.environ, "SOAK_CLOCK": str(tmp_path / "clock"), "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert abs(time.time() - 86_400 - float(told[0])) < 60
    assert abs(time.time_ns() - 86_400 * 10**9 - int(told[1])) < 60 * 10**9
