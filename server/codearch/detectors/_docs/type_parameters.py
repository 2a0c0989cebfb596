"""Type parameters that docs describe and neither the definition nor one around it has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._detector import Draft
from codearch.detectors._docs.removing import removal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.detectors._detector import FileView
    from codearch.detectors._docs.documented import Documented

_WORD = re.compile(r"\w+")


def stale_type_parameters(file: FileView, each: Documented) -> Iterator[Draft]:
    """Yield one finding for each documented type parameter that no header in sight names."""
    said = [entry for entry in each.entries if entry.kind == "type"]
    if not said:
        return
    known: set[str] = set()
    place = each.place
    while place >= 0:
        symbol = file.facts.symbols[place]
        known.update(_WORD.findall(symbol.signature))
        place = symbol.parent
    for entry in said:
        if entry.name in known:
            continue
        yield Draft(
            span=each.doc.span(file, entry.start, entry.end),
            message=(
                f"the docs of `{each.symbol.name}` describe a type parameter `{entry.name}` "
                "that it does not have"
            ),
            symbol=each.symbol,
            key=f"<{entry.name}>",
            fix=removal(
                file, each.doc, [entry], f"Take `{entry.name}` out of the docs", safe=False
            ),
        )
