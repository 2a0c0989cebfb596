"""ONNX Runtime: the one place that knows it. It tells the device that is really used."""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from codearch.embedding.runtimes import both_runtimes
from codearch.embedding.transformer.devices import CPU, DEVICES, Device, device_named
from codearch.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

log = logging.getLogger(__name__)

_NO_MEMORY = ("out of memory", "failed to allocate memory", "bfcarena", "cudaerrormemoryallocation")
_LOST = ("cuda failure", "cuda error", "device is lost", "device removed", "cudnn failure")


class OutOfMemoryError(EncoderError):
    """A batch was too large for the device."""


class Session:
    """One loaded graph. `device` is where it runs; `problem` says why it is not elsewhere.

    Safe to use from several threads at a time.
    """

    def __init__(self, graph: Path, wanted: str, threads: int) -> None:
        """Load a graph on the device wanted (`auto` takes the best); raises EncoderError."""
        self._graph, self._threads = graph, threads
        self._lock = threading.Lock()
        self.problem = ""
        self.device = self._choose(wanted)
        self._session = self._open(self.device)

    @property
    def on_processor(self) -> bool:
        """Return whether it runs on the processor."""
        return self.device is CPU

    @property
    def inputs(self) -> list[str]:
        """Return the names of the graph's inputs."""
        return [one.name for one in self._session.get_inputs()]

    def run(self, feed: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
        """Return the graph's first output; raises OutOfMemoryError where a smaller batch may do.

        A device that is lost is given up for the processor, for good.
        """
        session = self._session
        try:
            return self._output(session, feed)
        except _failures() as error:
            said = str(error).lower()
            if any(words in said for words in _NO_MEMORY):
                message = f"The batch does not fit into the memory of {self.device.name}."
                raise OutOfMemoryError(message) from error
            if self.device is CPU or not any(words in said for words in _LOST):
                message = f"The model failed: {str(error).splitlines()[0]}"
                raise EncoderError(message, mend="`codearch doctor` tells more.") from error
            self._give_up(error)
        return self._output(self._session, feed)

    def _output(self, session: Any, feed: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
        found = session.run(None, dict(feed))[0]
        return np.asarray(found, np.float32)

    def _give_up(self, error: Exception) -> None:
        """Go on with the processor."""
        with self._lock:
            if self.device is CPU:
                return
            log.warning("lost %s: %s", self.device.name, error)
            self.problem = (
                f"The device {self.device.name} was lost; the processor does its work until the"
                " indexer starts again. `codearch doctor` tells of its driver."
            )
            self._session, self.device = self._open(CPU), CPU

    def _choose(self, wanted: str) -> Device:
        """Return the device to try, and note what stands in the way of the one wanted."""
        found = usable_device(wanted)
        if wanted in {"auto", found.name}:
            return found
        device = device_named(wanted)
        package = device.package if device else "onnxruntime"
        self.problem = (
            f"The device {wanted} is not available: the installed ONNX Runtime lacks it. "
            f"Install {package} in its place. The processor is used."
        )
        return CPU

    def _open(self, device: Device) -> Any:
        library = _library()
        options = library.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.inter_op.allow_spinning", "0")
        options.log_severity_level = 4
        providers = list(dict.fromkeys((device.provider, CPU.provider)))
        try:
            session = library.InferenceSession(str(self._graph), options, providers=providers)
        except _failures() as error:
            message = f"{self._graph} cannot be loaded: {str(error).splitlines()[0]}"
            raise EncoderError(message, mend="`codearch doctor` tells more.") from error
        used = session.get_providers()[0]
        if used != device.provider:  # it falls back without a word
            libraries = f"Its driver or a library that {device.package} needs is missing or old."
            self.problem = (
                f"The device {device.name} could not be started; the processor is used. "
                f"{' '.join(both_runtimes() or (libraries,))}"
            )
            self.device = CPU
        return session


def usable_device(wanted: str) -> Device:
    """Return the device that a session would try; raises EncoderError without ONNX Runtime."""
    present = set(_library().get_available_providers())
    if wanted == "auto":
        return next(one for one in DEVICES if one.provider in present and _usual(one))
    device = device_named(wanted)
    return device if device is not None and device.provider in present else CPU


def _usual(device: Device) -> bool:
    """Say whether `auto` may take a device: TensorRT builds for minutes, others are untested."""
    return device.name in {"cuda", "cpu"}


def polite_threads() -> int:
    """Return how many threads leave the editor its share: half of the cores, or two."""
    cores = os.cpu_count() or 1
    return max(cores // 2, min(cores, 2))


def _library() -> Any:
    try:
        import onnxruntime  # noqa: PLC0415 - an extra, and 0.2 s
    except ImportError as error:
        message = "Transformers need ONNX Runtime."
        raise EncoderError(message, mend='pip install "codearchaeologist[onnx]"') from error
    return onnxruntime


def _failures() -> tuple[type[Exception], ...]:
    """Return what the library raises: kinds of its own that have no common root, and a few more."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state  # noqa: PLC0415 - an extra

    kinds = [one for one in vars(state).values() if isinstance(one, type)]
    own = [one for one in kinds if issubclass(one, Exception)]
    return (*own, RuntimeError, ValueError)
