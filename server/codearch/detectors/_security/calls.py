"""A call in the tree: what is called, under which names, with which arguments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codearch.languages._flows import Call, Place
from codearch.languages._nodes import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

    from codearch.detectors._security.tables import Table
    from codearch.facts import CallFact, FileFacts
    from codearch.flow import Program

_MOST_SHOWN = 40  # characters of a callee
_AS_TRAIT = re.compile(r"<\s*([\w:]+)(?:<.*>)?\s+as\s+([\w:]+)(?:<.*>)?\s*>")  # Rust
_REQUIRED = re.compile(r"""require\(\s*["'`](?:node:)?([\w@./-]+)["'`]\s*\)([\w.]*)""")
_MOST_UP = 12  # parents between a callee's name and its call


@dataclass(frozen=True)
class Site:
    """A call; `befores` are the dotted names that may stand before its name."""

    node: Node
    name: str
    receiver: Node | None
    befores: tuple[str, ...]
    callee: str  # as written
    positional: tuple[Node, ...] = ()
    named: Mapping[str, Node] = field(default_factory=dict)
    arguments: str = ""  # as written
    fact: CallFact | None = None

    @property
    def short(self) -> str:
        """Return the callee as messages name it."""
        return self.callee if len(self.callee) <= _MOST_SHOWN else self.name

    @property
    def receiver_text(self) -> str:
        """Return what the method is called on, as written."""
        return text(self.receiver) if self.receiver is not None else ""

    def of_parameter(self, name: str, names: list[str]) -> Node | None:
        """Return what is given for a parameter, by the names of all."""
        if name in self.named:
            return self.named[name]
        place = names.index(name) if name in names else len(self.positional)
        return self.positional[place] if place < len(self.positional) else None

    def argument(self, which: int | str) -> Node | None:
        """Return an argument by its position or name; -1 is the receiver."""
        if isinstance(which, str):
            return self.named.get(which)
        if which < 0:
            return self.receiver
        return self.positional[which] if which < len(self.positional) else None


class Sites:
    """The calls of one file, each read once."""

    def __init__(self, program: Program, facts: FileFacts, table: Table) -> None:
        self._program = program
        self._facts = facts
        self._table = table
        self._known: dict[int, Site | None] = {}
        self._by_place = {each.span.start_byte: each for each in facts.calls}

    def of_fact(self, fact: CallFact) -> Site | None:
        """Return the call of a fact."""
        root = self._program.root
        if root is None:
            return None
        found = root.descendant_for_byte_range(fact.span.start_byte, fact.span.end_byte - 1)
        node = found
        for _ in range(_MOST_UP):
            if node is None:
                return None
            shape = self.shape(node)
            if isinstance(shape, Call):
                called = part(node, shape.function)
                if called is not None and called.end_byte >= fact.span.end_byte:
                    return self.of_node(node)
            node = node.parent
        return None

    def shape(self, node: Node) -> object:
        """Return what flows say of a node."""
        flows = self._program.flows
        shape = flows.shapes.get(node.type) if flows is not None else None
        found = shape(node) if shape is not None and callable(shape) else shape
        when = getattr(found, "when", None)
        return None if when is not None and not when(node) else found

    def of_node(self, node: Node) -> Site | None:
        """Return the call that a node is, None where it is none."""
        if node.id not in self._known:
            self._known[node.id] = self._read(node)
        return self._known[node.id]

    def _read(self, node: Node) -> Site | None:
        shape = self.shape(node)
        if not isinstance(shape, Call):
            return None
        called = part(node, shape.function)
        if called is None:
            return None
        receiver = node.child_by_field_name("object")  # Java's: beside the name
        place = self.shape(called)
        name_node = called
        if called.type == "generic_function":
            called = called.child_by_field_name("function") or called
            place = self.shape(called)
            name_node = called
        if isinstance(place, Place):
            receiver = part(called, place.object)
            name_node = called.child_by_field_name(place.name) or called
        elif called.type in {"scoped_identifier", "qualified_identifier"}:
            receiver = called.child_by_field_name("path") or called.child_by_field_name("scope")
            name_node = called.child_by_field_name("name") or called
        fact = self._by_place.get(name_node.start_byte)
        name = text(name_node).partition("<")[0]
        if fact is not None and receiver is None:
            name = imported_name(self._facts, fact) or name
        written = " ".join(text(receiver).split()) if receiver is not None else ""
        if "new" in node.type or node.type == "object_creation_expression":
            name = name.rpartition(".")[2]
            befores: tuple[str, ...] = ("new",)
            callee = f"new {name}"
        else:
            befores = tuple(befores_of(self._facts, written, name, fact))
            beside = receiver is not None and receiver.end_byte > called.start_byte
            whole = (
                " ".join(text(called).split()).replace(" .", ".") if beside else f"{written}.{name}"
            )
            callee = whole if receiver is not None else name
        arguments = part(node, shape.arguments)
        if arguments is None:
            arguments = next((each for each in node.children if "argument" in each.type), None)
        positional, named = self._arguments(arguments)
        return Site(node, name, receiver, befores, callee, positional, named, text(arguments), fact)

    def _arguments(self, arguments: Node | None) -> tuple[tuple[Node, ...], dict[str, Node]]:
        positional: list[Node] = []
        named: dict[str, Node] = {}
        if (
            arguments is not None and arguments.type == "generator_expression"
        ):  # Python's f(x for x in y)
            return (arguments,), named
        for each in arguments.named_children if arguments is not None else ():
            fields = self._table.keywords.get(each.type)
            name = each.child_by_field_name(fields[0]) if fields else None
            if fields and name is not None:
                value = each.child_by_field_name(fields[1]) or each.named_children[-1]
                named[text(name)] = value
            elif "comment" not in each.type:
                positional.append(each)
        return tuple(positional), named


def imported_name(facts: FileFacts, fact: CallFact) -> str:
    """Return the name in its own module of what is called by an imported name."""
    if fact.receiver or fact.definition < 0:
        return ""
    definition = facts.definitions[fact.definition]
    if definition.imported < 0:
        return ""
    names = facts.imports[definition.imported].names
    name = next((each.name for each in names if each.alias == definition.name), "")
    return "" if name in {"*", "default"} else name


def befores_of(facts: FileFacts, receiver: str, name: str, fact: CallFact | None) -> Iterator[str]:
    """Yield what may stand before a name: as written, as imported, and the receiver's type."""
    plain = _dotted(receiver)
    if fact is None or not _is_variable(facts, fact):
        yield plain
    meant = _AS_TRAIT.fullmatch(receiver)
    if meant is not None:
        yield from (_dotted(meant[1]), _dotted(meant[2]))
    required = _REQUIRED.fullmatch(receiver)
    if required is not None:
        yield _dotted(required[1] + required[2])
    if fact is None:
        return
    if fact.receiver_type:
        yield _dotted(fact.receiver_type.lstrip("*&\0 ").removeprefix("mut ").partition("<")[0])
    if fact.definition >= 0:
        definition = facts.definitions[fact.definition]
        if definition.imported >= 0:
            statement = facts.imports[definition.imported]
            module = _dotted(statement.module.removeprefix("node:"))
            here = next((n for n in statement.names if n.alias == definition.name), None)
            imported = here.name if here is not None else ""
            rest = plain.partition(".")[2] if receiver else ""
            inner = "" if imported in {"", "*", "default"} else imported
            if not receiver:
                if inner.rpartition(".")[2] == name:
                    inner = inner.rpartition(".")[0]
                yield ".".join(each for each in (module, inner) if each)
            else:
                if inner and module.endswith(f".{inner}"):
                    inner = ""
                yield ".".join(each for each in (module, inner, rest) if each)
        elif definition.type and receiver == definition.name:
            yield _dotted(definition.type.lstrip("*&\0 ").partition("<")[0])


def _is_variable(facts: FileFacts, fact: CallFact) -> bool:
    """Say whether what a method is called on is a variable of this file: no module, no type."""
    if fact.definition < 0:
        return False
    found = facts.definitions[fact.definition]
    return found.imported < 0 and found.kind in {"parameter", "variable", "field"}


def part(node: Node, finder: object) -> Node | None:
    """Return what a finder finds."""
    if isinstance(finder, str):
        return node.child_by_field_name(finder) if finder else None
    return finder(node) if callable(finder) else None


def _dotted(written: str) -> str:
    return written.replace("::", ".").replace("->", ".").replace("/", ".").replace("?.", ".")
