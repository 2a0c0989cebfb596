"""`codearch models use`, as it is called, with models made by hand. Needs the extra `torch`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="needs the extra torch: pip install -e .[torch]")
pytest.importorskip("tokenizers", reason="needs the extra onnx: pip install -e .[onnx]")
pytest.importorskip("onnxruntime", reason="needs the extra onnx: pip install -e .[onnx]")

from sentence_model import write_model

from codearch.cli import run
from codearch.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

# What people say, and what the code calls it: no words tell, and no model of other code.
CALLED = {
    "invoices": "fakt", "customers": "kund", "warehouses": "lagr", "shipments": "sendg",
    "discounts": "rabt", "complaints": "rekl", "suppliers": "liefr", "employees": "angst",
    "holidays": "urlb", "contracts": "vertr", "machines": "maschn", "accidents": "unfl",
    "vehicles": "farzg", "insurances": "versch", "taxes": "steur", "loans": "kredt",
}  # fmt: skip


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, models and indexes of the test's own user."""
    for variable in ("CODEARCH_MODEL_DIR", "CODEARCH_CACHE_DIR"):
        monkeypatch.setenv(variable, str(tmp_path / variable))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace whose names say nothing of what its docs do."""
    folder = tmp_path / "work"
    for steps, (said, called) in enumerate(CALLED.items(), 1):
        sums = "".join(f"    {called}_sum = {called}_sum * wert\n" for _ in range(steps))
        (folder / called).mkdir(parents=True)
        (folder / called / "rechn.py").write_text(
            f'def {called}(wert):\n    """Work out what the {said} come to in the end."""\n'
            f"    {called}_sum = wert\n{sums}    return {called}_sum\n"
        )
    return folder


@pytest.fixture
def local(tmp_path: Path) -> Any:
    """Return what installs a model of one's own, which knows what is the same, or nothing."""

    def install(*, knowing: bool) -> None:
        words = [*CALLED, *CALLED.values(), *(f"{called}_sum" for called in CALLED.values())]
        axes = [index % len(CALLED) for index in range(len(words))]
        table = np.zeros((2 + len(words), len(CALLED) + 1), np.float32)
        table[:, -1] = 0.01
        if knowing:
            table[np.arange(2, len(words) + 2), axes] = 1
        folder = write_model(tmp_path / "made", words, table)
        assert run(["models", "pull", "local", "--from", str(folder)]) == 0

    return install


def used(root: Path) -> str:
    return load_settings(root).settings.model.name


def test_a_model_that_finds_more_is_used(
    root: Path, local: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    local(knowing=True)
    capsys.readouterr()
    assert run(["models", "use", "local", "--root", str(root), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["name"], printed["before"]) == ("local", "static")
    assert printed["measured"]["next"]["value"] > 0.9
    assert printed["measured"]["difference"]["low"] > 0.1
    assert used(root) == "local"


def test_one_that_does_not_is_refused_unless_forced(
    root: Path, local: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    local(knowing=False)
    assert run(["models", "use", "local", "--root", str(root)]) == 3
    said = capsys.readouterr().err
    assert "local does not find more than static" in said
    assert "95 % of resamplings" in said
    assert "--force" in said
    assert used(root) == "static"
    assert run(["models", "use", "local", "--root", str(root), "--force"]) == 0
    assert "static answers until that is done" in capsys.readouterr().out
    assert used(root) == "local"


def test_the_way_back_needs_no_proof(root: Path, local: Any) -> None:
    local(knowing=True)
    assert run(["models", "use", "local", "--root", str(root)]) == 0
    assert run(["models", "use", "static", "--root", str(root)]) == 0
    assert used(root) == "static"


def test_it_answers_once_the_root_is_embedded_by_it(
    root: Path, local: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["index", "--root", str(root)]) == 0
    local(knowing=True)
    assert run(["models", "use", "local", "--root", str(root), "--wait"]) == 0
    capsys.readouterr()
    assert run(["status", "--root", str(root), "--json"]) == 0
    status = json.loads(capsys.readouterr().out)
    assert (status["model"]["name"], status["model"]["next"]) == ("local", None)
    assert run(["search", "customers", "--mode", "semantic", "--root", str(root), "--json"]) == 0
    first = json.loads(capsys.readouterr().out)["results"][0]
    assert first["symbol"] == "kund"


def test_too_few_docs_to_measure_by_are_said(
    tmp_path: Path, local: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    local(knowing=True)
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "one.py").write_text("def one():\n    return 1\n")
    assert run(["models", "use", "local", "--root", str(bare)]) == 3
    said = capsys.readouterr().err
    assert "0 documented functions" in said
    assert "--force" in said


def test_what_cannot_be_run_is_not_used(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["models", "use", "graphcodebert", "--root", str(root)]) == 3
    assert "codearch models pull graphcodebert" in capsys.readouterr().err
    assert run(["models", "use", "grafcodebert", "--root", str(root)]) == 2
    assert "graphcodebert" in capsys.readouterr().err


def test_a_stronger_setting_is_named(
    root: Path, monkeypatch: pytest.MonkeyPatch, local: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    local(knowing=True)
    monkeypatch.setenv("CODEARCH_MODEL_NAME", "static")
    assert run(["models", "use", "local", "--force", "--root", str(root)]) == 2
    assert "CODEARCH_MODEL_NAME asks for static" in capsys.readouterr().err
