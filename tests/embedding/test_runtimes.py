"""Two distributions of ONNX Runtime in one environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codearch.embedding.runtimes import both_runtimes

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def installed(folder: Path, *names: str) -> Path:
    for name in names:
        about = folder / f"{name.replace('-', '_')}-1.30.0.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.30.0\n")
    return folder


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
