"""The network in PyTorch: RoBERTa's layers under GraphCodeBERT's graph-guided mask, then a head.

After Liu et al., 2019 (RoBERTa) and Guo et al., 2021 (GraphCodeBERT: a node's embedding is the mean
of its code pieces' embeddings; who sees whom is given by a mask). Layer norm, softmax and the mask
are computed in float32 whatever the weights are, so that float16 neither overflows nor loses them.
"""

from __future__ import annotations

import math
from typing import cast

import msgspec
import torch
from torch import Tensor, nn

from codearch.embedding.transformer.inputs import FIRST_POSITION, NODE_POSITION

MASKED = -1e4  # not minus infinity: a row that sees nothing gives a mean, never NaN
SMALLEST_LENGTH = 1e-6


class Shape(msgspec.Struct, frozen=True):
    """The sizes of a network; the defaults are those of RoBERTa base."""

    vocabulary: int = 50_265
    positions: int = 514
    hidden: int = 768
    layers: int = 12
    heads: int = 12
    inner: int = 3_072
    epsilon: float = 1e-5
    dimension: int = 256  # of the vectors


class Norm(nn.LayerNorm):
    """Layer norm in float32."""

    def forward(self, rows: Tensor) -> Tensor:
        """Normalise each row of the last axis."""
        found = nn.functional.layer_norm(
            rows.float(),
            self.normalized_shape,
            self.weight.float(),
            self.bias.float(),
            self.eps,
        )
        return found.to(rows.dtype)


class Attention(nn.Module):
    """Attention of several heads under an additive mask of shape (inputs, 1, places, places)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads, self.size = shape.heads, shape.hidden // shape.heads
        self.query = nn.Linear(shape.hidden, shape.hidden)
        self.key = nn.Linear(shape.hidden, shape.hidden)
        self.value = nn.Linear(shape.hidden, shape.hidden)
        self.output = nn.Linear(shape.hidden, shape.hidden)

    def forward(self, rows: Tensor, unseen: Tensor) -> Tensor:
        """Mix the rows that see each other."""
        query, key = self._split(self.query(rows)), self._split(self.key(rows))
        scores = torch.matmul(query, key.transpose(2, 3)) / math.sqrt(self.size)
        shares = torch.softmax(scores.float() + unseen, dim=-1).to(rows.dtype)
        mixed = torch.matmul(shares, self._split(self.value(rows)))
        return cast("Tensor", self.output(mixed.transpose(1, 2).flatten(2)))

    def _split(self, rows: Tensor) -> Tensor:
        return rows.unflatten(2, (self.heads, self.size)).transpose(1, 2)


class Layer(nn.Module):
    """Attention and two dense layers, each added to its input and normalised."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention = Attention(shape)
        self.attention_norm = Norm(shape.hidden, shape.epsilon)
        self.inner = nn.Linear(shape.hidden, shape.inner)
        self.outer = nn.Linear(shape.inner, shape.hidden)
        self.norm = Norm(shape.hidden, shape.epsilon)

    def forward(self, rows: Tensor, unseen: Tensor) -> Tensor:
        """Return rows of the same shape."""
        mixed = self.attention_norm(rows + self.attention(rows, unseen))
        return cast("Tensor", self.norm(mixed + self.outer(nn.functional.gelu(self.inner(mixed)))))


class Network(nn.Module):
    """Ids, positions and mask in, unit vectors out: shape (inputs, dimension), float32."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.words = nn.Embedding(shape.vocabulary, shape.hidden)
        self.places = nn.Embedding(shape.positions, shape.hidden)
        self.kind = nn.Parameter(torch.zeros(shape.hidden))  # RoBERTa knows one token type
        self.norm = Norm(shape.hidden, shape.epsilon)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.head = Head(shape.hidden, shape.dimension)

    def forward(self, ids: Tensor, positions: Tensor, mask: Tensor) -> Tensor:
        """Return one vector an input."""
        return cast("Tensor", self.head(self.pooled(ids, positions, mask)))

    def pooled(self, ids: Tensor, positions: Tensor, mask: Tensor) -> Tensor:
        """Return the mean of each input's last code rows, before the head, in float32."""
        code = positions >= FIRST_POSITION
        rows = self.norm(self._embedded(ids, positions, mask) + self.places(positions) + self.kind)
        unseen = torch.where(mask, 0.0, MASKED)[:, None].float()
        for layer in self.layers:
            rows = layer(rows, unseen)
        kept = code[:, :, None].float()
        return (rows.float() * kept).sum(1) / kept.sum(1).clamp(min=1.0)

    def _embedded(self, ids: Tensor, positions: Tensor, mask: Tensor) -> Tensor:
        """Return the rows of the pieces; a node's is the mean of those where it stands."""
        rows = cast("Tensor", self.words(ids))
        nodes, code = positions == NODE_POSITION, positions >= FIRST_POSITION
        stands = (mask & nodes[:, :, None] & code[:, None, :]).to(rows.dtype)
        # The count is clamped: a tiny constant added to it is dropped by the exporter's optimiser.
        shares = stands / stands.sum(-1, keepdim=True).clamp(min=1.0)
        return torch.where(nodes[:, :, None], torch.matmul(shares, rows), rows)


class Head(nn.Module):
    """A projection around a centre, then length one; in float32 always."""

    def __init__(self, hidden: int, dimension: int) -> None:
        super().__init__()
        self.centre = nn.Parameter(torch.zeros(hidden))
        self.projection = nn.Parameter(torch.eye(hidden, dimension))

    def forward(self, pooled: Tensor) -> Tensor:
        """Return unit rows."""
        rows = torch.matmul(pooled - self.centre.float(), self.projection.float())
        length = rows.norm(dim=-1, keepdim=True).clamp(min=SMALLEST_LENGTH)
        return rows / length
