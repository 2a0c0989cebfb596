"""Why a result stands where it stands, in the words of whoever asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from codearch.facts import Why
from codearch.search.gathering import name_keys
from codearch.search.paths import Role, split_words, wanted_roles
from codearch.search.postings import OWN_SHIFT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from codearch.search.query import Query
    from codearch.search.ranking import Ranked, Ranking
    from codearch.search.scoring import Concept
    from codearch.search.view import View

# Name, shift and mask of counts.
_FIELDS = (("name", OWN_SHIFT, 3), ("signature", 6, 3), ("doc", 4, 3), ("body", 0, 15))
_LEAST_MEANING = 0.25  # cosine below which nearness in meaning decided nothing
_ROLES = (
    (Role.TEST, "a test"),
    (Role.EXAMPLE, "an example, a benchmark or a vendored copy"),
    (Role.DOCUMENT, "a document"),
    (Role.GENERATED, "generated"),
    (Role.DATA, "data"),
    (Role.DECLARATION, "declarations alone"),
)


def reasons(view: View, query: Query, ranking: Ranking) -> list[tuple[Why, ...]]:
    """Return for each hit the signals that decided about it, the strongest kind first."""
    held = _held(view, ranking)
    return [
        tuple(_signals(view, query, ranking, hit, held[at])) for at, hit in enumerate(ranking.hits)
    ]


def _signals(
    view: View, query: Query, ranking: Ranking, hit: Ranked, held: dict[str, list[str]]
) -> Iterator[Why]:
    name = view.names[hit.symbol]
    path = view.paths[view.symbol_file[hit.symbol]]
    if hit.exact:
        yield Why("definition", _defined(view, query, hit.symbol))
    for phrase in query.phrases:
        yield Why("phrase", f'"{phrase}"')
    if query.mode != "semantic":
        if held["name"] and not hit.exact:
            yield Why("name", f"{', '.join(held['name'])} in {name}")
        in_path = _in_path(ranking.asked, path)
        if in_path:
            yield Why("path", f"{', '.join(in_path)} in {path}")
        for field, _, _ in _FIELDS[1:]:
            if held[field]:
                yield Why(field, ", ".join(held[field]))
    if hit.cosine is not None and query.mode != "lexical" and hit.cosine >= _LEAST_MEANING:
        yield Why("meaning", f"similarity {hit.cosine:.2f}")
    if hit.also:
        names = [view.names[symbol] or "top-level code" for symbol in hit.also]
        yield Why("same file", ", ".join(dict.fromkeys(names)))
    yield from _lowered(view, query, hit.symbol)


def _defined(view: View, query: Query, symbol: int) -> str:
    name = view.names[symbol]
    for asked in query.names:
        if asked.key in name_keys(name):
            return f"{name} is the name asked for"
    inside = ", ".join(asked.last for asked in query.names)
    return f"{inside} is declared in {name or 'top-level code'}"


def _held(view: View, ranking: Ranking) -> list[dict[str, list[str]]]:
    """Return for each hit by field the words it holds, as asked for or in the form they have."""
    held: list[dict[str, list[str]]] = [
        {field: [] for field, _, _ in _FIELDS} for _ in ranking.hits
    ]
    symbols = np.array([hit.symbol for hit in ranking.hits], np.int64)
    firsts = np.append(view.symbol_part, len(view.part_symbol))
    ranges = np.stack([firsts[symbols], firsts[symbols + 1]])
    for concept in ranking.asked:
        if not concept.in_names:  # identifiers as one word: their parts say it already
            continue
        said: set[tuple[int, str]] = set()  # hits and fields that hold it in an earlier form
        for word, _ in concept.variants:
            shown = word if word == concept.word else f"{word} ({concept.word})"
            for at, counts in _counts(view, word, ranges):
                for field, shift, mask in _FIELDS:
                    if counts >> shift & mask and (at, field) not in said:
                        said.add((at, field))
                        held[at][field].append(shown)
    return held


def _counts(view: View, word: str, ranges: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Yield the counts of a word in ranges of parts, with the range's number."""
    term = view.term(word)
    for run in view.runs if term else ():
        place = run.find(term)
        if place.start == place.stop:
            continue
        lefts, rights = np.searchsorted(run.parts[place], ranges.astype(np.int32))
        for at in np.flatnonzero(lefts < rights):
            for counts in run.counts[place][lefts[at] : rights[at]]:
                yield int(at), int(counts)


def _in_path(asked: tuple[Concept, ...], path: str) -> list[str]:
    held = set(split_words(path))
    found = []
    for concept in asked:
        word = next((word for word, _ in concept.variants if word in held), None)
        if word is not None and concept.in_names:
            found.append(word)
    return found


def _lowered(view: View, query: Query, symbol: int) -> Iterator[Why]:
    role = Role(int(view.file_role[view.symbol_file[symbol]]))
    if view.symbol_test[symbol]:
        role |= Role.TEST
    unasked = role & ~wanted_roles(query.text)
    said = [text for one, text in _ROLES if one & unasked]
    if said:
        yield Why("lowered", f"it is {' and '.join(said)}")
