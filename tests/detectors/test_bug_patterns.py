"""Code with holes, compared with code: what fits, in each language and place."""

from __future__ import annotations

import time

import pytest

from codearch.detectors._patterns import (
    Pattern,
    TemplateError,
    indexed,
    places,
    read_patterns,
    template,
)

PYTHON = "def f(a, b=[]):\n    if a:\n        g()\n        h()\n    return a == b\n"
FITS = [
    ("python", "if $X:\n    $...BODY", PYTHON, ["if a:\n        g()\n        h()"]),
    ("python", "if $X:\n    $S", PYTHON, []),
    ("python", "def $F($...A, $X=[], $...B):\n    $...C", PYTHON, [PYTHON.strip()]),
    ("python", "except:\n    pass", "try:\n    f()\nexcept:\n    pass\n", ["except:\n    pass"]),
    ("python", "$X.close()\n$...S\n$X.read()", "a.close()\nb()\na.read()\nc.read()\n", None),
    ("python", 'run("$TEXT" % $X)', "run('a %s' % b)\nrun('a')\n", ["run('a %s' % b)"]),
    ("python", "f($_, $_)", "f(a, b)\nf(a)\n", ["f(a, b)"]),
    ("python", "f($X, $X)", "f(a, b)\nf(a[ 1 ], a[1])\n", []),
    ("python", "f($X, $X)", "f(a.b, a.b)\n", ["f(a.b, a.b)"]),
    ("javascript", "$X == null", "if (a.b == null || a === null) c()", ["a.b == null"]),
    ("javascript", "{ a: $X }", "f({ a: 3 }, { b: 4 })", ["{ a: 3 }"]),
    ("javascript", "let $X;", "let y = 3; let z;", ["let z;"]),
    (
        "javascript",
        "catch ($E) { }",
        "try { a() } catch (e) { /* no */ }",
        ["catch (e) { /* no */ }"],
    ),
    ("typescript", "$X as any", "const y = f(x) as any; const z = x as Any", ["f(x) as any"]),
    (
        "java",
        "$X.equals($X)",
        "class A { boolean b = a.equals(a) || a.equals(b); }",
        ["a.equals(a)"],
    ),
    ("java", "catch ($T $E) { }", "class A { void f() { try { g(); } catch (B b) { } } }", None),
    ("java", "int hashCode() { return $X; }", "class A { int hashCode() { return 1; } }", None),
    ("java", 'if ($A == "$T") $B', 'class A { void f() { if (a == "b") g(); } }', None),
    (
        "csharp",
        "catch ($T) { throw; }",
        "class A { void F() { try { } catch (B) { throw; } } }",
        None,
    ),
    ("csharp", "lock (this) { $...B }", "class A { void F() { lock (this) { a(); b(); } } }", None),
    ("c", "$A * $B", "int f(int a) { int *b; return a * 3; }", ["a * 3"]),
    ("c", "$X = $F($X, $N);", "void f(void) { p = g(p, 3); q = g(p, 3); }", ["p = g(p, 3);"]),
    (
        "c",
        "if ($A = $B) $S",
        "void f(void) { if (a = 3) g(); if (a == 3) g(); }",
        ["if (a = 3) g();"],
    ),
    ("cpp", "delete $X;", "void f() { delete p; delete[] q; }", ["delete p;"]),
    ("cpp", "catch (...) { }", "void f() { try { g(); } catch (...) { } }", ["catch (...) { }"]),
    ("go", "$X, _ := $F($...A)", "package p\nfunc f() { a, _ := g(1, 2); b := h() }", None),
    (
        "go",
        "for $I := range $X { go $F() }",
        "package p\nfunc f() { for i := range x { go g() } }",
        None,
    ),
    ("rust", "$X.unwrap()", "fn f() { a.b().unwrap(); c.unwrap_or(1); }", ["a.b().unwrap()"]),
    ("rust", "println!($...A)", 'fn f() { println!("a {}", b); }', ['println!("a {}", b)']),
]


@pytest.mark.parametrize(
    ("language", "find", "code", "expected"), FITS, ids=[f"{f[0]}: {f[1]}" for f in FITS]
)
def test_what_fits(language: str, find: str, code: str, expected: list[str] | None) -> None:
    pattern = Pattern(id="a", languages=(language,), find=find)
    source = code.encode()
    found = [
        source[place.start_byte : place.end_byte].decode()
        for place in places(pattern, language, indexed(source, language))
    ]
    if expected is None:
        assert len(found) == 1
    else:
        assert found == expected


