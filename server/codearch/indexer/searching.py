"""Searches, on the service's threads, inside the process that has words and vectors at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from codearch.embedding.texts import encode, texts
from codearch.errors import IndexerError, StoreError, UsageError, VectorsError
from codearch.facts import Hit
from codearch.index.prepare import prepare
from codearch.search import NEAREST, below, nearest_wanted, parse_query, search
from codearch.search.ranking import none_near
from codearch.search.snippet import Marks, snippet
from codearch.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from codearch.facts import Symbol
    from codearch.indexer.embedding import Answering
    from codearch.indexer.engine import Engine
    from codearch.indexer.workshop import Workshop
    from codearch.search import Query
    from codearch.search.ranking import Nearest
    from codearch.search.view import View

_SPARE_FACTOR = 5  # neighbours asked for, beyond a page, since filters take some away
_SPARE_SHARE = 4  # one more for so many neighbours, since some may be gone
_FURTHER_FACTOR = 4  # times as many where more of them are
_NARROW_FACTOR = 50  # where one folder alone is asked for, which takes most away


class Searching:
    """Answers from words and vectors as they are now; safe from any thread."""

    def __init__(self, shop: Workshop, engine: Engine) -> None:
        self._shop = shop
        self._engine = engine

    def search(self, session: int, params: dict[str, Any], settled: bool) -> dict[str, Any]:
        """Answer `search`: words and vectors by one ranking."""
        query = parse_query(
            params["query"],
            language=params.get("language"),
            kind=params.get("kind"),
            path=params.get("path"),
            mode=params.get("mode", "hybrid"),
        )
        query = below(query, params.get("under", ""))
        answering = self._shop.embedder.answering
        if query.mode == "semantic" and answering is None:
            mend = "Search without asking for meaning alone."
            raise IndexerError(_no_vectors(self._shop.embedder.problem), mend=mend)
        begun = _nearest_soon(answering, query)
        with self._snapshot(session) as snapshot:
            view = self._shop.catalogue.view(snapshot.connection, snapshot.generation)
            nearest = begun(view, session)
            complete = settled and answering is not None
            try:
                hits = search(view, snapshot, query, params["limit"], nearest)
            except StoreError as error:
                if isinstance(error, VectorsError):
                    self._renew(error, answering)
                complete = False
                hits = search(view, snapshot, query, params["limit"])
            return _answer(hits, snapshot, complete=complete)

    def _renew(self, error: VectorsError, lost: Answering | None) -> None:
        """Have vectors that cannot be read made again, unless others have taken their place."""

        def renew() -> None:
            if self._shop.embedder.answering is lost:
                self._engine.renew_vectors(error)

        self._engine.waiting.run_soon(renew)

    def similar(self, session: int, params: dict[str, Any], settled: bool) -> dict[str, Any]:
        """Answer `similar`: code whose vectors are near to those of a symbol or of a text."""
        answering = self._shop.embedder.answering
        if answering is None:
            raise IndexerError(_no_vectors(self._shop.embedder.problem))
        with self._snapshot(session) as snapshot:
            spare = _NARROW_FACTOR if params.get("under") else _SPARE_FACTOR
            try:
                origin, language, asked = _asked_about(answering, snapshot, params)
                nearest = _nearest(answering, asked, params["limit"] * spare + NEAREST)
            except VectorsError as error:
                self._renew(error, answering)
                raise IndexerError(error.message, mend="They are made again: ask again.") from error
            hits = self._alike(snapshot, nearest, params, _other_than(origin, language, params))
            return _answer(hits, snapshot, complete=settled)

    def _alike(
        self,
        snapshot: Snapshot,
        nearest: dict[int, float],
        params: dict[str, Any],
        taken: Callable[[Symbol], bool],
    ) -> list[Hit]:
        best: dict[str, tuple[float, Symbol]] = {}
        for passage, symbol in snapshot.symbols_of_passages(list(nearest)):
            similarity = nearest[passage]
            if similarity >= params["threshold"] and taken(symbol):
                known = best.get(symbol.id, (-1.0, symbol))[0]
                best[symbol.id] = (max(known, similarity), symbol)
        order = sorted(best.values(), key=lambda one: (-one[0], one[1].path, one[1].span.line))
        unmarked = Marks({})
        hits = []
        for similarity, symbol in order[: params["limit"]]:
            part = snippet(snapshot.source(symbol.path), symbol.span, unmarked)
            score = round(min(1.0, similarity), 4)
            hits.append(Hit(symbol, score, part.text, (), (), score, part.line))
        return hits

    def _snapshot(self, session: int) -> Snapshot:
        return Snapshot(self._shop.search_readers.of(session), self._shop.settings)


def _nearest_soon(answering: Answering | None, query: Query) -> Callable[[View, int], Nearest]:
    """Begin to search the vectors, beside the words; what this returns gives the answer.

    Vectors of what was edited or deleted stay a while, and those of a function that is edited
    again and again are all near to one another: they are passed over, and as many further ones
    asked for.
    """
    if query.mode == "lexical" or not query.text or answering is None:
        return _none_near
    vector = answering.query(query.text)
    if vector[0] == 1:  # what the encoder gives where it knows no word
        return _none_near
    vectors, wanted = answering.vectors, nearest_wanted(query)
    first = vectors.begin_search(vector, wanted + wanted // _SPARE_SHARE)

    def seen(view: View, session: int) -> Nearest:
        def answer() -> list[tuple[int, float]]:
            present = view.passages(view.visible(session))
            asked, found = wanted + wanted // _SPARE_SHARE, first()
            held = _among(found, present)
            while len(held) < wanted and len(found) == asked:
                asked *= _FURTHER_FACTOR
                found = vectors.search(vector, asked)
                held = _among(found, present)
            return held[:wanted]

        return answer

    return seen


def _asked_about(
    answering: Answering, snapshot: Snapshot, params: dict[str, Any]
) -> tuple[Symbol | None, str, list[NDArray[np.float32]]]:
    """Return the symbol asked about, if it is one, its language, and its vectors."""
    if "symbol" in params:
        symbol = snapshot.symbol(params["symbol"])
        if symbol is None:
            message = "`symbol` is not in the index."
            raise UsageError(message, field="symbol")
        found = answering.vectors.get(snapshot.passages_of(symbol.id))
        return symbol, symbol.language, list(found.values())
    try:
        prepared = prepare(params["code"].encode(), params["language"])
    except KeyError:
        message = f"`language`: {params['language']!r} is not a language that is known."
        raise UsageError(message, field="language") from None
    # The outermost definition speaks for the text; where there is none, the whole does.
    chosen = min(
        range(len(prepared.facts.symbols)),
        key=lambda index: (prepared.facts.symbols[index].kind == "module", index),
        default=None,
    )
    if chosen is None:
        return None, params["language"], []
    read = texts(answering.encoder, prepared.facts, params["code"].encode(), [chosen])
    rows = encode(answering.encoder, [text for _, text in read])
    return None, params["language"], list(rows)


def _nearest(
    answering: Answering, asked: Iterable[NDArray[np.float32]], limit: int
) -> dict[int, float]:
    """Return the passages near to any of the vectors, with the greatest similarity."""
    best: dict[int, float] = {}
    for vector in asked:
        for passage, similarity in answering.vectors.search(vector, limit):
            best[passage] = max(similarity, best.get(passage, -1.0))
    return best


def _none_near(_view: View, _session: int) -> Nearest:
    return none_near


def _among(
    found: Sequence[tuple[int, float]], present: NDArray[np.int64]
) -> list[tuple[int, float]]:
    """Return the neighbours that are among these passages."""
    held = np.isin(np.array([number for number, _ in found], np.int64), present)
    return [one for one, is_held in zip(found, held.tolist(), strict=True) if is_held]


def _answer(hits: list[Hit], snapshot: Snapshot, *, complete: bool) -> dict[str, Any]:
    return {
        "hits": msgspec.to_builtins(hits),
        "complete": complete,
        "generation": snapshot.generation,
    }


def _other_than(
    origin: Symbol | None, language: str, params: dict[str, Any]
) -> Callable[[Symbol], bool]:
    """Return what tells code worth showing from the code that was asked about."""
    below = f"{params['under']}/" if params.get("under") else ""

    def taken(symbol: Symbol) -> bool:
        if not symbol.path.startswith(below):
            return False
        if symbol.language != language and not params["crossLanguage"]:
            return False
        if origin is None:
            return True
        if symbol.path != origin.path:
            return True
        mine, other = origin.span, symbol.span  # neither itself, nor its class, nor its parts
        return other.end_byte <= mine.start_byte or mine.end_byte <= other.start_byte

    return taken


def _no_vectors(problem: str) -> str:
    return problem or "There are no vectors yet."
