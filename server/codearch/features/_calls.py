"""Call hierarchy items, and the way back from an item to its symbol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp

from codearch.commands._places import Places
from codearch.errors import UsageError
from codearch.features._feature import home_of, lsp_kind, range_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codearch.commands._command import Context, Workspace
    from codearch.facts import Call, Symbol
    from codearch.snapshot import Snapshot

OtherEnd = tuple[lsp.CallHierarchyItem, list[lsp.Range]]


def item(places: Places, symbol: Symbol) -> lsp.CallHierarchyItem:
    """Return a symbol as an item that carries its id."""
    return lsp.CallHierarchyItem(
        name=symbol.name or symbol.path,
        kind=lsp_kind(symbol),
        uri=places.uri(symbol.path),
        range=range_of(places, symbol.path, symbol.span),
        selection_range=range_of(places, symbol.path, symbol.name_span),
        detail=symbol.container or symbol.path,
        data={"symbol": symbol.id},
    )


def other_ends(
    context: Context,
    asked: lsp.CallHierarchyItem,
    calls_of: Callable[[Snapshot, str], Sequence[Call]],
    end_of: Callable[[Call], str],
) -> list[OtherEnd]:
    """Return the symbols at the other end of an item's calls, each with the places of the calls."""
    workspace, number = _symbol_of(context, asked)
    with workspace.read() as snapshot:
        places = Places(snapshot, context.encoding)
        calls: dict[str, list[lsp.Range]] = {}
        for call in calls_of(snapshot, number):
            calls.setdefault(end_of(call), []).append(range_of(places, call.path, call.span))
        symbols = snapshot.symbols_by_id(list(calls))
        return [
            (item(places, symbols[end]), ranges) for end, ranges in calls.items() if end in symbols
        ]


def _symbol_of(context: Context, asked: lsp.CallHierarchyItem) -> tuple[Workspace, str]:
    """Return the workspace and the symbol id of an item; raise UsageError for one not of ours."""
    home = home_of(context, asked.uri)
    data: Any = asked.data
    number = data.get("symbol") if isinstance(data, dict) else getattr(data, "symbol", None)
    if home is None or not isinstance(number, str):
        message = "`item` is none that this server gave."
        raise UsageError(message, field="item")
    return home[0], number
