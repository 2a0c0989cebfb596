"""Statements that nothing reaches and that stand there for a reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._dead_code import core_of, shape_of
from codearch.languages._flows import Function, Jump

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from codearch.detectors._dead_code import DeadCode
    from codearch.detectors._detector import FileView

# What makes a function a generator or a coroutine wherever in it it stands, reached or not.
_MAKES_GENERATOR = {
    "python": frozenset({"yield"}),
    "csharp": frozenset({"yield_statement"}),
    "cpp": frozenset({"co_return_statement", "co_yield_statement", "co_await_expression"}),
}
_PREPROCESSED = frozenset({"c", "cpp", "csharp"})
_DIRECTIVE = re.compile(rb"^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif|else|endif)\b", re.MULTILINE)
_COMPILE_TIME = re.compile(rb"if\s+constexpr\b")
# Says of itself that it is never reached: a guard for whoever changes what is before, or for tools.
_GUARD = re.compile(
    rb"(?i)un_?reach|not.?reach|never|impossible|exhaust|should(?:n.?t| not)"
    rb"|can(?:not|.?t) (?:happen|get|be)|compiler|lint|mypy|pyright|warning"
)
_REMARK_BYTES = 120  # before or after it, in which a remark says so
_ASSERTS = re.compile(
    rb"(?i)(?:\w+(?:\.|::))*\w*(?:assert|unreachable|panic|abort|fail|die)\w*!?\s*\("
)
_NO_VALUE = re.compile(rb"[=({]")
_DECLARES = re.compile(r"declaration|type_alias|import|empty_statement|using_|global_|nonlocal_")
_TYPES_ALONE = re.compile(r"import_statement|import_from_statement|pass_statement")


def kept(file: FileView, dead: DeadCode) -> bool:
    """Say whether dead code is meant to be there, or may not be dead in another build."""
    return (
        _is_torn(dead)
        or _depends_on_build(file, dead)
        or _makes_generator(file, dead)
        or _is_guard(file, dead)
        or all(_does_nothing(file, dead, each) for each in dead.statements)
    )


def _is_torn(dead: DeadCode) -> bool:
    """Say whether the parser did not understand what stands here."""
    if dead.reason == "ways" and dead.function.has_error:
        return True
    if dead.cause.has_error or any(each.has_error for each in dead.statements):
        return True
    around = dead.statements[0].parent
    return around is not None and any(each.is_error for each in around.children)


def _depends_on_build(file: FileView, dead: DeadCode) -> bool:
    """Say whether an `#if`, or a template, decides what is compiled of the cause."""
    if file.facts.language not in _PREPROCESSED:
        return False
    if _COMPILE_TIME.match(file.source, core_of(dead.program, dead.cause).start_byte):
        return True
    begin = min(dead.cause.start_byte, dead.start)
    return _DIRECTIVE.search(file.source, begin, dead.end) is not None


def _makes_generator(file: FileView, dead: DeadCode) -> bool:
    """Say whether the function is a generator because of what stands here, and of nothing else.

    A bare `yield` behind a `return` has no other use, whatever else makes one of the function.
    """
    kinds = _MAKES_GENERATOR.get(file.facts.language)
    if kinds is None:
        return False
    if all(file.source[each.start_byte : each.end_byte] == b"yield" for each in dead.statements):
        return True
    inside = [
        dead.start <= each.start_byte < dead.end for each in _own_nodes(dead) if each.type in kinds
    ]
    return bool(inside) and all(inside)


def _own_nodes(dead: DeadCode) -> Iterator[Node]:
    """Yield the nodes of its function without those of functions inside."""
    pending = [dead.function]
    while pending:
        node = pending.pop()
        yield node
        pending += [
            each
            for each in node.named_children
            if not isinstance(shape_of(dead.program, each), Function)
        ]


def _is_guard(file: FileView, dead: DeadCode) -> bool:
    """Say whether a lone statement is there in case that what is before it goes on after all.

    Compilers do not know all calls that never return, and want a `return` after them.
    """
    if len(dead.statements) > 1:
        return False
    statement = dead.statements[0]
    core = core_of(dead.program, statement)
    shape = shape_of(dead.program, core)
    raises = isinstance(shape, Jump) and shape.kind == "raise"
    asserts = core.type == "assert_statement" or bool(
        _ASSERTS.match(file.source, statement.start_byte, statement.end_byte)
    )
    if dead.reason == "call":
        return isinstance(shape, Jump) or asserts
    if raises or asserts:
        return dead.reason in {"ways", "loop"} or _says_so(file, dead)
    return isinstance(shape, Jump) and _says_so(file, dead)


def _says_so(file: FileView, dead: DeadCode) -> bool:
    begin = max(dead.cause.end_byte, dead.start - _REMARK_BYTES)
    line_end = file.source.find(b"\n", dead.end)
    end = min(line_end if line_end >= 0 else dead.end, dead.end + _REMARK_BYTES)
    return _GUARD.search(file.source, min(begin, dead.start), max(end, dead.end)) is not None


def _does_nothing(file: FileView, dead: DeadCode, node: Node) -> bool:
    """Say whether a statement only declares: names without values, types, what types need."""
    text = file.source[node.start_byte : node.end_byte]
    if dead.reason == "condition" and _TYPES_ALONE.fullmatch(node.type):
        return True  # the time before `TYPE_CHECKING`
    return _DECLARES.search(node.type) is not None and not _NO_VALUE.search(text)
