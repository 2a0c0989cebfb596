"""Which parts hold a word, how often in which field: immutable runs of numbers that merge.

A part is a symbol, or one window of a long one. Runs are kept as in a log-structured merge tree
(O'Neil and others, 1996): what was added last is small, and runs of like size become one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from codearch.search.weights import Field, Weights

# A posting's counts, in 12 bits: those of a stored passage, and above them those of the own name.
OWN_SHIFT = 10
OWN_MASK = np.uint16(3 << OWN_SHIFT)
_SHIFTS = (8, 6, 4, 0)  # name with container, signature, doc, body; as in the stored passages
_MASKS = (3, 3, 3, 15)
_MERGE_RATIO = 3  # a run is merged with the next when it is not so many times larger


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Postings in the order of their terms. `starts` has one more entry than `terms`."""

    terms: NDArray[np.int32]
    starts: NDArray[np.int64]
    parts: NDArray[np.int32]
    counts: NDArray[np.uint16]
    weights: NDArray[np.float32]  # what the word adds to its part, before saturation

    def find(self, term: int) -> slice:
        """Return where the postings of a term stand; empty where there are none."""
        at = int(np.searchsorted(self.terms, np.int32(term)))  # a plain int converts the array
        if at == len(self.terms) or self.terms[at] != term:
            return slice(0, 0)
        return slice(int(self.starts[at]), int(self.starts[at + 1]))


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Postings in the order in which they were read; columns of equal length."""

    terms: NDArray[np.int32]
    parts: NDArray[np.int32]
    counts: NDArray[np.uint16]
    weights: NDArray[np.float32]


def run_of(rows: Rows) -> Run:
    """Sort rows by term; within a term they stay in the order of their parts."""
    order = np.argsort(rows.terms, kind="stable")
    ordered = rows.terms[order]
    terms, firsts = np.unique(ordered, return_index=True)
    starts = np.append(firsts, len(ordered)).astype(np.int64)
    return Run(terms, starts, rows.parts[order], rows.counts[order], rows.weights[order])


def rows_of(run: Run, kept: NDArray[np.int32] | None = None) -> Rows:
    """Return a run's rows; with `kept` (old part to new, -1 for none) only those of kept parts."""
    terms = np.repeat(run.terms, np.diff(run.starts))
    if kept is None:
        return Rows(terms, run.parts, run.counts, run.weights)
    parts = kept[run.parts]
    stays = parts >= 0
    return Rows(terms[stays], parts[stays], run.counts[stays], run.weights[stays])


def joined(rows: Sequence[Rows]) -> Rows:
    """Return several stretches of rows as one."""
    return Rows(
        np.concatenate([one.terms for one in rows]),
        np.concatenate([one.parts for one in rows]),
        np.concatenate([one.counts for one in rows]),
        np.concatenate([one.weights for one in rows]),
    )


def added(runs: tuple[Run, ...], new: Run) -> tuple[Run, ...]:
    """Return the runs with one more, those of like size merged; the largest stands first."""
    kept = [*runs, new]
    while len(kept) > 1 and len(kept[-2].parts) < _MERGE_RATIO * len(kept[-1].parts):
        last = kept.pop()
        kept[-1] = run_of(joined([rows_of(kept[-1]), rows_of(last)]))
    return tuple(kept)


def weighed(
    counts: NDArray[np.uint16], lengths: NDArray[np.uint16], weights: Weights
) -> NDArray[np.float32]:
    """Return what each posting adds to its part; `lengths` has a row a posting, own name last."""
    name, signature, doc, body = (
        ((counts >> shift) & mask).astype(np.float32)
        for shift, mask in zip(_SHIFTS, _MASKS, strict=True)
    )
    own = (counts >> OWN_SHIFT).astype(np.float32)
    fields = (
        (own, lengths[:, 4], weights.name),
        (np.maximum(name - own, 0), lengths[:, 0] - lengths[:, 4], weights.container),
        (signature, lengths[:, 1], weights.signature),
        (doc, lengths[:, 2], weights.doc),
        (body, lengths[:, 3], weights.body),
    )
    total = np.zeros(len(counts), np.float32)
    for occurrences, length, field in fields:
        total += occurrences * _share(length, field)
    return total


def _share(length: NDArray[np.uint16], field: Field) -> NDArray[np.float32]:
    """Return what one occurrence in a field of this length is worth."""
    shrunk = 1 - field.shrink + field.shrink / field.usual * length.astype(np.float32)
    worth: NDArray[np.float32] = np.float32(field.weight) / shrunk
    return worth
