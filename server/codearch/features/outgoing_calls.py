"""Call hierarchy: what a symbol calls."""

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
    context: Context, params: lsp.CallHierarchyOutgoingCallsParams
) -> list[lsp.CallHierarchyOutgoingCall]:
    """Return each callee with the places of its calls."""
    workspace, number = symbol_of(context, params.item)
    with workspace.read() as snapshot:
        places = Places(snapshot, context.encoding)
        by_callee: dict[str, list[Call]] = {}
        for call in snapshot.callees(number):
            by_callee.setdefault(call.target, []).append(call)
        callees = snapshot.symbols_by_id(list(by_callee))
        return [
            lsp.CallHierarchyOutgoingCall(
                to=item(places, callees[target]),
                from_ranges=[range_of(places, call.path, call.span) for call in calls],
            )
            for target, calls in by_callee.items()
            if target in callees
        ]


FEATURE = Feature(lsp.CALL_HIERARCHY_OUTGOING_CALLS, lambda _: None, run)
