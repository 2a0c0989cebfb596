"""Contrastive losses in which what is alike never stands among the negatives."""

from __future__ import annotations

import torch
from torch import Tensor

TEMPERATURE = 0.07


def alike(*labels: Tensor) -> Tensor:
    """Return which rows are positives of each other, (rows, rows): equal in any of the labels.

    A label below zero is like no other; a row is always like itself.
    """
    found = torch.eye(len(labels[0]), dtype=torch.bool, device=labels[0].device)
    for label in labels:
        found |= (label[:, None] == label[None, :]) & (label >= 0)[:, None]
    return found


def nt_xent(
    first: Tensor, second: Tensor, same: Tensor, temperature: float = TEMPERATURE
) -> Tensor:
    """Return the mean loss of SimCLR (Chen et al., ICML 2020) over two views of each function.

    first, second: unit rows (functions, dimension); row i of both is one function. A view's one
    positive is the function's other view; those that are `same` as it are left out. same: over all
    views, the second ones behind the first.
    """
    rows = torch.cat([first, second])
    count = len(first)
    partner = torch.arange(2 * count, device=rows.device).roll(count)
    return _cross_entropy(rows @ rows.T / temperature, partner, same)


def info_nce(
    questions: Tensor, code: Tensor, same: Tensor, temperature: float = TEMPERATURE
) -> Tensor:
    """Return the mean loss of pairs of unit rows (van den Oord et al., 2018), in both directions.

    Row i of both is one pair; the other rows of the batch are its negatives but those `same` as it.
    """
    scores = questions @ code.T / temperature
    right = torch.arange(len(scores), device=scores.device)
    there = _cross_entropy(scores, right, same)
    back = _cross_entropy(scores.T, right, same)
    return (there + back) / 2


def _cross_entropy(scores: Tensor, right: Tensor, left_out: Tensor) -> Tensor:
    """Return the mean of -log softmax at `right` over the columns that are not left out."""
    own = torch.zeros_like(left_out)
    own[torch.arange(len(right), device=right.device), right] = True
    kept = scores.float().masked_fill(left_out & ~own, float("-inf"))
    return torch.nn.functional.cross_entropy(kept, right)
