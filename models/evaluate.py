"""Score an artifact on packages that training never saw, beside BM25 and the two fused.

    python models/evaluate.py [--split development] [--model models/static]

A query is the first paragraph of a definition's doc; the candidates are the held-out functions of
its language, without their docs. NDCG@10 with the one right answer, means over languages.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path

import numpy as np
from features import masked, read_pairs
from gather import HERE

from codearch.embedding.static import load
from codearch.facts import Passage
from codearch.text import split_identifier

CANDIDATES = 4_000  # of one language
QUERIES = 500  # of one language
NAME_TIMES = 3
STATIC_SHARES = (0.3, 0.6)  # of a fused score, the words' having the rest


def bag(text: str) -> Counter[str]:
    """Return the counts of a text's words, identifiers split."""
    return Counter(
        word for identifier in re.findall(r"\w+", text) for word in split_identifier(identifier)
    )


class Bm25:
    """Okapi BM25 (Robertson and Zaragoza, 2009) over names, three times, signatures and bodies."""

    def __init__(
        self, pairs: list[dict[str, str]], saturation: float = 1.2, length: float = 0.75
    ) -> None:
        postings: dict[str, tuple[list[int], list[int]]] = {}
        sizes = np.zeros(len(pairs))
        for number, pair in enumerate(pairs):
            text = " ".join([pair["name"]] * NAME_TIMES + [pair["signature"], pair["body"]])
            words = bag(text)
            sizes[number] = words.total()
            for word, times in words.items():
                rows, counts = postings.setdefault(word, ([], []))
                rows.append(number)
                counts.append(times)
        norm = saturation * (1 - length + length * sizes / sizes.mean())
        self.size = len(pairs)
        self.postings = {}
        for word, (rows, counts) in postings.items():
            at, times = np.array(rows), np.array(counts)
            rare = np.log(1 + (self.size - len(rows) + 0.5) / (len(rows) + 0.5))
            self.postings[word] = at, rare * times * (saturation + 1) / (times + norm[at])

    def scores(self, query: str) -> np.ndarray:
        """Return each candidate's score."""
        total = np.zeros(self.size)
        for word in bag(query):
            if word in self.postings:
                at, worth = self.postings[word]
                total[at] += worth
        return total


def gain(scores: np.ndarray, right: int) -> float:
    """Return NDCG@10; candidates with the same score as the right one count half before it."""
    rank = (scores > scores[right]).sum() + ((scores == scores[right]).sum() - 1) / 2
    return 1 / np.log2(rank + 2) if rank < 10 else 0.0


def language_row(
    pairs: list[dict[str, str]], encoder, rng: np.random.Generator
) -> dict[str, float]:
    """Return the scores of one language."""
    chosen = [pairs[at] for at in rng.permutation(len(pairs))[:CANDIDATES]]
    words = Bm25(chosen)
    vectors = encoder.encode_passages(
        [Passage(pair["name"], pair["signature"], "", pair["body"]) for pair in chosen]
    )
    row: Counter[str] = Counter()
    asked = range(min(QUERIES, len(chosen)))
    for at in asked:
        for mark, query in (("", chosen[at]["query"]), (" masked", masked(chosen[at]))):
            by_words = words.scores(query)
            by_static = vectors @ encoder.encode_queries([query])[0]
            by_words /= max(by_words.max(), 1e-9)
            by_static /= by_static.max()
            row[f"BM25{mark}"] += gain(by_words, at) / len(asked)
            row[f"static{mark}"] += gain(by_static, at) / len(asked)
            for share in STATIC_SHARES:
                fused = (1 - share) * by_words + share * by_static
                row[f"fused {share}{mark}"] += gain(fused, at) / len(asked)
    return row | {"candidates": len(chosen)}


def main() -> None:
    """Print one row a language and their mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", default="development", choices=["development", "test"])
    parser.add_argument("--model", type=Path, default=HERE / "static")
    given = parser.parse_args()
    encoder = load(given.model)
    pairs = [pair for pair in read_pairs(given.split) if pair["kind"] == "f"]
    names = ["BM25", "static", *(f"fused {share}" for share in STATIC_SHARES)]
    columns = [name + mark for mark in ("", " masked") for name in names]
    head = ["language", "candidates", *columns]
    print(f"{encoder.id}\n\n| {' | '.join(head)} |\n|{' --- |' * len(head)}")
    rows = []
    for language in sorted({pair["language"] for pair in pairs}):
        found = [pair for pair in pairs if pair["language"] == language]
        if len(found) < 200:
            continue
        row = language_row(found, encoder, np.random.default_rng(0))
        rows.append([row[column] for column in columns])
        print(
            f"| {language} | {row['candidates']} | "
            + " | ".join(f"{value:.3f}" for value in rows[-1])
            + " |"
        )
    print("| mean | | " + " | ".join(f"{value:.3f}" for value in np.mean(rows, 0)) + " |")


if __name__ == "__main__":
    main()
