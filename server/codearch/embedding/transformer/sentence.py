"""Any sentence-embedding model in ONNX, with the tokenizer that lies beside it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from codearch.embedding.transformer.session import Session, polite_threads
from codearch.embedding.transformer.vocabulary import tokenizer_file
from codearch.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from codearch.facts import Passage

GRAPHS = ("model.onnx", "onnx/model.onnx")
POOLING = "1_Pooling/config.json"
_TOGETHER = 16  # texts in one batch


class Pooling(msgspec.Struct, frozen=True):
    """What sentence-transformers notes of a model's last step."""

    pooling_mode_cls_token: bool = False
    pooling_mode_mean_tokens: bool = True


class SentenceEncoder:
    """Turns passages and questions into unit vectors, as plain text."""

    precision = "float32"
    chunk = 4

    def __init__(self, folder: Path, device: str, tokens: int) -> None:
        """Load a pulled folder; raises EncoderError that says what is wrong with it."""
        graph = next((folder / name for name in GRAPHS if (folder / name).is_file()), None)
        if graph is None:
            message = f"{folder} holds no ONNX file."
            raise EncoderError(message, mend="`codearch models pull local --from FOLDER`.")
        self._tokenizer = tokenizer_file(folder / "tokenizer.json", tokens)
        self._first = _pooling(folder / POOLING).pooling_mode_cls_token
        self._session = Session(graph, device, polite_threads())
        self.id = f"local-{_digest(graph, folder / 'tokenizer.json', tokens)}"
        self.dimension = int(self.encode_queries(["a"]).shape[1])

    @property
    def device(self) -> str:
        """Return where it really runs."""
        return self._session.device.name

    @property
    def problem(self) -> str:
        """Say why it runs elsewhere than it should, nothing where it does not."""
        return self._session.problem

    def encode_passages(self, passages: Sequence[Passage]) -> NDArray[np.float32]:
        """Return one unit row a passage."""
        return self._rows(
            [" ".join((one.name, one.signature, one.doc, one.body)) for one in passages]
        )

    def encode_queries(self, queries: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row a question."""
        return self._rows(list(queries))

    def _rows(self, texts: list[str]) -> NDArray[np.float32]:
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        found: dict[int, NDArray[np.float32]] = {}
        for start in range(0, len(order), _TOGETHER):
            chosen = order[start : start + _TOGETHER]
            found |= dict(zip(chosen, self._batch([texts[at] for at in chosen]), strict=True))
        return np.stack([found[index] for index in range(len(texts))])

    def _batch(self, texts: list[str]) -> NDArray[np.float32]:
        encoded = self._tokenizer.encode_batch(texts)
        seen = np.array([one.attention_mask for one in encoded], np.int64)
        feed = {
            "input_ids": np.array([one.ids for one in encoded], np.int64),
            "attention_mask": seen,
            "token_type_ids": np.array([one.type_ids for one in encoded], np.int64),
        }
        rows = self._session.run({name: feed[name] for name in self._session.inputs})
        if rows.ndim == 3:
            rows = rows[:, 0] if self._first else _mean(rows, seen)
        lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
        unit: NDArray[np.float32] = (rows / lengths).astype(np.float32)
        return unit


def _mean(rows: NDArray[np.float32], seen: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the mean of the rows that are no padding."""
    kept = seen[:, :, None].astype(np.float32)
    found: NDArray[np.float32] = (rows * kept).sum(1) / np.maximum(kept.sum(1), 1.0)
    return found


def _pooling(path: Path) -> Pooling:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Pooling)
    except FileNotFoundError:
        return Pooling()
    except (OSError, msgspec.MsgspecError) as error:
        message = f"{path} cannot be read: {error}."
        raise EncoderError(message, mend="Pull the model again.") from error


def _digest(graph: Path, tokenizer: Path, tokens: int) -> str:
    """Return what tells these vectors from others."""
    seen = hashlib.sha256(str(tokens).encode())
    for path in (graph, tokenizer):
        with path.open("rb") as file:
            seen.update(hashlib.file_digest(file, "sha256").digest())
    return seen.hexdigest()[:16]
