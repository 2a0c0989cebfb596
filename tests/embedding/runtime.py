"""ONNX Runtime as far as a session asks it, on devices that are not here and do what they are told.

No graph is read: a session gives each input the sum of its ids.
"""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from numpy.typing import NDArray

CUDA, CPU = "CUDAExecutionProvider", "CPUExecutionProvider"


class RuntimeFailure(Exception):  # noqa: N818 - as the library's own
    """What the library raises."""


@dataclass
class Machine:
    """What is there: providers that are named, those that start, and what each run of one says."""

    named: list[str] = field(default_factory=lambda: [CUDA, CPU])
    starting: list[str] = field(default_factory=lambda: [CUDA, CPU])
    failures: dict[str, list[str]] = field(default_factory=dict)
    options: list[dict[str, str]] = field(default_factory=list)  # of each session

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put it in the place of the library."""
        library = types.ModuleType("onnxruntime")
        state = types.ModuleType("onnxruntime.capi.onnxruntime_pybind11_state")
        capi = types.ModuleType("onnxruntime.capi")
        parts: dict[str, Any] = {
            "get_available_providers": lambda: list(self.named),
            "SessionOptions": _Options,
            "InferenceSession": lambda *given, **named: _Session(self, *given, **named),
        }
        vars(library).update(parts)
        vars(state)["RuntimeException"] = RuntimeFailure
        vars(capi)["onnxruntime_pybind11_state"] = state
        for module in (library, capi, state):
            monkeypatch.setitem(sys.modules, module.__name__, module)


class _Options:
    def __init__(self) -> None:
        self.entries: dict[str, str] = {}

    def add_session_config_entry(self, name: str, value: str) -> None:
        self.entries[name] = value


class _Session:
    def __init__(
        self, machine: Machine, graph: str, options: _Options, providers: list[str]
    ) -> None:
        self._machine = machine
        self._providers = [one for one in providers if one in machine.starting]
        threads = {"threads": str(vars(options)["intra_op_num_threads"])}
        machine.options.append(options.entries | threads)

    def get_providers(self) -> list[str]:
        return self._providers

    def get_inputs(self) -> list[types.SimpleNamespace]:
        return [types.SimpleNamespace(name=name) for name in ("input_ids", "attention_mask")]

    def run(self, _outputs: None, feed: dict[str, NDArray[np.int64]]) -> list[NDArray[np.float32]]:
        waiting = self._machine.failures.get(self._providers[0], [])
        if waiting and (said := waiting.pop(0)):
            raise RuntimeFailure(said)
        ids = feed.get("input_ids", feed.get("ids"))
        assert ids is not None
        return [np.stack([ids.sum(1), ids.max(1)], 1).astype(np.float32)]


def installed(folder: Path, *names: str) -> Path:
    """Make a folder on which Python finds these distributions."""
    for name in names:
        about = folder / f"{name.replace('-', '_')}-1.30.0.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.30.0\n")
    return folder
