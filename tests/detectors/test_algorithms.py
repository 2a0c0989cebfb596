"""One algorithm in several languages: what is said in many ways is one, and what it costs."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest
from memory_project import MemoryProject

from codearch.detectors._algorithms.comparing import Known, Reader, algorithms
from codearch.detectors._algorithms.functions import marks_of
from codearch.detectors._algorithms.likeness import contradiction
from codearch.detectors._detector import ProjectView
from codearch.detectors.clone_cross_language import DETECTOR
from codearch.errors import Cancelled
from codearch.facts import CALLABLE_KINDS, File

SUFFIXES = {"python": "py", "go": "go", "java": "java", "rust": "rs", "c": "c", "csharp": "cs"}
SUFFIXES |= {"cpp": "cpp", "javascript": "js", "typescript": "ts"}
KEYS = {
    "keys.py": """
def key_of(data):
    value = 2166136261
    for byte in data:
        value ^= byte
        value = value * 16777619 & 0xFFFFFFFF
    return value
""",
    "keys.go": """
package keys

func KeyOf(data []byte) uint32 {
	value := uint32(2166136261)
	for _, b := range data {
		value ^= uint32(b)
		value *= 16777619
	}
	return value
}
""",
    "other.go": """
package keys

func Sum(xs []int) int {
	sum := 0
	for _, x := range xs {
		sum += x
	}
	return sum
}
""",
}


def marks(language: str, source: str) -> Counter[str]:
    path = f"a.{SUFFIXES[language]}"
    view = ProjectView(MemoryProject({path: source})).view(path)
    found = [n for n, each in enumerate(view.facts.symbols) if each.kind in CALLABLE_KINDS]
    return marks_of(view, found[0])


def wrapped(body: str, language: str) -> str:
    """Return a statement in a function of the language."""
    return {
        "python": f"def f(a, n, x, m):\n    {body}\n",
        "javascript": f"function f(a, n, x, m) {{ {body} }}",
        "java": f"class A {{ void f(int[] a, int n, int x, Map m) {{ {body} }} }}",
        "go": f"func f(a []int, n int, x int, m map[int]int) {{ {body} }}",
        "rust": f"fn f(a: &[i32], n: i32, x: i32) {{ {body} }}",
        "c": f"void f(int *a, int n, int x) {{ {body} }}",
        "cpp": f"void f(std::vector<int> a, int n, int x) {{ {body} }}",
        "csharp": f"class A {{ void F(int[] a, int n, int x) {{ {body} }} }}",
    }[language]


SAME = [
    ("python", "for i in range(n): a[i] = x", "c", "for (int i = 0; i < n; i++) a[i] = x;"),
    ("python", "for i in range(1, n + 1): a[i] = x", "java", "for (int i = 1; i <= n; i++) a[i] = x;"),
    ("python", "for i in range(2, n): a[i] = x", "rust", "for i in 2..n { a[i] = x; }"),
    ("python", "for i in range(n - 1, -1, -1): a[i] = x", "go", "for i := n - 1; i >= 0; i-- { a[i] = x }"),
    ("python", "for i in reversed(range(n)): a[i] = x", "rust", "for i in (0..n).rev() { a[i] = x; }"),
    ("python", "a[0], a[1] = a[1], a[0]", "c", "int t = a[0]; a[0] = a[1]; a[1] = t;"),
    ("python", "a[0] = max(a[0], x)", "go", "if x > a[0] { a[0] = x }"),
    ("python", "x = min(x, n)", "csharp", "x = x < n ? x : n;"),
    ("python", "m[0] = len(a) // 2", "javascript", "m[0] = Math.floor(a.length / 2);"),
    ("python", "x = n % 8", "c", "x = n & 7;"),
    ("python", "x = n * 16", "java", "x = n << 4;"),
    ("python", "x = n ** 2", "cpp", "x = n * n;"),
    ("python", "if x not in m: m[x] = n", "go", "if _, ok := m[x]; !ok { m[x] = n }"),
    ("python", "if not (n < x): a[0] = x", "rust", "if n >= x { a[0] = x; }"),
    ("python", "if n % 2 == 1: a[0] = 1", "cpp", "if (n & 1) a[0] = 1;"),
    ("python", "x = 0xFF00", "java", "x = 65_280;"),
]  # fmt: skip
OTHERWISE = [
    ("python", "for i in range(1, n): a[i] = x", "java", "for (int i = 1; i <= n; i++) a[i] = x;"),
    ("python", "a[0] = max(a[0], x)", "go", "if x < a[0] { a[0] = x }"),
    ("python", "x = n % 8", "c", "x = n & 3;"),
    ("python", "while a[x] < n: x += 1", "rust", "while a[x] <= n { x += 1; }"),
    ("python", "while a[x] < n: x += 1", "csharp", "while (n < a[x]) x++;"),
    ("python", "x = x * 31 + n", "javascript", "x = x * 33 + n;"),
    ("python", "x = n - a[0]", "cpp", "x = n + a[0];"),
    ("python", "if a[0] == x: a[1] = n", "java", "if (a[0] != x) a[1] = n;"),
    ("python", "a.append(x.lower())", "javascript", "a.push(x.toUpperCase());"),
]


@pytest.mark.parametrize(("one", "said", "other", "too"), SAME)
def test_what_is_said_otherwise_is_the_same(one: str, said: str, other: str, too: str) -> None:
    assert marks(one, wrapped(said, one)) == marks(other, wrapped(too, other))


@pytest.mark.parametrize(("one", "said", "other", "too"), OTHERWISE)
def test_another_operator_or_constant_is_no_copy(one: str, said: str, other: str, too: str) -> None:
    ours, theirs = marks(one, wrapped(said, one)), marks(other, wrapped(too, other))
    assert contradiction(ours, theirs)


class Counting(MemoryProject):
    """Says which files were read, and gives way after some of them."""

    read: list[str]
    patience = 100

    def source(self, path: str) -> bytes:
        self.read.append(path)
        return super().source(path)

    def file(self, path: str) -> File | None:
        found = super().file(path)
        return msgspec.structs.replace(found, digest=path) if found else None

    def check_cancelled(self) -> None:
        self.patience -= 1
        if self.patience < 0:
            raise Cancelled("somebody waits")


def counting(files: dict[str, str]) -> Counting:
    project = Counting(files)
    project.read = []
    return project


def test_a_file_is_read_again_only_when_it_is_another() -> None:
    project, known = counting(KEYS), Known()
    view = ProjectView(project, DETECTOR.limits)
    first = algorithms(view, Reader(view), known)
    project.read = []
    assert algorithms(view, Reader(view), known) == first
    assert "other.go" not in project.read


def test_what_was_read_before_giving_way_is_kept() -> None:
    project, known = counting(KEYS), Known()
    project.patience = 2
    view = ProjectView(project, DETECTOR.limits)
    with pytest.raises(Cancelled):
        algorithms(view, Reader(view), known)
    assert len(known.functions) == 2
    project.patience = 100
    assert len(algorithms(view, Reader(view), known)) == 1


def test_nothing_is_read_where_there_is_one_language() -> None:
    files = {path: text for path, text in KEYS.items() if path.endswith(".go")}
    project = counting(files)
    view = ProjectView(project, DETECTOR.limits)
    assert algorithms(view, Reader(view), Known()) == []
    assert project.read == []
