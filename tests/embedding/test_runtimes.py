"""The device that is shown is the one that works, and what stands in the way has a mend."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from runtime import CPU, CUDA, Machine, installed

from codearch.cli import run
from codearch.embedding.runtimes import both_runtimes
from codearch.embedding.transformer.devices import DEVICES, HALF, INT8
from codearch.embedding.transformer.inputs import GraphInput, Special
from codearch.embedding.transformer.running import Runner
from codearch.embedding.transformer.session import OutOfMemoryError, Session
from codearch.errors import EncoderError

if TYPE_CHECKING:
    from numpy.typing import NDArray

GRAPH = Path("model.onnx")
MEMORY = "Non-zero status code: BFCArena::AllocateRawInternal Failed to allocate memory for 99"
LOST = "CUDA failure 700: an illegal memory access was encountered"
DOCS = Path(__file__).resolve().parents[2] / "docs" / "models.md"


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    made.install(monkeypatch)
    return made


def feed(*numbers: int) -> dict[str, NDArray[np.int64]]:
    return {"input_ids": np.array([numbers], np.int64)}


def test_two_runtimes_are_told_with_their_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.path", [str(installed(tmp_path, "onnxruntime", "onnxruntime-gpu"))])
    found = both_runtimes()
    assert found is not None
    assert "onnxruntime and onnxruntime-gpu are both installed" in found[0]
    assert found[1].endswith("pip install onnxruntime-gpu`")


def test_one_is_as_it_should_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [str(installed(tmp_path, "onnxruntime-gpu"))])
    assert both_runtimes() is None


def test_the_best_device_is_taken_and_shown(machine: Machine) -> None:
    assert Session(GRAPH, "auto", 1).device.name == "cuda"
    machine.named = machine.starting = [CPU]
    assert Session(GRAPH, "auto", 1).device.name == "cpu"


def test_no_thread_spins_and_some_are_left(machine: Machine) -> None:
    Session(GRAPH, "auto", 3)
    assert machine.options == [
        {
            "session.intra_op.allow_spinning": "0",
            "session.inter_op.allow_spinning": "0",
            "threads": "3",
        }
    ]


def test_a_device_that_silently_does_not_start_is_not_shown(machine: Machine) -> None:
    machine.starting = [CPU]
    session = Session(GRAPH, "cuda", 1)
    assert session.device.name == "cpu"
    assert "cuda could not be started; the processor is used" in session.problem
    assert "onnxruntime-gpu" in session.problem, "whose libraries to look at"


def test_a_runtime_without_the_device_names_the_one_that_has_it(machine: Machine) -> None:
    session = Session(GRAPH, "directml", 1)
    assert session.device.name == "cpu"
    assert "Install onnxruntime-directml in its place" in session.problem


def test_a_device_that_is_lost_gives_its_work_to_the_processor(machine: Machine) -> None:
    machine.failures = {CUDA: ["", LOST]}
    session = Session(GRAPH, "auto", 1)
    assert session.run(feed(1, 2))[0, 0] == 3
    assert session.run(feed(3, 4))[0, 0] == 7
    assert session.device.name == "cpu"
    assert session.problem.startswith("The device cuda was lost; the processor does its work")


def test_a_full_device_gets_half_of_the_batch_and_goes_on(machine: Machine) -> None:
    machine.failures = {CUDA: [MEMORY, MEMORY, ""]}
    session = Session(GRAPH, "auto", 1)
    inputs = [GraphInput((5, number)) for number in range(400)]
    found = Runner(session, Special(), HALF).vectors(inputs)
    assert found[:, 0].tolist()[::100] == _sums(inputs)[::100]
    assert session.device.name == "cuda"
    machine.failures = {CUDA: [MEMORY]}
    with pytest.raises(OutOfMemoryError):
        session.run(feed(1))


def _sums(inputs: list[GraphInput]) -> list[float]:
    padded = 32  # a bucket
    return [float(sum(one.pieces) + padded - len(one.pieces)) for one in inputs]


def test_any_other_failure_is_told(machine: Machine) -> None:
    machine.failures = {CUDA: ["The graph wants three inputs"]}
    with pytest.raises(EncoderError, match="The model failed: The graph wants three inputs"):
        Session(GRAPH, "auto", 1).run(feed(1))


def test_the_documentation_says_of_each_device_whether_it_was_tried() -> None:
    rows = [
        f"| `{one.name}` | {one.provider} | {one.precision} | `{one.package}`"
        f" | {'yes' if one.tested else 'untested'} |"
        for one in DEVICES
    ]
    table = DOCS.read_text("utf-8")
    assert all(row in table for row in rows), "\n".join(rows)
    assert [one.name for one in DEVICES if one.tested] == ["cpu"]
    assert {one.precision for one in DEVICES if one.name == "cpu"} == {INT8}


def test_doctor_names_the_mend_of_two_runtimes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(installed(tmp_path, "onnxruntime", "onnxruntime-gpu")))
    (check,) = _doctor(tmp_path, monkeypatch, capsys, "runtime")
    assert check["state"] == "problem"
    assert "onnxruntime and onnxruntime-gpu are both installed" in check["found"]
    assert check["mend"] == (
        "`pip uninstall -y onnxruntime onnxruntime-gpu && pip install onnxruntime-gpu`"
    )


def test_doctor_tells_of_a_device_that_silently_does_not_start(
    tmp_path: Path,
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tokenizers = pytest.importorskip("tokenizers", reason="needs the extra onnx")
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(b"\x08\x08")
    (folder / "config.json").write_text("{}")
    words = tokenizers.models.WordLevel({"[UNK]": 0, "a": 1}, unk_token="[UNK]")
    tokenizers.Tokenizer(words).save(str(folder / "tokenizer.json"))
    machine.starting = [CPU]
    monkeypatch.setenv("CODEARCH_MODEL_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("CODEARCH_MODEL_NAME", "local")
    assert run(["models", "pull", "local", "--from", str(folder)]) == 0
    (check,) = _doctor(tmp_path, monkeypatch, capsys, "model")
    assert check["state"] == "problem"
    assert "The device cuda could not be started; the processor is used." in check["found"]
    assert check["found"].endswith("2 numbers a vector, cpu")


def _doctor(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> list[dict[str, str]]:
    """Return what `codearch doctor` says of one thing."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("CODEARCH_CACHE_DIR", str(folder / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    assert not os.environ.get("CODEARCH_MODEL_DEVICE")
    capsys.readouterr()
    run(["doctor", "--json"])
    checks = json.loads(capsys.readouterr().out)["checks"]
    return [one for one in checks if one["name"] == name]
