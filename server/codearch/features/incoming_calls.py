"""Call hierarchy: who calls a symbol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from codearch.features._calls import other_ends
from codearch.features._feature import Feature
from codearch.snapshot import Snapshot

if TYPE_CHECKING:
    from codearch.commands._command import Context


def run(
    context: Context, params: lsp.CallHierarchyIncomingCallsParams
) -> list[lsp.CallHierarchyIncomingCall]:
    """Return each caller with the places of its calls."""
    found = other_ends(context, params.item, Snapshot.callers, lambda call: call.source)
    return [lsp.CallHierarchyIncomingCall(from_=caller, from_ranges=at) for caller, at in found]


FEATURE = Feature(lsp.CALL_HIERARCHY_INCOMING_CALLS, lambda _: None, run)