def test_a_hundred_patterns_in_a_long_file_take_little_time() -> None:
    source = "\n".join(
        f"def f{n}(a, b):\n    if a.x is None:\n        return open(b.y{n}).read()\n    return b"
        for n in range(750)
    ).encode()
    began = time.process_time()
    searched = indexed(source, "python")
    read_seconds = time.process_time() - began
    finds = ("open($P).write()", "$X.y7 == None", "if $X is $Y:\n    raise $E", "load{}($X)")
    patterns = [
        Pattern(id=f"a{n}", languages=("python",), find=finds[n % 4].format(n)) for n in range(100)
    ]
    for pattern in patterns:
        pattern.templates("python")  # read once, for all files
    began = time.process_time()
    assert not any(places(pattern, "python", searched) for pattern in patterns)
    assert time.process_time() - began < 10 * read_seconds + 0.2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", "means nothing here"),
        ("pattern = 1", "tables"),
        ('[[pattern]]\nid = "A b"\nlanguages = ["c"]\nfind = "a()"', "small letters"),
        ('[[pattern]]\nid = "a"\nlanguages = []\nfind = "a()"', "at least one of"),
        ('[[pattern]]\nid = "a"\nlanguages = ["c"]', "find"),
        ('[[pattern]]\nid = "a"\nlanguages = ["c"]\nfind = "a()"\nseverity = 9', "1 to 5"),
        ('[[pattern]]\nid = "a"\nlanguages = ["c"]\nfind = "a($X)"\nwhere.Y.regex = "b"', "$Y"),
        (
            '[[pattern]]\nid = "a"\nlanguages = ["c"]\nfind = "a($X)"\nwhere.X.regex = "("',
            "regular",
        ),
        ('[[pattern]]\nid = "a"\nlanguages = ["c"]\nfind = "a("', "grammar"),
        ('[[pattern]]\nid = "a"\nlanguages = ["c"]\nfind = "$X($Y)"', "nearly everything"),
    ],
)
def test_what_is_wrong_with_a_pattern_is_said(text: str, said: str) -> None:
    read = read_patterns(text.encode())
    assert read.patterns == ()
    assert said in read.faults[0].message


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        (r"^sys\.", ""),
        (r"^(read|write|close)$", ""),
        (r"^\w+\.\w+\(", ""),
        (r"(?:self\.)?[a-z_]+", ""),
        (r"\(\*+\)[*+]{2}", ""),
        (r"(foo\.)*bar", ""),
        (r"^(\w+\s?)*$", "repeats what repeats"),
        (r"(a|aa)*b", "repeats what repeats"),
        (r"((a+))+", "repeats what repeats"),
        (r"(a+){2,}", "repeats what repeats"),
        (r"(?:(?P<x>a?b?)){30}", "repeats what repeats"),
        (r"[)]*([+]*)+", "repeats what repeats"),
        (r".*a.*b.*c.*d", "more than 3 repeats"),
        ("a?" * 30 + "a" * 30, "more than 6 choices"),
        ("(a|aa)" * 30, "more than 6 choices"),
    ],
)
def test_an_expression_that_could_take_for_ever_is_none(expression: str, said: str) -> None:
    """It comes with a repository that somebody cloned, and nothing could interrupt it."""
    text = (
        f"[[pattern]]\nid = 'a'\nlanguages = ['c']\nfind = 'f($X)'\nwhere.X.regex = '{expression}'"
    )
    read = read_patterns(text.encode())
    assert bool(read.patterns) is not bool(said)
    assert all(said in fault.message for fault in read.faults)


def test_a_long_text_fits_no_expression() -> None:
    text = "[[pattern]]\nid = 'a'\nlanguages = ['python']\nfind = 'f($X)'\nwhere.X.regex = '^a'"
    (pattern,) = read_patterns(text.encode()).patterns
    source = f"f(abc)\nf({'a' * 201})\n".encode()
    assert len(places(pattern, "python", indexed(source, "python"))) == 1


def test_what_is_nested_without_end_is_no_pattern() -> None:
    assert read_patterns(b"a = " + b"[" * 100_000).faults


def test_any_number_of_nodes_between_others_is_found_in_a_long_row() -> None:
    """Without reading for each end what the hole before it would stand for."""
    numbers = ", ".join(str(number) for number in range(20_000))
    source = f"x = [{numbers}, last, 1]\ny = [{numbers}]\n".encode()
    pattern = Pattern(id="a", languages=("python",), find="[$...A, last, $...B]")
    assert len(places(pattern, "python", indexed(source, "python"))) == 1
    with pytest.raises(TemplateError, match="in a row"):
        template("[$...A, x, $...B, x, $...C, x, $...D]", "python")
