"""Imports: from a language's draft to a fact, with the names that it binds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.facts import Import, ImportedName

if TYPE_CHECKING:
    import re

    from tree_sitter import Node

    from codearch.languages._language import ImportDraft
    from codearch.parse.walk import Walk

_CONDITION_BYTES = 100  # `TYPE_CHECKING` and its like are no longer


def record(walk: Walk, draft: ImportDraft, at: Node) -> None:
    """Record an import that stands in the present scope, and bind its names there."""
    node = draft.node if draft.node is not None else at
    named = [(each, walk.places.span(each.node)) for each in draft.names]
    walk.imports.append(
        Import(
            draft.kind,
            draft.module,
            tuple(ImportedName(each.name, each.alias, span) for each, span in named),
            walk.places.span(node),
            level=draft.level,
            type_only=draft.type_only
            or walk.role.use == "type"
            or node.start_byte < walk.types_only_until,
            deferred=_inside_function(walk) or node.start_byte < walk.program_until,
            guarded=walk.guards > 0,
            reexport=draft.reexport,
            system=draft.system,
        )
    )
    for each, span in named:
        walk.skip(each.node)
        if each.alias and draft.kind != "export":
            bound = walk.names.bind(each.alias, "import", span, hoist=True)
            bound.imported = len(walk.imports) - 1


def end_of_guarded(guard: Node, pattern: re.Pattern[str]) -> int:
    """Return the byte up to which a guard with such a condition holds, 0 where it is another."""
    condition = guard.child_by_field_name("condition")
    if condition is None or condition.end_byte - condition.start_byte > _CONDITION_BYTES:
        return 0
    if not pattern.fullmatch((condition.text or b"").decode(errors="replace")):
        return 0
    return (guard.child_by_field_name("consequence") or guard).end_byte


def _inside_function(walk: Walk) -> bool:
    """Say whether the present scope lies in a function, with a name or without."""
    scope = walk.names.current
    while scope > 0:
        here = walk.names.scopes[scope]
        of_type = here.symbol > 0 and not walk.drafts[here.symbol - 1].is_callable
        if here.scoping.hoists and not of_type:
            return True
        scope = here.parent
    return False
