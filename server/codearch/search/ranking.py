"""From scores to an order: names asked for, kinds, sorts of files, meaning, one hit a file."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from codearch.search.gathering import MODULE, TYPE
from codearch.search.paths import Role, role_factors, wanted_roles
from codearch.search.query import name_key
from codearch.search.scoring import concepts, word_scores

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from codearch.search.query import Name, Query
    from codearch.search.scoring import Concept, Scores
    from codearch.search.view import View
    from codearch.search.weights import Weights

_FURTHER_AMONG = 300  # best symbols, among which a file's further ones are looked for
_MOST_ALSO = 5  # further symbols of a file that are named
_NOT_NEAR = -1.0
_SHORT_WORDS = 4  # a question of so many may, written as one word, be a name

# Gives (passage id, cosine) of the passages nearest to a question; it may wait for them.
Nearest: TypeAlias = "Callable[[], Sequence[tuple[int, float]]]"


def none_near() -> Sequence[tuple[int, float]]:
    """Return no passages: there are no vectors, or they are not asked for."""
    return ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """One symbol in the order of results, with what was seen of it."""

    symbol: int
    score: float
    exact: bool = False
    cosine: float | None = None
    also: tuple[int, ...] = ()  # further good symbols of its file


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """An order, best first, and what is needed to say why."""

    hits: tuple[Ranked, ...]
    asked: tuple[Concept, ...]
    scores: Scores


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """What may be a result: which files, and which symbols (all where None)."""

    files: NDArray[np.bool_]
    symbols: NDArray[np.bool_] | None = None

    def of_symbols(self, view: View) -> NDArray[np.bool_]:
        """Return which symbols may be results."""
        kept: NDArray[np.bool_] = self.files[view.symbol_file]
        return kept if self.symbols is None else kept & self.symbols


def rank(
    view: View,
    query: Query,
    scope: Scope,
    limit: int,
    nearest: Nearest = none_near,
) -> Ranking:
    """Return the best symbols, one a file as long as there are files enough to fill the page.

    The mode lexical leaves the vectors out; semantic orders by them alone.
    """
    weights = view.weights
    asked = tuple(concepts(query, view, weights))
    scores = word_scores(view, asked, weights)
    kept = scope.of_symbols(view)
    cosines = _cosines(view, nearest())  # the words are scored while the vectors are searched
    if not scores.ideal:
        cosines[cosines < _by_chance(view, weights)] = _NOT_NEAR
    exact: frozenset[int] = frozenset()
    if query.mode == "semantic":
        symbols = np.where(kept, np.maximum(cosines, 0), 0)
        files = _best_of_files(symbols, view)
    else:
        exact = _add_exact(view, query, scores, weights)
        symbols = scores.symbols * _symbol_factors(view, query, weights)
        if query.mode == "hybrid":
            symbols += _meaning(cosines, query, scores, weights)
        if query.is_empty or query.phrases:  # whatever the scope lets through is a result
            symbols += 1
        symbols = np.where(kept, symbols, 0)
        best = _best_of_files(symbols, view)
        files = best + _further(symbols, view, weights) + weights.file_share * scores.files
        files *= role_factors(wanted_roles(query.text), weights)[view.file_role] * (best > 0)
    order = _Order(view, symbols, files, exact, cosines)
    return Ranking(tuple(order.page(limit)), asked, scores)


# --- names ------------------------------------------------------------------------------------


def _add_exact(view: View, query: Query, scores: Scores, weights: Weights) -> frozenset[int]:
    """Lift symbols and files of the very names that were asked for; return those symbols."""
    ideal = scores.ideal or 1.0
    exact: set[int] = set()
    for name in query.names:
        share = weights.exact_name if query.is_name else weights.mentioned_name
        for symbol in view.named(name.key):
            fits = _qualified(view, symbol, name)
            added = share if fits else share / 3
            added += weights.exact_case * view.names[symbol].endswith(name.last)
            added += weights.exact_size * min(1.0, math.log2(1 + view.symbol_size[symbol]) / 10)
            scores.symbols[symbol] += ideal * added
            if fits:
                exact.add(symbol)
        for symbol in view.declaring(name.key):
            if _qualified_member(view, symbol, name):
                scores.symbols[symbol] += ideal * share * weights.declared_name
                exact.add(symbol)
        share = weights.exact_stem if query.is_name else weights.mentioned_stem
        for file in view.with_stem(name.key):
            scores.files[file] += ideal * share
        for file in _files_named(view, name):
            scores.files[file] += ideal * 2 * weights.exact_stem
    if not query.is_name and 1 < len(query.words) <= _SHORT_WORDS:
        key = name_key(query.text)
        for symbol in view.named(key):
            scores.symbols[symbol] += ideal * weights.mentioned_name
        for file in view.with_stem(key):
            scores.files[file] += ideal * weights.exact_stem
    return frozenset(exact)


def _qualified(view: View, symbol: int, name: Name) -> bool:
    """Whether what stands before the name fits the symbol's container, its file or a folder."""
    if not name.qualifiers:
        return True
    last = name_key(name.qualifiers[-1])
    container = view.containers[symbol]
    if any(name_key(part) == last for part in container.replace("::", ".").split(".")):
        return True
    path = view.paths[view.symbol_file[symbol]]
    return any(name_key(part.partition(".")[0]) == last for part in path.split("/"))


