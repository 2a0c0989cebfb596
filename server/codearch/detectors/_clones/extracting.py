"""Moves copies that are exactly alike into one function: Python's, where all is known of them.

Of a family in one file, the longest run of whole statements is taken that stands in all its places
word by word, comments between them apart: those of the first place stay. What it reads
from around becomes parameters, what is read after them is returned, as the data flow tells. Where a
name may be without a value there, or where a jump, a scope or an exception would make a difference,
there is no fix.
"""

from __future__ import annotations

import re
import textwrap
from bisect import bisect_left
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._clones import extracting_script, extracting_typed
from codearch.detectors._clones.statements import (
    above,
    free_name,
    inside,
    may_share,
    runs_in_all,
)
from codearch.facts import CALLABLE_KINDS, Fix, Replacement
from codearch.flow import data_flow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tree_sitter import Node

    from codearch.detectors._clones.families import Place
    from codearch.detectors._clones.statements import Run
    from codearch.detectors._detector import FileView
    from codearch.facts import SymbolFact, Use
    from codearch.flow import DataFlow, Occurrence

_LANGUAGES = frozenset({"python", "javascript", *extracting_typed.TONGUES})
_MOST_INPUTS, _MOST_OUTPUTS = 5, 3
_MOST_PLACES = 8
_LOOPS = frozenset({"for_statement", "while_statement"})
_SIMPLE = "expression_statement"
# What means another thing in another function.
_REFUSED = frozenset(
    {
        "return_statement", "yield", "await", "delete_statement", "global_statement", "lambda",
        "nonlocal_statement", "function_definition", "class_definition", "named_expression",
        "import_statement", "import_from_statement", "match_statement", "async",
    }
)  # fmt: skip
_VALUES = frozenset({"parameter", "variable", "constant", "field"})
_JUMPS = frozenset({"break_statement", "continue_statement"})
_START = attrgetter("start_byte")
_SEES_NAMES = re.compile(
    rb"\b(?:super|locals|globals|vars|dir|eval|exec|__class__)\b|\b__[A-Za-z]\w*(?<!__)\b"
)


class _Copy(NamedTuple):
    """Neighbouring statements, the function that they stand in, and what goes in and out."""

    statements: Sequence[Node]
    function: Node
    symbol: SymbolFact
    inputs: dict[str, None]
    outputs: dict[str, None]

    @property
    def start(self) -> int:
        return self.statements[0].start_byte

    @property
    def end(self) -> int:
        return self.statements[-1].end_byte

    def holds(self, byte: int) -> bool:
        return self.start <= byte < self.end


def extraction(view: FileView, places: Sequence[Place]) -> Fix | None:
    """Return the fix that leaves one of several exact copies, in a function of its own."""
    sound = view.facts.language in _LANGUAGES and not view.facts.errors
    if not sound or len(places) > _MOST_PLACES or not may_share(view, places):
        return None
    root = view.program.root
    if root is None:
        return None
    if view.facts.language == "javascript":
        return extracting_script.extraction(view, root, places)
    if view.facts.language in extracting_typed.TONGUES:
        return extracting_typed.extraction(view, root, places)
    for runs in runs_in_all(view, root, places):
        copies = [copy for run in runs if (copy := _copy(view, run)) is not None]
        fix = _moved(view, copies) if len(copies) == len(places) else None
        if fix is not None:
            return fix
    return None


def _moved(view: FileView, copies: Sequence[_Copy]) -> Fix | None:
    inputs = list(dict.fromkeys(name for copy in copies for name in copy.inputs))
    outputs = list(dict.fromkeys(name for copy in copies for name in copy.outputs))
    if len(inputs) > _MOST_INPUTS or len(outputs) > _MOST_OUTPUTS:
        return None
    if not all(_is_sound(copy, inputs, outputs) for copy in copies):
        return None
    return _fix(view, copies, inputs, outputs)


# --- what a copy is -------------------------------------------------------------------------------


