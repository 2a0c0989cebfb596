"""`codearch.symbols`: symbols by a few letters of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from codearch.commands._command import Argument, Command, Form
from codearch.commands._forms import SymbolForm, symbol_form
from codearch.commands._places import Places

if TYPE_CHECKING:
    from codearch.commands._command import Context


class SymbolsQuery(Argument, frozen=True):
    """Letters of a name, and how many symbols are wanted."""

    query: Annotated[str, Meta(description="Letters that the name holds in this order.")]
    limit: Annotated[int, Meta(ge=1, le=100, description="How many symbols at most.")] = 20


class Symbols(Form):
    """Symbols whose names fit, the best first; each folder's own after another's."""

    symbols: list[SymbolForm]


def run(context: Context, query: SymbolsQuery) -> Symbols:
    """Return the symbols whose names fit the letters best."""
    found: list[SymbolForm] = []
    for workspace in context.workspaces:
        with workspace.read() as snapshot:
            places = Places(snapshot, context.encoding)
            found += [
                symbol_form(places, symbol)
                for symbol in snapshot.find_symbols(query.query, query.limit)
                if workspace.holds(symbol.path)
            ]
    return Symbols(symbols=found[: query.limit])


COMMAND = Command("codearch.symbols", SymbolsQuery, Symbols, run)
