"""Copies of statements in languages that ask for types: what goes in and out, of which type.

The facts of a file say which name is whose. What a copy reads of its function goes in; what it
writes of it, or makes and is read after it, comes out. A language adds what it calls things, and
which types its source declares or leaves no doubt about (`Tongue`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._clones.statements import above, inside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tree_sitter import Node

    from codearch.detectors._clones.statements import Run
    from codearch.detectors._detector import FileView
    from codearch.facts import Definition

_VALUES = frozenset({"parameter", "variable"})


class Copy(NamedTuple):
    """Neighbouring statements, the function that they stand in, and what goes in and out."""

    statements: Run
    function: Node
    inputs: dict[str, str]  # names and their types
    written: list[str]  # those of them that are given another value
    made: dict[str, str]  # its own names that are read after it, and their types

    @property
    def start(self) -> int:
        """Where it begins, in bytes."""
        return self.statements[0].start_byte

    @property
    def end(self) -> int:
        """Where it ends, in bytes."""
        return self.statements[-1].end_byte

    def holds(self, byte: int) -> bool:
        """Say whether a place is in it."""
        return self.start <= byte < self.end

    def within(self) -> list[Node]:
        """Return all nodes of it."""
        return [each for statement in self.statements for each in inside(statement)]

    def outside(self) -> list[Node]:
        """Return all nodes of its function that are not in it."""
        return [each for each in inside(self.function) if not self.holds(each.start_byte)]


class Tongue(NamedTuple):
    """What a language calls things, and what it adds to what is said of all."""

    functions: frozenset[str]
    closures: frozenset[str]  # what else has names and jumps of its own
    refused: frozenset[str]  # what means another thing in another function, or may
    texts: frozenset[str]  # what may go over several lines that are part of a value
    leaves: Mapping[str, frozenset[str]]  # jumps, and what each of them leaves
    tries: frozenset[str]
    most_results: int
    home: Callable[[Scene, Node], Node | None]  # what the new function may stand above
    type_of: Callable[[Scene, Node], str]  # of the name where it is bound; "" where in doubt
    declared: Callable[[Node], Node | None]  # the statement that declares such a name
    written: Callable[[Node], Iterator[Node]]  # the targets of what gives something a value
    own_types: Callable[[Node], set[str]]  # types that only the function knows
    is_sound: Callable[[Scene, Copy], bool]
    head: Callable[[Sequence[Copy], str, Sequence[str]], str | None]
    call: Callable[[Copy, str, Sequence[str]], str]
    end: str  # of a statement
    infers: bool = False  # a result needs no type


class Scene:
    """A file, and whose its names are."""

    def __init__(self, view: FileView, root: Node, tongue: Tongue) -> None:
        self.view, self.root, self.tongue = view, root, tongue
        definitions = view.facts.definitions
        self._meant = {each.span.start_byte: each for each in definitions}
        for use in view.facts.uses:
            if use.definition >= 0:
                self._meant[use.start_byte] = definitions[use.definition]

    def meant(self, node: Node) -> Definition | None:
        """Return what a name stands for, None where it is not of this file."""
        return self._meant.get(node.start_byte)

    def bound(self, definition: Definition) -> Node | None:
        """Return the name where it is bound."""
        span = definition.span
        return self.root.descendant_for_byte_range(span.start_byte, span.end_byte)

    def type_of(self, definition: Definition) -> str:
        """Return the type that a name certainly has, "" where there is a doubt."""
        node = self.bound(definition)
        return self.tongue.type_of(self, node) if node is not None else ""

    def copy(self, statements: Run) -> Copy | None:
        """Return what goes in and out of statements, None where they would mean something else."""
        function = _function(statements[0], self.tongue)
        if function is None or self.tongue.home(self, function) is None:
            return None
        if not all(_moves(each, self.tongue) for each in statements):
            return None
        copy = Copy(statements, function, {}, [], {})
        if not self._names(copy) or not self._knows_types(copy):
            return None
        return copy if self._is_sound(copy) and self.tongue.is_sound(self, copy) else None

    def _names(self, copy: Copy) -> bool:
        """Fill in what goes in and out; False where a name is not what can be given."""
        inputs: dict[str, Definition] = {}
        made: dict[str, Definition] = {}
        read: set[str] = set()
        for use in sorted(self.view.facts.uses, key=lambda use: use.start_byte):
            if use.definition < 0 or not _is_in(copy.function, use.start_byte):
                continue
            meant = self.view.facts.definitions[use.definition]
            here, of_it = copy.holds(use.start_byte), copy.holds(meant.span.start_byte)
            if here and not of_it and _is_in(copy.function, meant.span.start_byte):
                if meant.kind not in _VALUES or inputs.setdefault(meant.name, meant) != meant:
                    return False
            elif of_it and not here:
                if meant.kind not in _VALUES or made.setdefault(meant.name, meant) != meant:
                    return False
                read |= {meant.name} if use.kind != "write" else set()
        if read != made.keys() or self._hides(copy):
            return False
        copy.inputs.update({name: self.type_of(each) for name, each in inputs.items()})
        copy.made.update({name: self.type_of(each) for name, each in made.items()})
        targets = {_text(each) for node in copy.within() for each in self.tongue.written(node)}
        copy.written.extend(name for name in copy.inputs if name in targets)
        declared = [
            self.tongue.declared(node) for each in made.values() if (node := self.bound(each))
        ]
        return all(each in copy.statements for each in declared)

    def _hides(self, copy: Copy) -> bool:
        """Say whether a name of the copy hides one of its function, or is bound there again."""
        facts = self.view.facts
        known = {
            (each.name, each.scope)
            for each in facts.definitions
            if _is_in(copy.function, each.span.start_byte) and not copy.holds(each.span.start_byte)
        }
        for each in facts.definitions:
            scope = each.scope if copy.holds(each.span.start_byte) else -1
            while scope >= 0:
                if (each.name, scope) in known:
                    return True
                scope = facts.scopes[scope].parent
        return False

    def _knows_types(self, copy: Copy) -> bool:
        """Say whether all types are known, also outside of the function."""
        if "" in copy.inputs.values() or ("" in copy.made.values() and not self.tongue.infers):
            return False
        own = self.tongue.own_types(copy.function)
        types = [*copy.inputs.values(), *copy.made.values()]
        own |= {
            each.name
            for each in self.view.facts.definitions
            if each.kind not in _VALUES and _is_in(copy.function, each.span.start_byte)
        }
        used = {each.name for each in self.view.facts.uses if copy.holds(each.start_byte)}
        return own.isdisjoint(used) and own.isdisjoint(
            word for each in types for word in words(each)
        )

    def _is_sound(self, copy: Copy) -> bool:
        """Say whether nobody else sees or changes what goes in and out while it runs."""
        results = {*copy.written, *copy.made}
        if len(results) > self.tongue.most_results or (copy.written and copy.made):
            return False
        if copy.written and any(
            each.type in self.tongue.tries for each in above(copy.statements[0])
        ):
            return False
        for each in copy.outside():
            if each.type not in self.tongue.closures or each == copy.function:
                continue
            nodes = [*inside(each)]
            named = {_text(node) for node in nodes if "identifier" in node.type}
            changed = {_text(it) for node in nodes for it in self.tongue.written(node)}
            if results & named or changed & copy.inputs.keys():
                return False
        return True


def words(text: str) -> set[str]:
    """Return the names in a type."""
    return set("".join(each if each.isalnum() or each in "_$" else " " for each in text).split())


def _is_in(function: Node, byte: int) -> bool:
    return function.start_byte <= byte < function.end_byte


def _function(node: Node, tongue: Tongue) -> Node | None:
    """Return the function around, None where what has names of its own stands between."""
    for each in above(node):
        if each.type in tongue.functions:
            return each
        if each.type in tongue.closures:
            return None
    return None


def _moves(statement: Node, tongue: Tongue) -> bool:
    """Say whether a statement does the same in a function of its own."""
    for each in inside(statement):
        if each.type in tongue.refused or each.type in tongue.closures:
            return False
        if each.type in tongue.texts and each.start_point[0] != each.end_point[0]:
            return False  # its lines would be indented otherwise
        left = tongue.leaves.get(each.type)
        if left is None:
            continue
        target = next((up for up in above(each) if up.type in left), None)
        if each.named_children or target is None or target.start_byte < statement.start_byte:
            return False  # to a label, or out of it
    return True


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
