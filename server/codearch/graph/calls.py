"""Calls to symbols: by scope, import, member and type where they can be followed, else by guess."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from codearch.facts import CALLABLE_KINDS, TYPE_KINDS
from codearch.graph.constructors import constructed
from codearch.graph.expressions import Step, steps
from codearch.graph.guess import Company, Unknown, company_of, guessed
from codearch.graph.lookup import (
    FIELD,
    applied,
    first_of,
    follow,
    implemented,
    imported_name,
    inherited_member,
    member_of,
    name_at,
    self_at,
    value_of,
)
from codearch.graph.meaning import UNKNOWN, Meaning, Sought
from codearch.graph.overloads import pick
from codearch.graph.resolution import ResolvedCall, StoppedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from codearch.facts import CallFact, FileFacts
    from codearch.graph.atlas import Atlas, View
    from codearch.graph.naming import Naming

FOLLOWED = 0.97  # names that were followed all the way are right this often, doubts apart
TARGETS = CALLABLE_KINDS | TYPE_KINDS
_CALLS_AT_ONCE = 64  # some milliseconds
VALUES = 6  # variables followed from one to the next


@dataclass(frozen=True)
class Reading:
    """One file while its names are resolved."""

    atlas: Atlas
    path: str
    facts: FileFacts
    view: View
    naming: Naming

    @cached_property
    def bound(self) -> dict[tuple[int, str], int]:
        """The first definition by scope and name."""
        found: dict[tuple[int, str], int] = {}
        for index, definition in enumerate(self.facts.definitions):
            found.setdefault((definition.scope, definition.name), index)
        return found

    @cached_property
    def company(self) -> Company:
        """What is called on each receiver."""
        return company_of(self.facts.calls)

    def visible(self, scope: int, name: str) -> int:
        """Return the definition that a name means in a scope, -1 where it is not of this file."""
        while scope >= 0:
            found = self.bound.get((scope, name))
            if found is not None:
                return found
            scope = self.facts.scopes[scope].parent
        return -1

    @cached_property
    def scope_starts(self) -> list[int]:
        """Where each scope begins; scopes are in the order of the source."""
        return [scope.span.start_byte for scope in self.facts.scopes]

    def scope_at(self, byte: int) -> int:
        """Return the innermost scope around a place."""
        scope = bisect_right(self.scope_starts, byte) - 1
        while scope > 0 and self.facts.scopes[scope].span.end_byte <= byte:
            scope = self.facts.scopes[scope].parent
        return scope

    def symbol_around(self, scope: int) -> int:
        """Return the innermost symbol that a scope stands in, -1 at the file's top."""
        while scope > 0:
            if self.facts.scopes[scope].symbol >= 0:
                return self.facts.scopes[scope].symbol
            scope = self.facts.scopes[scope].parent
        return -1


def resolve_calls(reading: Reading, stop: Callable[[], bool]) -> list[ResolvedCall]:
    """Return the calls of a file that could be resolved to symbols of the workspace.

    Raises StoppedError where `stop`, which is asked every few milliseconds, says so.
    """
    found = []
    for index, call in enumerate(reading.facts.calls):
        if index % _CALLS_AT_ONCE == _CALLS_AT_ONCE - 1 and stop():
            raise StoppedError
        meaning = called(reading, call)
        if meaning is not None:
            sure = round(meaning.sure, 3)
            found.append(ResolvedCall(index, meaning.path, meaning.symbol, sure))
    return found


def called(reading: Reading, call: CallFact) -> Meaning | None:
    """Return the symbol that a call means, None where it is external or cannot be told."""
    meaning = _followed(reading, call)
    if meaning is None or meaning.what in {"unknown", "package"}:
        guessable = call.receiver and call.kind != "reference"
        unknown = Unknown(call.receiver, call.name, call.arguments)
        return _guess(reading, unknown) if guessable else None
    if meaning.what == "instance" and _is_enum(reading, meaning):
        meaning = meaning._replace(what="symbol")  # a variant: `Kind::Some(x)`
    if meaning.what != "symbol":
        return None
    name = Sought(call.name, call.arguments)
    meaning = reading.naming.defined(reading.atlas, implemented(reading.atlas, meaning), name)
    if not _can_be_called(reading, call, meaning):
        return None
    if call.kind in {"call", "new"}:
        made = constructed(reading.atlas, meaning, call.arguments)
        meaning = reading.naming.defined(reading.atlas, made, name)
    return meaning.doubted(FOLLOWED)


def _can_be_called(reading: Reading, call: CallFact, meaning: Meaning) -> bool:
    """Say whether a symbol is of a kind that this call may go to."""
    view = reading.atlas.view(meaning.path)
    if view is None:
        return False
    kind = view.outline.members[meaning.symbol].kind
    if call.kind == "macro":
        return kind == "macro"
    if call.kind == "call" and reading.naming.new_only and kind in TYPE_KINDS:
        return False
    return kind in TARGETS


def _guess(reading: Reading, call: Unknown) -> Meaning | None:
    return reading.atlas.once(
        ("guess", reading.path, call),
        lambda: guessed(reading.atlas, reading.view, call, reading.company),
    )


