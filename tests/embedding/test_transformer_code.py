"""What a transformer reads of a symbol, in every language that has flows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from codearch import flow, languages
from codearch.embedding.passage import passages
from codearch.embedding.transformer.code import codes
from codearch.embedding.transformer.reading import Code, Variable
from codearch.parse import parse

CASES = Path(__file__).resolve().parents[1] / "cases" / "flow"
SOURCE = re.compile(r"^```(\w+)\n((?:(?!```).*\n)*)```", re.MULTILINE)
SOURCES = [
    pytest.param(found[1], found[2], id=f"{path.stem} {number}")
    for path in sorted(CASES.glob("*.md"))
    for number, found in enumerate(SOURCE.finditer(path.read_text("utf-8")))
    if found[1] not in {"control", "values"}
]


def read(source: str, language_name: str) -> dict[str, list[Code]]:
    """Return what is read of each symbol, by its name."""
    data, language = source.encode(), languages.by_name(language_name)
    facts = parse(data, language)
    program = flow.read(data, language, facts)
    return {
        symbol.name: codes(program, symbol, passages(facts, index, data))
        for index, symbol in enumerate(facts.symbols)
    }


@pytest.mark.parametrize(("language", "source"), SOURCES)
def test_a_variable_s_node_stands_at_its_word(language: str, source: str) -> None:
    data, spoken = source.encode(), languages.by_name(language)
    facts = parse(data, spoken)
    program = flow.read(data, spoken, facts)
    for index, symbol in enumerate(facts.symbols):
        (code,) = codes(program, symbol, passages(facts, index, data))
        if not code.variables:
            continue
        occurrences = flow.data_flow(program, symbol.span).nodes
        assert len(occurrences) == len(code.variables)
        for occurrence, variable in zip(occurrences, code.variables, strict=True):
            word = code.words[variable.word]
            assert occurrence.name in word or word in occurrence.name


def test_comments_and_the_docstring_are_no_words() -> None:
    (code,) = read(
        '''def total(items):
    """Add up what items cost."""
    result = 0  # so far
    for item in items:
        result += item.cost
    return f"{result} in " + "all of them"
''',
        "python",
    )["total"]
    assert code.doc == "Add up what items cost."
    assert " ".join(code.words) == (
        "def total ( items ) : result = 0 for item in items : result += item . cost"
        ' return f" { result }  in  " + "all of them"'
    )


def test_values_come_from_where_they_were_written() -> None:
    (code,) = read("func add(a, b int) int {\n\tsum := a + b\n\treturn sum\n}\n", "go")["add"]
    named = [code.words[variable.word] for variable in code.variables]
    sources = [[named[source] for source in one.sources] for one in code.variables]
    assert list(zip(named, sources, strict=True)) == [
        ("a", []),
        ("b", []),
        ("sum", ["a", "b"]),
        ("a", ["a"]),
        ("b", ["b"]),
        ("sum", ["sum"]),
    ]


def test_what_is_no_function_is_its_words() -> None:
    (code,) = read("class Till:\n    '''Holds money.'''\n    def pay(self): ...\n", "python")[
        "Till"
    ]
    assert code.words[:2] == ("Till", "class")
    assert (code.doc, code.variables) == ("Holds money.", ())


def test_a_long_function_is_parted_among_its_passages() -> None:
    lines = "\n".join(
        f"    value_{n} = compute_something_{n}(value_{n - 1})" for n in range(1, 200)
    )
    parts = read(f"def long(value_0):\n    'Says a lot.'\n{lines}\n", "python")["long"]
    assert len(parts) > 1
    assert [bool(part.doc) for part in parts] == [True] + [False] * (len(parts) - 1)
    words = [word for part in parts for word in part.words]
    assert words[:2] == ["def", "long"]
    assert words[-2:] == ["value_198", ")"]
    assert all(one.word < len(part.words) for part in parts for one in part.variables)


def test_parts_keep_the_variables_that_stand_in_them() -> None:
    whole = Code(
        ("a", "=", "b", "c", "=", "a"), (Variable(0, (1,)), Variable(2, ()), Variable(5, (0,)))
    )
    first, second = whole.parted(2)
    assert first == Code(("a", "=", "b"), (Variable(0, (1,)), Variable(2, ())))
    assert second == Code(("c", "=", "a"), (Variable(2, ()),))
