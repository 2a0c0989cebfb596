"""From a function's tree to terms. What is a loop or a branch, the language's flows already say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.detectors._algorithms import literals
from codearch.detectors._algorithms.statements import BY_SHAPE
from codearch.detectors._algorithms.terms import NOTHING, Term, do, number, operation, steps
from codearch.detectors._algorithms.words import (
    BINARY,
    INDEXES,
    LISTS,
    OPERATORS,
    PAIRS,
    UNARY,
    UNWRAPPED,
    names,
)
from codearch.facts import NO_SPAN
from codearch.flow.lowering import Lowering
from codearch.languages._flows import Function

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from codearch.facts import Span
    from codearch.flow import Program
    from codearch.languages._language import Finder

_DEEPEST = 120  # nodes in nodes; deeper ones are no algorithm
_MOST = 6_000  # nodes of a function


class TooLargeError(Exception):
    """A function is too long, or too deep, to be read."""


def read_function(program: Program, node: Node, span: Span) -> Term:
    """Return the body of a function, its parameters before it; raises TooLargeError."""
    assert program.flows is not None  # noqa: S101 - nodes come from flows
    reader = Reader(Lowering(program, program.flows, span, deep=False))
    return reader.function(node)


def read_value(program: Program, node: Node) -> Term:
    """Return what a statement outside of functions says; raises TooLargeError."""
    assert program.flows is not None  # noqa: S101 - nodes come from flows
    return Reader(Lowering(program, program.flows, NO_SPAN, deep=False)).read(node)


class Reader:
    """Reads one function."""

    def __init__(self, low: Lowering) -> None:
        self.low = low
        self.flows = low.flows
        self.left = _MOST
        self.depth = 0

    # --- nodes --------------------------------------------------------------------------------

    def read(self, node: Node | None) -> Term:
        """Return what a node says."""
        if node is None or (node.type in self.flows.ignored and node.type not in _NAMES):
            return NOTHING
        self.left -= 1
        if self.left < 0 or self.depth > _DEEPEST:
            raise TooLargeError
        self.depth += 1
        try:
            return self._read(node)
        finally:
            self.depth -= 1

    def _read(self, node: Node) -> Term:
        shape = self.low.shape(node)
        if shape is not None:
            reader = BY_SHAPE.get(type(shape))
            found = reader(self, node, shape) if reader else None
            if found is not None:
                return found
        if node.type in self.flows.literals or node.type in literals.KINDS:
            return self.literal(node)
        by_kind = _BY_KIND.get(node.type)
        if by_kind is not None:
            return by_kind(self, node)
        inside = self.all(node) if node.named_child_count else ()
        if not inside:
            return self.name(node)
        return inside[0] if len(inside) == 1 else steps(*inside)

    def all(self, node: Node) -> tuple[Term, ...]:
        """Return what the children say."""
        found = (self.read(each) for each in self.low.parts(node))
        return tuple(each for each in found if each != NOTHING or len(node.named_children) < 3)

    def at(self, node: Node, finder: Finder) -> Term:
        """Return what a node's part says."""
        return self.read(self.low.find(node, finder))

    def text(self, node: Node | None) -> str:
        """Return a node's source."""
        return self.low.text(node) if node is not None else ""

    def operator(self, node: Node) -> str:
        """Return a node's operator in the words of all."""
        found = node.child_by_field_name("operator")
        if found is None:
            found = next((each for each in node.children if not each.is_named), None)
        written = self.text(found)
        return OPERATORS.get(written, written)

    # --- leaves -------------------------------------------------------------------------------

    def name(self, node: Node) -> Term:
        """Return a name, or a word that stands for a value."""
        written = self.text(node)
        return literals.word(written) or Term("name", written.lstrip("$@"))

    def literal(self, node: Node) -> Term:
        """Return a literal; one with code inside is put together by a call."""
        inside = [each for each in _descendants(node) if each.type in self.flows.interpolations]
        if inside:
            return Term("call", "formatted", (NOTHING, *map(self.read, inside)))
        if any(each.type in self.flows.literals for each in node.named_children):
            parts = self.all(node)
            return parts[0] if parts else NOTHING
        return literals.literal(node.type, self.text(node))

    # --- expressions --------------------------------------------------------------------------

    def elements(self, node: Node) -> Term:
        """Return elements; one element in parentheses is itself."""
        parts = self.all(node)
        if parts and all(each.word == "map" for each in parts):
            return Term("map", "", tuple(part for each in parts for part in each.parts))
        if node.type == "expression_list" and len(parts) == 1:
            return parts[0]
        return Term("list", "", parts)

    def unwrapped(self, node: Node) -> Term:
        """Return what stands in parentheses, behind a cast, an `&`."""
        field = UNWRAPPED[node.type]
        inner = node.child_by_field_name(field) if field else None
        if inner is None:
            named = self.low.parts(node)
            inner = named[-1] if node.type == "reference_expression" and named else None
            if inner is None:
                parts = self.all(node)
                return parts[0] if len(parts) == 1 else Term("list", "", parts)
        return self.read(inner)

    def binary(self, node: Node) -> Term:
        """Return an operation on two operands."""
        named = self.low.parts(node)
        left = node.child_by_field_name("left") or (named[0] if named else None)
        right = node.child_by_field_name("right") or (named[-1] if named else None)
        return operation(self.operator(node), self.read(left), self.read(right))

    def chain(self, node: Node) -> Term:
        """Return Python's comparisons, each with the next."""
        named = self.low.parts(node)
        operators = [
            " ".join(self.text(each).split())
            for each in node.children
            if not each.is_named and self.text(each) not in "()"
        ]
        terms = [self.read(each) for each in named]
        found = [
            operation(OPERATORS.get(operator, operator), terms[i], terms[i + 1])
            for i, operator in enumerate(operators[: len(terms) - 1])
        ]
        return found[0] if len(found) == 1 else do("and", *found)

    def unary(self, node: Node) -> Term:
        """Return an operation on one operand; `*p` is what is at p."""
        named = self.low.parts(node)
        inner = self.read(named[-1] if named else None)
        operator = "not" if node.type == "not_operator" else self.operator(node)
        if operator == "*" and self.low.program.language.name != "rust":
            return Term("at", "pointer", (inner, number(0)))
        if operator == "-":
            return number(-float(inner.value)) if inner.word == "number" else do("minus", inner)
        if operator == "~" or (operator == "^" and self.low.program.language.name == "go"):
            return do("~", inner)
        return do("not", inner) if operator == "not" else inner

    def index(self, node: Node) -> Term:
        """Return an element of a collection, or a slice of it."""
        named = self.low.parts(node)
        if len(named) < 2:
            return self.read(named[0]) if named else NOTHING
        inside = named[1]
        while inside.type in _BRACKETS and inside.named_child_count == 1:
            inside = inside.named_children[0]
        collection = self.read(named[0])
        if inside.type == "slice":
            return Term("slice", "", (collection, *_ends(self, inside, ":")))
        if inside.type == "range_expression":
            return Term("slice", "", (collection, *_ends(self, inside, "..")))
        return Term("at", "", (collection, self.read(inside)))

    # --- functions ----------------------------------------------------------------------------

    def function(self, node: Node) -> Term:
        """Return a function: the names of its parameters, and its body."""
        shape = self.low.shape(node)
        body = self.low.find(node, shape.body) if isinstance(shape, Function) else None
        holder = node.child_by_field_name("parameters") or node.child_by_field_name("parameter")
        declarator = node.child_by_field_name("declarator")
        while holder is None and declarator is not None:
            holder = declarator.child_by_field_name("parameters")
            declarator = declarator.child_by_field_name("declarator")
        names = tuple(Term("name", each) for each in self._parameters(holder))
        return Term("function", "", (Term("list", "", names), self.read(body)))

    def _parameters(self, holder: Node | None) -> list[str]:
        if holder is None:
            return []
        if not holder.named_child_count:
            return [self.text(holder)]
        return [
            self.text(each)
            for each in _descendants(holder)
            if each.type in _NAMES and each.type != "type_identifier"
        ]


