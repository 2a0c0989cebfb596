"""`codearch models train` and `eval`, as they are called. Needs `torch`."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

torch = pytest.importorskip("torch", reason="needs the extra torch: pip install -e .[torch]")

from msgspec.structs import replace
from safetensors.torch import load_file
from training_corpus import TINY, project

from codearch.cli import run
from codearch.cli.models import eval as eval_command
from codearch.embedding.training.plan import PLANS, Sizes

if TYPE_CHECKING:
    from pathlib import Path

torch.set_num_threads(1)
FILE = "model.safetensors"


def differ(first: Any, second: Any, name: str) -> bool:
    return not torch.equal(first[name], second[name])


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CODEARCH_MODEL_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("CODEARCH_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setitem(PLANS, "scratch", TINY)
    return tmp_path / "models"


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("code"))


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code = run(["models", *arguments, "--json"])
    printed = capsys.readouterr()
    assert code == 0, printed.err
    return json.loads(printed.out)


def test_a_small_model_is_trained_listed_and_known(
    code: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = answered(
        capsys, "train", "--name", "ours", "--corpus", str(code), "--steps", "2", "--seed", "1"
    )
    assert (made["finished"], made["steps"], made["device"]) == (True, 2, "cpu")
    assert made["path"] == str(home / "ours" / "weights")
    rows = {row["name"]: row for row in answered(capsys, "list")["models"]}
    assert (rows["ours"]["state"], rows["ours"]["licence"]) == ("pulled", "yours")
    assert "functions of 28 packages" in rows["ours"]["title"]
    assert run(["models", "pull", "ours"]) == 2
    assert "ours was trained on this machine" in capsys.readouterr().err


def test_wrong_usage_is_said_in_a_sentence(code: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = {
        ("--name", "static"): "cannot be a model's name",
        ("--name", "Our Model"): "cannot be a model's name",
        ("--name", "ours", "--layers", "2"): "belong to --preset fine-tune",
        ("--name", "ours", "--preset", "fine-tune"): "name it with --base",
        ("--name", "ours", "--preset", "fine-tune", "--base", "grafcodebert"): "Did you mean",
        ("--name", "ours", "--preset", "fine-tune", "--base", "local"): "it can be used",
        ("--name", "ours", "--preset", "fine-tune", "--base", "ours"): "into itself",
    }
    for arguments, said in cases.items():
        assert run(["models", "train", "--corpus", str(code), *arguments]) == 2, arguments
        assert said in capsys.readouterr().err


def test_what_is_lacking_is_named_with_the_command_that_mends_it(
    tmp_path: Path, code: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tuned = ["--preset", "fine-tune", "--base", "codebert", "--corpus", str(code)]
    assert run(["models", "train", "--name", "ours", *tuned]) == 3
    assert "codearch models pull codebert" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert run(["models", "train", "--name", "ours", "--corpus", str(tmp_path / "empty")]) == 3
    assert "--corpus FOLDER" in capsys.readouterr().err


KILLED = """
import os, signal, sys, torch
torch.set_num_threads(1)
from training_corpus import TINY
from codearch.cli import run
from codearch.embedding.training import loop, plan

moment, *arguments = sys.argv[1:]
plan.PLANS["scratch"] = TINY
step, save = loop.Loop._step, torch.save


def stepping(self):
    if moment == "between" and self.progress.step == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return step(self)