def _copy(view: FileView, statements: Run) -> _Copy | None:
    function = _function(statements[0])
    if function is None or _SEES_NAMES.search(
        view.source, statements[0].start_byte, statements[-1].end_byte
    ):
        return None
    symbol = next(
        (
            each
            for each in view.facts.symbols
            if each.kind in CALLABLE_KINDS and each.body_byte == _body_start(function)
        ),
        None,
    )
    if symbol is None or not all(_moves(each) for each in statements) or _unbinds(function):
        return None
    copy = _Copy(statements, function, symbol, {}, {})
    if _uses_inner_definitions(view, copy):
        return None
    _name(copy, data_flow(view.program, symbol.span), _reads(view, copy))
    return copy


def _body_start(function: Node) -> int:
    body = function.child_by_field_name("body")
    return body.start_byte if body is not None else -1


def _function(node: Node) -> Node | None:
    """Return the function around, None where it is in another one, or is a coroutine's part."""
    functions = [each for each in above(node) if each.type in {"function_definition", "lambda"}]
    return functions[0] if len(functions) == 1 else None


def _moves(statement: Node) -> bool:
    """Say whether a statement does the same in a function of its own."""
    for each in inside(statement):
        if each.type in _REFUSED:
            return False
        if each.type == "string" and each.start_point[0] != each.end_point[0]:
            return False  # its lines would be indented otherwise
        if each.type in _JUMPS:
            loops = (up for up in above(each) if up.type in _LOOPS)
            loop = next(loops, None)
            if loop is None or loop.start_byte < statement.start_byte:
                return False
    return True


def _unbinds(function: Node) -> bool:
    """Say whether a function shares names with the code around it, or takes values from names."""
    for each in inside(function):
        if each.type in {"global_statement", "nonlocal_statement"}:
            return True
        if each.type == "delete_statement" and _names(each):
            return True
    return False


def _uses_inner_definitions(view: FileView, copy: _Copy) -> bool:
    """Say whether a copy needs a class, function or import that its own function makes."""
    made = view.facts.definitions
    return any(
        made[each.definition].scope != 0 and made[each.definition].kind not in _VALUES
        for each in _uses(view, copy)
        if each.definition >= 0
    )


def _uses(view: FileView, copy: _Copy) -> Sequence[Use]:
    """Return the uses of names in a copy: a file has many, and many runs that may be copies."""
    uses = view.once("uses in order", lambda: sorted(view.facts.uses, key=_START))
    return uses[bisect_left(uses, copy.start, key=_START) : bisect_left(uses, copy.end, key=_START)]


def _reads(view: FileView, copy: _Copy) -> list[str]:
    """Return the function's own parameters that are read in a copy and written nowhere in it."""
    parameters = {each.name.lstrip("*") for each in copy.symbol.parameters}
    uses = _uses(view, copy)
    written = {each.name for each in uses if each.kind == "write"}
    return [each.name for each in uses if each.name in parameters - written]


def _name(copy: _Copy, flow: DataFlow, reads: Iterable[str]) -> None:
    """Fill in what goes in and what comes out."""
    looped = any(
        each.type in _LOOPS and each.start_byte > copy.function.start_byte
        for each in above(copy.statements[0])
    )
    copy.inputs.update(dict.fromkeys(reads))
    for edge in flow.edges:
        target = flow.nodes[edge.target]
        if edge.relation != "comesFrom" or target.kind not in {"parameter", "local"}:
            continue
        for source in (flow.nodes[each] for each in edge.sources):
            if not copy.holds(source.start) and copy.holds(target.start):
                copy.inputs[target.name] = None
            elif copy.holds(source.start) and not copy.holds(target.start):
                copy.outputs[source.name] = None
            elif looped and copy.holds(source.start) and _comes_round(source, target):
                copy.inputs[target.name] = copy.outputs[target.name] = None


def _comes_round(source: Occurrence, target: Occurrence) -> bool:
    return source.start >= target.start


# --- what may be moved ----------------------------------------------------------------------------


