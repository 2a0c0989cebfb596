"""Train the static encoder on pairs of description and definition, and write the artifact.

    python models/train.py [--steps 2500] [--seed 1] [--pieces 24000] [--out models/static]

InfoNCE (van den Oord et al., 2018) over batches drawn from a few packages each, so that the wrong
answers are neighbours, as they are in a search. Gradients are written by hand and compiled by
numba, on one thread: the same seed and steps give the same artifact.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one order of adding, one result

import numpy as np
from bpe import vocabulary
from features import Features, cached_features, frame, read_pairs, word_counts
from gather import CACHE, HERE
from numba import njit

from codearch.embedding.tokens import NORMALISER, Tokenizer

DIMENSION = 256
BATCH = 512
CHUNK = 128  # pairs of one package that stand together in a batch
TEMPERATURE = 0.05
RATE = 0.003
WEIGHT_RATE = 0.02
SHARED, DOCUMENTED, FLAT, FRAMED = 0.2, 0.4, 0.15, 0.25  # shares of a batch, see batch_bags
FRAMES = (
    "how does it", "how to", "how is it done", "where is", "where are they", "what does it do",
    "which function", "which class", "code that", "function to", "method for", "implementation of",
    "find where it is implemented", "how the", "where do we", "what happens when", "logic for",
    "class that handles", "definition of", "usage of",
)  # fmt: skip
NAME, SIGNATURE, DOC, BODY, QUERY, MASKED = range(6)
COLUMNS = 5  # of weights: name, signature, doc, body, query
START = (1.2, 0.0, 0.3, 1.2, 0.0)  # logarithms of the fields' first weights


@dataclass
class Model:
    """Parameters and Adam's two moments of each."""

    table: np.ndarray
    table_m: np.ndarray
    table_v: np.ndarray
    weights: np.ndarray  # logarithms, (pieces, COLUMNS)
    weights_m: np.ndarray
    weights_v: np.ndarray


def fresh(size: int, document_share: np.ndarray, rng: np.random.Generator) -> Model:
    """Return a model of random vectors, weighted at first by how rare their pieces are."""
    table = rng.normal(0, DIMENSION**-0.5, (size, DIMENSION)).astype(np.float32)
    rare = np.log(np.log((1.0 + 1e-4) / (document_share + 1e-4)) + 0.3)
    weights = (rare[:, None] + np.array(START)).astype(np.float32)
    zeros = np.zeros_like
    return Model(table, zeros(table), zeros(table), weights, zeros(weights), zeros(weights))


@njit(cache=True, fastmath=False)
def pool(indptr, pieces, columns, roots, table, weights, out):  # noqa: PLR0913, PLR0917
    """Sum the weighted vectors of each row's pieces."""
    for row in range(len(indptr) - 1):
        for entry in range(indptr[row], indptr[row + 1]):
            piece = pieces[entry]
            factor = roots[entry] * np.exp(weights[piece, columns[entry]])
            for axis in range(table.shape[1]):
                out[row, axis] += factor * table[piece, axis]


@njit(cache=True, fastmath=True)
def unpool(indptr, pieces, columns, roots, table, weights, slope, slots, table_g, weights_g):  # noqa: PLR0913, PLR0917
    """Add each entry's part of the gradient, the pieces numbered by `slots`."""
    for row in range(len(indptr) - 1):
        for entry in range(indptr[row], indptr[row + 1]):
            piece, column, slot = pieces[entry], columns[entry], slots[entry]
            factor = roots[entry] * np.exp(weights[piece, column])
            product = np.float32(0.0)
            for axis in range(table.shape[1]):
                product += slope[row, axis] * table[piece, axis]
                table_g[slot, axis] += factor * slope[row, axis]
            weights_g[slot, column] += factor * product


@njit(cache=True, fastmath=False)
def adam(touched, values, first, second, gradient, rate):  # noqa: PLR0913, PLR0917
    """Take one step of Adam (Kingma and Ba, 2015) on the touched rows alone."""
    for slot in range(len(touched)):
        row = touched[slot]
        for axis in range(values.shape[1]):
            slope = gradient[slot, axis]
            first[row, axis] = np.float32(0.9) * first[row, axis] + np.float32(0.1) * slope
            second[row, axis] = (
                np.float32(0.99) * second[row, axis] + np.float32(0.01) * slope * slope
            )
            change = first[row, axis] / (np.sqrt(second[row, axis]) + np.float32(1e-7))
            values[row, axis] -= rate * change


@dataclass
class Bags:
    """A batch's rows as compressed sparse rows."""

    indptr: np.ndarray
    pieces: np.ndarray
    columns: np.ndarray
    roots: np.ndarray


def bags(data: Features, parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> Bags:
    """Join, row by row, the entry ranges of several parts (starts, ends, column)."""
    starts = np.stack([part[0] for part in parts], 1).ravel()
    ends = np.stack([part[1] for part in parts], 1).ravel()
    columns = np.stack([part[2] for part in parts], 1).ravel()
    lengths = ends - starts
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    entries = ranges(starts, lengths)
    return Bags(
        offsets[:: len(parts)].copy(),
        data.pieces[entries],
        np.repeat(columns, lengths),
        data.roots[entries],
    )


def drop(bag: Bags, keep: np.ndarray) -> Bags:
    """Return the bags without the entries that are not kept."""
    kept_before = np.concatenate([[0], np.cumsum(keep)])
    return Bags(kept_before[bag.indptr], bag.pieces[keep], bag.columns[keep], bag.roots[keep])


def batch_bags(data: Features, rows: np.ndarray, rng: np.random.Generator) -> tuple[Bags, Bags]:
    """Return queries and passages of a batch, varied as what users ask and index varies.

    Half of the queries lose the definition's own name; some stand in the frame of a question. Some
    passages show the rest of their doc; others show half of the query's own words as their doc,
    and the query has the other half, so that the weight of docs is learned although queries are
    cut from them. Some passages are all body, as sections of plain text are.
    """
    count = len(rows)
    flat = rng.random(count) < FLAT

    def part(
        row: np.ndarray, field: np.ndarray | int, column: int, shown: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        start, end = data.starts[row, field], data.starts[row, np.asarray(field) + 1]
        if shown is not None:
            end = np.where(shown, end, start)
        return start, end, np.where(flat, 3, column) if column < 4 else np.full(count, column)

    asked = np.where(rng.random(count) < 0.5, QUERY, MASKED)
    chance = rng.random(count)
    shared = chance < SHARED
    frames = len(data.starts) - 1 - rng.integers(0, len(FRAMES), count)
    query = bags(data, [part(rows, asked, 4), part(frames, QUERY, 4, rng.random(count) < FRAMED)])
    told = bags(data, [part(rows, asked, 2, shared)])
    coin = rng.random(len(told.pieces)) < 0.5
    passage = bags(
        data,
        [
            part(rows, NAME, 0),
            part(rows, SIGNATURE, 1),
            part(rows, DOC, 2, chance > 1 - DOCUMENTED),
            part(rows, BODY, 3),
            part(rows, asked, 2, shared),
        ],
    )
    passage = levelled(passage)
    # A shared query stands first in its query bag and last in its passage bag.
    lengths = np.diff(told.indptr)
    in_query = ranges(query.indptr[:-1], lengths)
    in_passage = ranges(passage.indptr[1:] - lengths, lengths)
    keep_query = np.ones(len(query.pieces), bool)
    keep_passage = np.ones(len(passage.pieces), bool)
    keep_query[in_query] = coin
    keep_passage[in_passage] = ~coin
    return drop(query, keep_query), drop(passage, keep_passage)


def levelled(bag: Bags) -> Bags:
    """Divide the body's entries by the square root of their number, whatever its length."""
    rows = np.repeat(np.arange(len(bag.indptr) - 1), np.diff(bag.indptr))
    body = bag.columns == 3
    sizes = np.bincount(rows[body], minlength=len(bag.indptr) - 1)
    factors = np.where(body, np.maximum(sizes[rows], 1) ** -0.5, 1)
    return Bags(bag.indptr, bag.pieces, bag.columns, (bag.roots * factors).astype(np.float32))


def ranges(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Return the numbers from each start on, so many as its length, one range after another."""
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    return np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])


def unit(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    lengths = np.sqrt((rows * rows).sum(1, keepdims=True)) + np.float32(1e-9)
    return rows / lengths, lengths


def step(model: Model, both: tuple[Bags, Bags], rate: float) -> float:
    """Take one step and return the loss."""
    sums = []
    for bag in both:
        out = np.zeros((len(bag.indptr) - 1, DIMENSION), np.float32)
        pool(bag.indptr, bag.pieces, bag.columns, bag.roots, model.table, model.weights, out)
        sums.append(out)
    (q, q_length), (p, p_length) = map(unit, sums)
    scores = (q @ p.T) / np.float32(TEMPERATURE)
    across = np.exp(scores - scores.max(1, keepdims=True))
    down = np.exp(scores - scores.max(0, keepdims=True))
    across /= across.sum(1, keepdims=True)
    down /= down.sum(0, keepdims=True)
    loss = float(-np.log(np.diag(across) + 1e-12).mean())
    slope = (0.7 * across + 0.3 * down).astype(np.float32)
    slope[np.diag_indices(len(slope))] -= 1.0
    slope /= np.float32(TEMPERATURE * len(slope))
    slopes = []
    for rows, lengths, gradient in ((q, q_length, slope @ p), (p, p_length, slope.T @ q)):
        slopes.append((gradient - rows * (gradient * rows).sum(1, keepdims=True)) / lengths)
    touched, slots = np.unique(np.concatenate([bag.pieces for bag in both]), return_inverse=True)
    table_g = np.zeros((len(touched), DIMENSION), np.float32)
    weights_g = np.zeros((len(touched), COLUMNS), np.float32)
    at = 0
    for bag, gradient in zip(both, slopes, strict=True):
        here = slots[at : at + len(bag.pieces)]
        at += len(bag.pieces)
        unpool(
            bag.indptr,
            bag.pieces,
            bag.columns,
            bag.roots,
            model.table,
            model.weights,
            gradient,
            here,
            table_g,
            weights_g,
        )
    table, weights = np.float32(RATE * rate), np.float32(WEIGHT_RATE * rate)
    adam(touched, model.table, model.table_m, model.table_v, table_g, table)
    adam(touched, model.weights, model.weights_m, model.weights_v, weights_g, weights)
    return loss


def epoch(packages: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """Return batches of row numbers: chunks of single packages, shuffled; leftovers mixed."""
    chunks, left = [], []
    for rows in packages:
        order = rng.permutation(rows)
        whole = len(order) // CHUNK * CHUNK
        chunks += list(order[:whole].reshape(-1, CHUNK))
        left.append(order[whole:])
    mixed = rng.permutation(np.concatenate(left))
    chunks += list(mixed[: len(mixed) // CHUNK * CHUNK].reshape(-1, CHUNK))
    order = rng.permutation(len(chunks))
    per = BATCH // CHUNK
    order = order[: len(order) // per * per].reshape(-1, per)
    return np.stack([np.concatenate([chunks[number] for number in group]) for group in order])


def train(
    data: Features, packages: list[np.ndarray], model: Model, steps: int, rng: np.random.Generator
) -> None:
    """Train for so many steps, the rate falling in a straight line after a short rise."""
    done, began, losses = 0, time.time(), []
    while done < steps:
        for rows in epoch(packages, rng):
            rate = min(1.0, (done + 1) / 200, (steps - done) / steps * 1.1)
            losses.append(step(model, batch_bags(data, rows, rng), rate))
            done += 1
            if done % 500 == 0:
                speed = done * BATCH / (time.time() - began)
                print(
                    f"step {done}: loss {np.mean(losses[-500:]):.4f}, {speed:.0f} pairs/s",
                    flush=True,
                )
            if done >= steps:
                return


def export(model: Model, pieces: list[str], name: str, folder: Path) -> None:
    """Write the artifact: int8 rows, and the weights with each row's scale in them."""
    scales = np.abs(model.table).max(1, keepdims=True) / 127 + 1e-12
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "table.npy", np.rint(model.table / scales).astype(np.int8))
    np.save(folder / "weights.npy", (np.exp(model.weights) * scales).astype(np.float32))
    (folder / "vocabulary.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8", newline="\n")
    told = {"format": 2, "name": name, "dimension": DIMENSION, "normaliser": NORMALISER}
    (folder / "model.json").write_text(json.dumps(told, indent=1) + "\n", newline="\n")


def main() -> None:
    """Make the vocabulary, the features and the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=2_500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pieces", type=int, default=24_000)
    parser.add_argument("--out", type=Path, default=HERE / "static")
    given = parser.parse_args()
    rng = np.random.default_rng(given.seed)
    pairs = read_pairs("train")
    print(f"{len(pairs)} pairs", flush=True)
    kept = CACHE / f"vocabulary-{given.pieces}-{len(pairs)}.txt"
    if not kept.exists():
        kept.write_text("\n".join(vocabulary(word_counts(pairs), given.pieces)))
    pieces = kept.read_text().splitlines()
    data = cached_features(
        pairs + [frame(text) for text in FRAMES],
        Tokenizer(pieces),
        f"train-{given.pieces}-{len(pairs)}",
    )
    print(f"{len(pieces)} pieces, {len(data.pieces)} entries", flush=True)
    named: dict[str, list[int]] = {}
    for row, pair in enumerate(pairs):
        named.setdefault(pair["package"] + pair["language"], []).append(row)
    share = np.bincount(data.pieces, minlength=len(pieces)) / (len(pairs) * 3)
    model = fresh(len(pieces), share, rng)
    train(data, [np.array(rows) for rows in named.values()], model, given.steps, rng)
    export(model, pieces, "static", given.out)


if __name__ == "__main__":
    main()
