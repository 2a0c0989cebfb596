"""Pairs as arrays: for each pair and field the pieces and how often each occurs."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
from gather import CACHE

from codearch.embedding.tokens import Tokenizer, identifiers
from codearch.text import split_identifier

FIELDS = ("name", "signature", "rest", "body", "query", "masked")


@dataclass(frozen=True)
class Features:
    """Flat arrays: field f of pair i holds the entries starts[i, f] to starts[i, f + 1]."""

    pieces: np.ndarray  # int32
    roots: np.ndarray  # float32, square roots of counts
    starts: np.ndarray  # int64 (pairs, fields + 1)


def read_pairs(split: str) -> list[dict[str, str]]:
    """Return the pairs of one split."""
    with gzip.open(CACHE / "pairs.jsonl.gz", "rt") as lines:
        return [pair for pair in map(json.loads, lines) if pair["split"] == split]


def masked(pair: dict[str, str]) -> str:
    """Return the query without the definition's own name."""
    name = pair["name"].rpartition(" ")[2]
    return re.sub(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", " ", pair["query"])


def texts(pair: dict[str, str]) -> tuple[str, ...]:
    """Return a pair's texts in the order of FIELDS."""
    return (*(pair[field] for field in FIELDS[:-1]), masked(pair))


def word_counts(pairs: list[dict[str, str]]) -> Counter[str]:
    """Return how often each word occurs in names, signatures, queries and bodies."""
    seen: Counter[str] = Counter()
    for pair in pairs:
        for text in texts(pair)[:-1]:
            seen.update(identifiers(text))
    words: Counter[str] = Counter()
    for identifier, number in seen.items():
        for word in split_identifier(identifier):
            words[word] += number
    return words


def features(pairs: list[dict[str, str]], tokenizer: Tokenizer) -> Features:
    """Return the arrays of these pairs."""
    pieces: list[np.ndarray] = []
    counts: list[np.ndarray] = []
    ends = [0]
    for pair in pairs:
        for text in texts(pair):
            found = tokenizer.counts(text)
            pieces.append(np.fromiter(found.keys(), np.int32, len(found)))
            counts.append(np.fromiter(found.values(), np.float32, len(found)))
            ends.append(ends[-1] + len(found))
    bounds = np.array(ends, np.int64)
    first = bounds[:-1].reshape(len(pairs), len(FIELDS))
    starts = np.hstack([first, bounds[len(FIELDS) :: len(FIELDS), None]])
    return Features(np.concatenate(pieces), np.sqrt(np.concatenate(counts)), starts)


def frame(text: str) -> dict[str, str]:
    """Return a text as a pair of nothing but its query."""
    return dict.fromkeys(FIELDS[:-1], "") | {"query": text}


def cached_features(pairs: list[dict[str, str]], tokenizer: Tokenizer, name: str) -> Features:
    """Return the arrays of these pairs, from the cache where they were made before."""
    kept = CACHE / f"features-{name}.npz"
    if not kept.exists():
        made = features(pairs, tokenizer)
        np.savez(kept, pieces=made.pieces, roots=made.roots, starts=made.starts)
    with np.load(kept) as arrays:
        return Features(arrays["pieces"], arrays["roots"], arrays["starts"])
