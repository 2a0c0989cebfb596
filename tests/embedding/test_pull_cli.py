"""`codearch models` as a user runs it, against a hub on the loopback interface."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import model_files
import pytest
from loopback_hub import Cut, LoopbackHub, Status, serving, sha256

from codearch.cli import run
from codearch.cli._downloads import Lines
from codearch.embedding.backends import all_backends, backend
from codearch.embedding.hub.patience import Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

UNIXCODER = backend("unixcoder")
WEIGHTS = "pytorch_model.bin"


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def codearch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Run a command in an empty folder, with models in a folder of the test."""
    work = tmp_path / "work"
    work.mkdir()
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    for name in ("HF_ENDPOINT", "CODEARCH_MODEL_ENDPOINT", "CODEARCH_MODEL_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CODEARCH_MODEL_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(work)
    patient = Clock(sleep=lambda _seconds: None)
    monkeypatch.setattr("codearch.embedding.hub.client.Clock", lambda: patient)

    def command(*arguments: object) -> Ran:
        capsys.readouterr()
        code = run([str(one) for one in arguments])
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return command


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    """A hub with a small UniXcoder, whose checksum is made known as the published one."""
    files = model_files.roberta(
        config__json=model_files.config(max_position_embeddings=1026),
        vocab__json=model_files.vocabulary("<encoder-only>"),
    )
    published = replace(UNIXCODER, checksums={WEIGHTS: sha256(files[WEIGHTS])})
    known = {**all_backends(), "unixcoder": published}
    monkeypatch.setattr("codearch.embedding.backends.all_backends", lambda _home=None: known)
    with serving(LoopbackHub(UNIXCODER.repository, UNIXCODER.revision, files)) as running:
        yield running


def test_the_list_says_what_is_here_and_in_use(codearch: Callable, tmp_path: Path) -> None:
    found = codearch("models", "list", "--json").json
    assert found["folder"] == str(tmp_path / "models")
    assert found["inUse"] == "static"
    models = {one["name"]: one for one in found["models"]}
    assert set(models) == {"static", *all_backends()}
    static, graph = models["static"], models["graphcodebert"]
    assert (static["state"], static["family"], static["inUse"]) == ("shipped", "static", True)
    assert static["bytes"] > 1_000_000
    assert static["dimension"] == 256
    assert (graph["state"], graph["bytes"], graph["inUse"]) == ("absent", 0, False)
    assert (graph["input"], graph["licence"], graph["dimension"]) == ("graph", "MIT", 768)


def test_the_list_for_people_says_how_to_get_a_model(codearch: Callable) -> None:
    text = codearch("models", "list").out
    assert "comes with the program (in use)" in text
    assert "not here: `codearch models pull graphcodebert`" in text
    assert "not here: `codearch models pull local --from FOLDER`" in text
    assert "\x1b[" not in text


def test_a_model_is_pulled_and_listed(codearch: Callable, hub: LoopbackHub) -> None:
    ran = codearch("models", "pull", "unixcoder", "--endpoint", hub.endpoint, "--json")
    assert ran.code == 0, ran.err
    assert ran.err == ""
    assert ran.json["fetched"] is True
    assert ran.json["revision"] == UNIXCODER.revision
    assert {one["path"] for one in ran.json["files"]} >= {"config.json", WEIGHTS}
    (row,) = [
        one
        for one in codearch("models", "list", "--json").json["models"]
        if one["name"] == "unixcoder"
    ]
    assert row["state"] == "pulled"
    assert row["bytes"] >= ran.json["bytes"]
    again = codearch("models", "pull", "unixcoder", "--endpoint", hub.endpoint)
    assert again.code == 0
    assert "unixcoder was here already, whole" in again.out


def test_a_broken_transfer_is_told_and_gone_on_with(codearch: Callable, hub: LoopbackHub) -> None:
    hub.faults = {f"large {WEIGHTS}": [Cut(100_000)], "tree": [Status(503)]}
    ran = codearch("models", "pull", "unixcoder", "--endpoint", f"{hub.endpoint}/")
    assert ran.code == 0
    assert f"codearch: {hub.host} fails (503). Trying again in" in ran.err
    assert f"codearch: The connection to {hub.host} broke off. Trying again in" in ran.err
    assert ran.out.startswith("unixcoder is here: 0.6 MB from http://127.0.0.1:")


def test_a_busy_host_is_asked_again_when_it_says(codearch: Callable, hub: LoopbackHub) -> None:
    hub.faults = {"tree": [Status(429, {"Retry-After": "17"})]}
    ran = codearch("models", "pull", "unixcoder", "--endpoint", hub.endpoint)
    assert ran.code == 0
    assert f"{hub.host} is asked too often (429). Trying again in 17 s." in ran.err


def test_a_host_that_wants_a_long_rest_gets_it_and_status_says_so(
    codearch: Callable, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CODEARCH_CACHE_DIR", str(tmp_path / "cache"))
    hub.faults = {"tree": [Status(429, {"Retry-After": "7200"})]}
    ran = codearch("models", "pull", "unixcoder", "--endpoint", hub.endpoint)
    assert ran.code == 3
    assert "nothing is asked of it before" in ran.err
    asked = len(hub.asked)
    assert codearch("models", "pull", "unixcoder", "--endpoint", hub.endpoint).code == 3
    assert len(hub.asked) == asked
    doctor = codearch("doctor", "--json").json
    (check,) = [one for one in doctor["checks"] if one["name"] == "models"]
    assert (check["state"], hub.host in check["found"]) == ("note", True)


def test_the_address_comes_from_option_setting_and_environment(
    codearch: Callable, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://mirror.invalid")
    assert "mirror.invalid" in codearch("models", "pull", "unixcoder").err
    (tmp_path / "config" / "codearch").mkdir(parents=True)
    own = tmp_path / "config" / "codearch" / "codearch.toml"
    own.write_text('[model]\nendpoint = "http://own.invalid"\n')
    assert "own.invalid" in codearch("models", "pull", "unixcoder").err
    monkeypatch.setenv("CODEARCH_MODEL_ENDPOINT", "http://environment.invalid")
    assert "environment.invalid" in codearch("models", "pull", "unixcoder").err
    assert codearch("models", "pull", "unixcoder", "--endpoint", hub.endpoint).code == 0


def test_a_workspace_cannot_name_the_hub(
    codearch: Callable, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "work" / "codearch.toml").write_text('[model]\nendpoint = "http://evil.invalid"\n')
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    assert codearch("models", "pull", "unixcoder").code == 0
    assert hub.asked


def test_without_a_network_every_way_out_is_named(codearch: Callable) -> None:
    ran = codearch("models", "pull", "graphcodebert", "--endpoint", "https://hub.invalid", "--json")
    assert (ran.code, ran.out) == (3, "")
    for way in (
        "hub.invalid cannot be reached",
        "--endpoint",
        "HF_ENDPOINT",
        "model.endpoint",
        "microsoft/graphcodebert-base",
        "config.json, vocab.json, merges.txt",
        "`codearch models pull graphcodebert --from FOLDER`",
    ):
        assert way in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["graphcodbert"], 'Did you mean "graphcodebert"?'),
        (["microsoft/graphcodebert-base"], 'Did you mean "graphcodebert"?'),
        (["nothing-like-it"], "`codearch models list` shows them"),
        (["static"], "nothing to fetch"),
        (["local"], "`codearch models pull local --from FOLDER`"),
        (["codebert", "--endpoint", "huggingface.co"], "It begins with https://"),
        (["codebert", "--from", "/no/such/folder"], "is not a folder"),
        (["codebert", "--from", ".", "--endpoint", "https://a.b"], "either --from or --endpoint"),
        ([], "Missing argument"),
    ],
)
def test_wrong_usage_ends_with_2(codearch: Callable, arguments: list[str], said: str) -> None:
    ran = codearch("models", "pull", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_while_a_model_is_not_here_the_next_one_answers_and_status_says_so(
    codearch: Callable, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CODEARCH_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("CODEARCH_INDEXER_IDLE_SECONDS", "1")
    monkeypatch.setenv("CODEARCH_MODEL_NAME", "unixcoder")
    (tmp_path / "work" / "codearch.toml").touch()
    (tmp_path / "work" / "fees.py").write_text("def fee(net):\n    return net * 2\n")
    hub.faults = {"tree": [Status(503)] * 5}
    assert codearch("models", "pull", "unixcoder", "--endpoint", hub.endpoint).code == 3
    assert codearch("search", "charge", "--json").json["complete"] is True
    status = codearch("status", "--json").json
    assert (status["model"]["name"], status["health"]) == ("static", "warning")
    (absent,) = [one for one in status["problems"] if "unixcoder is not" in one["message"]]
    assert absent["mend"] == "`codearch models pull unixcoder` fetches it."
    (resting,) = [one for one in status["problems"] if hub.host in one["message"]]
    assert resting["message"].startswith(f"No models are fetched from {hub.host} before")
    doctor = codearch("doctor", "--json").json
    states = [one["state"] for one in doctor["checks"] if one["name"] == "models"]
    assert states == ["problem", "note"]


def test_a_folder_is_taken_without_a_network(codearch: Callable, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    files = {"model.onnx": b"\x08\x08", "tokenizer.json": b"{}", "config.json": b"{}"}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    ran = codearch("models", "pull", "local", "--from", folder)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("local is here")
    (folder / "model.onnx").write_bytes(b"<html>")
    refused = codearch("models", "pull", "local", "--from", folder)
    assert refused.code == 3
    assert "model.onnx is not an ONNX file. Nothing was changed." in refused.err


def test_ctrl_c_says_that_nothing_is_lost(
    codearch: Callable, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("codearch.cli._downloads.Lines.moved", interrupted)
    ran = codearch("models", "pull", "unixcoder", "--endpoint", hub.endpoint)
    assert ran.code == 130
    assert "What has arrived is kept" in ran.err


@pytest.mark.parametrize("no_color", ["", "1"])
def test_a_terminal_sees_a_bar_that_leaves_nothing_behind(
    codearch: Callable, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch, no_color: str
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr("codearch.cli._downloads.terminal", lambda: True)
    hub.faults = {f"large {WEIGHTS}": [Cut(100_000)]}
    ran = codearch("models", "pull", "unixcoder", "--endpoint", hub.endpoint)
    assert ran.code == 0
    assert ran.out.startswith("unixcoder is here")
    assert "unixcoder" in ran.err
    assert f"The connection to {hub.host} broke off. Trying again in" in ran.err
    assert "MB" in ran.err
    assert ("\x1b[38" in ran.err) is (not no_color)
    assert ran.err.endswith(("\x1b[2K", "\x1b[?25h\r\x1b[1A\x1b[2K"))


def test_elsewhere_a_line_now_and_then_says_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [100.0]
    monkeypatch.setattr("codearch.cli._downloads.time.monotonic", lambda: now[0])
    with Lines("unixcoder") as shown:
        shown.begin(200_000_000)
        for _ in range(12):
            now[0] += 1
            shown.moved(10_000_000)
    assert capsys.readouterr().err.splitlines() == [
        "codearch: unixcoder: 50.0 of 200.0 MB (25%)",
        "codearch: unixcoder: 100.0 of 200.0 MB (50%)",
    ]


@pytest.mark.parametrize("arguments", [["models", "--help"], ["models", "list"]])
def test_what_fetches_nothing_does_not_load_the_network(
    arguments: list[str], tmp_path: Path
) -> None:
    code = (
        "import sys; from codearch.cli import run;"
        f"run({arguments!r}); print([one for one in ('urllib3', 'lancedb') if one in sys.modules])"
    )
    environment = {**os.environ, "CODEARCH_MODEL_DIR": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert ran.stdout.splitlines()[-1] == "[]"
