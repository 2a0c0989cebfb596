"""Whether a folder holds the model that it should: looked at, never run.

A PyTorch file is a pickle, and a pickle can call anything. Its instructions are read without
obeying them, and one that names anything but tensors is refused.
"""

from __future__ import annotations

import math
import pickletools
import zipfile
from typing import IO, TYPE_CHECKING, Any

import msgspec

from codearch.checked import learnt
from codearch.embedding.backends._backend import PYTORCH, SAFETENSORS
from codearch.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

    from codearch.embedding.backends import Backend

MOST_HEADER_BYTES = 100_000_000  # the limit of safetensors' own library
MOST_PICKLE_BYTES = 64_000_000
SPARE_POSITIONS = 2  # RoBERTa counts its positions from 2
KINDS = ("BFloat16", "Bool", "Byte", "Char", "Double", "Float", "Half", "Int", "Long", "Short")
HARMLESS = frozenset(
    {
        "collections OrderedDict",
        "torch._utils _rebuild_parameter",
        "torch._utils _rebuild_tensor_v2",
        *(f"torch {kind}Storage" for kind in KINDS),
    }
)
NAMING = frozenset({"GLOBAL", "INST"})
HIDING = frozenset({"STACK_GLOBAL", "EXT1", "EXT2", "EXT4"})  # name what to call in other ways
# torch.save before version 1.6: five pickles, the first of which is this number, then the bytes.
OLD_MAGIC = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
OLD_PICKLES = 5
ONNX_VERSION_FIELD = 0x08  # the first byte of every ONNX file: its format's version follows
BITS = {"BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "I16": 16, "U16": 16, "F16": 16}
BITS |= {"BF16": 16, "I32": 32, "U32": 32, "F32": 32, "F64": 64, "I64": 64, "U64": 64}


class Config(msgspec.Struct):
    """What config.json says of a model, as far as it matters here."""

    model_type: str = ""
    hidden_size: int = 0
    max_position_embeddings: int = 0
    vocab_size: int = 0


class Tensor(msgspec.Struct):
    """One tensor of a safetensors file: from where to where its bytes go."""

    dtype: str
    shape: list[int]
    data_offsets: tuple[int, int]


def check(folder: Path, backend: Backend) -> None:
    """Raise ModelError with a sentence where a folder does not hold the model of a backend."""
    config = _config(folder / "config.json")
    if backend.model_type and config.model_type != backend.model_type:
        _refuse(
            f"config.json is of a {config.model_type or 'nameless'} model, and {backend.name} is"
            f" {backend.model_type}."
        )
    if backend.dimension and config.hidden_size != backend.dimension:
        _refuse(
            f"config.json says {config.hidden_size} numbers a state, and {backend.name} has"
            f" {backend.dimension}."
        )
    if backend.dimension:
        _check_lengths(config, backend)
        _check_vocabulary(folder / "vocab.json", config, backend)
    for name in (SAFETENSORS, PYTORCH, "model.onnx", "onnx/model.onnx"):
        path = folder / name
        if path.is_file():
            _check_weights(path)


def _check_weights(path: Path) -> None:
    if path.suffix == ".safetensors":
        check_safetensors(path)
    elif path.suffix == ".bin":
        check_pytorch(path)
    else:
        with path.open("rb") as file:
            if file.read(1) != bytes([ONNX_VERSION_FIELD]):
                _refuse(f"{path.name} is not an ONNX file.")


def _config(path: Path) -> Config:
    try:
        return msgspec.json.decode(path.read_bytes(), type=learnt(Config))
    except (OSError, msgspec.MsgspecError) as error:
        message = f"{path.name} cannot be read: {error}."
        raise ModelError(message) from error


def _check_lengths(config: Config, backend: Backend) -> None:
    longest = max(each.tokens + each.nodes for each in backend.lengths)
    if config.max_position_embeddings < longest + SPARE_POSITIONS:
        _refuse(
            f"config.json allows {config.max_position_embeddings} positions, and {backend.name}"
            f" needs {longest + SPARE_POSITIONS}."
        )


def _check_vocabulary(path: Path, config: Config, backend: Backend) -> None:
    try:
        vocabulary = msgspec.json.decode(path.read_bytes(), type=dict[str, int])
    except (OSError, msgspec.MsgspecError) as error:
        message = f"{path.name} cannot be read: {error}."
        raise ModelError(message) from error
    missing = [one for one in (*backend.prefix, *backend.suffix) if one not in vocabulary]
    if missing:
        _refuse(f"{path.name} does not know {missing[0]}, which {backend.name} needs.")
    if max(vocabulary.values(), default=0) >= config.vocab_size:
        _refuse(f"{path.name} has more words than config.json says ({config.vocab_size}).")


def check_safetensors(path: Path) -> None:
    """Raise ModelError where a safetensors file's header does not fit its bytes.

    Eight bytes say how long the header is; the header says where each tensor lies. Together they
    must cover the rest of the file, without gaps or overlaps, as the format demands.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= min(MOST_HEADER_BYTES, size - 8):
            _refuse(f"{path.name} is cut off, or no safetensors file.")
        header = file.read(length)
    try:
        entries: dict[str, Any] = msgspec.json.decode(header, type=dict[str, Any])
        entries.pop("__metadata__", None)
        tensors = msgspec.convert(entries, learnt(dict[str, Tensor]))
    except msgspec.MsgspecError as error:
        message = f"{path.name} has a broken header: {error}."
        raise ModelError(message) from error
    at = 0
    for name, one in sorted(tensors.items(), key=lambda item: item[1].data_offsets):
        begin, end = one.data_offsets
        bits = BITS.get(one.dtype)
        if (
            begin != at
            or end < begin
            or (bits and math.prod(one.shape) * bits != (end - begin) * 8)
        ):
            _refuse(f"{path.name} is damaged: the place of {name} does not fit its shape.")
        at = end
    if at != size - 8 - length or not tensors:
        _refuse(f"{path.name} is cut off, or holds more than its header says.")


def check_pytorch(path: Path) -> None:
    """Raise ModelError where a PyTorch file would call anything but what makes tensors.

    Both forms of `torch.save` are read: the zip archive, and the row of pickles before version 1.6.
    """
    try:
        if zipfile.is_zipfile(path):
            _check_archive(path)
            return
        with path.open("rb") as file:
            if file.read(len(OLD_MAGIC)) != OLD_MAGIC:
                _refuse(
                    f"{path.name} is not a PyTorch file: neither an archive nor of the old form."
                )
            file.seek(0)
            for _ in range(OLD_PICKLES):
                _check_pickle(file, path.name)
    except (ValueError, EOFError, IndexError, UnicodeDecodeError, zipfile.BadZipFile) as error:
        message = f"{path.name} is damaged: {error}."
        raise ModelError(message) from error


def _check_archive(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        pickles = [one for one in archive.infolist() if one.filename.endswith(".pkl")]
        if [one.filename.rpartition("/")[2] for one in pickles] != ["data.pkl"]:
            _refuse(f"{path.name} is not what torch.save makes of tensors.")
        if pickles[0].file_size > MOST_PICKLE_BYTES:
            _refuse(f"{path.name} describes its tensors at too great a length.")
        with archive.open(pickles[0]) as file:
            _check_pickle(file, path.name)


def _check_pickle(file: IO[bytes], name: str) -> None:
    """Read one pickle's instructions without obeying them."""
    for instruction, argument, _ in pickletools.genops(file):
        if instruction.name in HIDING:
            _refuse(f"{name} hides what it calls: it is not loaded.")
        if instruction.name in NAMING and argument not in HARMLESS:
            called = ".".join(str(argument).split())
            _refuse(f"{name} calls {called}, which makes no tensor: it is not loaded.")


def _refuse(message: str) -> None:
    raise ModelError(message)
