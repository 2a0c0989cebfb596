"""Looks for better weights, and says honestly what they are worth.

    python tests/search/tune.py SET=CHECKOUTS [SET=CHECKOUTS ...] [--rounds N] [--only NAME ...]

Coordinate ascent over `Weights` on hybrid search. The repositories are split in two halves; weights
found on either half are measured on the other, whose mean is printed as the honest figure. The last
lines are the weights found on all.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "server")]

from search_labels import Repository, ndcg, read_set
from search_memory import MemoryIndex

from bench import Meaning, order
from codearch.search.weights import WEIGHTS, Field, Weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

STEPS = (0.6, 0.8, 1.25, 1.6)  # times the present value
LEAST_GAIN = 2e-4
# These shape the catalogue; all others are read at each search.
BUILT_IN = ("name", "container", "signature", "doc", "body", "stem", "folder", "suffix")


class Bench:
    """One repository that can be measured with any weights; neighbours are looked up once."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.index = MemoryIndex(repository.files)
        meaning = Meaning(self.index)
        self._near = {query.text: meaning.nearest(query.text) for query in repository.queries}

    def nearest(self, query: str) -> list[tuple[int, float]]:
        """Stand for the vectors."""
        return self._near[query]

    def measure(self, weights: Weights) -> float:
        """Return the mean NDCG@10 of the repository's queries."""
        built = [getattr(self.index.weights, name) for name in BUILT_IN]
        if built != [getattr(weights, name) for name in BUILT_IN]:
            self.index = MemoryIndex(self.repository.files, weights)
        self.index.use(weights)
        figures = [
            ndcg(order(self.index, query.text, "hybrid", self), query.targets)
            for query in self.repository.queries
        ]
        return float(np.mean(figures))


def mean(benches: Sequence[Bench], weights: Weights) -> float:
    """Return the mean over repositories."""
    return float(np.mean([bench.measure(weights) for bench in benches]))


def neighbours(weights: Weights, only: Sequence[str]) -> Iterator[Callable[[Weights], Weights]]:
    """Yield changes of one number of the weights each."""
    for field in dataclasses.fields(weights):
        if only and field.name not in only:
            continue
        value = getattr(weights, field.name)
        for step in STEPS:
            if isinstance(value, Field):
                for part in ("weight", "shrink"):
                    yield lambda w, n=field.name, p=part, s=step: _field_changed(w, n, p, s)
            else:
                yield lambda w, n=field.name, s=step: dataclasses.replace(
                    w, **{n: round(getattr(w, n) * s, 4)}
                )


def _field_changed(weights: Weights, name: str, part: str, step: float) -> Weights:
    field = getattr(weights, name)
    value = round(getattr(field, part) * step, 4)
    value = min(value, 1.0) if part == "shrink" else value
    return dataclasses.replace(weights, **{name: dataclasses.replace(field, **{part: value})})


def climb(benches: Sequence[Bench], rounds: int, only: Sequence[str]) -> Weights:
    """Return weights from which no single step is better."""
    weights, best = WEIGHTS, mean(benches, WEIGHTS)
    for _ in range(rounds):
        before = best
        for change in list(neighbours(weights, only)):
            candidate = change(weights)
            figure = mean(benches, candidate)
            if figure > best + LEAST_GAIN:
                weights, best = candidate, figure
                print(f"  {best:.4f}  {_difference(candidate)}", file=sys.stderr, flush=True)
        if best <= before + LEAST_GAIN:
            break
    return weights


def _difference(weights: Weights) -> str:
    return " ".join(
        f"{field.name}={getattr(weights, field.name)}"
        for field in dataclasses.fields(weights)
        if getattr(weights, field.name) != getattr(WEIGHTS, field.name)
    )


def main() -> None:
    """Print the honest figure, and the weights found on everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", metavar="SET=CHECKOUTS")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=[])
    arguments = parser.parse_args()
    benches = []
    for pair in arguments.sets:
        folder, _, checkouts = pair.partition("=")
        benches += [Bench(each) for each in read_set(Path(folder), Path(checkouts))[0]]
    halves = benches[0::2], benches[1::2]
    honest = []
    for own, other in (halves, halves[::-1]):
        weights = climb(own, arguments.rounds, arguments.only)
        honest.append(mean(other, weights))
        print(f"tuned on one half: {mean(own, WEIGHTS):.4f} -> {mean(own, weights):.4f};", end=" ")
        print(f"on the other: {mean(other, WEIGHTS):.4f} -> {honest[-1]:.4f}", flush=True)
    print(
        f"honest figure: {np.mean(honest):.4f}; the present weights: {mean(benches, WEIGHTS):.4f}"
    )
    weights = climb(benches, arguments.rounds, arguments.only)
    print(f"tuned on all: {mean(benches, weights):.4f} with {_difference(weights)}")


if __name__ == "__main__":
    main()
