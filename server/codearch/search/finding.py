"""One search from question to results: retrieve, rank, and show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from codearch.facts import Hit
from codearch.search.phrases import with_phrases
from codearch.search.ranking import Scope, none_near, rank
from codearch.search.snippet import Marks, snippet
from codearch.search.why import reasons

if TYPE_CHECKING:
    from codearch.search.phrases import Sources
    from codearch.search.query import Query
    from codearch.search.ranking import Nearest, Ranking
    from codearch.search.view import View

NEAREST = 200  # passages to ask of the vectors
_FILTERED = 5  # times as many where filters will leave most of them out
_SPARE = 5  # results ranked beyond the page, should the store have lost some meanwhile


def nearest_wanted(query: Query) -> int:
    """Return how many passages to ask of the vectors for a query."""
    return NEAREST * _FILTERED if query.filters else NEAREST


def search(
    view: View,
    sources: Sources,
    query: Query,
    limit: int,
    nearest: Nearest = none_near,
) -> list[Hit]:
    """Return at most `limit` results, best first; raises Cancelled where nobody waits any more.

    `nearest` gives the passages nearest to `query.text`; it is called once the words are scored.
    """
    scope = _scope(view, query, sources.session)
    if query.phrases:
        scope = with_phrases(view, sources, query, scope, limit)
    sources.check_cancelled()
    ranking = rank(view, query, scope, limit + _SPARE, nearest)
    sources.check_cancelled()
    return _shown(view, sources, query, ranking, limit)


def _scope(view: View, query: Query, session: int) -> Scope:
    """Return what the session sees and the filters let through."""
    files = view.visible(session)
    filters = query.filters
    if filters.on_files:
        for number in np.flatnonzero(files).tolist():
            files[number] = filters.takes_file(view.paths[number], view.languages[number])
    if not (filters.kinds or filters.without_kinds):
        return Scope(files)
    taken = np.array([filters.takes_kind(kind) for kind in view.kinds], np.bool_)
    return Scope(files, taken[view.symbol_kind])


# --- showing ----------------------------------------------------------------------------------


def _shown(view: View, sources: Sources, query: Query, ranking: Ranking, limit: int) -> list[Hit]:
    ids = [f"{int(view.symbol_uid[hit.symbol]):012x}" for hit in ranking.hits]
    known = sources.symbols_by_id(ids)
    marks = Marks(_wanted(ranking), query.phrases)
    texts: dict[str, bytes] = {}
    hits: list[Hit] = []
    explained = reasons(view, query, ranking)
    for hit, number, why in zip(ranking.hits, ids, explained, strict=True):
        symbol = known.get(number)
        if symbol is None or len(hits) == limit:  # removed since the view was taken, or spare
            continue
        if symbol.path not in texts:
            texts[symbol.path] = sources.source(symbol.path)
        part = snippet(texts[symbol.path], symbol.span, marks)
        score = round(hit.score / (ranking.scores.ideal or 1.0), 4)
        hits.append(Hit(symbol, score, part.text, part.highlights, why, None, part.line))
    return hits


def _wanted(ranking: Ranking) -> dict[str, float]:
    """Return the words that may be marked, with how rare each is."""
    found: dict[str, float] = {}
    for concept in ranking.asked:
        worth = ranking.scores.rarity.get(concept.word, 0.0)
        for word, factor in concept.variants:
            found[word] = max(found.get(word, 0.0), worth * factor)
    return found
