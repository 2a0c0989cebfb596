"""A sentence model made by hand: each word that it knows has a row of a table. Needs `onnx`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import onnx
import tokenizers
from onnx import TensorProto, helper

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

PADDING, UNKNOWN = "[PAD]", "[UNK]"


def write_model(folder: Path, words: list[str], table: NDArray[np.float32]) -> Path:
    """Write graph and tokenizer; row 0 of the table is padding's, row 1 that of unknown words."""
    places, width = ["rows", "words"], table.shape[1]
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])],
        "words",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, places)
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*places, width])],
        [helper.make_tensor("table", TensorProto.FLOAT, table.shape, table.ravel())],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 8
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text('{"model_type": "words"}')
    onnx.save(made, folder / "model.onnx")
    numbers = {word: place for place, word in enumerate([PADDING, UNKNOWN, *words])}
    level = tokenizers.models.WordLevel(numbers, unk_token=UNKNOWN)
    tokenizer = tokenizers.Tokenizer(level)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder
