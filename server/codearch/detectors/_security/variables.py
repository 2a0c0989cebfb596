"""What variables hold, by what writes them: assignments, loops, parameters, calls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from codearch.detectors._security.calls import part
from codearch.detectors._security.functions import Functions
from codearch.detectors._security.tables import ARGUMENT
from codearch.detectors._security.values import CONSTANT, UNKNOWN, Origin, Value, joined, traced
from codearch.languages._flows import Assign, Call, Each, Function
from codearch.languages._nodes import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from codearch.detectors._security.calls import Sites
    from codearch.detectors._security.tables import Table
    from codearch.facts import FileFacts
    from codearch.languages._flows import Flows

_MOST_UP = 7  # parents between a variable and what writes it
_IF_NONE = frozenset({"??=", "||=", "&&="})
_PAIRED = frozenset(
    {"pattern_list", "tuple_pattern", "expression_list", "tuple", "tuple_expression"}
)


class Reads(Protocol):
    """Reads an expression, as `Reader.value` does."""

    def __call__(self, node: Node | None, depth: int = 0, *, calls: int = 1) -> Value: ...


def parts(node: Node, finder: object) -> list[Node]:
    """Return the nodes that a finder of a shape names in a node."""
    if isinstance(finder, str):
        return node.children_by_field_name(finder)
    found = finder(node) if callable(finder) else None
    if found is None:
        return []
    return list(found) if not hasattr(found, "start_byte") else [found]


@dataclass
class Variables:
    """The variables of one file; `value` reads the expressions that they are given."""

    functions: Functions
    value: Reads
    _places: dict[tuple[int, int], Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root: Node = self.functions.root
        self.flows: Flows = self.functions.flows
        self.facts: FileFacts = self.functions.facts
        self.table: Table = self.functions.table
        self.sites: Sites = self.functions.sites

    def value_at(self, node: Node, depth: int, calls: int) -> Value:
        """Return what a variable holds where it is read."""
        name = text(node)
        if name in self.flows.self_words:
            return UNKNOWN
        function = self.functions.function_of(node)
        if function is None:
            return self._outer(name, depth, calls)
        sources = self.functions.flow(function).get(node.start_byte)
        if self.functions.is_parameter(node):
            return self._parameter(node, depth, calls)
        if not sources:
            return self._outer(name, depth, calls)
        found: list[Value] = []
        for start in sources[:6]:
            place = self.root.named_descendant_for_byte_range(start, start)
            if place is None or place.id == node.id:
                continue
            if start == node.start_byte:
                continue
            found.append(self.written(place, depth, calls))
        if not found:
            return self._outer(name, depth, calls)
        filled = self._filled(node, function, depth, calls)
        return joined([*found, *filled])

    def _outer(self, name: str, depth: int, calls: int) -> Value:
        """Return the value of a name of the file itself: a constant, or not known."""
        if re.fullmatch(self.table.constant_names, name):
            return CONSTANT
        writes = [each for each in self.facts.definitions if each.name == name and each.scope == 0]
        if len(writes) != 1 or writes[0].imported >= 0:
            return UNKNOWN
        span = writes[0].span
        node = self.root.named_descendant_for_byte_range(span.start_byte, span.end_byte - 1)
        return self.written(node, depth, calls) if node is not None else UNKNOWN

    def written(self, place: Node, depth: int, calls: int) -> Value:
        """Return what a variable is given at a place that writes it."""
        known = self._places.get((place.id, calls))
        if known is None:
            self._places[place.id, calls] = UNKNOWN  # while it is being found out
            known = self._given_at(place, depth, calls)
            self._places[place.id, calls] = known
        return known

    def _given_at(self, place: Node, depth: int, calls: int) -> Value:
        if self.functions.is_parameter(place):
            return self._parameter(place, depth, calls)
        found = self._writing(place)
        if found is None:
            return UNKNOWN
        node, shape = found
        if isinstance(shape, Assign):
            return self._assigned(node, shape, place, depth, calls)
        if isinstance(shape, Each):
            return traced(self.value(part(node, shape.iterable), depth, calls=calls), place)
        return self._read_into(node, place)

    def _parameter(self, place: Node, depth: int, calls: int) -> Value:
        """Return the value of a parameter; what `["a", "b"].find(each => …)` goes over is known."""
        site = self.functions.handed_to(place)
        receiver = site.receiver if site is not None else None
        if receiver is not None and self.value(receiver, depth, calls=calls).constant:
            return CONSTANT
        return self.functions.parameter(place)

    def _writing(self, place: Node) -> tuple[Node, object] | None:
        """Return the assignment, loop or call that writes a variable, with its shape."""
        node = place.parent
        for _ in range(_MOST_UP):
            if node is None:
                return None
            shape = self.sites.shape(node)
            if isinstance(shape, Function):
                return None
            if isinstance(shape, Assign | Each | Call):
                return node, shape
            node = node.parent
        return None

    def _read_into(self, call: Node, place: Node) -> Value:
        """Return what a call writes into a variable that it is given."""
        site = self.sites.of_node(call)
        if site is not None and site.name in self.table.read_into:
            return Value((Origin(ARGUMENT, place, f"{site.short}(…)"),))
        return UNKNOWN

    def _assigned(self, node: Node, shape: Assign, place: Node, depth: int, calls: int) -> Value:
        targets = parts(node, shape.targets)
        values = parts(node, shape.values)
        if len(targets) == len(values) == 1:
            left, right = targets[0], values[0]
            if left.type in _PAIRED and right.type in _PAIRED:
                ones, others = left.named_children, right.named_children
                if len(ones) == len(others):
                    for one, other in zip(ones, others, strict=True):
                        if one.start_byte <= place.start_byte < one.end_byte:
                            return traced(self.value(other, depth, calls=calls), node)
        if not values:
            return UNKNOWN
        found = joined([self.value(each, depth, calls=calls) for each in values])
        operator = text(node.child_by_field_name("operator"))
        added = operator.endswith("=") and len(operator) == 2 and operator[0] in "+.%"
        if (
            added
            or operator in _IF_NONE
            or "augmented" in node.type
            or node.type == "compound_assignment_expr"
        ):
            before = self.functions.flow_of(place).get(place.start_byte, ())
            for start in before[:4]:
                earlier = self.root.named_descendant_for_byte_range(start, start)
                if earlier is not None and start < place.start_byte:
                    found = joined([self.written(earlier, depth + 1, calls), found])
            if operator not in _IF_NONE:
                found = joined([found], composed=True)
        return traced(found, node)

    def _filled(self, node: Node, function: Node, depth: int, calls: int) -> Iterator[Value]:
        """Yield what calls before write into a variable: `sb.append(x)`, `sprintf(buf, …, x)`."""
        if not (self.table.fills or self.table.read_into):
            return
        name = text(node)
        for site in self.functions.calls_in(function):
            if site.node.start_byte >= node.start_byte:
                break
            target, first = self.table.fills.get(site.name, (None, 0))
            if target is not None and text(site.argument(target)).lstrip("&*") == name:
                parts = [
                    self.value(each, depth, calls=calls)
                    for each in site.positional[first : first + 8]
                ]
                yield traced(joined(parts, composed=True), site.node)
            into = self.table.read_into.get(site.name)
            if into is not None and text(site.argument(into)).lstrip("&*") == name:
                origin = Origin(ARGUMENT, site.node, f"{site.short}(…)")
                yield Value((replace(origin, trail=(site.node,)),))
