"""What clones rest on: tokens, prints, alignments, families, and what an edit costs."""

from __future__ import annotations

import random
from collections.abc import Mapping

import msgspec
import numpy as np
import pytest
from memory_project import MemoryProject

from codearch.detectors import Remembered, run_project
from codearch.detectors._clones.families import Pair, Place, families
from codearch.detectors._clones.finding import Least, Seen, found_in
from codearch.detectors._clones.lexicons import LEXICONS
from codearch.detectors._clones.prints import GRAM, WINDOW, chosen, grams
from codearch.detectors._clones.sequences import common
from codearch.detectors._clones.tokens import NAME, VALUE, Tokens, tokens_of
from codearch.detectors.clone import DETECTOR
from codearch.facts import File, FileFacts
from codearch.settings import RuleSettings

LEAST = Least(6, 50)
SOURCES = {
    "python": '"""Doc."""\nimport os\n\n# note\ndef go(a):\n    """Doc."""\n    return a + "b"\n',
    "javascript": "import a from 'b'\n\n// note\n\nfunction go (a) {\n\n  return a + 'b'\n}\n",
    "typescript": "import a from 'b'\n\n/* x\n*/\nfunction go (a) {\n\n  return a + `b`\n}\n",
    "java": 'package x;\nimport a.B;\n\n// note\nint go(int a) {\n\n  return a + "b";\n}\n',
    "go": 'package x\n\nimport "os"\n\nfunc go(a int) int {\n\n\treturn a + "b"\n}\n',
    "rust": '//! doc\nuse a::b;\n#[test]\n\nfn go(a: &\'a str) {\n\n    a + "b"\n}\n',
    "c": '#include <a.h>\n#define A \\\n  1\n/* x */\nint go(int a) {\n\n  return a + "b";\n}\n',
    "cpp": '#include <a.h>\nusing namespace a;\n\n// x\nint go(int a) {\n\n  return a + "b";\n}\n',
    "csharp": 'using A.B;\nnamespace X;\n\n// x\nint Go(int a) {\n\n  return a + "b";\n}\n',
}


@pytest.mark.parametrize("language", sorted(LEXICONS))
def test_imports_and_comments_are_no_tokens_and_lines_are_counted_through_them(
    language: str,
) -> None:
    tokens = tokens_of(SOURCES[language].encode(), language)
    assert tokens.lines[0] == 4
    assert tokens.forms.tolist().count(VALUE) == 1
    assert tokens.lines[tokens.forms == VALUE].tolist() == [6]
    assert NAME in tokens.forms


def test_files_that_share_a_stretch_share_a_print() -> None:
    rng = np.random.default_rng(1)
    size = GRAM + WINDOW - 1
    for _ in range(50):
        first, second = rng.integers(16, 60, (2, 400), dtype=np.uint32)
        a, b = rng.integers(0, 400 - size, 2)
        second[b : b + size] = first[a : a + size]
        prints = []
        for forms in (first, second):
            hashes = grams(Tokens(forms, forms, np.zeros(400, np.int32)))
            prints.append(set(hashes[chosen(hashes)].tolist()))
        assert prints[0] & prints[1]


def test_prints_are_few() -> None:
    forms = np.random.default_rng(2).integers(16, 60, 10_000, dtype=np.uint32)
    hashes = grams(Tokens(forms, forms, np.zeros(10_000, np.int32)))
    assert len(chosen(hashes)) < 2.5 * 10_000 / WINDOW


def test_the_longest_common_subsequence_is_the_longest() -> None:
    rng = random.Random(3)
    for _ in range(100):
        first = rng.choices("abcd", k=rng.randrange(12))
        second = rng.choices("abcd", k=rng.randrange(12))
        assert common(first, second) == _slowly(first, second)


def _slowly(first: list[str], second: list[str]) -> int:
    if not first or not second:
        return 0
    if first[0] == second[0]:
        return 1 + _slowly(first[1:], second[1:])
    return max(_slowly(first[1:], second), _slowly(first, second[1:]))


