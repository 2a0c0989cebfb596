"""Call hierarchy: the symbol to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from codearch.commands._places import Places
from codearch.features._calls import item
from codearch.features._feature import Feature, column_of, home_of

if TYPE_CHECKING:
    from codearch.commands._command import Context


def run(
    context: Context, params: lsp.CallHierarchyPrepareParams
) -> list[lsp.CallHierarchyItem] | None:
    """Return what is called at the place, else the definition around it."""
    home = home_of(context, params.text_document.uri)
    if home is None:
        return None
    workspace, path = home
    with workspace.read() as snapshot:
        places = Places(snapshot, context.encoding)
        line, column = params.position.line, column_of(places, path, params.position)
        called = [snapshot.symbol(call.target) for call in snapshot.call_at(path, line, column)]
        found = [each for each in called if each is not None]
        if not found:
            around = snapshot.symbol_at(path, line, column)
            found = [] if around is None or around.kind in ("module", "section") else [around]
        return [item(places, symbol) for symbol in found] or None


def options(_: lsp.ClientCapabilities) -> lsp.CallHierarchyOptions:
    """Offer it to everybody."""
    return lsp.CallHierarchyOptions()


FEATURE = Feature(lsp.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY, options, run)
