"""Score an artifact on packages that training never saw, beside BM25 and the two fused.

    python models/evaluate.py [--split development] [--model models/static ...]

`--model` without a folder scores BM25 alone.

A query is the first paragraph of a definition's doc; the candidates are the held-out functions of
its language, without their docs. NDCG@10 with the one right answer, means over languages. The test
split is scored once a release; test-scores.json keeps what it gave.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from features import masked, read_pairs
from gather import HERE

from codearch import __version__
from codearch.embedding.static import StaticEncoder, load
from codearch.facts import Passage
from codearch.search.forms import stem
from codearch.text import split_identifier

CANDIDATES = 4_000  # of one language
QUERIES = 500  # of one language
NAME_TIMES = 3
FEWEST = 200  # candidates of a language that is scored
STATIC_SHARES = (0.3, 0.6)  # of a fused score, the words' having the rest
USUAL = (1.2, 0.75)  # saturation and length of BM25, as they are mostly set
BEST = (4.0, 0.9)  # the best found on the development split, with the words' stems
MARKS = ("", " masked")
RECORD = HERE / "test-scores.json"
Record = dict[str, dict[str, Any]]  # by release: the date, and rows by model and language


def bag(text: str) -> Counter[str]:
    """Return the counts of a text's words, identifiers split."""
    return Counter(
        word for identifier in re.findall(r"\w+", text) for word in split_identifier(identifier)
    )


def stems(text: str) -> Counter[str]:
    """Return the counts of a text's words without their endings."""
    found: Counter[str] = Counter()
    for word, times in bag(text).items():
        found[stem(word)] += times
    return found


class Bm25:
    """Okapi BM25 (Robertson and Zaragoza, 2009) over names, three times, signatures and bodies."""

    def __init__(
        self,
        pairs: list[dict[str, str]],
        weights: tuple[float, float],
        words_of: Callable[[str], Counter[str]],
    ) -> None:
        saturation, length = weights
        self.words_of = words_of
        postings: dict[str, tuple[list[int], list[int]]] = {}
        sizes = np.zeros(len(pairs))
        for number, pair in enumerate(pairs):
            text = " ".join([pair["name"]] * NAME_TIMES + [pair["signature"], pair["body"]])
            words = words_of(text)
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
        for word in self.words_of(query):
            if word in self.postings:
                at, worth = self.postings[word]
                total[at] += worth
        return total


def gain(scores: np.ndarray, right: int) -> float:
    """Return NDCG@10; candidates with the same score as the right one count half before it."""
    rank = (scores > scores[right]).sum() + ((scores == scores[right]).sum() - 1) / 2
    return 1 / np.log2(rank + 2) if rank < 10 else 0.0


def language_row(
    pairs: list[dict[str, str]], encoder: StaticEncoder | None, rng: np.random.Generator
) -> dict[str, float]:
    """Return the scores of one language; those of BM25 alone where there is no encoder."""
    chosen = [pairs[at] for at in rng.permutation(len(pairs))[:CANDIDATES]]
    usual, best = Bm25(chosen, USUAL, bag), Bm25(chosen, BEST, stems)
    fields = [Passage(pair["name"], pair["signature"], "", pair["body"]) for pair in chosen]
    vectors = encoder.encode_passages(fields) if encoder else None
    row: Counter[str] = Counter()
    asked = range(min(QUERIES, len(chosen)))
    for at in asked:
        for mark, query in zip(MARKS, (chosen[at]["query"], masked(chosen[at])), strict=True):
            words = best.scores(query)
            ways = {"usual BM25": usual.scores(query), "BM25": words}
            if encoder and vectors is not None:
                near = ways["static"] = vectors @ encoder.encode_queries([query])[0]
                for share in STATIC_SHARES:
                    part = (1 - share) * words / max(words.max(), 1e-9)
                    ways[f"fused {share}"] = part + share * near / near.max()
            for way, scores in ways.items():
                row[way + mark] += gain(scores, at) / len(asked)
    ordered = sorted(row, key=lambda name: name.endswith(MARKS[1]))
    return {"candidates": len(chosen)} | {name: row[name] for name in ordered}


def scored(
    encoder: StaticEncoder | None, pairs: list[dict[str, str]]
) -> dict[str, dict[str, float]]:
    """Print and return scores: one row a language, then their mean."""
    rows: dict[str, dict[str, float]] = {}
    for language in sorted({pair["language"] for pair in pairs}):
        found = [pair for pair in pairs if pair["language"] == language]
        if len(found) < FEWEST:
            continue
        row = language_row(found, encoder, np.random.default_rng(0))
        if not rows:
            print(f"{encoder.id if encoder else 'BM25 alone'}\n\n| language | {' | '.join(row)} |")
            print("|" + " --- |" * (len(row) + 1))
        rows[language] = {name: round(value, 4) for name, value in row.items()}
        print(printed(language, rows[language]), flush=True)
    mean = {name: float(np.mean([row[name] for row in rows.values()])) for name in row}
    rows["mean"] = {name: round(mean[name], 4) for name in mean if name != "candidates"}
    print(printed("mean", {"candidates": 0} | rows["mean"]) + "\n", flush=True)
    return rows


def printed(language: str, row: dict[str, float]) -> str:
    """Return a line of the table."""
    figures = [
        f"{value:.3f}" if isinstance(value, float) else str(value or "") for value in row.values()
    ]
    return f"| {language} | {' | '.join(figures)} |"


def refused(record: Record, release: str, ids: list[str]) -> str:
    """Return why these models may not be scored on the test split, "" where they may.

    Whoever tries several models there chooses by it, and then it is no test any more: one set of
    models a release, chosen on the development split. The same models may be scored again.
    """
    held = record.get(release)
    if held is None or set(ids) <= set(held["models"]):
        return ""
    return (
        f"The test split was scored for release {release} on {held['date']}; it is scored once a "
        f"release. Choose by --split development, or raise the version first."
    )


def main() -> None:
    """Score each model; keep what the test split gave."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", default="development", choices=["development", "test"])
    parser.add_argument("--model", type=Path, nargs="*", default=[HERE / "static"])
    given = parser.parse_args()
    record: Record = json.loads(RECORD.read_text())
    encoders = [load(model) for model in given.model]
    ids = [encoder.id for encoder in encoders]
    if given.split == "test" and (reason := refused(record, __version__, ids)):
        sys.exit(reason)
    pairs = [pair for pair in read_pairs(given.split) if pair["kind"] == "f"]
    if not encoders:
        scored(None, pairs)
    rows = {encoder.id: scored(encoder, pairs) for encoder in encoders}
    if rows and given.split == "test" and __version__ not in record:
        record[__version__] = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "models": rows}
        RECORD.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
