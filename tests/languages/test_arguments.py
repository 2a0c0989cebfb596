"""Comments between the arguments of a call are none of them, in any language."""

from __future__ import annotations

import pytest

from codearch.languages import all_languages
from codearch.parse import parse

SOURCES = {
    "c": "void run(void) { load(a, /* all */ b); }",
    "cpp": "void run() { load(a, /* all */ b); new Shop(a, // the first\n b); }",
    "csharp": "class A { void Run() { Load(a, /* all */ b); new Shop(a, /* the first */ b); } }",
    "go": "package shop\nfunc run() { load(a, /* all */ b); _ = Shop{a, /* the first */ b} }",
    "java": "class A extends B { A() { super(a, /* all */ b); new Shop(a, /* the first */ b); } }",
    "javascript": "load(a, /* all */ b); new Shop(a, /* the first */ b);",
    "python": "load(\n    a,  # all\n    b,\n)\n",
    "rust": "fn run() { load(a, /* all */ b); Shop { a, /* the first */ b }; }",
    "typescript": "load(a, /* all */ b); new Shop<A>(a, /* the first */ b);",
}


@pytest.mark.parametrize("name", SOURCES)
def test_comments_are_no_arguments(name: str) -> None:
    calls = parse(SOURCES[name].encode(), all_languages()[name]).calls
    assert {call.arguments for call in calls if call.kind != "reference"} == {2}, calls


def test_a_string_that_looks_like_a_comment_is_an_argument() -> None:
    calls = parse(b'load("http://a.b", "/* c */", "# d")\n', all_languages()["python"]).calls
    assert [call.arguments for call in calls] == [3]