def _is_enum(reading: Reading, meaning: Meaning) -> bool:
    view = reading.atlas.view(meaning.path)
    return view is not None and view.outline.members[meaning.symbol].kind == "enum"


def _followed(reading: Reading, call: CallFact) -> Meaning | None:
    """Return what the called name means by following its receiver, or its scope without one."""
    arguments = call.arguments if call.kind in {"call", "new"} else -1
    name = Sought(call.name, arguments)
    if not call.receiver:
        if call.name == reading.naming.class_word:
            around = self_at(reading.atlas, reading.view, call.caller)
            return around._replace(what="symbol") if around is not None else None
        if call.definition >= 0:
            return _defined(reading, call.definition, name)
        return name_at(reading.atlas, reading.path, call.caller, name)
    if call.receiver in reading.naming.super_words:
        enclosing = reading.view.enclosing_type(call.caller)
        if enclosing >= 0:
            of = implemented(reading.atlas, Meaning("instance", reading.path, enclosing))
            return inherited_member(reading.atlas, of, name)
    owner = _receiver(reading, call)
    return member_of(reading.atlas, owner, name) if owner is not None else None


def _receiver(reading: Reading, call: CallFact) -> Meaning | None:
    """Return what a receiver stands for: by its evident type, else by its chain of names."""
    if call.receiver_type and call.receiver not in reading.naming.self_words:
        typed = value_of(reading.atlas, reading.path, call.caller, call.receiver_type)
        if typed.what != "unknown":
            return typed
    chain = steps(call.receiver)
    if not chain:
        return None
    definition = call.definition
    if definition < 0 or reading.facts.definitions[definition].name != chain[0].name:
        definition = reading.visible(reading.scope_at(call.span.start_byte), chain[0].name)
    return _chain(reading, definition, call.caller, chain)


def _chain(
    reading: Reading, definition: int, at: int, chain: tuple[Step, ...], depth: int = VALUES
) -> Meaning | None:
    """Return what a chain stands for whose first name is this local definition (-1: none)."""
    first = chain[0]
    is_self = first.name in reading.naming.self_words
    if definition >= 0 and not first.made and not is_self:
        found = _defined(reading, definition, Sought(first.name), depth)
    else:
        found = first_of(reading.atlas, reading.path, at, first)
    if definition >= 0 and found == UNKNOWN and reading.naming.paths:
        found = first_of(reading.atlas, reading.path, at, first) or UNKNOWN
        found = found if found.what in {"file", "symbol"} else UNKNOWN
    found = applied(reading.atlas, found, first)
    for index, step in enumerate(chain[1:], 1):
        known = follow(reading.atlas, reading.path, found, (step,))
        lost = known is None or known.what == "unknown"
        if lost and step.called and not (found is not None and found.what == "external"):
            receiver = ".".join(each.name for each in chain[:index])
            known = applied(reading.atlas, _guess(reading, Unknown(receiver, step.name)), step)
        found = known
    return found


def _overloaded(reading: Reading, symbol: int, name: Sought) -> Meaning:
    """Return a local definition, or the one of its overloads that is meant."""
    found = Meaning("symbol", reading.path, symbol)
    if not reading.naming.overloads or name.arguments < 0:
        return found
    member = reading.view.outline.members[symbol]
    if member.kind in TYPE_KINDS:
        return found
    inside = reading.view.child(member.parent, member.name) if member.parent >= 0 else ()
    beside = inside or reading.view.top.get(member.name, ())
    return (pick(reading.atlas, reading.view, beside, name) if symbol in beside else None) or found


def _defined(reading: Reading, index: int, name: Sought, depth: int = VALUES) -> Meaning | None:
    """Return what a local definition means: a symbol, an imported name, or a typed value."""
    atlas, path = reading.atlas, reading.path
    definition = reading.facts.definitions[index]
    if definition.symbol >= 0:
        return _overloaded(reading, definition.symbol, name)
    if definition.imported >= 0:
        bound = name._replace(name=definition.name)
        return imported_name(atlas, path, definition.imported, bound) or UNKNOWN
    if definition.type:
        return value_of(atlas, path, reading.symbol_around(definition.scope), definition.type)
    if definition.scope == 0 and definition.name in reading.view.held:
        return Meaning("file", path, inner=definition.name)
    return _bound_value(reading, index, depth) or UNKNOWN


def _bound_value(reading: Reading, index: int, depth: int) -> Meaning | None:
    """Return what the expression stands for that a variable is first bound to."""
    definition = reading.facts.definitions[index]
    if not definition.value or not depth:
        return None
    loaded = reading.naming.loaded(reading.atlas, reading.path, definition.value)
    chain = steps(definition.value)
    if loaded is not None or not chain:
        return loaded
    inner = reading.visible(definition.scope, chain[0].name)
    if inner == index:
        return None
    found = _chain(reading, inner, reading.symbol_around(definition.scope), chain, depth - 1)
    return found.doubted(FIELD) if found else None
