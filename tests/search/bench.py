"""How good search results are, on labelled queries, beside plain BM25.

    python tests/search/bench.py CHECKOUTS [--set FOLDER] [--failures N]

CHECKOUTS holds one folder a repository, by its name in the set's repos.json, at the revision that
stands there. The figure is NDCG@10, the mean over a repository's queries, then over repositories.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "server")]

from search_labels import PAGE, Labelled, Repository, ndcg, read_set
from search_memory import MemoryIndex

from codearch.embedding.passage import embedded
from codearch.embedding.shipped import shipped_encoder
from codearch.errors import EncoderError
from codearch.search import NEAREST, parse_query
from codearch.search.ranking import Scope, none_near, rank
from codearch.text import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from codearch.search.query import Mode

K1, B = 1.2, 0.75  # of plain BM25


class Plain:
    """BM25 over the words of whole passages, a file at its best one: what to compare with."""

    def __init__(self, index: MemoryIndex) -> None:
        texts = [
            (file.path, words(" ".join((each.name, each.signature, each.doc, each.body))))
            for file in index.files
            for parts in file.passages
            for _, each in parts
        ]
        self.paths = [path for path, _ in texts]
        self.lengths = np.array([len(found) for _, found in texts], np.float64)
        self.postings: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for number, (_, found) in enumerate(texts):
            for word in found:
                self.postings[word][number] += 1

    def order(self, query: str) -> list[str]:
        """Return the best files."""
        scores = np.zeros(len(self.paths))
        total, mean = len(self.paths), self.lengths.mean()
        for word in set(words(query)):
            held = self.postings.get(word, {})
            rare = math.log(1 + (total - len(held) + 0.5) / (len(held) + 0.5))
            for number, count in held.items():
                shrunk = K1 * (1 - B + B * self.lengths[number] / mean)
                scores[number] += rare * count * (K1 + 1) / (count + shrunk)
        ranked = dict.fromkeys(
            self.paths[at] for at in np.argsort(-scores, kind="stable") if scores[at] > 0
        )
        return list(ranked)[:PAGE]


class Meaning:
    """All passages' vectors, searched one by one."""

    def __init__(self, index: MemoryIndex) -> None:
        numbers, texts = [], []
        for file in index.files:
            for symbol, parts in zip(file.facts.symbols, file.passages, strict=True):
                numbers += [number for number, _ in parts]
                texts += embedded(symbol, [text for _, text in parts])
        self.numbers = numbers
        self.vectors = shipped_encoder().encode_passages(texts)

    def nearest(self, query: str) -> list[tuple[int, float]]:
        """Return (passage, cosine) of the nearest passages."""
        vector: NDArray[np.float32] = shipped_encoder().encode_queries([query])[0]
        cosines = self.vectors @ vector
        best = np.argsort(-cosines)[:NEAREST]
        return [(self.numbers[at], float(cosines[at])) for at in best]


def order(index: MemoryIndex, query: str, mode: Mode, meaning: Meaning | None) -> list[str]:
    """Return the files of the product's results, in their order, a file as often as it is shown."""
    view = index.view()
    nearest = partial(meaning.nearest, query) if meaning and mode != "lexical" else none_near
    ranking = rank(view, parse_query(query, mode=mode), Scope(view.visible(0)), PAGE, nearest)
    return [view.paths[view.symbol_file[hit.symbol]] for hit in ranking.hits]


def ways(repository: Repository) -> dict[str, Callable[[str], list[str]]]:
    """Return the orders that are compared, by name."""
    index = MemoryIndex(repository.files)
    found: dict[str, Callable[[str], list[str]]] = {
        "plain BM25": Plain(index).order,
        "lexical": lambda query: order(index, query, "lexical", None),
    }
    try:
        meaning = Meaning(index)
    except EncoderError:
        return found
    found["semantic"] = lambda query: order(index, query, "semantic", meaning)
    found["hybrid"] = lambda query: order(index, query, "hybrid", meaning)
    return found


def main() -> None:
    """Print a table of repositories, then the means."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkouts", type=Path)
    parser.add_argument("--set", type=Path, default=HERE, help="folder of the queries")
    parser.add_argument("--failures", type=float, default=0.0, help="show queries below this")
    arguments = parser.parse_args()
    repositories, missing = read_set(arguments.set, arguments.checkouts)
    for name in missing:
        print(f"not there: {name}", file=sys.stderr)
    if not repositories:
        sys.exit(3)
    totals: dict[str, list[float]] = defaultdict(list)
    kinds: dict[tuple[str, str], list[float]] = defaultdict(list)
    for repository in repositories:
        compared = ways(repository)
        if not totals:
            print(f"{'':24}" + "".join(f"{name:>12}" for name in compared))
        figures = []
        for name, found in compared.items():
            each = [
                measured(query, found(query.text), arguments, name) for query in repository.queries
            ]
            figures.append(float(np.mean(each)))
            totals[name].append(figures[-1])
            for query, figure in zip(repository.queries, each, strict=True):
                kinds[query.category, name].append(figure)
        print(f"{repository.name:24}" + "".join(f"{figure:12.3f}" for figure in figures))
    for category in sorted({category for category, _ in kinds}):
        row = "".join(f"{np.mean(kinds[category, name]):12.3f}" for name in totals)
        print(f"{'  ' + category + ' queries':24}{row}")
    print(
        f"{'all repositories':24}" + "".join(f"{np.mean(each):12.3f}" for each in totals.values())
    )


def measured(query: Labelled, found: list[str], arguments: argparse.Namespace, way: str) -> float:
    """Return a query's figure; show what was found where it is low and this is the last way."""
    figure = ndcg(found, query.targets)
    if figure < arguments.failures and way == "hybrid":
        print(
            f"{figure:.2f} {query.text}\n     want {sorted(query.targets)}\n     got  {found[:5]}"
        )
    return figure


if __name__ == "__main__":
    main()
