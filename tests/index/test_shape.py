"""Two versions of a file are alike where only comments and layout differ, and nowhere else."""

from __future__ import annotations

import pytest

from codearch import languages
from codearch.index.shape import moved, same_structure, shape_of
from codearch.parse import parse

TWINS = {
    "python": ("import os\n\n\ndef f(a):\n    return os.stat(a)\n", "# why\n", "def f"),
    "javascript": (
        "import os from 'os'\nfunction f(a) { return os.stat(a) }\n",
        "// why\n",
        "func",
    ),
    "typescript": (
        "import os from 'os'\nfunction f(a: T): U { return os.stat(a) }\n",
        "/* why */\n",
        "func",
    ),
    "java": ("class A { int f(int a) { return Os.stat(a); } }\n", "// why\n", "int f"),
    "csharp": ("class A { int F(int a) { return Os.Stat(a); } }\n", "// why\n", "int F"),
    "go": ("package a\n\nfunc F(a int) int { return os.Stat(a) }\n", "// why\n", "func"),
    "rust": ("fn f(a: u8) -> u8 { os::stat(a) }\n", "/* why */\n", "fn f"),
    "c": ("int f(int a) { return os_stat(a); }\n", "/* why */\n", "int f"),
    "cpp": ("int f(int a) { return os::stat(a); }\n", "// why\n", "int f"),
}


def shape(text: str, language: str) -> bytes:
    source = text.encode()
    return shape_of(parse(source, languages.by_name(language)), source)


@pytest.mark.parametrize("language", TWINS)
def test_a_comment_changes_places_alone(language: str) -> None:
    text, comment, at = TWINS[language]
    later = text.replace(at, "\n" + comment + at, 1)
    assert same_structure(shape(text, language), shape(later, language))
    assert shape(text, language) != shape(later, language)
    assert shape(text, language) == shape(text + "\n" + comment, language)


@pytest.mark.parametrize("language", TWINS)
@pytest.mark.parametrize(("old", "new"), [("tat(a)", "tat(b)"), ("tat(a)", "can(a)")])
def test_another_name_is_another_structure(language: str, old: str, new: str) -> None:
    text = TWINS[language][0]
    assert not same_structure(shape(text, language), shape(text.replace(old, new), language))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f():\n    a()\nb()\n", "def f():\n    a()\n    b()\n"),  # another scope
        ("a(b())\n", "a()\nb()\n"),  # an argument less
        ("from x import y\n", "from .x import y\n"),
        ("class A(B):\n    pass\n", "class A(C):\n    pass\n"),
        ("def f():\n    return g()\n", "def f(g):\n    return g()\n"),
    ],
)
def test_what_resolution_could_see_is_another_structure(before: str, after: str) -> None:
    assert not same_structure(shape(before, "python"), shape(after, "python"))


def test_places_are_found_by_where_they_were() -> None:
    before = parse(b"def f():\n    g(h(1))\n", languages.by_name("python"))
    now = parse("# ä\ndef f():\n    # 🫖\n    g( h(1))\n".encode(), languages.by_name("python"))
    places = moved(before, now)
    assert {start: (span.line, span.column) for start, span in places.items() if start} == {
        4: (1, 4),  # f
        13: (3, 4),  # g
        15: (3, 7),  # h
    }
