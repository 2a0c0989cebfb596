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
    fields: dict[int | None, Role | None] | None = None  # roles of children by field
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
    comments: tree_sitter.Query  # captures them


class _Kinds:
    """The numbers of a grammar's node kinds and fields."""

    def __init__(self, grammar: tree_sitter.Language) -> None:
        self._grammar = grammar
        self._numbers: dict[str, list[int]] = {"ERROR": [ERROR_KIND]}
        for number in range(grammar.node_kind_count):
            kind = grammar.node_kind_for_id(number)
            if kind and grammar.node_kind_is_visible(number):
                key = kind if grammar.node_kind_is_named(number) else f'"{kind}"'
                self._numbers.setdefault(key, []).append(number)

    def numbers(self, kind: str) -> list[int]:
        """Return the numbers of a named kind, or of the token where there is no such kind."""
        return self._numbers.get(kind) or self._numbers.get(f'"{kind}"') or []

    def tokens(self) -> Iterable[int]:
        """Return the numbers of the tokens that have no name of their own: brackets, keywords."""
        for kind, numbers in self._numbers.items():
            if kind.startswith('"'):
                yield from numbers

    def field(self, name: str) -> int | None:
        """Return a field's number."""
        return self._grammar.field_id_for_name(name)


@functools.cache
def grammars_of(language: Language) -> tuple[Grammar, ...]:
    """Return the compiled grammars of a language, the main one first.

    A table that names what none of the grammars has is a ValueError.
    """
    loaders = (language.grammar, *(dialect.grammar for dialect in language.dialects))
    loaded = [tree_sitter.Language(load()) for load in loaders if load is not None]
    tables = [_Kinds(grammar) for grammar in loaded]
    plans, fields = _plans(language)
    unknown = [kind for kind in plans if not any(table.numbers(kind) for table in tables)]
    unknown += [name for name in fields if all(table.field(name) is None for table in tables)]
    if unknown:
        message = f"{language.name}: no grammar of it knows {', '.join(unknown)}"
        raise ValueError(message)
    return tuple(
        Grammar(
            language,
            tree_sitter.Parser(grammar),
            _numbered(language, plans, table),
            _query(grammar, [kind for kind in sorted(language.comments) if table.numbers(kind)]),
        )
        for grammar, table in zip(loaded, tables, strict=True)
    )


def _query(grammar: tree_sitter.Language, kinds: Iterable[str]) -> tree_sitter.Query:
    """Return a query that captures nodes of these kinds."""
    return tree_sitter.Query(grammar, "".join(f"({kind}) @found " for kind in kinds))


def grammar_of(language: Language) -> Grammar:
    """Return the main compiled grammar of a language."""
    return grammars_of(language)[0]


def _plans(language: Language) -> tuple[dict[str, Plan], set[str]]:
    """Return a plan for each node kind that the tables name, and the fields that they name."""
    from codearch.parse import steps  # noqa: PLC0415 - steps act on plans, plans list steps

    plans: dict[str, Plan] = {}

    def plan(kind: str) -> Plan:
        return plans.setdefault(kind, Plan(kind))

    for kind in (*language.identifiers, *language.type_identifiers):
        plan(kind).name = True
        plan(kind).names_type = kind in language.type_identifiers
    for kind, define in language.define.items():
        plan(kind).defines = define if isinstance(define, tuple) else (define,)
    listed = [kind for table in steps.tables(language) for kind in table]
    for kind in {*plans, *language.roles, *listed}:
        plan(kind).steps = steps.for_kind(language, kind)
        plan(kind).refers = kind in language.references
    fields = {name for table in language.roles.values() for name in table} - {"*"}
    return plans, fields


LEAF = Plan("")  # of tokens that nobody asked about


def _numbered(language: Language, plans: dict[str, Plan], kinds: _Kinds) -> dict[int, Plan]:
    """Return the plans by the numbers that a grammar gives to their kinds."""
    found = dict.fromkeys(kinds.tokens(), LEAF)
    for kind, plan in plans.items():
        roles = language.roles.get(kind)
        made = _with_roles(plan, roles.items(), kinds) if roles is not None else plan
        found.update(dict.fromkeys(kinds.numbers(kind), made))
    return found


def _with_roles(plan: Plan, table: Iterable[tuple[str, Role | None]], kinds: _Kinds) -> Plan:
    """Return the plan with the roles that its children have by their fields."""
    fields: dict[int | None, Role | None] = {}
    made = dataclasses.replace(plan, fields=fields)
    for name, role in table:
        made.after = made.after or (role is not None and role.after)
        if name == "*":
            made.rest = role
        elif (number := kinds.field(name)) is not None:
            fields[number] = role
    if fields and made.rest is not None:
        fields[None] = made.rest
    return made


@functools.cache
def inner(role: Role) -> Role:
    """Return the role as it is inside the scope around: no longer outer."""
    return dataclasses.replace(role, outer=False)
