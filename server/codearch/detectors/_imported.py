"""A name that an import binds, with all that the facts say of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.facts import Definition, FileFacts, Import, ImportedName, Use


class Imported(NamedTuple):
    """One name of one import and the definition that it makes."""

    definition: Definition
    statement: Import
    name: ImportedName


VALUES = frozenset({"variable", "parameter", "field", "constant", "function"})


def unread(facts: FileFacts) -> Iterator[Imported]:
    """Yield the imports that no name means; names bound twice in a scope are read together.

    A name that nothing in the file is known to bind may mean any import of that name.
    """
    read = {use.name for use in facts.uses if use.definition < 0 or _may_mean_import(facts, use)}
    read_in_scope = {
        (facts.definitions[use.definition].scope, use.name)
        for use in facts.uses
        if use.definition >= 0 and use.kind != "write"
    }
    for definition in facts.definitions:
        if definition.imported < 0 or definition.name in read:
            continue
        if (definition.scope, definition.name) in read_in_scope:
            continue
        each = facts.imports[definition.imported]
        for name in each.names:
            bound = name.alias == definition.name
            if bound and name.span.start_byte == definition.span.start_byte:
                yield Imported(definition, each, name)


def _may_mean_import(facts: FileFacts, use: Use) -> bool:
    """Say whether a use that a local name seems to answer may mean an import of the same name.

    Java and TypeScript keep types and values apart, so that one does not hide the other; a field is
    no answer to a bare name in JavaScript and TypeScript (`class A { open = open }`).
    """
    kind = facts.definitions[use.definition].kind
    if facts.language == "java":
        return kind in VALUES
    if facts.language == "typescript" and use.kind == "type" and kind in VALUES:
        return True
    return facts.language in {"javascript", "typescript"} and kind == "field"
