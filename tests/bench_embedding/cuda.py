"""Functions a second on a CUDA device, beside what its matrix products alone would allow.

    python tests/bench_embedding/cuda.py JOB        (JSON in, JSON out)

Inputs and outputs are bound to the device, so that copies over the bus do not count; what the
product itself reaches, copies and all, is measured beside it.
"""

from __future__ import annotations

import itertools
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path[:0] = [str(HERE), str(HERE.parent / "bench"), str(HERE.parents[1] / "server")]

import numpy as np
from encoding import LENGTHS, NODES, full_windows
from material import Material

from codearch.embedding.backends import Lengths
from codearch.embedding.transformer import artifact as artifacts
from codearch.embedding.transformer.devices import device_named
from codearch.embedding.transformer.inputs import GraphInput, batch
from codearch.embedding.transformer.reading import Reader
from codearch.embedding.transformer.running import PLACES, Runner
from codearch.embedding.transformer.session import Session
from codearch.embedding.transformer.vocabulary import Vocabulary

NOT_HERE = "not measured: no CUDA device"
SIDE, PRODUCTS = 8_192, 16  # of the matrices, and how many are multiplied in one run
CUDA = "CUDAExecutionProvider"
_ROUNDS, _TINY = 12, 64


class Job(msgspec.Struct, frozen=True):
    """What to measure; `device` is one of the product's names. `side` is that of the matrices."""

    artifact: str
    material: str
    device: str = "cuda"
    side: int = SIDE
    places: int = PLACES  # of one batch


class Speed(msgspec.Struct, frozen=True):
    """By tokens: functions a second on the device, and through the product; the device's own."""

    device: str  # that was really used
    bound: dict[int, float]
    product: dict[int, float]
    operations: float  # of half-precision matrix products, a second


def is_here() -> bool:
    """Say whether ONNX Runtime can use a CUDA device: it lists the provider without one, too."""
    import onnxruntime

    if CUDA not in onnxruntime.get_available_providers():
        return False
    return bool(_session(_products(_TINY), CUDA).get_providers()[0] == CUDA)


def device_name() -> str:
    """Return what the driver calls the first device, nothing where its tool is not there."""
    command = ["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader", "--id=0"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return said.stdout.strip()


def asked(job: Job) -> Speed:
    """Measure in a process of its own, whose memory on the device goes with it."""
    command = [sys.executable, __file__, msgspec.json.encode(job).decode()]
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return msgspec.json.decode(said.stdout, type=Speed)


def measure(job: Job) -> Speed:
    """Return both speeds at each length, and the device's own."""
    folder, read = Path(job.artifact), Material.read(Path(job.material))
    described, vocabulary = artifacts.read(folder), Vocabulary(folder)
    own = Session(folder / artifacts.GRAPH, job.device, 2)
    runner = Runner(own, vocabulary.special, described.precision)
    session = _opened(str(folder / artifacts.GRAPH), job.device)
    bound, product = {}, {}
    for tokens in LENGTHS:
        reader = Reader(vocabulary, Lengths(tokens, tokens // NODES), described.around)
        some = full_windows([reader.code(code)[0] for code in read.codes], tokens)
        count = max(job.places // (tokens + tokens // NODES), 1)
        inputs = [some[at % len(some)] for at in range(count)]
        feed = _feed(inputs, vocabulary)
        bound[tokens] = count / _seconds(_bound(session, feed, job.device))
        product[tokens] = count / _seconds(lambda inputs=inputs: runner.vectors(inputs))
    return Speed(own.device.name, bound, product, _operations(job))


def _feed(inputs: Sequence[GraphInput], vocabulary: Vocabulary) -> dict[str, np.ndarray[Any, Any]]:
    made = batch(inputs, vocabulary.special, max(one.length for one in inputs))
    return {"ids": made.ids, "positions": made.positions, "mask": made.mask}


def _opened(graph: str | bytes, device: str) -> Any:
    """Open a graph on a device, and let nothing fall back without a word."""
    known = device_named(device)
    if known is None:
        raise ValueError(device)
    session = _session(graph, known.provider)
    if session.get_providers()[0] != known.provider:
        raise RuntimeError(f"{device} could not be started")
    return session


def _session(graph: str | bytes, provider: str) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    providers = list(dict.fromkeys((provider, "CPUExecutionProvider")))
    return onnxruntime.InferenceSession(graph, options, providers=providers)


def _bound(
    session: Any, feed: Mapping[str, np.ndarray[Any, Any]], device: str
) -> Callable[[], None]:
    """Return a run whose inputs lie on the device already, and whose outputs stay there."""
    import onnxruntime

    binding = session.io_binding()
    held = {
        name: onnxruntime.OrtValue.ortvalue_from_numpy(value, device, 0)
        for name, value in feed.items()
    }
    for name, value in held.items():
        binding.bind_ortvalue_input(name, value)
    for output in session.get_outputs():
        binding.bind_output(output.name, device, 0)

    def run() -> None:
        assert held  # the binding does not keep them
        session.run_with_iobinding(binding)
        binding.synchronize_outputs()

    return run


def _operations(job: Job) -> float:
    """Return the operations a second of half-precision products of large square matrices."""
    session = _opened(_products(job.side), job.device)
    left = np.full((job.side, job.side), 1 / job.side, np.float16)
    run = _bound(session, {"left": left, "right": left}, job.device)
    return PRODUCTS * 2.0 * job.side**3 / _seconds(run)


def _products(side: int) -> bytes:
    """Return a graph that multiplies by one matrix again and again."""
    from onnx import TensorProto, helper

    kind, shape = TensorProto.FLOAT16, [side, side]
    names = ["left", *(f"product{number}" for number in range(PRODUCTS))]
    nodes = [
        helper.make_node("MatMul", [before, "right"], [after])
        for before, after in itertools.pairwise(names)
    ]
    graph = helper.make_graph(
        nodes,
        "products",
        [helper.make_tensor_value_info(name, kind, shape) for name in ("left", "right")],
        [helper.make_tensor_value_info(names[-1], kind, shape)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    return bytes(model.SerializeToString())


def _seconds(run: Callable[[], object]) -> float:
    """Return what one run takes, the middle of several, after two that choose kernels."""
    for _ in range(2):
        run()
    taken = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        run()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


if __name__ == "__main__":
    found = measure(msgspec.json.decode(sys.argv[1], type=Job))
    print(msgspec.json.encode(found).decode())
