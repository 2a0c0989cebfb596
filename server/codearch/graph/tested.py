"""Which symbols a test tests: those it calls, most surely those it is named after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.graph.resolution import ResolvedCall, TestLink
from codearch.text import split_identifier

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codearch.facts import FileFacts
    from codearch.graph.calls import Reading

LEAST = 0.4  # confidence of a call that may show what is tested
NAMED = 0.95
CALLED = 0.75
TEST_WORDS = frozenset({"test", "tests", "should", "it", "spec", "case", "when"})


def test_links(reading: Reading, calls: Iterable[ResolvedCall]) -> list[TestLink]:
    """Return what the tests of a file test: what they call that is no test and stands elsewhere."""
    best: dict[tuple[int, str, int], float] = {}
    for call in calls:
        test = _test_around(reading.facts, reading.facts.calls[call.index].caller)
        if test < 0 or call.confidence < LEAST or _is_help(reading, call):
            continue
        key = (test, call.path, call.symbol)
        sure = call.confidence * (NAMED if _named_after(reading, test, call) else CALLED)
        best[key] = max(best.get(key, 0.0), round(sure, 3))
    return [TestLink(*key, sure) for key, sure in sorted(best.items())]


def _test_around(facts: FileFacts, symbol: int) -> int:
    """Return the outermost callable test around a symbol, else the innermost test, -1 for none."""
    while symbol >= 0:
        if facts.symbols[symbol].test and facts.symbols[symbol].kind != "module":
            return symbol
        symbol = facts.symbols[symbol].parent
    return -1


def _is_help(reading: Reading, call: ResolvedCall) -> bool:
    """Say whether a call goes to the test file itself or to another test."""
    if call.path == reading.path:
        view = reading.view
        index = call.symbol
        while index >= 0 and not view.outline.members[index].test:
            index = view.outline.members[index].parent
        return (
            index >= 0
            or any(each.test for each in reading.facts.symbols[:1])
            or (_is_test_path(reading.path))
        )
    view_there = reading.atlas.view(call.path)
    return (
        view_there is None
        or view_there.outline.members[call.symbol].test
        or (_is_test_path(call.path))
    )


def _is_test_path(path: str) -> bool:
    """Say whether a file lies where tests lie, or is named as tests are."""
    parts = [split_identifier(part) for part in path.split("/")]
    return any(part and (part[0] in {"test", "tests"} or "tests" in part[-2:]) for part in parts)


def _named_after(reading: Reading, test: int, call: ResolvedCall) -> bool:
    """Say whether the words of the called name stand in the test's name, or in its container's."""
    view = reading.atlas.view(call.path)
    if view is None:
        return False
    symbol = reading.facts.symbols[test]
    name = set(split_identifier(f"{symbol.container} {symbol.name}")) - TEST_WORDS
    member = view.outline.members[call.symbol]
    if member.name in reading.atlas.naming(view.language).constructors and member.parent >= 0:
        member = view.outline.members[member.parent]  # tests are named after what is made
    words = split_identifier(member.name)
    return bool(words) and set(words) <= name
