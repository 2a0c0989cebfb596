"""What tests may reach, by names alone: whatever is named on a way from them counts as reached."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from codearch.facts import CALLABLE_KINDS, TYPE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import Project
    from codearch.facts import File, FileFacts

_WORD = re.compile(rb"[A-Za-z_$][\w$]*")
_TABLES = frozenset({"c", "cpp"})  # functions in tables are called by whoever has the table
_MADE = frozenset({"__init__", "__new__", "__call__", "constructor"})


class Reached(NamedTuple):
    """The names on the ways that begin in tests, and how many files of tests there are."""

    names: frozenset[bytes]
    tests: int


def reached(project: Project, files: list[File]) -> Reached:
    """Return all names that tests, and what these names mean, have in their text.

    That is more than what they call: a name in a string, or of another class, counts as well.
    """
    told: set[bytes] = set()
    leads: dict[bytes, list[set[bytes]]] = defaultdict(list)
    tests = 0
    ways = _imported_by_tests(project, files)
    for file in files:
        project.check_cancelled()
        source = project.source(file.path)
        if file.test:
            tests += 1
            told.update(_WORD.findall(source))
            continue
        facts = project.facts(file.path)
        for name, words in _definitions(facts, source):
            leads[name].append(words)
        inline = [each.span for each in facts.symbols if each.test]
        for span in inline:
            told.update(_WORD.findall(source, span.start_byte, span.end_byte))
        tests += bool(inline)
        if file.path in ways or file.language in _TABLES:
            told.update(
                call.name.encode()
                for call in facts.calls
                if facts.symbols[call.caller].kind == "module"
            )
    return Reached(_closure(told, leads), tests)


def _closure(told: set[bytes], leads: dict[bytes, list[set[bytes]]]) -> frozenset[bytes]:
    waiting = list(told)
    while waiting:
        for words in leads.pop(waiting.pop(), ()):
            new = words - told
            told |= new
            waiting.extend(new)
    return frozenset(told)


def _definitions(facts: FileFacts, source: bytes) -> Iterator[tuple[bytes, set[bytes]]]:
    """Yield each definition's name, and the names in its text; of types, without their methods."""
    for index, symbol in enumerate(facts.symbols):
        span = symbol.span
        if symbol.kind in CALLABLE_KINDS:
            words = set(_WORD.findall(source, symbol.lead_byte, span.end_byte))
            yield symbol.name.encode(), words
            if symbol.name in _MADE and symbol.parent >= 0:
                yield facts.symbols[symbol.parent].name.encode(), words
        elif symbol.kind in TYPE_KINDS:
            inside = [each for each in facts.symbols if each.parent == index]
            words = set()
            at = symbol.lead_byte
            for each in inside:
                words.update(_WORD.findall(source, at, each.lead_byte))
                at = max(at, each.span.end_byte)
            words.update(_WORD.findall(source, at, span.end_byte))
            yield symbol.name.encode(), words


def _imported_by_tests(project: Project, files: list[File]) -> set[str]:
    """Return the files whose top-level code runs when tests are loaded."""
    targets: dict[str, list[str]] = defaultdict(list)
    for edge in project.import_graph():
        targets[edge.source].append(edge.target)
    found = {file.path for file in files if file.test}
    waiting = list(found)
    while waiting:
        for target in targets[waiting.pop()]:
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found
