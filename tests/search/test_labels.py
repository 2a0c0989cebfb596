"""The labelled queries themselves, and the measure they are scored by."""

import json
from pathlib import Path

import pytest
from search_labels import ndcg

HERE = Path(__file__).resolve().parent
REPOSITORIES = json.loads((HERE / "repos.json").read_text())


def queries(name):
    return json.loads((HERE / "queries" / f"{name}.json").read_text())


def test_there_are_enough_queries_in_enough_languages():
    assert sum(len(queries(one["name"])) for one in REPOSITORIES) >= 130
    assert len({one["language"] for one in REPOSITORIES}) >= 6


@pytest.mark.parametrize("name", [one["name"] for one in REPOSITORIES])
def test_queries_are_whole(name):
    found = queries(name)
    assert len({each["query"] for each in found}) == len(found)
    for each in found:
        assert set(each) == {"query", "relevant", "secondary", "category"}
        assert each["query"].strip()
        assert each["relevant"]
        assert each["category"] in {"semantic", "symbol", "architecture"}


@pytest.mark.parametrize(
    ("order", "targets", "figure"),
    [
        (["a", "b"], {"a"}, 1.0),
        (["x", "a"], {"a"}, 0.6309),
        (["a", "a", "b"], {"a", "b"}, 0.9197),
        (["x"], {"a"}, 0.0),
        ([], {"a"}, 0.0),
        ([str(n) for n in range(10)] + ["a"], {"a"}, 0.0),
    ],
)
def test_a_target_counts_once_where_it_comes_first(order, targets, figure):
    assert ndcg(order, frozenset(targets)) == pytest.approx(figure, abs=1e-4)
