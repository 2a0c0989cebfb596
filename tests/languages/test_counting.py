"""Cyclomatic complexity beside lizard's, on real code; cognitive complexity by a table."""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator
from pathlib import Path

import lizard
import pytest
from language_cases import FOLDER, read

from codearch.facts import SymbolFact
from codearch.languages import all_languages, by_name
from codearch.parse import parse

EXTENSIONS = {"csharp": "cs", "rust": "rs", "javascript": "js", "typescript": "ts", "python": "py"}


def pairs(source: str, language: str) -> Iterator[tuple[str, int, int]]:
    """Yield name, lizard's count and ours, for each function that both see alike."""
    extension = EXTENSIONS.get(language, language)
    ours: dict[tuple[int, int], list[SymbolFact]] = {}
    for symbol in parse(source.encode(), by_name(language)).symbols:
        if symbol.metrics:
            ours.setdefault((symbol.span.line + 1, symbol.span.end_line + 1), []).append(symbol)
    counted = lizard.analyze_file.analyze_source_code(f"x.{extension}", source).function_list
    for function in counted:
        last = function.name.replace("::", ".").rpartition(".")[2].rpartition(" ")[2]
        for symbol in ours.get((function.start_line, function.end_line), []):
            if symbol.name == last and symbol.metrics:
                yield function.long_name, function.cyclomatic_complexity, symbol.metrics.cyclomatic


def test_python_counts_as_lizard_does_on_the_standard_library() -> None:
    folder = Path(sysconfig.get_paths()["stdlib"])
    sources = [path.read_text("utf-8") for path in sorted(folder.glob("*.py"))[::8]]
    found = [pair for source in sources for pair in pairs(source, "python")]
    differing = [pair for pair in found if pair[1] != pair[2]]
    assert len(found) > 300
    assert len(differing) <= 0.02 * len(found), differing


@pytest.mark.parametrize(
    "language", sorted(n for n, each in all_languages().items() if each.grammar)
)
def test_our_cases_count_as_lizard_does(language: str) -> None:
    sources = [case.source for path in (FOLDER / language).glob("*.md") for case in read(path)]
    found = [pair for source in sources for pair in pairs(source, language)]
    differing = [pair for pair in found if pair[1] != pair[2]]
    assert len(differing) <= 0.02 * len(found), differing


COGNITIVE = [
    # what breaks the flow, and what nests
    ("if (a) b();", 1),
    ("if (a) b(); else c();", 2),
    ("if (a) b(); else if (c) d(); else e();", 3),
    ("if (a) { if (b) c(); }", 3),
    ("if (a) b(); else { if (c) d(); }", 4),
    ("if (a) b(); else if (c) { if (d) e(); }", 4),
    ("for (;;) while (a) do { if (b) c(); } while (d);", 10),
    ("for (const k in o) for (const v of o[k]) use(v);", 3),
    ("switch (a) { case 1: b(); break; case 2: c(); default: d(); }", 1),
    ("while (a) switch (b) { case 1: if (c) d(); }", 6),
    ("try { a(); } catch (e) { if (b) c(); } finally { d(); }", 3),
    ("try { if (a) b(); } finally { c(); }", 1),
    ("return a ? b : c;", 1),
    ("return a ? b ? 1 : 2 : 3;", 3),
    ("if (a ? b : c) d();", 2),
    # jumps
    ("x: for (;;) { for (;;) continue x; }", 4),
    ("for (;;) { break; }", 1),
    # sequences of logical operators
    ("return a && b;", 1),
    ("return a && b && c && d;", 1),
    ("return a && b || c;", 2),
    ("return a || b && c || d;", 2),
    ("return a && b || c && d;", 3),
    ("return a && !(b && c);", 2),
    ("return a && (b && c);", 1),
    ("return (a && b) || (c && d);", 3),
    ("return a ?? b;", 0),
    ("if (a && b || c) d();", 3),
    # functions inside
    ("const g = () => { if (a) b(); }; g(); x();", 2),
    ("xs.map(x => x ? 1 : 2);", 2),
    ("if (a) xs.map(x => { if (x) y(); });", 4),
    ("function g(x) { if (x) y(); } return g;", 1),
    ("function g(x) { if (x) y(); } z(); return g;", 2),
    ("class C { m() { if (a) b(); } } new C();", 2),
    # recursion
    ("return f(a - 1) + f(a - 2);", 1),
    ("return g(a);", 0),
]


@pytest.mark.parametrize(("body", "expected"), COGNITIVE, ids=[body for body, _ in COGNITIVE])
def test_cognitive_complexity(body: str, expected: int) -> None:
    facts = parse(f"function f(a) {{ {body} }}".encode(), by_name("javascript"))
    outer = facts.symbols[1]
    assert outer.name == "f"
    assert outer.metrics is not None
    assert outer.metrics.cognitive == expected


NESTING = [
    ("return 1;", 0),
    ("if (a) b();", 1),
    ("if (a) b(); else if (c) d(); else if (e) f2();", 1),
    ("if (a) b(); else { if (c) d(); }", 2),
    ("for (;;) { if (a) { while (b) c(); } }", 3),
    ("try { if (a) b(); } catch { }", 2),
    ("switch (a) { case 1: if (b) c(); }", 2),
    ("return a ? b ? 1 : 2 : 3;", 0),
    ("if (a) xs.forEach(x => { if (x) y(); });", 2),
]


@pytest.mark.parametrize(("body", "expected"), NESTING, ids=[body for body, _ in NESTING])
def test_nesting(body: str, expected: int) -> None:
    facts = parse(f"function f(a) {{ {body} }}".encode(), by_name("javascript"))
    assert facts.symbols[1].metrics is not None
    assert facts.symbols[1].metrics.nesting == expected