def _is_sound(copy: _Copy, inputs: Sequence[str], outputs: Sequence[str]) -> bool:
    """Say whether every input has a value before a copy, and every output after it."""
    parameters = {each.name.lstrip("*") for each in copy.symbol.parameters}
    before = parameters | _bound_before(copy)
    if not before.issuperset(inputs):
        return False
    bound = set(inputs)
    for each in copy.statements:
        bound |= _bound_by(each)
    if not bound.issuperset(outputs):
        return False
    if not outputs:
        return True
    # Somebody else sees a name before all of the copy has run, or after an exception in it.
    around = {each.type for each in above(copy.statements[0])}
    inner = {each.type for each in inside(copy.function) if each != copy.function}
    return "try_statement" not in around and not inner & {"function_definition", "lambda"}


def _bound_before(copy: _Copy) -> set[str]:
    """Return the names that certainly have a value where a copy begins."""
    found: set[str] = set()
    node: Node | None = copy.statements[0]
    while node is not None and node != copy.function:
        before = node.prev_named_sibling
        while before is not None:
            found |= _bound_by(before)
            before = before.prev_named_sibling
        node = node.parent
        if node is not None and node.type == "for_statement":
            found |= _names(node.child_by_field_name("left"))
        if node is not None and node.type == "with_statement":
            found |= _bound_by(node)
    return found


def _bound_by(statement: Node) -> set[str]:
    """Return the names that a statement certainly binds."""
    found: set[str] = set()
    if statement.type == _SIMPLE:
        given: Node | None = statement.named_children[0]
        while given is not None and given.type in {"assignment", "augmented_assignment"}:
            value = given.child_by_field_name("right")
            found |= _names(given.child_by_field_name("left")) if value is not None else set()
            given = value  # a = b = c
    if statement.type == "with_statement":
        for each in inside(statement.named_children[0]):
            if each.type == "as_pattern_target":
                found |= _names(each)
    return found


def _names(target: Node | None) -> set[str]:
    """Return the plain names of a target: not those of what has attributes or items."""
    if target is None or target.type in {"attribute", "subscript"}:
        return set()
    if target.type == "identifier":
        return {(target.text or b"").decode(errors="replace")}
    return {name for each in target.named_children for name in _names(each)}


# --- what is written ------------------------------------------------------------------------------


def _body(view: FileView, copy: _Copy) -> str:
    """Return a copy's lines, without the indentation that all have."""
    line = view.lines.starts[copy.statements[0].start_point[0]]
    text = view.source[line : copy.end].decode("utf-8", "replace").replace("\r\n", "\n")
    return textwrap.dedent(text)


def _fix(
    view: FileView, copies: Sequence[_Copy], inputs: Sequence[str], outputs: Sequence[str]
) -> Fix:
    name = free_name(view, f"_part_of_{copies[0].symbol.name.strip('_')}")
    end = "\r\n" if b"\r\n" in view.source else "\n"
    indent = "\t" if view.source[: copies[0].start].endswith(b"\t") else "    "
    body = textwrap.indent(_body(view, copies[0]), indent).split("\n")
    if outputs:
        body.append(f"{indent}return {', '.join(outputs)}")
    lines = [f"def {name}({', '.join(inputs)}):", *body, "", "", ""]
    call = f"{name}({', '.join(inputs)})"
    given = f"{', '.join(outputs)} = {call}"
    top = _top(view, copies[0])
    made = Replacement(view.path, view.span(top, top), end.join(lines))
    calls = (
        Replacement(view.path, view.span(copy.start, copy.end), given if copy.outputs else call)
        for copy in copies
    )
    return Fix(f"Move the {len(copies)} copies into `{name}`", False, (made, *calls))


def _top(view: FileView, copy: _Copy) -> int:
    """Return where the function or class begins in the file, with the comments above it."""
    node = [copy.function, *above(copy.function)][-2]
    line = node.start_point[0]
    while line > 0 and view.line_text(line - 1).startswith("#"):
        line -= 1
    return view.lines.starts[line]
