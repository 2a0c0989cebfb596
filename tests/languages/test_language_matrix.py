"""Every construct in every language: each cell is a case file, or a line saying why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from fact_rendering import render
from language_cases import FOLDER, absent, read

from codearch.languages import all_languages, by_name

CONSTRUCTS = {
    "functions": "free functions: signature, parameters, return type, defaults, variadics",
    "methods": "methods, constructors, static and abstract ones, accessors; nested functions",
    "classes": "classes with fields; nested classes",
    "interfaces": "interfaces and protocols",
    "structs": "structs and unions",
    "traits": "traits",
    "enums": "enumerations",
    "records": "records and data classes with a syntax of their own",
    "type-aliases": "names given to types",
    "namespaces": "namespaces, modules inside a file",
    "impls": "blocks that give methods to a type defined elsewhere, and methods defined outside",
    "macros": "macros",
    "function-values": "functions held by variables, fields and members of objects",
    "docs": "doc comments and docstrings, leading comments, licences that are no docs",
    "comments": "comments of all kinds, and where they belong",
    "imports": "imports in all their forms",
    "exports": "what is visible outside the file, and re-exports",
    "scopes": "scopes, definitions and uses; shadowing; declared before or after",
    "calls": "calls with receivers and their evident types; functions passed by name",
    "inheritance": "what a type inherits from or implements",
    "decorators": "decorators, annotations, attributes",
    "generics": "type parameters and their bounds",
    "tests": "what is a test",
    "top-level": "code outside of definitions",
    "complexity": "cyclomatic and cognitive complexity, nesting, lines of code",
    "spans": "bytes, lines and UTF-16 columns, beyond ASCII",
}
GRAMMATICAL = sorted(name for name, each in all_languages().items() if each.grammar)
TEXTUAL = sorted(name for name, each in all_languages().items() if not each.grammar)
FILES = sorted(path for path in FOLDER.glob("*/*.md") if path.name != "absent.md")


@pytest.mark.parametrize("construct", CONSTRUCTS)
@pytest.mark.parametrize("language", GRAMMATICAL)
def test_every_construct_has_a_case_or_a_reason(language: str, construct: str) -> None:
    case = FOLDER / language / f"{construct}.md"
    assert case.exists() != (construct in absent(language)), f"{case} or a line in absent.md"


@pytest.mark.parametrize("language", TEXTUAL)
def test_every_text_language_has_a_case(language: str) -> None:
    assert (FOLDER / language / "sections.md").exists()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_case(path: Path) -> None:
    language = by_name(path.parent.name)
    assert language.grammar is None or path.stem in CONSTRUCTS
    cases = read(path)
    assert cases
    for case in cases:
        facts = case.facts(language)
        for category, expected in case.expected.items():
            assert render(facts, category) == expected, category
