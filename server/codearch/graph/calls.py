"""Calls to symbols: by scope, import, member and type where they can be followed, else by guess."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codearch.facts import CALLABLE_KINDS, TYPE_KINDS
from codearch.graph.expressions import LITERAL, Step, steps
from codearch.graph.guess import guessed
from codearch.graph.lookup import (
    implemented,
    imported_name,
    inherited_member,
    instance,
    member_of,
    name_at,
    type_at,
    value_of,
)
from codearch.graph.meaning import EXTERNAL, UNKNOWN, Meaning, Sought
from codearch.graph.resolution import ResolvedCall

if TYPE_CHECKING:
    from codearch.facts import CallFact, FileFacts
    from codearch.graph.atlas import Atlas, View
    from codearch.graph.naming import Naming

FOLLOWED = 0.97  # names that were followed all the way are right this often, doubts apart
TARGETS = CALLABLE_KINDS | TYPE_KINDS


@dataclass(frozen=True, slots=True)
class Reading:
    """One file while its names are resolved."""

    atlas: Atlas
    path: str
    facts: FileFacts
    view: View
    naming: Naming


def resolve_calls(reading: Reading) -> list[ResolvedCall]:
    """Return the calls of a file that could be resolved to symbols of the workspace."""
    found = []
    for index, call in enumerate(reading.facts.calls):
        meaning = called(reading, call)
        if meaning is not None:
            sure = round(meaning.sure, 3)
            found.append(ResolvedCall(index, meaning.path, meaning.symbol, sure))
    return found


def called(reading: Reading, call: CallFact) -> Meaning | None:
    """Return the symbol that a call means, None where it is external or cannot be told."""
    meaning = _followed(reading, call)
    if meaning is None or meaning.what == "unknown":
        return guessed(reading.atlas, reading.view, call) if call.receiver else None
    if meaning.what != "symbol":
        return None
    meaning = implemented(reading.atlas, meaning)
    view = reading.atlas.view(meaning.path)
    if view is None or view.outline.members[meaning.symbol].kind not in TARGETS:
        return None
    return meaning.doubted(FOLLOWED)


def _followed(reading: Reading, call: CallFact) -> Meaning | None:
    """Return what the called name means by following its receiver, or its scope without one."""
    arguments = call.arguments if call.kind in {"call", "new"} else -1
    name = Sought(call.name, arguments)
    if not call.receiver:
        if call.definition >= 0:
            return _defined(reading, call.definition, call.caller, name)
        return name_at(reading.atlas, reading.path, call.caller, name)
    owner = _receiver(reading, call)
    if isinstance(owner, _Super):
        return inherited_member(reading.atlas, owner.of, name)
    return member_of(reading.atlas, owner, name) if owner is not None else None


@dataclass(frozen=True, slots=True)
class _Super:
    """The receiver `super`: the bases of this type."""

    of: Meaning


def _receiver(reading: Reading, call: CallFact) -> Meaning | _Super | None:
    naming = reading.naming
    if call.receiver in naming.self_words | naming.super_words:
        enclosing = reading.view.enclosing_type(call.caller)
        if enclosing >= 0:
            of = implemented(reading.atlas, Meaning("instance", reading.path, enclosing))
            return _Super(of) if call.receiver in naming.super_words else of
    if call.receiver_type and call.receiver not in naming.self_words:
        typed = value_of(reading.atlas, reading.path, call.caller, call.receiver_type)
        if typed is not UNKNOWN:
            return typed
    chain = steps(call.receiver)
    return _value(reading, call, chain) if chain else None


def _value(reading: Reading, call: CallFact, chain: tuple[Step, ...]) -> Meaning | None:
    """Return what a chain of names and calls stands for."""
    found = _first(reading, call, chain[0])
    for step in chain[1:]:
        if found is None or found.what in {"external", "unknown"}:
            return found
        if step.called and step.name in reading.naming.hands_on:
            continue
        found = member_of(reading.atlas, found, Sought(step.name))
        found = _applied(reading, found, step)
    return found


def _first(reading: Reading, call: CallFact, step: Step) -> Meaning | None:
    atlas, path = reading.atlas, reading.path
    if step.name == LITERAL:
        return EXTERNAL
    if step.made:
        found = type_at(atlas, path, call.caller, step.name)
        return UNKNOWN if step.indexed else found
    name = Sought(step.name)
    if step.name in reading.naming.self_words and not step.called:
        enclosing = reading.view.enclosing_type(call.caller)
        if enclosing >= 0:
            return implemented(atlas, Meaning("instance", path, enclosing))
    if call.definition >= 0 and reading.facts.definitions[call.definition].name == step.name:
        found = _defined(reading, call.definition, call.caller, name)
    else:
        found = name_at(atlas, path, call.caller, name)
    return _applied(reading, found, step)


def _applied(reading: Reading, found: Meaning | None, step: Step) -> Meaning | None:
    """Return what calling or indexing a value gives."""
    if found is None or found is EXTERNAL:
        return found
    if step.called:
        found = instance(reading.atlas, found) or UNKNOWN
    return UNKNOWN if step.indexed and found.what != "external" else found


def _defined(reading: Reading, index: int, at: int, name: Sought) -> Meaning | None:
    """Return what a local definition means: a symbol, an imported name, or a typed value."""
    definition = reading.facts.definitions[index]
    if definition.symbol >= 0:
        return _of_several(reading, definition.symbol, name)
    if definition.imported >= 0:
        bound = name._replace(name=definition.name)
        return imported_name(reading.atlas, reading.path, definition.imported, bound) or UNKNOWN
    if definition.type:
        return value_of(reading.atlas, reading.path, at, definition.type)
    return UNKNOWN


def _of_several(reading: Reading, symbol: int, name: Sought) -> Meaning:
    """Return the definition itself, or the one of its overloads that fits the arguments."""
    return Meaning("symbol", reading.path, symbol)
