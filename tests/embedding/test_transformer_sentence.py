"""Sentence models of one's own: any ONNX graph with a tokenizer beside it. Needs the extra `torch`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="needs the extra torch: pip install -e .[torch]")
tokenizers = pytest.importorskip("tokenizers", reason="needs the extra onnx")
pytest.importorskip("onnxruntime", reason="needs the extra onnx: pip install -e .[onnx]")

from onnx import TensorProto, helper

from codearch.embedding.transformer.sentence import SentenceEncoder
from codearch.embedding.transformer.session import OutOfMemoryError, Session
from codearch.errors import EncoderError
from codearch.facts import Passage

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

WORDS = ["[PAD]", "[UNK]", "load", "save", "user", "file"]
TABLE = np.eye(len(WORDS), 4, k=-2, dtype=np.float32)  # a word of its own axis each


def model(folder: Path, *, first: bool = False) -> Path:
    """Write a model whose last hidden states are the words' rows of a table."""
    places = ["rows", "words"]
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])],
        "tiny",
        [
            helper.make_tensor_value_info("input_ids", TensorProto.INT64, places),
            helper.make_tensor_value_info("attention_mask", TensorProto.INT64, places),
        ],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*places, 4])],
        [helper.make_tensor("table", TensorProto.FLOAT, TABLE.shape, TABLE.ravel())],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 8
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(made, folder / "model.onnx")
    words = tokenizers.models.WordLevel(
        {word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]"
    )
    tokenizer = tokenizers.Tokenizer(words)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    if first:
        (folder / "1_Pooling").mkdir()
        (folder / "1_Pooling" / "config.json").write_text(
            json.dumps({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False})
        )
    return folder


def test_a_text_is_the_mean_of_its_tokens_without_padding(tmp_path: Path) -> None:
    encoder = SentenceEncoder(model(tmp_path), "cpu", 8)
    assert encoder.dimension == 4
    both, one = encoder.encode_queries(["load user", "save"])
    assert both.tolist() == pytest.approx([0.7071, 0, 0.7071, 0], abs=1e-4)
    assert one.tolist() == [0, 1, 0, 0]


def test_the_first_token_where_the_model_says_so(tmp_path: Path) -> None:
    encoder = SentenceEncoder(model(tmp_path, first=True), "cpu", 8)
    assert encoder.encode_queries(["load user file"])[0].tolist() == [1, 0, 0, 0]


def test_passages_are_their_words_in_the_order_that_they_came(tmp_path: Path) -> None:
    encoder = SentenceEncoder(model(tmp_path), "cpu", 8)
    rows = encoder.encode_passages(
        [Passage("save file", "", "", ""), Passage("load", "", "", ""), Passage("", "", "", "user")]
    )
    assert rows.argmax(1).tolist()[1:] == [0, 2]
    assert rows[0].tolist() == pytest.approx([0, 0.7071, 0, 0.7071], abs=1e-4)


def test_the_length_is_part_of_what_vectors_are_known_by(tmp_path: Path) -> None:
    folder = model(tmp_path)
    assert SentenceEncoder(folder, "cpu", 8).id != SentenceEncoder(folder, "cpu", 4).id
    short = SentenceEncoder(folder, "cpu", 1)
    assert short.encode_queries(["load user"])[0].tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_what_is_missing_or_broken_is_named(tmp_path: Path, name: str) -> None:
    (model(tmp_path) / name).write_text("{")
    with pytest.raises(EncoderError, match=name.partition(".")[0]):
        SentenceEncoder(tmp_path, "cpu", 8)


def test_a_text_without_words_has_a_vector_like_any_other(tmp_path: Path) -> None:
    encoder = SentenceEncoder(model(tmp_path), "cpu", 8)
    for rows in (
        encoder.encode_queries(["", "  \n"]),
        encoder.encode_passages([Passage("", "", "", "")] * 2),
    ):
        assert rows.tolist() == [[1, 0, 0, 0]] * 2
    assert encoder.encode_queries(["", "save"]).argmax(1).tolist() == [0, 1]
    assert encoder.encode_queries([]).shape == (0, 4)


def test_a_tokenizer_that_pads_in_its_own_way_changes_no_vector(tmp_path: Path) -> None:
    plain = SentenceEncoder(model(tmp_path / "plain"), "cpu", 8)
    path = model(tmp_path / "padding") / "tokenizer.json"
    tokenizer = tokenizers.Tokenizer.from_file(str(path))
    tokenizer.enable_padding(direction="left", pad_id=5, length=6)
    tokenizer.save(str(path))
    padding = SentenceEncoder(path.parent, "cpu", 8)
    texts = ["load user", "save", ""]
    assert np.array_equal(padding.encode_queries(texts), plain.encode_queries(texts))


def test_a_full_device_gets_fewer_texts_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = SentenceEncoder(model(tmp_path), "cpu", 8)
    passages = [Passage(name, "", "", "") for name in WORDS[2:] * 5]
    expected = encoder.encode_passages(passages)
    run, rows = Session.run, []

    def full(session: Session, feed: dict[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        if len(feed["input_ids"]) > 3:
            message = "no memory"
            raise OutOfMemoryError(message)
        rows.append(len(feed["input_ids"]))
        return run(session, feed)

    monkeypatch.setattr(Session, "run", full)
    assert np.array_equal(encoder.encode_passages(passages), expected)
    assert rows == [2] * 10
