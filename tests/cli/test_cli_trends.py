"""`codearch trends` as people and programs read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Workspace

DAY = 24 * 3600
BEGAN = 1_700_000_000
WEIGH = """def weigh(parcel):
    total = 0
    for part in parcel.parts:
        total += part.weight
    return total
"""
TAXED = WEIGH.replace("        total", "        if part.taxed:\n            total")


@pytest.fixture
def parcels(repository: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Three commits: debt comes, goes, and a function is moved and grows."""
    monkeypatch.setenv("CODEARCH_SEARCH_VECTORS", "false")
    repository.write("prices.py", "# TODO: taxes\n" + WEIGH)
    repository.commit("First", time=BEGAN)
    repository.write("prices.py", "# TODO: taxes\n")
    repository.write("weights.py", "# FIXME: rounds twice\n# TODO: in grams\n" + WEIGH)
    repository.commit("Second", time=BEGAN + DAY)
    repository.write("weights.py", "# FIXME: rounds twice\n" + TAXED)
    repository.commit("Third", time=BEGAN + 2 * DAY)
    return repository


def test_a_table_for_people(codearch: Callable, parcels: Workspace) -> None:
    ran = codearch("trends", "--root", parcels.root)
    assert ran.code == 0
    head, *rows = ran.out.splitlines()
    assert head.split() == ["date", "commit", "open", "added", "resolved", "hours"]
    figures = [row.split() for row in rows[:3]]
    assert [(row[0], row[2], row[3], row[4]) for row in figures] == [
        ("2023-11-14", "1", "0", "0"),
        ("2023-11-15", "3", "2", "0"),
        ("2023-11-16", "2", "0", "1"),
    ]
    assert [row[-1] for row in figures] == ["▃", "█", "▆"]
    assert any(row.startswith("todo") and row.endswith("1 to 2") for row in rows)
    assert rows[-1].split()[-5:] == ["1", "to", "3", "weigh", "weights.py"]
    assert "Not counted" in ran.err


def test_an_object_for_programs(codearch: Callable, parcels: Workspace) -> None:
    found = codearch("trends", "--root", parcels.root, "--since", "2023-11-15", "--json").json
    assert [each["open"] for each in found["points"]] == [3, 2]
    assert found["symbols"][0]["path"] == "weights.py"
    below = codearch("trends", "prices.py", "--json", cwd=parcels.root).json
    assert [each["open"] for each in below["points"]] == [1, 1, 1]


def test_one_function(codearch: Callable, parcels: Workspace) -> None:
    ran = codearch("trends", "--root", parcels.root, "--symbol", "weigh")
    rows = [row.split() for row in ran.out.splitlines()[1:]]
    assert [row[2:5] for row in rows] == [["5", "1", "2"], ["5", "1", "2"], ["6", "3", "3"]]
    assert [row[6:] for row in rows] == [["weigh", "prices.py"], ["weigh", "weights.py"], []]


def test_what_is_lacking_is_said(codearch: Callable, parcels: Workspace, tmp_path: Path) -> None:
    ran = codearch("trends", "--root", parcels.root, "--since", "v9")
    assert (ran.code, ran.out) == (2, "")
    assert "git knows no revision 'v9'" in ran.err
    (tmp_path / "plain").mkdir()
    ran = codearch("trends", "--root", tmp_path / "plain")
    assert (ran.code, ran.out) == (3, "")
    assert "in no git repository" in ran.err
