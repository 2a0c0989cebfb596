"""Symbols of the whole workspace by a few letters of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from codearch.commands._places import Places
from codearch.errors import StoreError
from codearch.features._feature import Feature, lsp_kind, range_of

if TYPE_CHECKING:
    from codearch.commands._command import Context

LIMIT = 100


def run(context: Context, params: lsp.WorkspaceSymbolParams) -> list[lsp.WorkspaceSymbol]:
    """Return the best matches of all folders."""
    found: list[lsp.WorkspaceSymbol] = []
    for workspace in context.workspaces:
        try:
            with workspace.read() as snapshot:
                places = Places(snapshot, context.encoding)
                found += [
                    lsp.WorkspaceSymbol(
                        location=lsp.Location(
                            places.uri(symbol.path), range_of(places, symbol.path, symbol.name_span)
                        ),
                        name=symbol.name,
                        kind=lsp_kind(symbol),
                        container_name=symbol.container or symbol.path,
                    )
                    for symbol in snapshot.find_symbols(params.query, LIMIT)
                ]
        except StoreError:
            continue  # this folder has not been indexed yet
    return found


def options(_: lsp.ClientCapabilities) -> lsp.WorkspaceSymbolOptions:
    """Offer it to everybody."""
    return lsp.WorkspaceSymbolOptions()


FEATURE = Feature(lsp.WORKSPACE_SYMBOL, options, run)
