"""Follows values: through assignments, texts that they become part of, and one call."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from codearch.detectors._security.calls import Site, Sites, part
from codearch.detectors._security.functions import Functions
from codearch.detectors._security.tables import PARAMETER, Table, before_fits
from codearch.detectors._security.values import (
    CONSTANT,
    MOST_TEXT,
    UNKNOWN,
    Origin,
    Value,
    joined,
)
from codearch.detectors._security.variables import Variables, parts
from codearch.languages._flows import Assign, Choice, Place
from codearch.languages._nodes import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from codearch.facts import FileFacts
    from codearch.flow import Program
    from codearch.languages._flows import Flows

_MOST_PARTS = 40
_MOST_DEEP = 40  # expressions and assignments from a sink to a source
_MOST_STEPS = 1_500  # expressions of a file that are looked at
UNKNOWN_NUMBER = CONSTANT  # arithmetic gives numbers
_LOGICAL = frozenset({"==", "!=", "<", ">", "<=", ">=", "===", "!==", "in", "not in"})
_BINARY = frozenset({"binary_operator", "binary_expression"})
_COMPREHENSIONS = frozenset(
    {"list_comprehension", "set_comprehension", "generator_expression", "dictionary_comprehension"}
)
_LISTS = frozenset(
    {
        "list",
        "tuple",
        "array",
        "set",
        "expression_list",
        "array_expression",
        "initializer_expression",
    }
)


def _below(node: Node, depth: int) -> Iterator[Node]:
    for child in node.named_children:
        yield child
        if depth > 1:
            yield from _below(child, depth - 1)


def _handed(origin: Origin, parameter: Origin, site: Site) -> Origin:
    """Return an origin after what a function did to the parameter that it was given for."""
    return replace(
        origin,
        composed=origin.composed or parameter.composed,
        led=origin.led or parameter.led,
        trail=(*parameter.trail, site.node, *origin.trail),
        safe_for=origin.safe_for | parameter.safe_for,
    )


@dataclass
class Reader:
    """Follows the values of one file."""

    functions: Functions
    _steps: int = 0
    _values: dict[tuple[int, int], Value] = field(default_factory=dict)
    _open: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.program: Program = self.functions.program
        self.root: Node = self.functions.root
        self.flows: Flows = self.functions.flows
        self.facts: FileFacts = self.functions.facts
        self.table: Table = self.functions.table
        self.sites: Sites = self.functions.sites
        self.variables = Variables(self.functions, self.value)

    # --- expressions --------------------------------------------------------------------------

    def value(self, node: Node | None, depth: int = 0, *, calls: int = 1) -> Value:
        """Return what is known of an expression; `calls` is how many may be looked into."""
        if node is None or depth > _MOST_DEEP or node.id in self._open:
            return UNKNOWN
        self._steps += 1
        if self._steps > _MOST_STEPS:
            return UNKNOWN
        known = self._values.get((node.id, calls))
        if known is None:
            self._open.add(node.id)
            try:
                known = self._value(node, depth + 1, calls)
            finally:
                self._open.discard(node.id)
            self._values[node.id, calls] = known
        return known

    def _value(self, node: Node, depth: int, calls: int) -> Value:
        if node.type in self.flows.literals:
            return self._literal(node, depth, calls)
        if node.type in self.table.names:
            return self._source(node) or self.variables.value_at(node, depth, calls)
        several = self._parts_of(node)
        if several is not None:
            return joined([self.value(each, depth, calls=calls) for each in several])
        site = self.sites.of_node(node)
        if site is not None:
            return self._called(site, depth, calls)
        return self._shaped(node, depth, calls)

    def _parts_of(self, node: Node) -> list[Node] | None:
        """Return the nodes whose values are a node's own, None where it is more than they are."""
        if node.type in self.flows.parentheses or node.type in self.table.carriers:
            return [each for each in node.named_children if "type" not in each.type][:_MOST_PARTS]
        if node.type in self.flows.lists or node.type in _LISTS:
            return node.named_children[:_MOST_PARTS]
        if node.type in _COMPREHENSIONS:
            return node.named_children[:1]
        shape = self.sites.shape(node)
        return parts(node, shape.values) if isinstance(shape, Assign) else None

    def _shaped(self, node: Node, depth: int, calls: int) -> Value:
        shape = self.sites.shape(node)
        if isinstance(shape, Place):
            return self._source(node) or self._member(node, shape, depth, calls)
        if isinstance(shape, Choice):
            return self._choice(node, depth, calls)
        if node.type in _BINARY:
            return self._sum(node, depth, calls)
        return self._source(node) or UNKNOWN

    def _literal(self, node: Node, depth: int, calls: int) -> Value:
        inside = [each for each in _below(node, 2) if each.type in self.flows.interpolations]
        if not inside:
            return Value(constant=True, text=text(node)[:MOST_TEXT])
        found = [
            self.value(part_of, depth, calls=calls)
            for each in inside
            for part_of in each.named_children[:4]
            if "format" not in part_of.type and "brace" not in part_of.type
        ]
        leads = not re.match(rb"[\$@brRfF]*[\"'`]+[{$]", node.text or b"")
        whole = joined(found, composed=True, led=leads)
        return replace(whole, text=(text(node) + " " + whole.text)[:MOST_TEXT])

    def _sum(self, node: Node, depth: int, calls: int) -> Value:
        operator = text(node.child_by_field_name("operator"))
        if operator not in self.table.sums:
            return CONSTANT if operator in _LOGICAL else UNKNOWN_NUMBER
        sides = (node.child_by_field_name("left"), node.child_by_field_name("right"))
        found = [self.value(each, depth, calls=calls) for each in sides]
        if operator == "%" and not found[0].text:
            return CONSTANT
        if self.table.schemes and re.fullmatch(self.table.schemes, found[0].text):
            return replace(
                joined(found[1:], composed=True), text=f"{found[0].text} {found[1].text}"
            )
        return joined(found, composed=True)

    def _choice(self, node: Node, depth: int, calls: int) -> Value:
        named = [each for each in node.named_children if "comment" not in each.type]
        condition = node.child_by_field_name("condition")
        if condition is None and len(named) == 3:  # Python's
            condition = named[1]
        parts = [each for each in named if condition is None or each.id != condition.id]
        return joined([self.value(each, depth, calls=calls) for each in parts])

    def _member(self, node: Node, shape: Place, depth: int, calls: int) -> Value:
        if shape.name and re.fullmatch(
            self.table.constant_names, text(node.child_by_field_name(shape.name))
        ):
            return CONSTANT
        whole = part(node, shape.object)
        if whole is None or (text(whole) in self.flows.self_words):
            return UNKNOWN
        found = self.value(whole, depth, calls=calls)
        if not found.origins:
            return replace(found, text="")
        written = " ".join(text(node).split())
        return Value(
            tuple(
                replace(each, text=written)
                if each.function is not None and not each.trail and len(written) <= 40
                else each
                for each in found.origins
            )
        )

    def _source(self, node: Node) -> Value | None:
        written = text(node)
        if len(written) > 200:
            return None
        canonical = self.functions.as_sources_write(written, node)
        for kind, pattern in self.table.source_patterns:
            if pattern.match(canonical):
                return Value((Origin(kind, node, " ".join(written.split())[:60]),))
        return None

    # --- calls --------------------------------------------------------------------------------

    def _called(self, site: Site, depth: int, calls: int) -> Value:
        written = self.functions.as_sources_write(site.callee + "(", site.node)
        for kind, pattern in self.table.source_patterns:
            if pattern.match(written):
                return Value((Origin(kind, site.node, " ".join(text(site.node).split())[:60]),))
        safe = {
            rule
            for before, rule in self.table.cleaning.get(site.name, ())
            if before_fits(before, site.befores, site.receiver_text)
        }
        if "*" in safe:
            return CONSTANT
        if safe:
            given = self._given(site, depth, calls)
            return Value(
                tuple(replace(each, safe_for=each.safe_for | safe) for each in given.origins)
            )
        passing = [
            (before, composes)
            for before, composes in self.table.passing.get(site.name, ())
            if before_fits(before, site.befores, site.receiver_text)
        ]
        if passing:  # a callee that is named beside its module goes before any method of the name
            before, composes = min(passing, key=lambda each: each[0] == "*")
            if before == "*" and not composes:
                return self.value(site.receiver, depth, calls=calls)
            found = self._given(site, depth, calls, composed=composes)
            return self._inline(site, found, depth, calls) if self.table.inline else found
        return self._inside(site, depth, calls)

    def _given(self, site: Site, depth: int, calls: int, *, composed: bool = False) -> Value:
        """Return the value that a call's receiver and arguments make together."""
        parts = [*site.positional, *site.named.values()]
        if site.receiver is not None:
            parts.insert(0, site.receiver)
        found = [self.value(each, depth, calls=calls) for each in parts[:12]]
        known = [each for each in found if each.origins or each.text or each.constant]
        return joined(known, composed=composed) if known else UNKNOWN

    def _inline(self, site: Site, found: Value, depth: int, calls: int) -> Value:
        """Add the variables that a format names in braces."""
        named = [
            self._by_name(name, argument, depth, calls)
            for argument in site.positional[:2]
            if argument.type in {"string_literal", "raw_string_literal"}
            for name in re.findall(r"(?<!\{)\{([a-z_]\w*)(?::[^}]*)?\}", text(argument))
        ]
        return joined([found, joined(named, composed=True, led=True)]) if named else found

    def _by_name(self, name: str, at: Node, depth: int, calls: int) -> Value:
        """Return the value of a variable that is named in a text: of its last writing before."""
        function = self.functions.function_of(at)
        start = function.start_byte if function is not None else 0
        last = None
        for each in self.facts.definitions:
            if each.name == name and start <= each.span.start_byte < at.start_byte:
                last = each
        if last is None:
            return UNKNOWN
        node = self.root.named_descendant_for_byte_range(
            last.span.start_byte, last.span.end_byte - 1
        )
        return self.variables.written(node, depth, calls) if node is not None else UNKNOWN

    def _inside(self, site: Site, depth: int, calls: int) -> Value:
        """Return what a function of this file gives back, with what it is given here."""
        index = self.functions.callee(site)
        if calls <= 0 or index < 0:
            return UNKNOWN
        symbol = self.facts.symbols[index]
        function = self.functions.function_at(symbol.span)
        if function is None:
            return UNKNOWN
        names = [each.name for each in symbol.parameters]
        if names and names[0] in self.flows.self_words:
            names = names[1:]
        results: list[Value] = []
        for node in self.functions.returned(function):
            value = self.value(node, depth, calls=calls - 1)
            results.append(Value(text=value.text))
            for origin in value.origins:
                if origin.kind != PARAMETER or origin.function is None:
                    results.append(Value((origin,)))
                else:
                    given = site.of_parameter(text(origin.node), names)
                    found = self.value(given, depth, calls=calls - 1)
                    results += [Value((_handed(each, origin, site),)) for each in found.origins]
        return joined(results) if results else UNKNOWN
