"""Drawings in Mermaid, DOT and JSON."""

import json

import pytest

from codearch.facts import Edge
from codearch.graph.render import MERMAID_EDGES, Drawing, Node, as_json, dot, draw, mermaid

DRAWING = Drawing(
    [Node("src/a.py", "a.py", group="src"), Node("b.py", "b.py")],
    [Edge("src/a.py", "b.py", "import", 3), Edge("b.py", "src/a.py", "import", deferred=True)],
    left_out=7,
)


def test_mermaid():
    assert mermaid(DRAWING).splitlines() == [
        "flowchart LR",
        '  subgraph g0["src"]',
        '    n0["a.py"]',
        "  end",
        '  n1["b.py"]',
        "  n0 -->|3| n1",
        "  n1 -.-> n0",
        "  %% 7 nodes left out",
    ]


def test_dot():
    assert dot(DRAWING).splitlines() == [
        "digraph codearch {",
        "  rankdir=LR;",
        '  node [shape=box, fontname="sans-serif"];',
        "  subgraph cluster_0 {",
        '    label="src";',
        '    "src/a.py" [label="a.py"];',
        "  }",
        '  "b.py" [label="b.py"];',
        '  "src/a.py" -> "b.py" [label="3"];',
        '  "b.py" -> "src/a.py" [style=dashed];',
        "  // 7 nodes left out",
        "}",
    ]


def test_json():
    value = json.loads(as_json(DRAWING))
    assert value["leftOut"] == 7
    assert value["nodes"][0] == {"id": "src/a.py", "label": "a.py", "kind": "file", "group": "src"}
    assert value["edges"][0]["count"] == 3


@pytest.mark.parametrize("form", ["mermaid", "dot", "json"])
def test_hostile_labels_stay_labels(form):
    label = 'x"]; click n0 "javascript:alert(1)" %% \\" \n<img src=x onerror=alert(1)>'
    text = draw(Drawing([Node(label, label)], [Edge(label, label, "import")]), form)
    if form == "mermaid":
        assert text.count('"') == 2
        assert "<" not in text
        assert len(text.splitlines()) == 3
    elif form == "dot":
        assert len(text.splitlines()) == 6
    else:
        assert json.loads(text)["nodes"][0]["label"] == label


def test_edges_beyond_what_mermaid_draws_are_counted():
    nodes = [Node(str(number), str(number)) for number in range(40)]
    edges = [Edge(str(a), str(b), "import") for a in range(40) for b in range(40) if a != b]
    assert (
        mermaid(Drawing(nodes, edges)).splitlines()[-1]
        == f"  %% {40 * 39 - MERMAID_EDGES} edges left out"
    )
