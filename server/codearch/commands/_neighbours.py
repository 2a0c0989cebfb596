"""Who calls a symbol, what it calls and what tests it, each other symbol once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.commands._command import Form
from codearch.commands._forms import SymbolForm, symbol_form
from codearch.commands._places import Range
from codearch.facts import CALLABLE_KINDS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from codearch.commands._places import Places
    from codearch.facts import Call
    from codearch.snapshot import Snapshot


class Neighbour(Form):
    """A symbol at the other end of calls; `at` is the first place, in the caller's file."""

    symbol: SymbolForm
    uri: str
    at: Range
    count: int
    confidence: float


def callers(snapshot: Snapshot, places: Places, number: str) -> list[Neighbour]:
    """Return who calls a symbol, the surest first."""
    calls = snapshot.callers(number)
    return _neighbours(snapshot, places, calls, [call.source for call in calls])


def callees(snapshot: Snapshot, places: Places, number: str) -> list[Neighbour]:
    """Return what a symbol calls, in source order."""
    calls = snapshot.callees(number)
    return _neighbours(snapshot, places, calls, [call.target for call in calls])


def callers_in_words(kinds: Collection[str], calls: int) -> str:
    """Return how many callers there are, of these kinds, and how often they call."""
    noun = "function" if CALLABLE_KINDS.issuperset(kinds) else "caller"
    return counted(len(kinds), noun) + (
        f" ({counted(calls, 'call')})" if calls > len(kinds) else ""
    )


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _neighbours(
    snapshot: Snapshot, places: Places, calls: Sequence[Call], ends: Sequence[str]
) -> list[Neighbour]:
    symbols = snapshot.symbols_by_id(list(dict.fromkeys(ends)))
    grouped: dict[str, list[Call]] = {}
    for end, call in zip(ends, calls, strict=True):
        if end in symbols:
            grouped.setdefault(end, []).append(call)
    return [
        Neighbour(
            symbol=symbol_form(places, symbols[end]),
            uri=places.uri(group[0].path),
            at=places.range(group[0].path, group[0].span),
            count=len(group),
            confidence=round(_surest(group), 2),
        )
        for end, group in grouped.items()
    ]


def _surest(calls: Iterable[Call]) -> float:
    return max(call.confidence for call in calls)
