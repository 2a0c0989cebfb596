"""How well each symbol and each file answers a question: one formula, over everything."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from codearch.search.forms import abbreviations, misspellings
from codearch.search.postings import OWN_MASK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from codearch.search.query import Query
    from codearch.search.view import View
    from codearch.search.weights import Weights

_MOST_EXPANSIONS = 40  # words that one prefix stands for


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing asked for: the ways to write it, each with its weight; the first is as asked."""

    variants: tuple[tuple[str, float], ...]
    weight: float = 1.0
    in_names: bool = True  # a word of the question itself, which may cover a name

    @property
    def word(self) -> str:
        """Return the word as it was asked."""
        return self.variants[0][0]


def concepts(query: Query, view: View, weights: Weights) -> list[Concept]:
    """Return what a query asks for, in the words that the workspace uses."""
    found = [Concept(_variants(word, view, weights)) for word in query.words]
    known = set(query.words)
    for whole in query.wholes:
        if whole not in known:
            known.add(whole)
            found.append(Concept(((whole, 1.0),), in_names=False))
    for first, second in query.neighbours:
        whole = first + second
        if whole not in known and view.knows(whole):
            known.add(whole)
            found.append(Concept(((whole, 1.0),), weights.joined, in_names=False))
    for prefix in query.prefixes:
        expanded = _expanded(prefix, view)
        found = [concept for concept in found if concept.word != prefix]
        if expanded:
            found.append(Concept(tuple((word, 1.0) for word in expanded)))
    return found


def _variants(word: str, view: View, weights: Weights) -> tuple[tuple[str, float], ...]:
    variants = {word: 1.0}
    for other in view.vocabulary.forms(word):
        if view.holds(other):
            variants.setdefault(other, weights.form)
    for other in abbreviations(word):
        if view.knows(other):
            variants.setdefault(other, weights.abbreviation)
    if len(variants) == 1 and not view.knows(word):  # a word that is being typed, or cut short
        for other in _expanded(word, view):
            variants.setdefault(other, weights.form)
    if len(variants) == 1 and not view.knows(word):
        for other in misspellings(word):
            if view.knows(other):
                variants.setdefault(other, weights.misspelt)
    return tuple(variants.items())


def _expanded(prefix: str, view: View) -> list[str]:
    if len(prefix) < 2:
        return []
    found = view.vocabulary.beginning_with(prefix)
    shortest = sorted(found, key=lambda word: (len(word), word))
    return list(islice(filter(view.holds, shortest), _MOST_EXPANSIONS))


@dataclass(slots=True, eq=False)
class Scores:
    """Scores by symbol and by file, in units of `ideal`, the most that the words can give."""

    symbols: NDArray[np.float32]
    files: NDArray[np.float32]
    ideal: float
    rarity: dict[str, float]  # of each concept's word


def word_scores(view: View, asked: Sequence[Concept], weights: Weights) -> Scores:
    """Score every symbol and file by the words asked for: BM25F, and cover of names."""
    parts = np.zeros(len(view.part_symbol), np.float32)
    files = np.zeros(len(view.file_alive), np.float32)
    name_cover, name_hits = (np.zeros(len(view.symbol_uid), np.float32) for _ in range(2))
    stem_cover, stem_hits = (np.zeros(len(view.file_alive), np.float32) for _ in range(2))
    shrink = 1 - weights.file_shrink + weights.file_shrink / weights.file_usual * view.file_length
    rarity: dict[str, float] = {}
    for concept in asked:
        found = _found(view, concept)
        if found is None:
            continue
        rare = _rarity(found, view) * concept.weight
        rarity[concept.word] = rare
        _add(parts, found, view, rare, weights)
        files += rare * _saturated(
            found.in_files / shrink + found.in_paths, weights.file_saturation
        )
        if concept.in_names:
            name_cover[found.names] += rare
            name_hits[found.names] += 1
            stem_cover[found.stems] += rare
            stem_hits[found.stems] += 1
    scores = Scores(_by_symbol(parts, view), files, sum(rarity.values()), rarity)
    asked_in_names = sum(rarity.get(concept.word, 0.0) for concept in asked if concept.in_names)
    if asked_in_names:
        size = np.maximum(view.symbol_words, 1)
        share = name_cover / asked_in_names * np.minimum(name_hits / size, 1)
        scores.symbols += weights.name_cover * scores.ideal * share
        size = np.maximum(view.file_stem_words, 1)
        share = stem_cover / asked_in_names * np.minimum(stem_hits / size, 1)
        scores.files += weights.stem_cover * scores.ideal * share
    return scores


@dataclass(slots=True, eq=False)
class _Found:
    """Where one concept stands: how much in parts, files and paths; in which names."""

    in_parts: NDArray[np.float32]
    in_files: NDArray[np.float32]
    in_paths: NDArray[np.float32]
    paths: bool
    names: NDArray[np.int32]  # symbols
    stems: NDArray[np.int32]  # files


def _found(view: View, concept: Concept) -> _Found | None:
    in_parts = np.zeros(len(view.part_symbol), np.float32)
    in_files = np.zeros(len(view.file_alive), np.float32)
    in_paths = np.zeros(len(view.file_alive), np.float32)
    named, stems = [], []
    for word, factor in concept.variants:
        term = view.term(word)
        for run in view.runs if term else ():
            place = run.find(term)
            parts, added = run.parts[place], run.weights[place] * np.float32(factor)
            in_parts[parts] += added
            in_files += np.bincount(view.part_file[parts], added, len(in_files))
            named.append(parts[(run.counts[place] & OWN_MASK) != 0])
        hits = view.path_words.find(word)
        if hits is not None:
            inside = hits.files < len(in_paths)  # a file may have come since the view was taken
            files = hits.files[inside]
            in_paths[files] = np.maximum(in_paths[files], hits.weights[inside] * np.float32(factor))
            stems.append(files[hits.in_stem[inside]])
    if not named and not stems:
        return None
    names = np.unique(view.part_symbol[np.concatenate(named)]) if named else _NONE
    in_stems = np.unique(np.concatenate(stems)) if stems else _NONE
    return _Found(in_parts, in_files, in_paths, bool(stems), names, in_stems)


_NONE = np.empty(0, np.int32)


def _add(
    parts: NDArray[np.float32], found: _Found, view: View, rare: float, weights: Weights
) -> None:
    """Add what one concept gives to each part; a rare one touches few of them."""
    if found.paths:
        inside = found.in_parts + found.in_paths[view.part_file]
        parts += np.float32(rare) * _saturated(inside, weights.saturation)
    else:
        held = np.flatnonzero(found.in_parts)
        parts[held] += np.float32(rare) * _saturated(found.in_parts[held], weights.saturation)


def _rarity(found: _Found, view: View) -> float:
    """Return the inverse document frequency of a concept (Robertson and Sparck Jones, 1976)."""
    total = int(np.count_nonzero(view.part_counts))
    holding = int(np.count_nonzero(found.in_parts[view.part_counts]))
    if not holding:
        holding = int(np.count_nonzero(found.in_paths[view.part_file[view.part_counts]]))
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))


def _saturated(counts: NDArray[np.float32], saturation: float) -> NDArray[np.float32]:
    scored: NDArray[np.float32] = counts * np.float32(1 + saturation) / (counts + saturation)
    return scored


def _by_symbol(parts: NDArray[np.float32], view: View) -> NDArray[np.float32]:
    """Return each symbol's best part."""
    best: NDArray[np.float32] = parts[view.symbol_part]
    np.maximum.at(best, view.part_symbol[view.further_parts], parts[view.further_parts])
    return best
