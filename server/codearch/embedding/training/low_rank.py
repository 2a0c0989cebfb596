"""LoRA (Hu et al., ICLR 2022): a dense layer is left as it is, and a product of two is learned."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from codearch.embedding.transformer.network import Network

RANK, ALPHA = 8, 16


class LowRank(nn.Module):
    """A dense layer with a learned difference of low rank, which is nothing at the start."""

    def __init__(self, dense: nn.Linear, generator: torch.Generator) -> None:
        super().__init__()
        self.dense = dense.requires_grad_(requires_grad=False)
        self.down = nn.Parameter(torch.empty(RANK, dense.in_features))
        self.up = nn.Parameter(torch.zeros(dense.out_features, RANK))
        with torch.no_grad():
            self.down.normal_(0.0, RANK**-0.5, generator=generator)

    def forward(self, rows: Tensor) -> Tensor:
        """Return what the dense layer gives, and the difference."""
        difference = nn.functional.linear(nn.functional.linear(rows, self.down), self.up)
        return cast("Tensor", self.dense(rows) + difference * (ALPHA / RANK))

    def merged(self) -> nn.Linear:
        """Return one dense layer that gives the same."""
        with torch.no_grad():
            self.dense.weight += (self.up @ self.down) * (ALPHA / RANK)
        return self.dense


def attach(network: Network, seed: int) -> None:
    """Learn differences of queries and values in every layer."""
    generator = torch.Generator().manual_seed(seed)
    for layer in network.layers:
        layer.attention.query = LowRank(layer.attention.query, generator)
        layer.attention.value = LowRank(layer.attention.value, generator)


def merge(network: Network) -> None:
    """Put what was learned into the dense layers; other networks stay as they are."""
    for layer in network.layers:
        for name in ("query", "value"):
            dense = getattr(layer.attention, name)
            if isinstance(dense, LowRank):
                setattr(layer.attention, name, dense.merged())
