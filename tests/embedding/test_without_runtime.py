"""Where ONNX Runtime is not installed, an exported model is passed by, and one true thing is said."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from codearch.cli import run
from codearch.embedding.backends import Lengths
from codearch.embedding.transformer import artifact
from codearch.embedding.transformer.artifact import Artifact, Projection
from indexer.running import Running

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Workspace

SAID = "codebert needs ONNX Runtime, which is not installed, so static is used."
MEND = 'pip install "codearchaeologist[onnx]"'


@pytest.fixture(autouse=True)
def exported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Want a model that was exported, where nothing can run it."""
    folder = tmp_path / "models" / "codebert" / "artifacts" / "int8-8-32+0"
    folder.mkdir(parents=True)
    described = Artifact(
        format=artifact.FORMAT,
        model="codebert",
        revision="r1",
        weights="0" * 64,
        layout="text",
        precision="int8",
        dimension=8,
        lengths=Lengths(32),
        around=(["<s>"], ["</s>"]),
        vocabulary="0" * 64,
        projection=Projection("none"),
        gates=[],
        exporter={},
    )
    artifact.write(folder, described)
    (folder / artifact.GRAPH).write_bytes(b"\x08\x08")
    monkeypatch.setenv("CODEARCH_MODEL_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("CODEARCH_MODEL_NAME", "codebert")
    monkeypatch.setitem(sys.modules, "onnxruntime", None)


def test_status_says_why_another_model_answers_and_nothing_else(workspace: Workspace) -> None:
    workspace.write("fees.py", "def fee(net):\n    return net * 2\n")
    with Running(workspace.root) as running:
        running.index()
        status = running.ask("status")
    assert status["model"]["name"] == "static"
    of_models = [one for one in status["problems"] if "codebert" in one["message"]]
    assert [(one["message"], one["mend"]) for one in of_models] == [(SAID, MEND)]


def test_doctor_says_the_same(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    run(["doctor", "--root", str(workspace.root), "--json"])
    checks = json.loads(capsys.readouterr().out)["checks"]
    (model,) = [one for one in checks if one["name"] == "model"]
    (models,) = [one for one in checks if one["name"] == "models"]
    assert model["state"] == "ok"
    assert (models["state"], models["found"], models["mend"]) == ("problem", SAID, MEND)


def test_to_use_it_is_refused_with_what_brings_the_runtime(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["models", "use", "codebert", "--root", str(workspace.root)]) == 3
    said = capsys.readouterr().err
    assert "codebert needs ONNX Runtime" in said
    assert MEND in said
