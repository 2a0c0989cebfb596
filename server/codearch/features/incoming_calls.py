"""Call hierarchy: who calls a symbol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from codearch.commands._places import Places
from codearch.features._calls import item, symbol_of
from codearch.features._feature import Feature, range_of

if TYPE_CHECKING:
    from codearch.commands._command import Context
    from codearch.facts import Call


def run(
    context: Context, params: lsp.CallHierarchyIncomingCallsParams
) -> list[lsp.CallHierarchyIncomingCall]:
    """Return each caller with the places of its calls."""
    workspace, number = symbol_of(context, params.item)
    with workspace.read() as snapshot:
        places = Places(snapshot, context.encoding)
        by_caller: dict[str, list[Call]] = {}
        for call in snapshot.callers(number):
            by_caller.setdefault(call.source, []).append(call)
        callers = snapshot.symbols_by_id(list(by_caller))
        return [
            lsp.CallHierarchyIncomingCall(
                from_=item(places, callers[source]),
                from_ranges=[range_of(places, call.path, call.span) for call in calls],
            )
            for source, calls in by_caller.items()
            if source in callers
        ]


FEATURE = Feature(lsp.CALL_HIERARCHY_INCOMING_CALLS, lambda _: None, run)
