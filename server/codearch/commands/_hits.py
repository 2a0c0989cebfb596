"""Search results as clients see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from codearch.commands._command import Form
from codearch.commands._places import Range

if TYPE_CHECKING:
    from codearch.commands._places import Places
    from codearch.facts import Hit


class WhyForm(Form):
    """One signal that lifted a result, with what it saw."""

    signal: str
    detail: str


class HitForm(Form):
    """One result; `similarity`, 0 to 1, is given by `codearch.similar`.

    `snippetLine` is the line of the file that the snippet begins at.
    """

    uri: str
    range: Range
    symbol: str
    container: str
    kind: str
    language: str
    score: float
    snippet: str
    snippet_line: int
    highlights: list[Range]
    why: list[WhyForm]
    similarity: float | UnsetType = UNSET


class Hits(Form):
    """Results, best first; `complete` says that nothing was pending when it was searched."""

    results: list[HitForm]
    took_ms: float
    complete: bool
    generation: int


def hit_form(places: Places, hit: Hit) -> HitForm:
    """Return one hit as clients see it."""
    symbol = hit.symbol
    return HitForm(
        uri=places.uri(symbol.path),
        range=places.range(symbol.path, symbol.span),
        symbol=symbol.name,
        container=symbol.container,
        kind=symbol.kind,
        language=symbol.language,
        score=round(hit.score, 4),
        snippet=hit.snippet,
        snippet_line=hit.snippet_line,
        highlights=[places.highlight(symbol.path, place) for place in hit.highlights],
        why=[WhyForm(signal=one.signal, detail=one.detail) for one in hit.why],
        similarity=UNSET if hit.similarity is None else round(hit.similarity, 4),
    )
