"""From a function's tree to its graph: what is evaluated, in which order, and where it goes on.

Trees may be as deep as sources are long, so nothing here calls itself: each step is a generator
that yields those of the nodes inside, and `run` keeps the stack.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from codearch.flow.comparisons import compared
from codearch.flow.graph import ENTRY, EXIT, NOWHERE, Event, Frame, Graph
from codearch.flow.values import Step
from codearch.languages._flows import Call, Flows, Function, Shape
from codearch.languages._nodes import is_leaf
from codearch.parse.symbols import find

if TYPE_CHECKING:
    from tree_sitter import Node

    from codearch.facts import Span
    from codearch.flow.program import Name, Program
    from codearch.flow.values import OccurrenceKind
    from codearch.languages._flows import Jumping
    from codearch.languages._language import Finder

Sources: TypeAlias = list[int]  # the bytes at which the names and literals of a value stand
Task: TypeAlias = Generator[Any, Any, Any]  # yields tasks, is sent and returns their results
Handler: TypeAlias = "Callable[[Lowering, Node, Any], Task]"
HANDLERS: dict[type, Handler] = {}  # by the type of a shape
CONTROL: set[type] = set()  # shapes that record their own steps
_MOST_SOURCES = 200  # of one value: more are data, and would make deep nesting slow
_CALLED = re.compile(rb"[\w.:!$]+")


def handles(shape: type, *, control: bool = False) -> Callable[[Handler], Handler]:
    """Register what is done on nodes of a shape."""

    def register(handler: Handler) -> Handler:
        HANDLERS[shape] = handler
        if control:
            CONTROL.add(shape)
        return handler

    return register


def run(task: Task) -> None:
    """Do a task, and those that it yields, on a stack of our own."""
    stack = [task]
    result: object = None
    while stack:
        try:
            inner = stack[-1].send(result)
        except StopIteration as end:
            stack.pop()
            result = end.value
        else:
            stack.append(inner)
            result = None


class Lowering:
    """The state of one function's lowering.

    `deep`: functions inside are entered, as values flow into and out of them.
    """

    def __init__(self, program: Program, flows: Flows, span: Span, *, deep: bool) -> None:
        self.program = program
        self.flows = flows
        self.source = program.source
        self.span = span
        self.deep = deep
        self.names: dict[int, Name] = program.names() if deep else {}
        self.graph = Graph()
        self.literals: dict[int, int] = {}  # start -> end
        self.fields: dict[int, tuple[int, str]] = {}  # start -> end, key of `this.x`
        self.same: dict[int | str, int | str] = {}  # a key -> the key that means the same variable
        self.field_names = program.field_names() if deep and flows.bare_fields else frozenset()
        self.top = -1  # the node that is a statement by itself
        self.labelled: tuple[int, str] = (-1, "")  # a statement that has a label, and the label
        self.deferred: list[tuple[int, int]] = []
        self.references: list[Node] | None = None  # arguments written by the call around
        self.bound: dict[str, int | str] | None = None  # what patterns beside have bound so far
        self.guard = -1  # the node of a case's guard, which is no pattern
        self.written: list[tuple[int, int | str]] = []  # where and which variable, in order
        self.first: dict[int | str, tuple[int, bool]] = {}  # where each is met first, and if read
        self.read: list[tuple[int, int | str]] = []  # where and which variable, in order

    # --- nodes --------------------------------------------------------------------------------

    def shape(self, node: Node) -> Shape | None:
        """Return what a node does, if its language says."""
        found = self.flows.shapes.get(node.type)
        return found(node) if callable(found) else found

    def find(self, node: Node, finder: Finder) -> Node | None:
        """Return the node that a finder names."""
        return find(node, finder)

    def all(self, node: Node, finder: Finder | Callable[[Node], Iterable[Node]]) -> list[Node]:
        """Return the nodes that a finder names: all of a field, or a function's."""
        if isinstance(finder, str):
            found = node.children_by_field_name(finder)
            return [each for each in found if each.is_named and each.type not in self.flows.ignored]
        given = finder(node)
        if given is None:
            return []
        return list(given) if isinstance(given, Iterable) else [given]

    def parts(self, node: Node) -> list[Node]:
        """Return the children that can be evaluated."""
        ignored = self.flows.ignored
        return [each for each in node.named_children if each.type not in ignored]

    def label_of(self, node: Node) -> str:
        """Return the label that a loop, a jump or a labelled statement names."""
        for each in node.named_children[:2]:
            if each.type in self.flows.labels:
                return self.text(each).strip("':")
        return ""

    def taken_label(self, node: Node) -> str:
        """Return the label that a loop or a switch has, before it or as its own."""
        return self.labelled[1] if self.labelled[0] == node.id else self.label_of(node)

    def text(self, node: Node) -> str:
        """Return a node's source."""
        return self.source[node.start_byte : node.end_byte].decode(errors="replace")

    def step(self, node: Node) -> None:
        """Record that a node has been done."""
        self.graph.step(node.start_byte, node.end_byte)

    def constant(self, node: Node | None) -> bool | None:
        """Return the value of a condition that never changes, None for any other."""
        turned = False
        while node is not None:
            named = self.parts(node)
            if node.type in self.flows.parentheses and len(named) == 1:
                node = named[0]
            elif node.type in self.flows.negations and self._is_negation(node) and named:
                node, turned = named[-1], not turned
            else:
                text = self.text(node)
                found = compared(text) if named else self.flows.constants.get(text)
                return found if found is None else found != turned
        return None

    def _is_negation(self, node: Node) -> bool:
        return self.source[node.start_byte : node.start_byte + 1] == b"!" or self.source[
            node.start_byte : node.start_byte + 4
        ].startswith((b"not ", b"not("))

    # --- statements and values ----------------------------------------------------------------

    def statement(self, node: Node) -> Task:
        """Do a statement, and record it as a step unless its parts are."""
        if node.type in self.flows.ignored:
            return []
        shape = self.shape(node)
        self.top = node.id
        self.graph.open()
        if shape is not None and type(shape) in CONTROL:
            found = yield HANDLERS[type(shape)](self, node, shape)
            return found
        found = yield self.value(node)
        self.step(node)
        return found

    def value(self, node: Node) -> Task:
        """Evaluate an expression; return where its value comes from."""
        shape = self.shape(node)
        if shape is not None and type(shape) in HANDLERS:
            found = yield HANDLERS[type(shape)](self, node, shape)
            return found
        if node.type in self.flows.ignored:
            return []
        if is_leaf(node):
            return self.leaf(node)
        return (yield self.inside(node))

    def inside(self, node: Node) -> Task:
        """Evaluate a node's children one after the other."""
        found: Sources = []
        children = node.named_children
        if node.type in self.flows.literals and self._is_plain(node):
            return self.literal(node)
        for child in children:
            got = self.leaf(child) if is_leaf(child) else (yield self.value(child))
            if not found:
                found = got
            elif len(found) < _MOST_SOURCES:
                found += got
        return found[:_MOST_SOURCES] if len(found) > _MOST_SOURCES else found

    def _is_plain(self, node: Node) -> bool:
        """Say whether no code stands in a literal."""
        pending = [node]
        while pending:
            here = pending.pop()
            if here.type in self.flows.interpolations:
                return False
            if here.type in self.flows.literals:
                pending += here.named_children
        return True

    def values(self, nodes: Iterable[Node]) -> Task:
        """Evaluate nodes one after the other."""
        found: Sources = []
        for node in nodes:
            found += yield self.value(node)
        return found

    def leaf(self, node: Node) -> Sources:
        """Evaluate a node without children: a name, a literal, or nothing."""
        if not self.deep or node.type in self.flows.ignored:
            return []
        name = self.names.get(node.start_byte)
        if name is None or name.end != node.end_byte:
            return self.literal(node) if node.type in self.flows.literals else []
        if not self.program.is_value(name, self.span):
            return []
        if name.action == "read":
            return self.reads(node.start_byte, name.key)
        return self.writes_to(node.start_byte, name.key, ())

    def literal(self, node: Node) -> Sources:
        """Note a literal, from which a value may come."""
        if not self.deep:
            return []
        self.literals[node.start_byte] = node.end_byte
        return [node.start_byte]

    def reads(self, start: int, key: int | str) -> Sources:
        """Record that a variable is read."""
        key = self.same.get(key, key)
        self.first.setdefault(key, (start, True))
        self.graph.event(Event(start, key))
        self.read.append((start, key))
        return [start]

    def writes_to(self, start: int, key: int | str, sources: Iterable[int]) -> Sources:
        """Record that a variable is written."""
        given = tuple(dict.fromkeys(sources))
        key = self.same.get(key, key)
        self.first.setdefault(key, (start, False))
        strong = not self.graph.conditional
        self.graph.event(Event(start, key, given, strong, len(self.written)))
        self.written.append((start, key))
        return [start]

    def called(self, node: Node, shape: Call) -> bytes:
        """Return what a call calls, as far as it is a chain of names."""
        function = self.find(node, shape.function)
        start = min(node.start_byte, function.start_byte) if function is not None else 0
        match = _CALLED.match(self.source[start : node.end_byte][:80])
        return match.group() if match is not None else b""

    def binds(self, node: Node) -> bool:
        """Say whether an identifier is bound or written where it stands."""
        name = self.names.get(node.start_byte)
        return name is not None and name.end == node.end_byte and name.action != "read"

    def hiding(self, alias: Node | None) -> tuple[int, int] | None:
        """Return the variable that an alias is, and the one of its name that it hides."""
        while alias is not None and alias.named_child_count == 1:
            alias = alias.named_children[0]
        name = self.names.get(alias.start_byte) if alias is not None else None
        if name is None or not isinstance(name.key, int):
            return None
        hidden = self.program.shadowed(name.key)
        return (name.key, hidden) if hidden is not None else None

    def rebind(self, alias: Node, place: Node) -> None:
        """Let the name that a case binds anew be the alias of its switch."""
        while alias.named_child_count == 1:
            alias = alias.named_children[0]
        name = self.names.get(alias.start_byte)
        anew = self.program.implied(place, self.text(alias))
        if name is not None and anew is not None:
            self.same[anew] = name.key

    def is_inside(self, key: int | str) -> bool:
        """Say whether a variable is bound inside the function."""
        return self.program.is_inside(key, self.span)

    def kind_of(self, start: int) -> tuple[int, OccurrenceKind]:
        """Return where the name at a byte ends, and what it is to the function."""
        name = self.names[start]
        if not self.is_inside(name.key):
            known = isinstance(name.key, str) and name.key in self.field_names
            return name.end, "field" if known else "outer"
        found = self.program.definitions[int(name.key)]
        return name.end, "parameter" if found.kind == "parameter" else "local"

    def captured(
        self, node: Node, own: Node | None, touched: list[tuple[int, int | str]]
    ) -> dict[int | str, int]:
        """Return the variables of outside, its name among them, that a function touches first."""
        found: dict[int | str, int] = {}
        definitions = self.program.definitions
        name = own.start_byte if own is not None else -1
        for start, key in touched:
            if isinstance(key, int):
                at = definitions[key].span.start_byte
                if at != name and node.start_byte <= at < node.end_byte:
                    continue
            found.setdefault(key, start)
        return found

    # --- functions ----------------------------------------------------------------------------

    def function(self, node: Node, shape: Function) -> Task:
        """Do a function's parameters and body, up to the graph's present exit."""
        graph = self.graph
        body = self.find(node, shape.body)
        own = node.child_by_field_name("name")
        for child in node.named_children:
            if child not in (body, own) and child.type not in self.flows.ignored:
                yield self.value(child)
        if body is not None:
            found = yield self.statement(body)
            if graph.here != NOWHERE and not self.is_control(body):
                graph.jump("return")
            graph.edge(graph.here, graph.exit, "next")
            return found
        graph.edge(graph.here, graph.exit, "next")
        return []

    def is_control(self, node: Node) -> bool:
        """Say whether a node records its own steps."""
        shape = self.shape(node)
        return shape is not None and type(shape) in CONTROL

    def frame_of(self, kind: Jumping, label: str) -> Frame | None:
        """Return the construct that a jump ends, where it takes a value to it."""
        wanted = {"break": {"loop"}, "yield": {"switch", "match"}, "raise": {"try"}}.get(kind)
        if label:
            wanted = {"loop", "labelled"} if kind == "break" else None
        if wanted is None:
            return None
        for frame in reversed(self.graph.frames):
            if frame.kind in wanted and frame.label == (label or frame.label):
                return frame
        return None


def condition(low: Lowering, node: Node | None) -> Task:
    """Evaluate a condition; return the block at whose end it is known."""
    graph = low.graph
    if node is not None:
        yield low.value(node)
        low.step(node)
        if graph.here != NOWHERE:
            graph.drafts[graph.here].constant = low.constant(node)
    return graph.open()


def lower(program: Program, node: Node, flows: Flows, span: Span, *, deep: bool) -> Lowering:
    """Return the graph of a function, of a file, or of what else a node is."""
    lowering = Lowering(program, flows, span, deep=deep)
    graph = lowering.graph
    graph.here = graph.block()
    graph.block()
    graph.exit = graph.block()  # where what is deferred is done
    shape = lowering.shape(node)
    if isinstance(shape, Function):
        run(lowering.function(node, shape))
    else:
        run(lowering.statement(node))
        graph.edge(graph.here, graph.exit, "next")
    if flows.macros:
        for label in graph.placed.keys() - graph.jumped:  # a macro jumps to it, from somewhere
            graph.edge(ENTRY, graph.placed[label], "goto")
    for start, end in reversed(lowering.deferred):
        graph.drafts[graph.exit].steps.append(Step(start, end))
    graph.edge(graph.exit, EXIT, "next")
    return lowering
