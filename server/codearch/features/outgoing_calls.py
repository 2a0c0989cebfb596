"""Call hierarchy: what a symbol calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from codearch.features._calls import other_ends
from codearch.features._feature import Feature
from codearch.snapshot import Snapshot

if TYPE_CHECKING:
    from codearch.commands._command import Context


def run(
    context: Context, params: lsp.CallHierarchyOutgoingCallsParams
) -> list[lsp.CallHierarchyOutgoingCall]:
    """Return each callee with the places of its calls."""
    found = other_ends(context, params.item, Snapshot.callees, lambda call: call.target)
    return [lsp.CallHierarchyOutgoingCall(to=callee, from_ranges=at) for callee, at in found]


FEATURE = Feature(lsp.CALL_HIERARCHY_OUTGOING_CALLS, lambda _: None, run)
