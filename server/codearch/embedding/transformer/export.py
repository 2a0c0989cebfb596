"""A network becomes ONNX graphs: float32 to compare with, float16 for devices, int8 for CPUs."""

from __future__ import annotations

import contextlib
import copy
import importlib.metadata
import logging
import warnings
from typing import TYPE_CHECKING

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from codearch.embedding.transformer.devices import HALF, INT8
from codearch.embedding.transformer.inputs import Special, batch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from codearch.embedding.transformer.inputs import GraphInput
    from codearch.embedding.transformer.network import Network

INPUTS, OUTPUT = ("ids", "positions", "mask"), "vectors"
_LIBRARIES = ("torch", "onnx", "onnxscript", "onnxruntime")


def write_graph(
    network: Network,
    precision: str,
    path: Path,
    *,
    reference: Path | None = None,
    reduced_range: bool = False,
) -> None:
    """Write a graph of dynamic batch and length.

    int8 is made from the float32 graph at `reference`, by channel; `reduced_range` takes seven bits
    of eight, without which processors that lack VNNI overflow.
    """
    with _quiet():
        if precision != INT8:
            _export(copy.deepcopy(network).half() if precision == HALF else network, path)
            return
        if reference is None:
            message = "int8 is made from a float32 graph"
            raise ValueError(message)
        quantize_dynamic(
            reference,
            path,
            per_channel=True,
            reduce_range=reduced_range,
            weight_type=QuantType.QInt8,
        )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Leave out what the exporters say of their own insides."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _export(network: Network, path: Path) -> None:
    size = torch.export.Dim.DYNAMIC
    flat, square = {0: size, 1: size}, {0: size, 1: size, 2: size}
    torch.onnx.export(
        network,
        _example(),
        str(path),
        dynamo=True,
        external_data=False,
        input_names=list(INPUTS),
        output_names=[OUTPUT],
        dynamic_shapes=(flat, flat, square),
        optimize=True,
        verbose=False,
    )


def _example() -> tuple[torch.Tensor, ...]:
    """Return a small batch with nodes and padding, from which the exporter learns the graph."""
    from codearch.embedding.transformer.inputs import GraphInput, Node  # noqa: PLC0415

    short = GraphInput((0, 5, 2))
    long = GraphInput((0, 5, 6, 7, 8, 2), (Node(1, 2, ()), Node(2, 4, (0,))))
    made = batch([short, long], Special(), 11)
    return tuple(map(torch.from_numpy, (made.ids, made.positions, made.mask)))


def pooled(
    network: Network, inputs: Sequence[GraphInput], special: Special
) -> Iterator[NDArray[np.float32]]:
    """Yield each input's row before the head, computed by PyTorch."""
    yield from _rows(network.pooled, inputs, special)


def vectors(
    network: Network, inputs: Sequence[GraphInput], special: Special
) -> Iterator[NDArray[np.float32]]:
    """Yield each input's vector, computed by PyTorch."""
    yield from _rows(network.forward, inputs, special)


def _rows(
    computed: Callable[..., torch.Tensor], inputs: Sequence[GraphInput], special: Special
) -> Iterator[NDArray[np.float32]]:
    for one in inputs:
        made = batch([one], special, one.length)
        with torch.inference_mode():
            row = computed(*map(torch.from_numpy, (made.ids, made.positions, made.mask)))
        yield row[0].numpy().astype(np.float32)


def set_head(network: Network, centre: NDArray[np.float32], axes: NDArray[np.float32]) -> None:
    """Give a network its projection."""
    with torch.no_grad():
        network.head.centre = torch.nn.Parameter(torch.from_numpy(centre))
        network.head.projection = torch.nn.Parameter(torch.from_numpy(axes))


def versions() -> dict[str, str]:
    """Return the versions of the libraries that shape a graph."""
    return {name: importlib.metadata.version(name) for name in _LIBRARIES}
