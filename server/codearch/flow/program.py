"""A file as flows are read from it: its tree, its names and its language's data, read once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from codearch import text
from codearch.parse import trees
from codearch.parse.walk import Walk

if TYPE_CHECKING:
    from tree_sitter import Node

    from codearch.facts import Definition, FileFacts, Span
    from codearch.languages._flows import Flows
    from codearch.languages._language import Language
    from codearch.parse.edited import LastTree

_NO_VALUES = frozenset({"import", "class", "type"})
_REBOUND = frozenset({"parameter", "variable", "constant", "function"})
_TYPE_NAME = re.compile(r"_*[A-Z]\w*[a-z]")
_UNSEEN = frozenset({"type", "label"})


class Name(NamedTuple):
    """What an identifier means: `key` is the same for all occurrences of one variable."""

    end: int
    key: int | str  # a definition's number, or the name where it is of no place in this file
    action: Literal["bind", "write", "read"]


@dataclass(slots=True)
class Program:
    """One file, decoded and parsed. `names` are read when they are first asked for."""

    language: Language
    source: bytes
    root: Node | None
    flows: Flows | None
    facts: FileFacts | None = None
    _names: dict[int, Name] | None = None
    _walk: Walk | None = None
    definitions: tuple[Definition, ...] = field(default=())
    _implied: dict[tuple[int, str], int] = field(default_factory=dict)

    def names(self) -> dict[int, Name]:
        """Return each identifier that is a value's name, by the byte at which it begins."""
        if self._names is None:
            if self.facts is None and self._walk is not None:
                self.facts = self._walk.run()
            shadows = self.flows is not None and self.flows.shadows
            self._names = (
                _names(self.facts, self.source, shadows=shadows) if self.facts is not None else {}
            )
            self.definitions = self.facts.definitions if self.facts is not None else ()
            for number, each in enumerate(self.definitions):
                self._implied[each.span.start_byte, each.name] = number
        return self._names

    def is_value(self, name: Name, span: Span) -> bool:
        """Say whether a name is a variable: types and modules are not, nor functions of outside."""
        if isinstance(name.key, str):
            return not _TYPE_NAME.match(name.key)
        kind = self.definitions[name.key].kind
        if kind == "function":
            return self.is_inside(name.key, span)
        return kind not in _NO_VALUES

    def implied(self, node: Node, name: str) -> int | None:
        """Return the variable that is bound at a node without being written there."""
        return self._implied.get((node.start_byte, name))

    def shadowed(self, key: int) -> int | None:
        """Return the variable of the same name that a definition hides, if it is of this file."""
        hides = self.definitions[key]
        around: list[int] = [hides.scope]
        while around[-1] > 0 and self.facts is not None:
            around.append(self.facts.scopes[around[-1]].parent)
        found = [
            (-around.index(each.scope), each.span.start_byte, number)
            for number, each in enumerate(self.definitions)
            if each.name == hides.name and each.span.start_byte < hides.span.start_byte
            if each.scope in around and each.kind in _REBOUND
        ]
        return max(found)[2] if found else None

    def field_names(self) -> frozenset[str]:
        """Return the names of the fields that the file's types have."""
        self.names()
        return frozenset(each.name for each in self.definitions if each.kind == "field")

    def is_inside(self, key: int | str, span: Span) -> bool:
        """Say whether a variable is bound inside a function; its own name is not."""
        if isinstance(key, str) or self.facts is None:
            return False
        found = self.definitions[key]
        if not span.start_byte <= found.span.start_byte < span.end_byte:
            return False
        if found.kind != "function" or found.symbol < 0:
            return True
        own = self.facts.symbols[found.symbol].span
        return own.start_byte > span.start_byte or own.end_byte < span.end_byte


def read(
    source: bytes,
    language: Language,
    facts: FileFacts | None = None,
    last: LastTree | None = None,
) -> Program:
    """Parse a file once, for the flows of all its functions; its facts are read if not given.

    `last` has the tree of the same source where one was made before. A language without flows, and
    a source that takes too long to parse, gives empty flows.
    """
    decoded = text.as_utf8(source)
    flows = language.flows
    if language.grammar is None or flows is None:
        return Program(language, decoded, None, None, facts)
    found = trees.tree_of(decoded.replace(b"\0", b" "), language, last)
    if found is None:
        return Program(language, decoded, None, None, facts)
    grammar, tree = found
    walk = Walk(grammar, decoded, tree) if facts is None else None
    return Program(language, decoded, tree.root_node, flows, facts, _walk=walk)


def _names(facts: FileFacts, source: bytes, *, shadows: bool) -> dict[int, Name]:
    """Return the names of values, by where they stand; a binding goes before a use.

    Without `shadows`, definitions of one name in one scope are one variable.
    """
    found: dict[int, Name] = {}
    first: dict[tuple[int, str], int] = {}
    keys = [
        number
        if shadows or each.kind not in _REBOUND
        else first.setdefault((each.scope, each.name), number)
        for number, each in enumerate(facts.definitions)
    ]
    for use in facts.uses:
        if use.kind not in {"read", "write"}:
            continue
        end = use.start_byte + len(use.name.encode())
        key: int | str = keys[use.definition] if use.definition >= 0 else use.name
        before = found.get(use.start_byte)
        if before is not None and before.action == "write":
            continue
        found[use.start_byte] = Name(end, key, "write" if use.kind == "write" else "read")
    for number, each in enumerate(facts.definitions):
        span = each.span
        if source[span.start_byte : span.end_byte] == each.name.encode():
            found[span.start_byte] = Name(span.end_byte, keys[number], "bind")
    for start, name in list(found.items()):
        if isinstance(name.key, int):
            definition = facts.definitions[name.key]
            if definition.kind in _UNSEEN:
                del found[start]
            elif definition.kind == "field":
                found[start] = name._replace(key=definition.name)
    return found
