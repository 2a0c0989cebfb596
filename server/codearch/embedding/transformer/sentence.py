"""Any sentence-embedding model in ONNX, with the tokenizer that lies beside it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

import msgspec
import numpy as np

from codearch.checked import learnt
from codearch.embedding.transformer.running import Turns
from codearch.embedding.transformer.session import OutOfMemoryError, Session, polite_threads
from codearch.embedding.transformer.vocabulary import tokenizer_file
from codearch.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from codearch.facts import Passage

GRAPHS = ("model.onnx", "onnx/model.onnx")
POOLING = "1_Pooling/config.json"
_TOGETHER = 16  # texts in one batch, as long as the device has room for them
_FEW = 2

_SMALLEST = 1e-6  # length of a row that still has a direction


class Encoding(Protocol):
    """A text as a tokenizer cuts it."""

    ids: list[int]
    type_ids: list[int]


class Pooling(msgspec.Struct, frozen=True):
    """What sentence-transformers notes of a model's last step."""

    pooling_mode_cls_token: bool = False
    pooling_mode_mean_tokens: bool = True


class SentenceEncoder:
    """Turns passages and questions into unit vectors, as plain text."""

    precision = "float32"

    def __init__(self, folder: Path, device: str, tokens: int) -> None:
        """Load a pulled folder; raises EncoderError that says what is wrong with it."""
        graph = next((folder / name for name in GRAPHS if (folder / name).is_file()), None)
        if graph is None:
            message = f"{folder} holds no ONNX file."
            raise EncoderError(message, mend="`codearch models pull local --from FOLDER`.")
        self._tokenizer = tokenizer_file(folder / "tokenizer.json", tokens)
        self._first = _pooling(folder / POOLING).pooling_mode_cls_token
        self._session = Session(graph, device, polite_threads())
        self._turns = Turns()
        self._together = _TOGETHER
        self.id = f"local-{_digest(graph, folder / 'tokenizer.json', tokens)}"
        one = np.ones((1, 1), np.int64)
        self.dimension = int(self._pooled(one, one, np.zeros_like(one)).shape[1])

    @property
    def chunk(self) -> int:
        """Return how many passages go together: few where a question would wait for them."""
        return _FEW if self._session.on_processor else _TOGETHER

    @property
    def device(self) -> str:
        """Return where it really runs."""
        return self._session.device.name

    @property
    def problem(self) -> str:
        """Say why it runs elsewhere than it should, nothing where it does not."""
        return self._session.problem

    def encode_passages(self, passages: Sequence[Passage]) -> NDArray[np.float32]:
        """Return one unit row a passage; one without words gets the first axis."""
        return self._rows(
            [" ".join((one.name, one.signature, one.doc, one.body)) for one in passages],
            self._turns.wait,
        )

    def encode_queries(self, queries: Sequence[str]) -> NDArray[np.float32]:
        """Return one unit row a question, ahead of passages; one without words as a passage."""
        with self._turns.ahead():
            return self._rows(queries, lambda: None)

    def _rows(self, texts: Sequence[str], wait: Callable[[], None]) -> NDArray[np.float32]:
        """Return one unit row a text; those of like length share a batch."""
        rows = np.zeros((len(texts), self.dimension), np.float32)
        cut = self._tokenizer.encode_batch(list(texts))
        lengths = [len(one.ids) for one in cut]
        left = sorted((at for at in range(len(cut)) if lengths[at]), key=lengths.__getitem__)
        while left:
            chosen = left[: self._together]
            wait()
            try:
                rows[chosen] = self._batch([cut[at] for at in chosen])
            except OutOfMemoryError:
                if len(chosen) == 1:
                    raise
                self._together = len(chosen) // 2
                continue
            left = left[len(chosen) :]
        return _unit(rows)

    def _batch(self, cut: Sequence[Encoding]) -> NDArray[np.float32]:
        """Return one row a text, padded behind to the longest of them."""
        shape = len(cut), max(len(one.ids) for one in cut)
        ids, seen, kinds = (np.zeros(shape, np.int64) for _ in range(3))
        for row, one in enumerate(cut):
            length = len(one.ids)
            ids[row, :length], seen[row, :length], kinds[row, :length] = one.ids, 1, one.type_ids
        return self._pooled(ids, seen, kinds)

    def _pooled(
        self, ids: NDArray[np.int64], seen: NDArray[np.int64], kinds: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return one row a text, of any length; ids, seen and kinds have shape (texts, places)."""
        feed = {"input_ids": ids, "attention_mask": seen, "token_type_ids": kinds}
        rows = self._session.run({name: feed[name] for name in self._session.inputs})
        if rows.ndim == 3:
            return rows[:, 0] if self._first else _mean(rows, seen)
        return rows


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return rows of length one; a row of nothing becomes the first axis."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    found: NDArray[np.float32] = rows / np.maximum(lengths, _SMALLEST)
    found[lengths[:, 0] < _SMALLEST] = np.eye(1, rows.shape[1], dtype=np.float32)
    return found


def _mean(rows: NDArray[np.float32], seen: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the mean of the rows that are no padding."""
    kept = seen[:, :, None].astype(np.float32)
    found: NDArray[np.float32] = (rows * kept).sum(1) / np.maximum(kept.sum(1), 1.0)
    return found


def _pooling(path: Path) -> Pooling:
    try:
        return msgspec.json.decode(path.read_bytes(), type=learnt(Pooling))
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
