"""Measures on the code graph."""

import random

import networkx as nx
import pytest

from codearch.facts import Edge
from codearch.graph import analysis


def imports(*pairs: str, deferred: bool = False) -> list[Edge]:
    return [Edge(*pair.split(">"), "import", deferred=deferred) for pair in pairs]


def test_one_cycle_for_each_component_with_its_shortest_way():
    found = analysis.cycles(imports("a>b", "b>c", "c>d", "d>a", "c>a", "x>y", "y>x", "d>x", "z>a"))
    assert [(each.files, each.shortest) for each in found] == [
        (("a", "b", "c", "d"), ("a", "b", "c")),
        (("x", "y"), ("x", "y")),
    ]


def test_deferred_and_type_only_imports_make_no_cycle():
    assert analysis.cycles(imports("a>b") + imports("b>a", deferred=True)) == []


def test_the_edge_to_cut_frees_most_with_fewest_uses():
    ring = [Edge("a", "b", "import", 5), Edge("b", "c", "import", 1), Edge("c", "a", "import", 7)]
    side = [Edge("b", "d", "import", 1), Edge("d", "b", "import", 1)]
    (cycle,) = analysis.cycles(ring)
    assert (cycle.cut.source, cycle.cut.target, cycle.freed) == ("b", "c", 3)
    (cycle,) = analysis.cycles(ring + side)
    assert cycle.freed == 2  # one cut cannot break both rings


@pytest.mark.parametrize("seed", range(5))
def test_cycles_agree_with_brute_force(seed):
    chance = random.Random(seed)
    nodes = "abcdefgh"
    edges = imports(*{f"{chance.choice(nodes)}>{chance.choice(nodes)}" for _ in range(14)})
    graph = nx.DiGraph((e.source, e.target) for e in edges if e.source != e.target)
    for cycle in analysis.cycles(edges):
        inner = graph.subgraph(cycle.files)
        lengths = [len(each) for each in nx.simple_cycles(inner)]
        assert len(cycle.shortest) == min(lengths)
        ring = zip(cycle.shortest, cycle.shortest[1:] + cycle.shortest[:1], strict=True)
        assert all(inner.has_edge(*pair) for pair in ring)


def test_a_large_component_is_done_quickly():
    chance = random.Random(1)
    nodes = [f"f{number}" for number in range(1500)]
    edges = [Edge(chance.choice(nodes), chance.choice(nodes), "import") for _ in range(6000)]
    assert max(len(each.files) for each in analysis.cycles(edges)) > 1000


def test_degrees_and_instability():
    found = analysis.degrees(imports("a>c", "b>c", "c>d", "a>c", "c>c"))
    assert (found["c"].fan_in, found["c"].fan_out) == (2, 1)
    assert found["c"].instability == pytest.approx(1 / 3)
    assert found["a"].instability == 1.0
    assert found["d"].instability == 0.0


def test_page_rank_is_networkx_s():
    chance = random.Random(3)
    edges = [Edge(*chance.sample("abcdefghij", 2), "call", chance.randint(1, 4)) for _ in range(30)]
    graph = nx.MultiDiGraph()
    for edge in edges:
        graph.add_edge(edge.source, edge.target, weight=edge.count)
    expected = nx.algorithms.link_analysis.pagerank_alg._pagerank_python(
        nx.DiGraph(_summed(graph)), tol=1e-12, max_iter=500
    )
    found = analysis.page_rank(edges)
    assert found == pytest.approx(expected, abs=1e-6)
    assert analysis.page_rank([]) == {}


def _summed(graph: nx.MultiDiGraph) -> nx.DiGraph:
    summed = nx.DiGraph()
    for source, target, weight in graph.edges(data="weight"):
        known = summed.get_edge_data(source, target, {"weight": 0})["weight"]
        summed.add_edge(source, target, weight=known + weight)
    return summed


def test_nearest_prefers_what_shares_most():
    edges = imports("x>f", "y>f", "x>g", "g>f", "far>y", "z>far")
    assert analysis.nearest(edges, "f", among=["z", "y", "x"]) == ["x", "y", "z"]
    assert analysis.nearest(edges, "f", among=["f"]) == []


def test_files_that_change_together():
    commits = (
        [["a", "b"]] * 4
        + [["a", "c"]] * 2
        + [["b"]] * 2
        + [[f"n{i}" for i in range(60)] + ["a", "b"]]
    )
    (edge,) = analysis.changed_together(commits)
    assert (edge.source, edge.target, edge.count) == ("a", "b", 4)
    assert edge.confidence == pytest.approx(2 * 4 / (6 + 6))


def test_folding_adds_up_and_drops_the_inside():
    edges = [
        Edge("p/a", "q/c", "import", 1, 0.5, deferred=True),
        Edge("p/b", "q/c", "import", 2, 0.9),
        Edge("p/a", "p/b", "import"),
    ]
    home = {"p/a": "p", "p/b": "p", "q/c": "q"}
    assert analysis.folded(edges, home) == [Edge("p", "q", "import", 3, 0.9, deferred=False)]


def test_around_walks_both_directions_so_far_and_no_further():
    edges = imports("a>b", "b>c", "c>d", "e>a")
    assert analysis.around(edges, ["a"], 1) == imports("a>b", "e>a")
    assert analysis.around(edges, ["a"], 2) == imports("a>b", "b>c", "e>a")