def _qualified_member(view: View, symbol: int, name: Name) -> bool:
    """Whether a name's qualifier fits the symbol that declares it, or what stands around that."""
    if not name.qualifiers:
        return True
    last = name_key(name.qualifiers[-1])
    return name_key(view.names[symbol]) == last or _qualified(view, symbol, name)


def _files_named(view: View, name: Name) -> list[int]:
    """Return the files whose path ends in the name as it was written."""
    wanted = "/" + name.text.replace("\\", "/").lower().lstrip("/")
    found = view.with_file_name(wanted.rpartition("/")[2])
    return [number for number in found if ("/" + view.paths[number].lower()).endswith(wanted)]


# --- what kind of thing, and how near in meaning -----------------------------------------------


def _symbol_factors(view: View, query: Query, weights: Weights) -> NDArray[np.float32]:
    """Return each symbol's factor by its kind, and whether it is a test among the code."""
    wanted = wanted_roles(query.text)
    factors = view.kept.get(wanted)
    if factors is None:
        factors = _made_symbol_factors(view, wanted, weights)
        view.kept[wanted] = factors
    return factors


def _made_symbol_factors(view: View, wanted: Role, weights: Weights) -> NDArray[np.float32]:
    by_sort = np.ones(3, np.float32)
    by_sort[TYPE], by_sort[MODULE] = weights.type_kinds, weights.module_kind
    factors = by_sort[view.symbol_sort]
    in_code = view.file_role[view.symbol_file] & Role.TEST == 0
    factors[view.symbol_test & in_code] *= role_factors(wanted, weights)[Role.TEST]
    return factors


def _cosines(view: View, nearest: Sequence[tuple[int, float]]) -> NDArray[np.float32]:
    """Return each symbol's cosine, _NOT_NEAR where its vector is not among the nearest."""
    cosines = np.full(len(view.symbol_uid), _NOT_NEAR, np.float32)
    if not nearest:
        return cosines
    low = min(number for number, _ in nearest)
    by_id = np.full(max(number for number, _ in nearest) - low + 2, _NOT_NEAR, np.float32)
    for number, cosine in nearest:
        by_id[number - low] = cosine
    # Ids beyond these share the last place, which no passage has.
    places = view.part_passage - low
    of_parts = by_id[np.minimum(places.view(np.uint64), len(by_id) - 1)]
    parts = np.flatnonzero(of_parts > _NOT_NEAR)
    np.maximum.at(cosines, view.part_symbol[parts], of_parts[parts])
    return cosines


def _by_chance(view: View, weights: Weights) -> float:
    """Return the cosine that the nearest of so many passages has to a question without meaning."""
    grown = weights.chance + weights.chance_growth * math.log(
        max(int(np.count_nonzero(view.part_counts)), 1)
    )
    return max(weights.floor, grown)


def _meaning(
    cosines: NDArray[np.float32], query: Query, scores: Scores, weights: Weights
) -> NDArray[np.float32]:
    share = weights.meaning_of_name if query.is_name else weights.meaning
    above = np.maximum((cosines - weights.floor) / (1 - weights.floor), 0)
    added: NDArray[np.float32] = (share * (scores.ideal or 1.0) * above).astype(np.float32)
    return added


# --- files ------------------------------------------------------------------------------------


