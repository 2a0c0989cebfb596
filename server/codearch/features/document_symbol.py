"""The outline of a file, where no other server gives one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from codearch.commands._places import Places
from codearch.errors import StoreError
from codearch.features._feature import Feature, home_of, lsp_kind, range_of
from codearch.features._served import served_elsewhere

if TYPE_CHECKING:
    from codearch.commands._command import Context


def run(context: Context, params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol] | None:
    """Return the nested symbols of a file; None for languages that have servers of their own."""
    home = home_of(context, params.text_document.uri)
    if home is None:
        return None
    workspace, path = home
    try:
        with workspace.read() as snapshot:
            file = snapshot.file(path)
            if file is None or served_elsewhere(file.language):
                return None
            places = Places(snapshot, context.encoding)
            children: dict[str, list[lsp.DocumentSymbol]] = {}
            tops: list[lsp.DocumentSymbol] = []
            for symbol in snapshot.symbols(path):
                if symbol.kind == "module" or not symbol.name:
                    continue
                whole = range_of(places, path, symbol.span)
                name = range_of(places, path, symbol.name_span)
                inside = (name.start.line, name.start.character) >= (
                    whole.start.line,
                    whole.start.character,
                )
                item = lsp.DocumentSymbol(
                    name=symbol.name,
                    kind=lsp_kind(symbol),
                    range=whole,
                    selection_range=name if inside else whole,
                )
                children[symbol.id] = item.children = []
                children.get(symbol.parent or "", tops).append(item)
            return tops
    except StoreError:
        return None


def options(_: lsp.ClientCapabilities) -> lsp.DocumentSymbolOptions:
    """Offer it to everybody."""
    return lsp.DocumentSymbolOptions(label="CodeArchaeologist")


FEATURE = Feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL, options, run)
