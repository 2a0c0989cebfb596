"""C and C++ as they come: headers of either, conditionals inside statements, macros in the way."""

from __future__ import annotations

import pytest

from codearch.facts import FileFacts
from codearch.languages import by_name, by_path
from codearch.parse import parse
from patience import takes_linear_time


def parsed(source: str, language: str = "c") -> FileFacts:
    return parse(source.encode(), by_name(language))


def names(facts: FileFacts) -> list[str]:
    return [symbol.name for symbol in facts.symbols[1:]]


def called(facts: FileFacts) -> set[str]:
    return {call.name for call in facts.calls}


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("#ifndef A_H\n#define A_H\nint f(void);\nstruct point { int x; };\n", "c"),
        ('#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void);\n', "c"),
        ("/* class of its own, public: no */\nint class_of(int x);\n", "c"),
        ("#pragma once\n#include <string>\n", "cpp"),
        ("#include <stdint.h>\nnamespace app {\n", "cpp"),
        ("class Shape {\n public:\n", "cpp"),
        ("template <typename T>\nT twice(T x);\n", "cpp"),
        ("int size(const std::string& s);\n", "cpp"),
        ("// -*- C++ -*-\n", "cpp"),
        ("", "c"),
    ],
)
def test_a_header_is_of_the_language_that_it_shows(head: str, expected: str) -> None:
    found = by_path("include/x.h", head.encode())
    assert found is not None
    assert found.name == expected


def test_both_branches_stay_where_each_is_whole() -> None:
    facts = parsed(
        "#ifdef A\nint f(void) { return a(); }\n#else\nint g(void) { return b(); }\n#endif\n"
    )
    assert names(facts) == ["f", "g"]
    assert called(facts) == {"a", "b"}
    assert not facts.errors


BROKEN = [
    """int f(int x)
{
#ifdef A
    if (x > one()) {
#else
    if (x > two()) {
#endif
        act();
    }
}
""",
    """#ifdef A
int f(int x)
#else
int f(long x)
#endif
{
    act();
}
""",
    """int f(int x)
{
    if (x)
        act();
#ifdef A
    else if (x > 1)
        other();
#endif
    else
        last();
}
""",
    """int f(int x)
{
    return act(x,
#ifdef A
        one(),
#endif
        two());
}
""",
    """int f(int x)
{
    return x &&
#ifdef A
        act() &&
#endif
        x;
}
""",
    """#ifdef __cplusplus
extern "C" {
#endif
int f(int x) { return act(); }
#ifdef __cplusplus
}
#endif
""",
]


@pytest.mark.parametrize("source", BROKEN)
def test_conditionals_inside_statements_break_nothing(source: str) -> None:
    facts = parsed(source + "int after(void) { return 0; }\n")
    assert not facts.errors
    assert names(facts) == ["f", "after"]
    assert "act" in called(facts)


def test_what_is_left_out_moves_nothing() -> None:
    source = BROKEN[0] + "int after(void) { return later(); }\n"
    facts = parsed(source)
    last = facts.symbols[-1]
    assert source.encode()[last.name_span.start_byte : last.name_span.end_byte] == b"after"
    assert source.splitlines()[last.name_span.line].startswith("int after")


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("c", "LIB_API int f(int x) { return x; }"),
        ("c", "static LIB_INLINE const char *f(void);"),
        ("c", "int f(const char *fmt, ...) LIB_PRINTF(1, 2);"),
        ("c", "void WINAPI f(int x) {}"),
        ("c", "static int LIB_CALL f(int x) { return 0; }"),
        ("c", "int f __P((int, char *));"),
        ("c", "void f(void) { TAILQ_FOREACH(a, &list, next) use(a); }"),
        ("c", "void f(void) { check(a, ==, b); take(x, , y); up(a, struct b, c); }"),
        ("c", "int f(va_list ap) { return *va_arg(ap, const char *); }"),
        ("cpp", "class LIB_API ALIGNED(8) f : public B { int x; };"),
        ("cpp", "void f() EXCLUDES(lock_) { }"),
        ("cpp", 'FLAG(int, size, 8, "help");\nvoid f() {}'),
        ("cpp", "LIB_BEGIN_NAMESPACE\nvoid f() {}"),
        ("cpp", 'void f() { auto x = new Item*[3]; print("%" PRIu64, x); }'),
        ("cpp", "export module app;\nimport std;\nexport int f();"),
    ],
)
def test_macros_are_no_syntax(language: str, source: str) -> None:
    facts = parsed(source + "\n", language)
    assert not facts.errors
    assert names(facts) == ["f"]


def test_macros_leave_conditions_and_constants_alone() -> None:
    facts = parsed("int f(int x) { x |= MY_ATTRIBUTE; if (x) RETURN_IT(x); return (int) LIMIT; }\n")
    assert {use.name for use in facts.uses} >= {"MY_ATTRIBUTE", "LIMIT"}
    assert "RETURN_IT" in called(facts)


@pytest.mark.parametrize(
    "piece", ["#if A\n", "#if A\n(\n", "#else\n", "A(\n", "class A B\n", "new a<", "<", "A_HEAD("]
)
def test_what_never_ends_takes_linear_time(piece: str) -> None:
    def work(times: int) -> None:
        for language in ("c", "cpp"):
            assert parsed(piece * times, language).symbols

    takes_linear_time(work, 20_000)
