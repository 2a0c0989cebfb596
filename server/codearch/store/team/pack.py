"""Vectors as a team's store holds them: packs, each two objects named by their own SHA-256.

The label `<sha256>.keys` names encoder, dimension, keys and the other object; `<sha256>.vectors`
has the rows, float32, least byte first, in the order of the keys. Nothing is ever rewritten: who
writes at the same time writes other names, and whatever was cut short or altered is not what its
name says.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from codearch.checked import learnt
from codearch.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FORMAT = 1
KEY_BYTES = 32
PACK_ROWS, PACK_BYTES = 4096, 4 << 20  # what one request brings well
MOST_ROWS = 16_384  # of a pack that anybody else has made
LABEL_SUFFIX, ROWS_SUFFIX = ".keys", ".vectors"
MOST_LABEL_BYTES = MOST_ROWS * KEY_BYTES + 4096
_UNIT_TOLERANCE = 1e-3
_NAME = re.compile(r"[0-9a-f]{64}")


class Form(NamedTuple):
    """What the vectors of one encoder have in common."""

    encoder: str
    dimension: int

    @property
    def pack_rows(self) -> int:
        """Return how many vectors make a pack."""
        return max(1, min(PACK_ROWS, PACK_BYTES // (self.dimension * 4)))

    @property
    def folder(self) -> str:
        """Return where their packs lie in a store: no two encoders, nor two forms, share one."""
        return f"codearch-vectors-{FORMAT}/{hashlib.sha256(self.encoder.encode()).hexdigest()[:32]}"


class Label(msgspec.Struct, frozen=True):
    """What is in a pack; `rows` is the name of the object with the vectors."""

    format: int
    encoder: str
    dimension: int
    rows: str
    keys: bytes

    def __len__(self) -> int:
        return len(self.keys) // KEY_BYTES


class Pack(NamedTuple):
    """The two objects of a pack; `name` is the label's."""

    name: str
    label: Label
    label_bytes: bytes
    rows_bytes: bytes


def packed(form: Form, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> Pack:
    """Return a pack of these vectors, in the order of their keys: the same for the same vectors."""
    order = sorted(range(len(keys)), key=keys.__getitem__)
    rows = np.ascontiguousarray(vectors[order], dtype="<f4").tobytes()
    joined = b"".join(keys[at] for at in order)
    label = Label(FORMAT, form.encoder, form.dimension, _digest(rows), joined)
    data = msgspec.msgpack.encode(label)
    return Pack(_digest(data), label, data, rows)


def names_of(listing: Sequence[str], suffix: str) -> list[str]:
    """Return the names of packs among the names of a folder's objects; others are not ours."""
    found = (one.removesuffix(suffix) for one in listing if one.endswith(suffix))
    return [name for name in found if _NAME.fullmatch(name)]


def most_row_bytes(label: Label) -> int:
    """Return how many bytes the vectors of a pack take."""
    return len(label) * label.dimension * 4


def read_label(form: Form, name: str, data: bytes) -> Label:
    """Return the label that an object holds; raises RefusedError where it is not what it says."""
    if _digest(data) != name:
        message = f"{name}{LABEL_SUFFIX} is not what its name says: it was cut short or altered."
        raise RefusedError(message)
    try:
        label = msgspec.msgpack.decode(data, type=learnt(Label))
    except msgspec.MsgspecError as error:
        message = f"{name}{LABEL_SUFFIX} is no list of vectors: {error}."
        raise RefusedError(message) from error
    said = (label.format, label.encoder, label.dimension)
    if said != (FORMAT, form.encoder, form.dimension):
        message = f"{name}{LABEL_SUFFIX} is of another encoder or form than the place it lies in."
        raise RefusedError(message)
    whole = len(label.keys) % KEY_BYTES == 0 and 0 < len(label) <= MOST_ROWS
    if not whole or not _NAME.fullmatch(label.rows):
        message = f"{name}{LABEL_SUFFIX} is no list of vectors."
        raise RefusedError(message)
    return label


def read_rows(label: Label, data: bytes) -> NDArray[np.float32]:
    """Return the vectors of a pack; raises RefusedError for any that no encoder gives."""
    name = f"{label.rows}{ROWS_SUFFIX}"
    if len(data) != most_row_bytes(label) or _digest(data) != label.rows:
        message = f"{name} is not what its name says: it was cut short or altered."
        raise RefusedError(message)
    rows: NDArray[np.float32] = np.frombuffer(data, "<f4").reshape(-1, label.dimension)
    if not bool(unit_rows(rows).all()):
        message = f"{name} holds what no encoder gives: vectors that are not of length one."
        raise RefusedError(message)
    return rows


def unit_rows(rows: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return which rows are numbers throughout and of length one."""
    with np.errstate(over="ignore", invalid="ignore"):
        lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))
        found: NDArray[np.bool_] = np.abs(lengths - 1.0) <= _UNIT_TOLERANCE  # never true of NaN
    return found


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
