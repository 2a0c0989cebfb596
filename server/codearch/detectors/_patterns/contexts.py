"""Where a piece of code is put so that its grammar reads it: as a value, statements, a member."""

from __future__ import annotations

import re
from typing import NamedTuple


class Context(NamedTuple):
    """What stands around a piece of code; `fits` says of which pieces it is tried."""

    before: str
    after: str
    fits: re.Pattern[str]


_ANY = re.compile("")
_OPEN = re.compile(r"[^;}]\s*\Z")  # ends as no statement does, so it is a value
_BRACED = re.compile(r"\s*\{")  # a block to a statement, a literal to a value

_ALONE = Context("", "\n", _ANY)
_CATCH = re.compile(r"\s*(?:catch|finally)\b")
_ECMASCRIPT = (
    Context("try { }\n", "\n", _CATCH),
    Context("x = ", "\n", _BRACED),
    _ALONE,
    Context("class A {\n", "\n}\n", _ANY),
)
_C_FAMILY = (
    Context("void f(void) { x = ", "; }\n", _OPEN),
    Context("void f(void) {\n", "\n}\n", _ANY),
    _ALONE,
)
_CLASSES = (
    Context("class A { void f() { try { }\n", "\n} }\n", _CATCH),
    Context("class A { void f() { x = ", "; } }\n", _OPEN),
    Context("class A { void f() {\n", "\n} }\n", _ANY),
    Context("class A {\n", "\n}\n", _ANY),
    _ALONE,
)

CONTEXTS: dict[str, tuple[Context, ...]] = {
    "python": (
        _ALONE,
        Context("try:\n    x\n", "\n", re.compile(r"(?:except|finally)\b")),
        Context("if x:\n    x\n", "\n", re.compile(r"(?:elif|else)\b")),
    ),
    "javascript": _ECMASCRIPT,
    "typescript": _ECMASCRIPT,
    "java": _CLASSES,
    "csharp": _CLASSES,
    "c": _C_FAMILY,
    "cpp": (
        Context("void f() { try { }\n", "\n}\n", _CATCH),
        *_C_FAMILY,
        Context("class A {\n", "\n};\n", _ANY),
    ),
    "go": (
        Context("package p\nfunc f() {\n", "\n}\n", _ANY),
        Context("package p\nfunc f() {\nx = ", "\n}\n", _ANY),
        Context("package p\n", "\n", _ANY),
    ),
    "rust": (
        Context("fn f() { let x = ", "; }\n", _OPEN),
        Context("fn f() {\n", "\n}\n", _ANY),
        _ALONE,
        Context("impl A {\n", "\n}\n", _ANY),
    ),
}
# Nodes that stay what they are around a hole: a hole in a block is one statement of it.
KEPT_AROUND_HOLES = re.compile(
    r"block|body|_list|declarator|module|program|unit|source_file|arguments|parameters"
)
TEXT_OF_STRINGS = re.compile(r"string.*(?:content|fragment)|^(?:string_content|character)$")
EMPTY_SIGNS = frozenset({",", ";", "\n", ""})  # what divides is not compared
QUOTES = frozenset({"'", '"'})
FUNCTIONS = re.compile(
    r"(?:function|method|constructor|local_function|func)_"
    r"(?:definition|declaration|item|statement|literal)|lambda"
)
# A hole that is a statement needs an end: one before a bracket that closes, or at a line's end.
# In C# no bare name is a statement.
ENDS = {"c": ";", "cpp": ";", "java": ";", "rust": ";", "csharp": "++;"}
