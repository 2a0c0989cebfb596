"""What each type of a file inherits from, implements, or is an impl for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.facts import TYPE_KINDS
from codearch.graph.lookup import base_at
from codearch.graph.meaning import Meaning
from codearch.graph.resolution import ResolvedBase

if TYPE_CHECKING:
    from codearch.graph.calls import Reading

FOLLOWED = 0.97


def resolve_bases(reading: Reading) -> list[ResolvedBase]:
    """Return the bases that are types of the workspace; an impl block speaks for its type."""
    found = []
    for index, symbol in enumerate(reading.facts.symbols):
        if not symbol.bases or symbol.kind == "type":
            continue
        for written in symbol.bases:
            base = base_at(reading.atlas, reading.path, symbol.parent, written)
            if base is None or base.what != "instance" or not _is_type(reading, base):
                continue
            sure = round(base.sure * FOLLOWED, 3)
            if (base.path, base.symbol) != (reading.path, index):
                found.append(ResolvedBase(index, base.path, base.symbol, sure))
    return found


def _is_type(reading: Reading, base: Meaning) -> bool:
    view = reading.atlas.view(base.path)
    return view is not None and view.outline.members[base.symbol].kind in TYPE_KINDS
