"""Flows of anything come to an end, soon, and hold together: broken, deep, long, or noise."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest
import tree_sitter
from flow_cases import CASES, cases

from codearch.facts import NO_SPAN, Span
from codearch.flow import ControlFlow, DataFlow, control_flow, data_flow, read
from codearch.languages import all_languages, by_name
from codearch.parse import parse

LANGUAGES = sorted(each.name for each in all_languages().values() if each.flows is not None)
SOURCES = [
    pytest.param(case.source, case.language, id=f"{path.stem}: {case.title}")
    for path in sorted(CASES.glob("*.md"))
    for case in cases(path)
]
DEPTH = 20_000


def both(source: str | bytes, language: str) -> tuple[ControlFlow, DataFlow]:
    """Return both flows of a whole text, whose shape has been checked."""
    data = source.encode() if isinstance(source, str) else source
    program = read(data, by_name(language))
    span = Span(0, len(data), 0, 0, 0, 0)
    flow, values = control_flow(program, span), data_flow(program, span)
    check(flow, values, len(program.source))
    return flow, values


def check(flow: ControlFlow, values: DataFlow, size: int) -> None:
    """Assert what holds of all flows."""
    count = len(flow.blocks)
    assert (flow.entry, flow.exit) == (0, 1)
    assert not flow.blocks[flow.exit].steps
    assert len(set(flow.edges)) == len(flow.edges)
    for edge in flow.edges:
        assert 0 <= edge.source < count
        assert 0 <= edge.target < count
        assert -1 <= edge.gate < count
        assert edge.source != flow.exit
    for block in flow.blocks:
        assert all(0 <= step.start < step.end <= size for step in block.steps)
    assert flow.live() <= set(range(count))
    starts = [node.start for node in values.nodes]
    assert starts == sorted(set(starts))
    touched = set()
    for data_edge in values.edges:
        assert data_edge.sources
        assert list(data_edge.sources) == sorted(set(data_edge.sources))
        touched |= {data_edge.target, *data_edge.sources}
    assert touched == set(range(len(values.nodes)))
    assert len({(edge.target, edge.relation) for edge in values.edges}) == len(values.edges)


def unit_seconds() -> float:
    """Return how long a fixed piece of work takes here and now."""
    begin = time.process_time()
    source = b"".join(b"def f%d(a):\n    return a + %d\n" % (i, i) for i in range(2_000))
    parse(source, by_name("python"))
    return time.process_time() - begin


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_name_what_the_grammars_have(language: str) -> None:
    found = by_name(language)
    flows, loaders = found.flows, [found.grammar, *(each.grammar for each in found.dialects)]
    assert flows is not None
    grammars = [tree_sitter.Language(load()) for load in loaders if load is not None]
    known = {g.node_kind_for_id(number) for g in grammars for number in range(g.node_kind_count)}
    kinds = (
        *(flows.shapes, flows.lists, flows.alternatives, flows.spreads, flows.literals),
        *(flows.labels, flows.ignored, flows.negations, flows.parentheses, flows.hoisted),
        *(flows.holders, flows.interpolations),
    )
    assert not {kind for table in kinds for kind in table} - known


@pytest.mark.parametrize(("source", "language"), SOURCES)
def test_cut_anywhere(source: str, language: str) -> None:
    for at in range(0, len(source), 41):
        both(source[:at], language)
        both(source[at:], language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_noise(language: str) -> None:
    noise = random.Random(7)
    for size in (0, 1, 10, 1_000):
        both(noise.randbytes(size), language)
    words = [
        "if",
        "else",
        "for",
        "while",
        "try",
        "catch",
        "finally",
        "return",
        "break",
        "x",
        "y",
        "=",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        ":",
        ";",
        ",",
        "=>",
        "\n",
    ]
    for _ in range(20):
        both(" ".join(noise.choices(words, k=300)), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bracket", ["(", "[", "{"])
def test_deep_brackets(bracket: str, language: str) -> None:
    both(bracket * DEPTH, language)


@pytest.mark.parametrize(
    ("opening", "inner", "closing", "language"),
    [
        ("(", "a", ")", "python"),
        ("[a, ", "a", "]", "python"),
        ("if (a) {", "a = 1;", "}", "javascript"),
        ("while (a) {", "a = a + 1;", "}", "java"),
        ("f(a, ", "a", ")", "c"),
        ("a => (", "a", ")", "javascript"),
        ("{ let b = a; ", "b", "}", "rust"),
        ("try { a = b;", "", "} finally { b = a; }", "csharp"),
    ],
)
def test_deep_nesting(opening: str, inner: str, closing: str, language: str) -> None:
    depth = 2_000
    both(opening * depth + inner + closing * depth, language)


def test_a_long_function_takes_little_longer_than_to_parse_it() -> None:
    lines = [
        f"    x{i % 50} = f(x{i * 7 % 50}, {i})\n    if x{i % 50} > 3:\n        x{(i + 1) % 50} += 1\n"
        for i in range(1_700)
    ]
    source = "def f(x0):\n    while x0:\n    " + "    ".join(
        "".join(lines).splitlines(keepends=True)
    )
    units = unit_seconds()
    begin = time.process_time()
    flow, values = both(source, "python")
    assert time.process_time() - begin < 30 * units + 1
    assert len(flow.blocks) > 3_000
    assert len(values.nodes) > 9_000


def test_a_machine_of_states_has_no_more_sources_than_can_be_used() -> None:
    cases_of = "".join(f"case {i}: state = next(state, {i}); break;\n" for i in range(500))
    _, values = both(
        f"function f(state) {{ for (;;) switch (state) {{ {cases_of} }} }}", "javascript"
    )
    assert max(len(edge.sources) for edge in values.edges) == 64


def test_other_places_than_functions() -> None:
    source = (
        b"import os\n\nlimit = 3\nif limit:\n    limit = os.name\n\n\nclass A:\n    x = limit\n"
    )
    program = read(source, by_name("python"))
    whole = data_flow(program, Span(0, len(source), 0, 0, 8, 0))
    assert [node.name for node in whole.nodes][:3] == ["limit", "3", "limit"]
    assert control_flow(program, NO_SPAN) == ControlFlow()
    assert data_flow(program, Span(len(source) + 5, len(source) + 9, 0, 0, 0, 0)) is not None


@pytest.mark.parametrize(
    ("source", "language"),
    [
        ("int limit = 3;\nint f(int a) { return a; }\n", "c"),
        ("let limit = 3\nfunction f(a) { return limit }\n", "javascript"),
        ("limit = 3\n\n\ndef f(a):\n    return limit\n", "python"),
    ],
)
def test_a_file_is_not_its_last_function(source: str, language: str) -> None:
    _, values = both(source, language)
    assert [node.name for node in values.nodes][:2] == ["limit", "3"]


def test_a_type_is_no_function_of_its() -> None:
    source = b"class A {\n  int n = 3;\n  int f() { return n; }\n}\n"
    language = by_name("java")
    program = read(source, language)
    span = next(each.span for each in parse(source, language).symbols if each.name == "A")
    assert [node.name for node in data_flow(program, span).nodes] == ["n", "3", "n"]
    assert not control_flow(program, span).dead()


def test_a_language_without_flows_gives_empty_ones() -> None:
    assert both("# Title\n", "markdown") == (ControlFlow(), DataFlow())


def test_known_facts_are_not_read_again_and_change_nothing() -> None:
    source = b"def f(a):\n    b = a\n    return b\n"
    language = by_name("python")
    facts = parse(source, language)
    given, alone = read(source, language, facts), read(source, language)
    span = facts.symbols[1].span
    assert given.facts is facts
    assert data_flow(given, span) == data_flow(alone, span)
    assert control_flow(given, span) == control_flow(alone, span)


def test_a_symbol_of_a_file_is_found_by_its_span() -> None:
    source = b"""
@cached(lambda key: key)
def first(a):
    return a

second = wrap(lambda b: b + 1)
"""
    language = by_name("python")
    program = read(source, language)
    spans = {each.name: each.span for each in parse(source, language).symbols}
    flow = data_flow(program, spans["first"])
    assert [node.name for node in flow.nodes] == ["a", "a"]
    assert len(control_flow(program, spans["first"]).blocks[0].steps) == 1


def test_neighbours_do_not_mix() -> None:
    source = b"function a(x) { return x }\nfunction b(x) { return x }\n"
    program = read(source, by_name("javascript"))
    for symbol in parse(source, by_name("javascript")).symbols[1:]:
        nodes = data_flow(program, symbol.span).nodes
        assert [node.name for node in nodes] == ["x", "x"]
        for one, other in pairwise(nodes):
            assert symbol.span.start_byte <= one.start < other.end <= symbol.span.end_byte
