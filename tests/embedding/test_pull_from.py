"""Models are taken from folders, looked at without running anything of them."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import TYPE_CHECKING

import model_files
import pytest

from codearch.embedding.backends import all_backends, backend
from codearch.embedding.hub import manifest
from codearch.embedding.hub.installed import weights_folder, workshop
from codearch.embedding.hub.pull import Pulled, take
from codearch.errors import ModelError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

ONNX = b"\x08\x08\x12\x07pytorch" + b"\0" * 64


class Quiet:
    def say(self, sentence: str) -> None:
        raise AssertionError(sentence)

    def begin(self, total: int) -> None:
        pass

    def moved(self, count: int) -> None:
        pass


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as somebody has downloaded it."""
    return written(tmp_path / "downloaded", model_files.roberta())


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def taken(home: Path, folder: Path, name: str = "codebert") -> Pulled:
    from dataclasses import replace

    known = backend(name)
    return take(replace(known, lengths=known.lengths[:1]), home, folder, Quiet())


def test_a_folder_is_copied_with_its_checksums(home: Path, folder: Path) -> None:
    done = taken(home, folder)
    assert done.manifest == manifest(home, "codebert")
    assert (done.manifest.origin, done.manifest.revision) == (str(folder), "")
    assert sorted(one.path for one in done.manifest.files) == [
        "config.json",
        "merges.txt",
        "pytorch_model.bin",
        "special_tokens_map.json",
        "tokenizer_config.json",
        "vocab.json",
    ]
    for one in done.manifest.files:
        assert (done.folder / one.path).read_bytes() == (folder / one.path).read_bytes()
    assert not [path for path in workshop(home).iterdir() if path.is_dir()]


def test_the_cache_of_the_hub_s_own_library_is_understood(home: Path, tmp_path: Path) -> None:
    """Its snapshots are links to blobs; the pinned revision is taken where it is there."""
    cache = tmp_path / "models--microsoft--codebert-base"
    other = {**model_files.roberta(), "merges.txt": b"other\n"}
    for revision, files in (
        ("0" * 40, other),
        (backend("codebert").revision, model_files.roberta()),
    ):
        for number, (name, content) in enumerate(files.items()):
            blob = (
                written(cache / "blobs", {f"{revision}{number}": content}) / f"{revision}{number}"
            )
            link = cache / "snapshots" / revision / name
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(blob)
    done = taken(home, cache)
    assert (done.folder / "merges.txt").read_bytes() == model_files.roberta()["merges.txt"]
    assert not any(path.is_symlink() for path in done.folder.rglob("*"))


@pytest.mark.parametrize("weights", ["safetensors", "pytorch", "old_pytorch"])
def test_each_form_of_weights_is_known(home: Path, folder: Path, weights: str) -> None:
    (folder / "pytorch_model.bin").unlink()
    name = "model.safetensors" if weights == "safetensors" else "pytorch_model.bin"
    (folder / name).write_bytes(getattr(model_files, weights)())
    assert (taken(home, folder).folder / name).is_file()


def test_unixcoder_needs_the_word_that_makes_it_an_encoder(home: Path, folder: Path) -> None:
    with pytest.raises(ModelError, match="does not know <encoder-only>, which unixcoder needs"):
        taken(home, folder, "unixcoder")
    (folder / "vocab.json").write_bytes(model_files.vocabulary("<encoder-only>"))
    assert taken(home, folder, "unixcoder").fetched


def test_a_sentence_model_is_taken_as_it_lies(home: Path, tmp_path: Path) -> None:
    files = {
        "onnx/model.onnx": ONNX,
        "tokenizer.json": b"{}",
        "config.json": json.dumps({"model_type": "bert", "hidden_size": 384}).encode(),
        "1_Pooling/config.json": b'{"pooling_mode_mean_tokens": true}',
        "onnx/model_quantized.onnx": ONNX,
    }
    done = taken(home, written(tmp_path / "mine", files), "local")
    assert (done.folder / "1_Pooling" / "config.json").is_file()
    assert (done.folder / "onnx" / "model.onnx").read_bytes() == ONNX
    assert not (done.folder / "onnx" / "model_quantized.onnx").exists()


def test_a_sentence_model_must_be_onnx(home: Path, tmp_path: Path) -> None:
    files = {
        "model.onnx": b"version https://git-lfs",
        "tokenizer.json": b"{}",
        "config.json": b"{}",
    }
    with pytest.raises(ModelError, match=r"model\.onnx is not an ONNX file"):
        taken(home, written(tmp_path / "mine", files), "local")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("config.json", b"{", "config.json cannot be read"),
        ("config.json", model_files.config(model_type="bert"), "of a bert model"),
        ("config.json", model_files.config(hidden_size=384), "384 numbers a state"),
        ("config.json", model_files.config(max_position_embeddings=130), "130 positions"),
        ("config.json", model_files.config(vocab_size=3), "more words than config.json says"),
        ("vocab.json", b"[]", "vocab.json cannot be read"),
        ("vocab.json", b'{"<s>": 0}', "does not know </s>"),
    ],
)
def test_a_folder_of_another_model_is_refused(
    home: Path, folder: Path, name: str, content: bytes, said: str
) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match=f"is not codebert: .*{said}") as raised:
        taken(home, folder)
    assert str(folder) in raised.value.message
    assert manifest(home, "codebert") is None


