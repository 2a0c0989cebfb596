"""A language's tables, compiled for the walk: what to do on each node kind, by its number."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import tree_sitter

from codearch.languages._language import Define, Language, Role

if TYPE_CHECKING:
    from tree_sitter import Node

ERROR_KIND = 0xFFFF

Step = Callable[
    [Any, "Node", "Plan"], bool
]  # walk, node, plan -> whether to pass over the children


@dataclass(slots=True)
class Plan:
    """What the walk does on nodes of one kind."""

    kind: str
    steps: tuple[Step, ...] = ()
    fields: dict[int | None, Role] | None = None  # roles of children by field
    rest: Role | None = None  # role of all other children, None to hand on the node's own
    name: bool = False  # an identifier
    names_type: bool = False  # an identifier that is a type wherever it stands
    after: bool = False  # some child's name is bound only at the node's end
    refers: bool = False  # a bare name directly inside is passed or stored
    defines: tuple[Define, ...] = ()


@dataclass(frozen=True, slots=True)
class Grammar:
    """A compiled language: its parser and the plan of each node kind that matters."""

    language: Language
    parser: tree_sitter.Parser
    plans: dict[int, Plan]


class _Kinds:
    """The numbers of a grammar's node kinds and fields; a name it does not know is a ValueError."""

    def __init__(self, language: Language, grammar: tree_sitter.Language) -> None:
        self._name = language.name
        self._grammar = grammar
        self._numbers: dict[str, list[int]] = {"ERROR": [ERROR_KIND]}
        for number in range(grammar.node_kind_count):
            kind = grammar.node_kind_for_id(number)
            if kind and grammar.node_kind_is_visible(number):
                key = kind if grammar.node_kind_is_named(number) else f'"{kind}"'
                self._numbers.setdefault(key, []).append(number)

    def numbers(self, kind: str) -> list[int]:
        """Return the numbers of a named kind, or of the token where there is no such kind."""
        found = self._numbers.get(kind) or self._numbers.get(f'"{kind}"')
        if found is None:
            message = f"{self._name}: the grammar has no node kind {kind!r}"
            raise ValueError(message)
        return found

    def field(self, name: str) -> int:
        number = self._grammar.field_id_for_name(name)
        if number is None:
            message = f"{self._name}: the grammar has no field {name!r}"
            raise ValueError(message)
        return number


@functools.cache
def grammar_of(language: Language) -> Grammar:
    """Return the compiled language; ValueError where its tables name what the grammar has not."""
    from codearch.parse import steps  # noqa: PLC0415 - steps act on plans, plans list steps

    if language.grammar is None:
        message = f"{language.name} has no grammar"
        raise ValueError(message)
    grammar = tree_sitter.Language(language.grammar())
    kinds = _Kinds(language, grammar)
    plans: dict[str, Plan] = {}

    def plan(kind: str) -> Plan:
        return plans.setdefault(kind, Plan(kind))

    for kind in (*language.identifiers, *language.type_identifiers):
        plan(kind).name = True
        plan(kind).names_type = kind in language.type_identifiers
    for kind, table in language.roles.items():
        _set_roles(plan(kind), table.items(), kinds)
    for kind, define in language.define.items():
        plan(kind).defines = define if isinstance(define, tuple) else (define,)
    for kind in [*plans, *(kind for kinds_of in steps.tables(language) for kind in kinds_of)]:
        plan(kind).steps = steps.for_kind(language, kind)
        plan(kind).refers = kind in language.references
    by_number = {number: made for kind, made in plans.items() for number in kinds.numbers(kind)}
    return Grammar(language, tree_sitter.Parser(grammar), by_number)


def _set_roles(plan: Plan, table: Iterable[tuple[str, Role]], kinds: _Kinds) -> None:
    plan.fields = {}
    for name, role in table:
        plan.after = plan.after or role.after
        if name == "*":
            plan.rest = role
        else:
            plan.fields[kinds.field(name)] = role
    if plan.fields and plan.rest is not None:
        plan.fields[None] = plan.rest


@functools.cache
def inner(role: Role) -> Role:
    """Return the role as it is inside the scope around: no longer outer."""
    return dataclasses.replace(role, outer=False)
