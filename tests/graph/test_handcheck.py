"""The calls that were judged by hand, and what they say of resolution."""

import csv
from pathlib import Path

import pytest

FILES = sorted((Path(__file__).parent / "handcheck").glob("*.tsv"))
VERDICTS = {"right", "wrong", "astray", "missed", "outside"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_hundred_calls_of_a_language_are_judged_and_good_enough(file):
    with file.open(newline="") as opened:
        rows = list(csv.DictReader(opened, delimiter="\t"))
    assert len(rows) == 100
    assert len({row["project"] for row in rows}) == 2
    assert all(len(row["commit"]) == 40 and row["place"].count(":") == 2 for row in rows)
    assert {row["verdict"] for row in rows} <= VERDICTS
    for row in rows:
        assert (row["verdict"] in {"right", "wrong", "astray"}) == (row["target"] != "-"), row
    own = [row for row in rows if row["verdict"] in {"right", "wrong", "missed"}]
    resolved = [row for row in own if row["verdict"] != "missed"]
    sure = [row for row in rows if row["confidence"] and float(row["confidence"]) >= 0.8]
    assert len(resolved) / len(own) >= 0.7
    assert sum(row["verdict"] == "right" for row in sure) / len(sure) >= 0.9


def test_five_languages_are_judged():
    assert len(FILES) >= 5