def safetensors_with(change: Callable[[dict[str, dict[str, object]]], None]) -> bytes:
    made = model_files.safetensors(8_000)
    length = int.from_bytes(made[:8], "little")
    header = json.loads(made[8 : 8 + length])
    change(header)
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + made[8 + length :]


def _overlapping(header: dict[str, dict[str, object]]) -> None:
    header["layer.weight"]["data_offsets"] = [0, 4000]


def _wrong_shape(header: dict[str, dict[str, object]]) -> None:
    header["layer.weight"]["shape"] = [3, 500]


def _negative(header: dict[str, dict[str, object]]) -> None:
    header["layer.weight"]["data_offsets"] = [4000, -1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cut off"),
        (b"\xff" * 64, "cut off"),
        (model_files.safetensors()[:-1], "cut off"),
        (model_files.safetensors() + b"\0", "more than its header says"),
        ((20).to_bytes(8, "little") + b"{not json at all....", "broken header"),
        ((2).to_bytes(8, "little") + b"{}", "cut off"),
        (safetensors_with(_overlapping), "damaged"),
        (safetensors_with(_wrong_shape), "damaged"),
        (safetensors_with(_negative), "damaged"),
    ],
)
def test_damaged_safetensors_are_refused(
    home: Path, folder: Path, content: bytes, said: str
) -> None:
    (folder / "model.safetensors").write_bytes(content)
    with pytest.raises(ModelError, match=said):
        taken(home, folder)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (model_files.pytorch(model_files.dangerous()), "calls (posix|nt).system"),
        (model_files.old_pytorch(model_files.dangerous()), "calls (posix|nt).system"),
        (model_files.pytorch(model_files.dangerous(0)), "calls (posix|nt).system"),
        (model_files.pytorch(model_files.dangerous(4)), "hides what it calls"),
        (model_files.dangerous(), "not a PyTorch file"),
        (pickle.dumps({"weight": [1.0]}), "not a PyTorch file"),
        (b"version https://git-lfs.github.com/spec/v1\n", "not a PyTorch file"),
        (model_files.old_pytorch()[:40], "damaged"),
        (model_files.pytorch(b"\x80\x02("), "damaged"),
        (b"", "not a PyTorch file"),
    ],
)
def test_pickles_that_do_more_than_make_tensors_are_refused(
    home: Path, folder: Path, content: bytes, said: str
) -> None:
    (folder / "pytorch_model.bin").write_bytes(content)
    with pytest.raises(ModelError, match=said):
        taken(home, folder)
    assert not Path("/tmp/codearch-was-here").exists()
    assert manifest(home, "codebert") is None


def test_a_refused_folder_leaves_the_model_that_is_there(home: Path, folder: Path) -> None:
    before = taken(home, folder).manifest
    (folder / "config.json").write_bytes(b"{}")
    with pytest.raises(ModelError):
        taken(home, folder)
    assert manifest(home, "codebert") == before
    assert (weights_folder(home, "codebert") / "config.json").read_bytes() != b"{}"


def test_a_better_folder_replaces_the_model_that_is_there(home: Path, folder: Path) -> None:
    taken(home, folder)
    (folder / "tokenizer_config.json").unlink()
    after = taken(home, folder)
    assert not (after.folder / "tokenizer_config.json").exists()
    assert after.manifest == manifest(home, "codebert")


def test_a_missing_file_is_named(home: Path, folder: Path) -> None:
    (folder / "merges.txt").unlink()
    with pytest.raises(ModelError, match=r"downloaded has no merges\.txt"):
        taken(home, folder)


def test_a_folder_that_is_none_is_wrong_usage(home: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a folder"):
        taken(home, tmp_path / "nowhere")


def test_backends_say_all_that_is_needed() -> None:
    assert len(set(all_backends().values())) == len(all_backends())
    for one in all_backends().values():
        assert one.title
        assert one.source.startswith("https://")
        assert one.lengths
        assert one.fallback in {"static", *all_backends()} - {one.name}
        if one.repository:
            assert len(one.revision) == 40, "a commit, so that everybody gets the same model"
            assert set(one.revision) <= set("0123456789abcdef")
            assert one.checksums
        for wanted in one.files:
            for name in wanted.names:
                assert ".." not in name
                assert not name.startswith("/")