def saving(value, path):
    save(value, path)
    at = value["progress"]["step"] if "progress" in value else 0
    if (moment, at) == ("last", 6) or (moment == "best" and "best-6" in path.name):
        os.truncate(path, path.stat().st_size // 2)
        os.kill(os.getpid(), signal.SIGKILL)


loop.Loop._step, torch.save = stepping, saving
sys.exit(run(arguments))
"""


class Uninterrupted(NamedTuple):
    """A training that nothing stopped: its weights, what it said, how it was called."""

    weights: Path
    said: Any
    arguments: list[str]


@pytest.fixture(scope="module")
def uninterrupted(code: Path, tmp_path_factory: pytest.TempPathFactory) -> Uninterrupted:
    # Twenty steps are measured at every second one.
    arguments = ["train", "--name", "ours", "--steps", "20", "--corpus", str(code)]
    home, printed = tmp_path_factory.mktemp("whole"), io.StringIO()
    with pytest.MonkeyPatch.context() as patched, contextlib.redirect_stdout(printed):
        patched.setenv("CODEARCH_MODEL_DIR", str(home))
        patched.setitem(PLANS, "scratch", TINY)
        assert run(["models", *arguments, "--json"]) == 0
    said = json.loads(printed.getvalue())
    return Uninterrupted(home / "ours" / "weights", said, arguments)


@pytest.mark.skipif(sys.platform == "win32", reason="no signal kills there")
@pytest.mark.parametrize("moment", ["between", "last", "best"])
def test_a_killed_training_goes_on_from_the_last_whole_checkpoint_to_the_same_weights(
    moment: str,
    uninterrupted: Uninterrupted,
    home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weights, whole, arguments = uninterrupted
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    command = [sys.executable, "-c", KILLED, moment, "models", *arguments]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    left = [path.name for path in (home / "ours" / "training").glob(".*")]
    assert len(left) == (moment != "between")  # half a file
    again = answered(capsys, *arguments)
    assert (again["resumedAt"], again["steps"]) == (4, 20)
    assert again["best"] == whole["best"]
    for name in (FILE, "vocab.json", "merges.txt"):
        assert (home / "ours" / "weights" / name).read_bytes() == (weights / name).read_bytes()
    kept = {path.name for path in (home / "ours" / "training").iterdir()}
    best = {f"best-{one['step']}.pt" for one in whole["best"]}
    assert kept == {"training.json", "last.pt", "vocab.json", "merges.txt", *best}


def test_ctrl_c_keeps_a_checkpoint(
    code: Path, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from codearch.embedding.training import loop

    rate_at, asked = loop.rate_at, [False]

    def interrupting(plan: Any, step: int) -> float:
        if step == 1 and not asked[0]:
            asked[0] = True
            signal.raise_signal(signal.SIGINT)
        return rate_at(plan, step)

    arguments = ["models", "train", "--name", "ours", "--corpus", str(code), "--steps", "20"]
    with monkeypatch.context() as patched:
        patched.setattr(loop, "rate_at", interrupting)
        assert run(arguments) == 130
    assert "the same command goes on from there" in capsys.readouterr().err
    assert (home / "ours" / "training" / "last.pt").is_file()
    assert not (home / "ours" / "weights").exists()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_trained_model_is_tuned_further(
    code: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--corpus", str(code), "--steps", "2"]
    answered(capsys, "train", "--name", "ours", *common)
    tuning = ["--preset", "fine-tune", "--base", "ours", *common]
    made = answered(capsys, "train", "--name", "tuned", "--layers", "1", *tuning)
    assert (made["base"], made["finished"]) == ("ours", True)
    kept, changed = (load_file(home / name / "weights" / FILE) for name in ("ours", "tuned"))
    different = {name.partition("layer.")[2][:1] for name in kept if differ(kept, changed, name)}
    assert different == {"", "1"}  # the head, and the last of two layers
    assert run(["models", "train", "--name", "all", "--all-layers", *tuning]) == 3
    assert "CUDA" in capsys.readouterr().err


def test_a_trained_model_is_exported_with_its_head_and_measured(
    tmp_path: Path,
    code: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("onnxscript", reason="needs the extra torch: pip install -e .[torch]")
    wide = Sizes(pieces=400, hidden=256, layers=1, heads=2, inner=32)
    monkeypatch.setitem(PLANS, "scratch", replace(TINY, sizes=wide))
    common = ["--corpus", str(code)]
    answered(capsys, "train", "--name", "ours", "--steps", "2", *common)
    assert run(["models", "eval", "ours", *common]) == 3
    assert "`codearch models export ours`" in capsys.readouterr().err
    single = ["--precision", "float32", "--functions", "20"]
    (made,) = answered(capsys, "export", "ours", *single, *common)["artifacts"]
    assert (made["installed"], made["projection"]["kind"]) == (True, "trained")
    assert run(["models", "export", "ours", "--dimension", "128", *common]) == 2
    assert "trained to give 256" in capsys.readouterr().err
    found = answered(capsys, "eval", *common)
    assert [row["name"] for row in found["models"]] == ["BM25", "static", "ours"]
    assert found["leftOut"] == 0
    assert 0 < found["models"][2]["cloneF1"]["value"] <= 1
    shutil.copytree(code, tmp_path / "elsewhere")  # under another name other packages are held out
    monkeypatch.setattr(eval_command, "FEWEST", 0)
    moved = answered(capsys, "eval", "--corpus", str(tmp_path / "elsewhere"))
    assert moved["leftOut"] > 0
    assert moved["functions"] + moved["leftOut"] == 20
    answered(capsys, "train", "--name", "ours", "--steps", "1", "--restart", *common)
    assert run(["models", "eval", "ours", *common]) == 3
    assert "trained again since" in capsys.readouterr().err