def _best_of_files(symbols: NDArray[np.float32], view: View) -> NDArray[np.float32]:
    """Return each file's best symbol score."""
    best = np.zeros(len(view.file_alive), np.float32)
    if len(symbols):
        held = np.diff(view.file_symbol, append=len(symbols)) > 0
        best[held] = np.maximum.reduceat(symbols, view.file_symbol[held])
    return best


def _further(symbols: NDArray[np.float32], view: View, weights: Weights) -> NDArray[np.float32]:
    """Return what a file's second to fourth best symbols add to it."""
    added = np.zeros(len(view.file_alive), np.float32)
    seen: dict[int, int] = {}
    for symbol in _top(symbols, _FURTHER_AMONG, view.place_of):
        file = int(view.symbol_file[symbol])
        before = seen.get(file, 0)
        seen[file] = before + 1
        if 0 < before < 4:
            added[file] += symbols[symbol] * weights.further / before
    return added


def _top(
    values: NDArray[np.float32], count: int, place: Callable[[int], Any] | None = None
) -> list[int]:
    """Return the indices of the highest positive values, highest first, ties by their order.

    Where that order is one in which files happened to come, `place` gives a better one for ties.
    """
    highest = float(values.max(initial=0.0))
    among = np.flatnonzero(values > highest / 2)
    if len(among) < count:
        among = np.flatnonzero(values > 0)
    if len(among) > 4 * count:  # sorting them all would cost more than choosing first
        held = values[among]
        edge = np.partition(held, len(held) - count)[len(held) - count]
        among = among[held >= edge]
    ordered = among[np.argsort(-values[among], kind="stable")]
    if place is None:
        return [int(number) for number in ordered[:count]]
    return _with_ties_by_place(values, ordered, count, place)


def _with_ties_by_place(
    values: NDArray[np.float32],
    ordered: NDArray[np.int64],
    count: int,
    place: Callable[[int], Any],
) -> list[int]:
    """Return the first of an order by value, equal ones by their place."""
    chosen: list[int] = []
    held = values[ordered]
    firsts = np.flatnonzero(np.diff(held, prepend=np.inf)).tolist()
    for first, end in pairwise([*firsts, len(ordered)]):
        equal = ordered[first:end].tolist()
        chosen += sorted(equal, key=place) if len(equal) > 1 else equal
        if len(chosen) >= count:
            break
    return chosen[:count]


class _Order:
    """Folds symbols into a page: each file once, then, where room is left, their further ones."""

    def __init__(
        self,
        view: View,
        symbols: NDArray[np.float32],
        files: NDArray[np.float32],
        exact: frozenset[int],
        cosines: NDArray[np.float32],
    ) -> None:
        self._view = view
        self._symbols = symbols
        self._files = files
        self._exact = exact
        self._cosines = cosines

    def page(self, limit: int) -> list[Ranked]:
        """Return the results, best first."""
        first: list[Ranked] = []
        rest: list[Ranked] = []
        for file in _top(self._files, limit, self._view.paths.__getitem__):
            shown, left = self._of_file(file, limit)
            first.append(shown)
            rest += left
        first.sort(key=lambda hit: -hit.score)
        rest.sort(key=lambda hit: -hit.score)  # stable: files are in order already
        if first and rest:  # so that results of several workspaces can be merged by score
            scale = min(1.0, first[-1].score / rest[0].score)
            rest = [replace(hit, score=hit.score * scale) for hit in rest[:limit]]
        return (first + rest)[:limit]

    def _of_file(self, file: int, limit: int) -> tuple[Ranked, list[Ranked]]:
        """Return the symbol that a file shows at once, and those that it could show besides."""
        start, end = self._view.symbols_of(file)
        own = self._symbols[start:end]
        order = [start + at for at in _top(own, limit)]
        total, best = float(self._files[file]), float(self._symbols[order[0]])
        also = tuple(symbol for symbol in order[1:] if self._symbols[symbol] >= best / 2)
        shown = self._hit(order[0], total, best, also[:_MOST_ALSO])
        return shown, [self._hit(symbol, total, best, ()) for symbol in order[1:]]

    def _hit(self, symbol: int, total: float, best: float, also: tuple[int, ...]) -> Ranked:
        cosine = float(self._cosines[symbol])
        return Ranked(
            symbol,
            total * float(self._symbols[symbol]) / best,
            symbol in self._exact,
            cosine if cosine > _NOT_NEAR else None,
            also,
        )
