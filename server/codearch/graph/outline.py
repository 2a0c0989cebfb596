"""What other files can see of a file: its members, imports and bindings, without any position.

An edit inside a body leaves the outline equal, so nothing that depends on the file need be resolved
again. Outlines are small beside the facts and made to be kept next to them.
"""

from __future__ import annotations

import msgspec

from codearch.facts import (
    CALLABLE_KINDS,
    NO_SPAN,
    TYPE_KINDS,
    FileFacts,
    Import,
    ImportedName,
    SymbolFact,
    SymbolKind,
)
from codearch.graph.expressions import bare


class Member(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One symbol of the file, at the same index as in FileFacts.symbols."""

    name: str
    kind: SymbolKind
    container: str
    parent: int
    bases: tuple[str, ...] = ()
    returns: str = ""
    least: int = 0  # arguments that it takes, self left out
    most: int = 0  # -1 for any number
    exported: bool = True
    test: bool = False
    result: str = ""  # where no type is declared: the chain that it first returns
    extends: str = ""  # the type that an extension method adds itself to (C#)
    declaration: bool = False  # a callable without a body: a prototype, an interface's method

    def misfit(self, arguments: int) -> int:
        """Say how ill so many arguments fit (-1: not counted): 0 exactly, 1 as variadic, 2 not."""
        if arguments < 0 or self.kind in TYPE_KINDS or self.least <= arguments <= self.most:
            return 0
        return 1 if self.most < 0 and arguments >= self.least else 2


class Binding(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A variable, field or alias that others can reach; `owner` indexes members, -1: the file."""

    name: str
    owner: int
    type: str = ""  # as written, "" if unknown
    value: str = ""  # else the chain of names and calls that it is first bound to
    imported: int = -1  # index into Outline.imports


class Outline(msgspec.Struct, frozen=True, array_like=True):
    """What the rest of the workspace may depend on in one file."""

    language: str
    package: str = ""
    members: tuple[Member, ...] = ()
    imports: tuple[Import, ...] = ()  # FileFacts.imports, all of them, with NO_SPAN
    owners: tuple[int, ...] = ()  # for each import the namespace that it stands in, -1 for none
    bindings: tuple[Binding, ...] = ()
    exports: tuple[str, ...] = ()


def outline_of(facts: FileFacts) -> Outline:
    """Return the outline of one file's facts."""
    return Outline(
        language=facts.language,
        package=facts.package,
        members=tuple(_member(facts, symbol) for symbol in facts.symbols),
        imports=tuple(_without_place(each) for each in facts.imports),
        owners=_owners(facts),
        bindings=tuple(_bindings(facts)),
        exports=facts.exports,
    )


def _member(facts: FileFacts, symbol: SymbolFact) -> Member:
    parameters = symbol.parameters
    if parameters and symbol.kind == "method" and parameters[0].name in {"self", "cls"}:
        parameters = parameters[1:]
    return Member(
        name=symbol.name,
        kind=symbol.kind,
        container=symbol.container,
        parent=symbol.parent,
        bases=symbol.bases,
        returns=symbol.returns,
        least=sum(1 for each in parameters if not each.default and not each.variadic),
        most=-1 if any(each.variadic for each in parameters) else len(parameters),
        exported=symbol.exported,
        test=symbol.test,
        result="" if symbol.returns else bare(symbol.result),
        extends=_extended(facts, symbol),
        declaration=symbol.kind in CALLABLE_KINDS and symbol.body_byte >= symbol.span.end_byte,
    )


def _extended(facts: FileFacts, symbol: SymbolFact) -> str:
    """Return the type of `this T it`, or of the block `extension(T it) { ... }` around."""
    if facts.language != "csharp" or symbol.parent < 0:
        return ""
    around = facts.symbols[symbol.parent]
    if around.name == "extension" and around.parameters:
        return around.parameters[0].type
    return symbol.parameters[0].type if symbol.parameters and "(this " in symbol.signature else ""


def _without_place(each: Import) -> Import:
    names = tuple(ImportedName(name.name, name.alias, NO_SPAN) for name in each.names)
    return msgspec.structs.replace(each, names=names, span=NO_SPAN)


def _owners(facts: FileFacts) -> tuple[int, ...]:
    """Return the innermost namespace around each import; parents come before their children."""
    spaces = [
        (index, symbol.span)
        for index, symbol in enumerate(facts.symbols)
        if symbol.kind == "namespace"
    ]
    owners = []
    for each in facts.imports:
        at = each.span.start_byte
        around = [index for index, span in spaces if span.start_byte <= at < span.end_byte]
        owners.append(around[-1] if around else -1)
    return tuple(owners)


def _bindings(facts: FileFacts) -> list[Binding]:
    """Return variables of the file and of its types, and what its top-level imports bind."""
    found = []
    for definition in facts.definitions:
        if definition.symbol >= 0 or definition.kind == "parameter":
            continue
        scope = facts.scopes[definition.scope]
        owner = scope.symbol
        if definition.scope != 0 and not _is_type(facts, owner):
            continue
        owner = -1 if definition.scope == 0 else owner
        found.append(
            Binding(
                definition.name, owner, definition.type, bare(definition.value), definition.imported
            )
        )
    return found


def _is_type(facts: FileFacts, symbol: int) -> bool:
    if symbol < 0:
        return False
    kind = facts.symbols[symbol].kind
    return kind in TYPE_KINDS or kind in {"impl", "namespace"}
