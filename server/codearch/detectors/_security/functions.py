"""The functions of a file: which one is around a place, what it gives back, what reaches a read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from codearch.detectors._security.calls import Site, Sites, part
from codearch.detectors._security.handlers import handler_of, head_of, takes
from codearch.detectors._security.tables import ARGUMENT, PARAMETER, REQUEST, Handler, Table
from codearch.detectors._security.values import CONSTANT, UNKNOWN, Origin, Value
from codearch.facts import Span
from codearch.flow import data_flow
from codearch.languages._flows import Function, Jump
from codearch.languages._nodes import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from codearch.facts import FileFacts
    from codearch.flow import Program
    from codearch.languages._flows import Flows

_NAME = re.compile(r"\w+")
_MOST_BYTES = 30_000  # of a function whose values are followed; else an inner one's are
_MOST_LOOKED_AT = 60  # nodes from a definition's to that of its function


@dataclass
class Functions:
    """The functions of one file; flows and calls are read when they are first needed."""

    program: Program
    root: Node
    flows: Flows
    facts: FileFacts
    table: Table
    sites: Sites
    _flows: dict[int, dict[int, tuple[int, ...]]] = field(default_factory=dict)
    _calls: dict[int, list[Site]] = field(default_factory=dict)
    _handlers: dict[int, Handler | None] = field(default_factory=dict)

    def function_of(self, node: Node) -> Node | None:
        """Return the outermost function around a node that is not too long to be followed."""
        best: Node | None = None
        here = node.parent
        while here is not None:
            if isinstance(self.sites.shape(here), Function):
                if best is not None and here.end_byte - here.start_byte > _MOST_BYTES:
                    break
                best = here
            here = here.parent
        return best

    def innermost(self, node: Node) -> Node | None:
        """Return the innermost function around a node."""
        here = node.parent
        while here is not None and not isinstance(self.sites.shape(here), Function):
            here = here.parent
        return here

    def flow_of(self, node: Node) -> dict[int, tuple[int, ...]]:
        function = self.function_of(node)
        return self.flow(function) if function is not None else {}

    def flow(self, function: Node) -> dict[int, tuple[int, ...]]:
        """Return the writes that reach each read of a function, by bytes."""
        if function.id not in self._flows:
            point, end = function.start_point, function.end_point
            span = Span(function.start_byte, function.end_byte, point[0], point[1], end[0], end[1])
            flow = data_flow(self.program, span)
            self._flows[function.id] = {
                flow.nodes[edge.target].start: tuple(
                    flow.nodes[each].start for each in edge.sources
                )
                for edge in flow.edges
                if edge.relation == "comesFrom"
            }
        return self._flows[function.id]

    def is_parameter(self, place: Node) -> bool:
        function = self.innermost(place)
        if function is None:
            return False
        shape = self.sites.shape(function)
        body = part(function, shape.body) if isinstance(shape, Function) else None
        if body is None or place.end_byte > body.start_byte:
            return False
        name = function.child_by_field_name("name")
        return name is None or name.id != place.id

    def handed_to(self, place: Node) -> Site | None:
        """Return the call that a function without a name, around a parameter, is given to."""
        function = self.innermost(place)
        if function is None or function.child_by_field_name("name") is not None:
            return None
        call = function.parent
        while call is not None and "argument" in call.type:
            call = call.parent
        return self.sites.of_node(call) if call is not None else None

    def parameter(self, place: Node) -> Value:
        """Return the value of a parameter: none where its type allows no text."""
        function = self.innermost(place)
        if function is None:
            return UNKNOWN
        whole = place
        while whole.parent is not None and whole.parent.id != function.id:
            if "parameters" in whole.parent.type or whole.parent.type == "parameter_list":
                break
            whole = whole.parent
        written = text(whole)
        if self.table.plain_types and re.search(self.table.plain_types, written):
            return CONSTANT
        name = text(place)
        if self.table.source_parameters and re.search(self.table.source_parameters, written):
            return Value((Origin(REQUEST, place, name, function=function),))
        if self.table.argument_parameters and re.search(self.table.argument_parameters, written):
            return Value((Origin(ARGUMENT, place, name, function=function),))
        if self._is_of_request(function, written, name):
            return Value((Origin(REQUEST, place, name, function=function),))
        return Value((Origin(PARAMETER, place, name, function=function),))

    def _is_of_request(self, function: Node, parameter: str, name: str) -> bool:
        if not self.table.handlers:
            return False
        if function.id not in self._handlers:
            self._handlers[function.id] = handler_of(self, function)
        handler = self._handlers[function.id]
        if handler is None:
            return False
        index = self.symbol_of(function)
        symbol = self.facts.symbols[index] if index >= 0 else None
        head = head_of(symbol, self.program.source) if symbol is not None else ""
        return takes(handler, " ".join(parameter.split()), name, head)

    def symbol_of(self, function: Node | None) -> int:
        """Return the symbol whose body a function is; a function without a name is none."""
        if function is None:
            return -1
        start = (function.child_by_field_name("name") or function).start_byte  # behind attributes
        best = -1
        for index, symbol in enumerate(self.facts.symbols):
            span = symbol.span
            if symbol.metrics is not None and (
                span.start_byte <= start and function.end_byte <= span.end_byte
            ):
                best = index
        if best < 0:
            return -1
        span = self.facts.symbols[best].span
        inside = function.end_byte - start
        return best if 2 * inside > span.end_byte - span.start_byte else -1

    def as_sources_write(self, written: str, node: Node) -> str:
        """Return an expression with a request called as the sources call it, by its type."""
        name = _NAME.match(written)
        if name is None or not self.table.requests:
            return written
        for span, canonical in self._requests.get(name[0], ()):
            if span.start_byte <= node.start_byte < span.end_byte:
                return canonical + written[name.end() :]
        return written

    @cached_property
    def _requests(self) -> dict[str, list[tuple[Span, str]]]:
        """Where the names are known that are declared to be requests."""
        found: dict[str, list[tuple[Span, str]]] = {}
        for each in self.facts.definitions:
            for canonical, pattern in self.table.requests.items():
                if each.type and re.fullmatch(pattern, each.type):
                    span = self.facts.scopes[each.scope].span
                    found.setdefault(each.name, []).append((span, canonical))
        return found

    def calls_in(self, function: Node) -> list[Site]:
        """Return the calls of a function in the order of the source."""
        if function.id not in self._calls:
            names = {*self.table.fills, *self.table.read_into}
            found = []
            for fact in self.facts.calls:
                if fact.name in names and (
                    function.start_byte <= fact.span.start_byte < function.end_byte
                ):
                    site = self.sites.of_fact(fact)
                    if site is not None:
                        found.append(site)
            self._calls[function.id] = found
        return self._calls[function.id]

    def callee(self, site: Site) -> int:
        """Return the symbol of this file that is called, -1 if it is not known to be of it."""
        fact = site.fact
        if fact is None:
            return -1
        if not site.receiver_text and fact.definition >= 0:
            index = self.facts.definitions[fact.definition].symbol
            return index if index >= 0 and self.facts.symbols[index].metrics is not None else -1
        own = not site.receiver_text or site.receiver_text in self.flows.self_words
        if not own or fact.caller < 0:
            return -1
        container = self.facts.symbols[fact.caller].container
        return next(
            (
                index
                for index, symbol in enumerate(self.facts.symbols)
                if symbol.name == fact.name
                and symbol.metrics is not None
                and symbol.container == container
                and len(symbol.parameters) >= len(site.positional)
            ),
            -1,
        )

    def function_at(self, span: Span) -> Node | None:
        """Return the function of a definition, None where it is none."""
        node = self.root.named_descendant_for_byte_range(span.start_byte, span.end_byte - 1)
        pending = [node] if node is not None else []
        for _ in range(_MOST_LOOKED_AT):
            if not pending:
                return None
            here = pending.pop(0)
            if isinstance(self.sites.shape(here), Function):
                return here
            pending += here.named_children
        return None

    def returned(self, function: Node) -> Iterator[Node]:
        """Yield what a function gives back."""
        shape = self.sites.shape(function)
        body = part(function, shape.body) if isinstance(shape, Function) else None
        if body is None:
            return
        if "block" not in body.type and "statement" not in body.type and "body" not in body.type:
            yield body
            return
        pending = [body]
        while pending:
            node = pending.pop()
            shape = self.sites.shape(node)
            if isinstance(shape, Function) and node.id != function.id:
                continue
            if isinstance(shape, Jump) and shape.kind == "return":
                yield from node.named_children[:1]
            else:
                pending += node.named_children
        if self.table.inline and body.named_children:  # Rust: the last expression
            last = body.named_children[-1]
            if not last.type.endswith(("statement", "declaration", "item")):
                yield last