def test_pairs_become_one_family_and_what_lies_inside_a_larger_one_is_none() -> None:
    a, b, c = (Place(f"{name}.py", 0, 19) for name in "abc")
    inner_a, inner_b = Place("a.py", 5, 12), Place("b.py", 5, 12)
    found = families(
        [Pair(a, b, 1, 200), Pair(b, c, 2, 200), Pair(inner_a, inner_b, 1, 80)],
    )
    assert [family.places for family in found] == [(a, b, c)]
    assert found[0].type == 2


def test_a_part_that_also_stands_elsewhere_is_a_family_with_one_known_place() -> None:
    a, b = Place("a.py", 0, 19), Place("b.py", 0, 19)
    inner, other = Place("a.py", 5, 12), Place("d.py", 30, 37)
    found = families([Pair(a, b, 1, 200), Pair(inner, other, 1, 80)])
    assert [(family.places, family.known) for family in found] == [
        ((a, b), ()),
        ((other,), (inner,)),
    ]


FUNCTION = """
def load_{name}(path, cache):
    key = path.lower()
    if key in cache:
        return cache[key]
    with open(path) as file:
        rows = [row.strip() for row in file if row.strip()]
    if not rows:
        raise ValueError(path)
    cache[key] = dict(row.split("=", 1) for row in rows)
    return cache[key]
"""


class Counted(MemoryProject):
    """Notes which sources are read."""

    def __init__(self, files: Mapping[str, str]) -> None:
        super().__init__(files)
        self.read: list[str] = []

    def symbols(self, path: str, /):  # type: ignore[no-untyped-def]
        self.read.append(path)
        return super().symbols(path)


def test_an_edit_has_only_what_it_touches_read_again() -> None:
    files = {f"{name}.py": FUNCTION.format(name=name) for name in ("one", "two")}
    files |= {f"x{n}.py": f"def f{n}(a):\n    return a.b{n}(1)\n" for n in range(20)}
    seen = Seen()
    first = found_in(Counted(files), LEAST, seen).families
    assert [[place.path for place in family.places] for family in first] == [["one.py", "two.py"]]
    edited = Counted(files | {"x3.py": FUNCTION.format(name="three")})
    second = found_in(edited, LEAST, seen).families
    assert [len(family.places) for family in second] == [3]
    assert set(edited.read) == {"one.py", "two.py", "x3.py"}
    unchanged = Counted(files | {"x3.py": FUNCTION.format(name="three")})
    assert found_in(unchanged, LEAST, seen).families == second
    assert unchanged.read == []


@pytest.mark.parametrize("kinds", [3, 400])
def test_a_file_that_repeats_itself_takes_no_square_of_time(kinds: int) -> None:
    rows = [f"    if a.b{n % kinds}(c): return d.e(f, g{n})" for n in range(3000)]
    source = "def go(a, c, d, f):\n" + "\n".join(rows) + "\n"
    found_in(Counted({"a.py": source, "b.py": source}), LEAST, Seen())


class Known(Counted):
    """Tells contents apart by their text, as the index does."""

    def file(self, path: str) -> File | None:
        found = super().file(path)
        return found and msgspec.structs.replace(found, digest=str(hash(self.source(path))))

    def facts(self, path: str) -> FileFacts:
        self.read.append(f"facts of {path}")
        return super().facts(path)


def test_findings_of_what_has_not_changed_are_taken_as_they_were() -> None:
    files = {f"{name}.py": FUNCTION.format(name=name) for name in ("one", "two")}
    rule, settings = [DETECTOR], {"clone": RuleSettings(severity=5)}
    completed = {"clone": Remembered()}
    first = run_project(rule, Known(files), None, completed)
    project = Known(files)
    project.read.clear()
    assert run_project(rule, project, None, completed) == first
    assert "facts of one.py" not in project.read
    assert [each.severity for each in run_project(rule, project, settings, completed)] == [5]
    marked = files | {"one.py": "# codearch: ignore[clone] known\n" + files["one.py"].lstrip()}
    assert run_project(rule, Known(marked), None, completed) == []