def _descendants(node: Node) -> list[Node]:
    found: list[Node] = []
    pending = list(node.named_children)
    while pending and len(found) < _MOST:
        here = pending.pop()
        found.append(here)
        pending += here.named_children
    return sorted(found, key=lambda each: each.start_byte)


def _ends(reader: Reader, node: Node, mark: str) -> tuple[Term, Term]:
    """Return both ends of a slice or range, `nothing` where one is left out."""
    ends, second = [NOTHING, NOTHING], False
    for each in node.children:
        if each.is_named:
            ends[second] = reader.read(each)
        elif reader.text(each).startswith(mark):
            second = True
    return ends[0], ends[1]


_NAMES = names("""
    identifier field_identifier property_identifier shorthand_property_identifier
    qualified_identifier scoped_identifier shorthand_property_identifier_pattern
    type_identifier
""")
_BRACKETS = frozenset({"bracketed_argument_list", "argument", "subscript_argument_list"})


def _range(reader: Reader, node: Node) -> Term:
    first, end = _ends(reader, node, "..")
    closed = any(reader.text(each) == "..=" for each in node.children if not each.is_named)
    return Term("range", "to the end" if closed else "", (first, end, number(1)))


def _qualified(reader: Reader, node: Node) -> Term:
    """`Ordering::Less`, `std::string::npos`: the last name."""
    written = reader.text(node).replace("::", ".").split(".")[-1]
    return literals.word(written) or Term("member", written, (NOTHING,))


def _made(reader: Reader, node: Node) -> Term:
    """An array or a list that is made: with its elements, or of some size."""
    for each in ("value", "body", "initializer"):
        inner = node.child_by_field_name(each)
        if inner is not None:
            return reader.read(inner)
    elements = next((each for each in node.named_children if each.type in LISTS), None)
    return reader.read(elements) if elements is not None else Term("list")


def _variant(reader: Reader, node: Node) -> Term:
    """`Some(x)` in a pattern: x."""
    kind = node.child_by_field_name("type")
    parts = [reader.read(each) for each in reader.low.parts(node) if each != kind]
    return parts[0] if len(parts) == 1 else Term("list", "", tuple(parts))


def _either(reader: Reader, node: Node) -> Term:
    return do("or", *reader.all(node))


_BY_KIND: dict[str, Callable[[Reader, Node], Term]] = {
    **dict.fromkeys(LISTS, Reader.elements),
    **dict.fromkeys(PAIRS, lambda reader, node: Term("map", "", reader.all(node)[:2])),
    **dict.fromkeys(UNWRAPPED, Reader.unwrapped),
    **dict.fromkeys(BINARY, Reader.binary),
    **dict.fromkeys(UNARY, Reader.unary),
    **dict.fromkeys(INDEXES, Reader.index),
    "comparison_operator": Reader.chain,
    "range_expression": _range,
    "scoped_identifier": _qualified,
    "qualified_identifier": _qualified,
    "composite_literal": _made,
    "array_creation_expression": _made,
    "compound_literal_expression": _made,
    "tuple_struct_pattern": _variant,
    "or_pattern": _either,
}
