"""Search: what is asked, what fits, in which order, and why.

A `Catalogue` holds in memory what can be found; whoever writes the index feeds it. A search is

    query = parse_query(text, language=..., kind=..., path=..., mode=...)
    hits = search(catalogue.view(), snapshot, query, limit, nearest)

where `nearest` gives the passages whose vectors are nearest to `query.text`. All words are scored
exactly by one formula, whatever found a symbol; vectors add to it and never take away.
"""

from codearch.search.catalogue import Catalogue
from codearch.search.finding import NEAREST, nearest_wanted, search
from codearch.search.gathering import CataloguedFile, CataloguedSymbol
from codearch.search.phrases import Sources
from codearch.search.query import Mode, Query, below, parse_query
from codearch.search.view import View
from codearch.search.weights import WEIGHTS, Weights

__all__ = [
    "NEAREST",
    "WEIGHTS",
    "Catalogue",
    "CataloguedFile",
    "CataloguedSymbol",
    "Mode",
    "Query",
    "Sources",
    "View",
    "Weights",
    "below",
    "nearest_wanted",
    "parse_query",
    "search",
]
