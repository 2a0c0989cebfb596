"""Folders that look like published models, made of as few bytes as will do."""

from __future__ import annotations

import io
import json
import pickle
import random
import zipfile
from collections import OrderedDict

WEIGHTS_BYTES = 600_000


def noise(count: int, seed: int = 7) -> bytes:
    return random.Random(seed).randbytes(count)


def config(**changes: object) -> bytes:
    known = {
        "architectures": ["RobertaModel"],
        "hidden_size": 768,
        "max_position_embeddings": 514,
        "model_type": "roberta",
        "num_hidden_layers": 12,
        "vocab_size": 8,
    }
    return json.dumps({**known, **changes}).encode()


def vocabulary(*more: str) -> bytes:
    words = ["<s>", "<pad>", "</s>", "<unk>", "def", *more]
    return json.dumps({word: number for number, word in enumerate(words)}).encode()


def safetensors(count: int = WEIGHTS_BYTES) -> bytes:
    """A file with two tensors, as the format describes it."""
    half = count // 8 * 4
    header = {
        "__metadata__": {"format": "pt"},
        "embeddings.weight": {"dtype": "F32", "shape": [half // 4], "data_offsets": [0, half]},
        "layer.weight": {
            "dtype": "F32",
            "shape": [2, half // 8],
            "data_offsets": [half, half + half // 8 * 8],
        },
    }
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + noise(half + half // 8 * 8)


def pytorch(pickled: bytes | None = None, count: int = WEIGHTS_BYTES) -> bytes:
    """An archive as torch.save makes it since version 1.6."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("archive/data.pkl", pickled if pickled is not None else tensors())
        archive.writestr("archive/data/0", noise(count))
        archive.writestr("archive/version", "3\n")
    return made.getvalue()


def old_pytorch(pickled: bytes | None = None, count: int = WEIGHTS_BYTES) -> bytes:
    """A row of pickles as torch.save made it before version 1.6."""
    magic = 0x1950A86A20F9469CFC6C
    pickles = [
        pickle.dumps(magic, 2),
        pickle.dumps(1001, 2),
        pickle.dumps({"protocol_version": 1001, "little_endian": True}, 2),
        pickled if pickled is not None else tensors(),
        pickle.dumps(["0"], 2),
    ]
    return b"".join(pickles) + noise(count)


def tensors() -> bytes:
    """A pickle that makes tensors as PyTorch's own do, written by hand: no torch is needed."""
    return (
        b"\x80\x02ccollections\nOrderedDict\n)R(X\x01\x00\x00\x00w"
        b"ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storage"
        b"ctorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x04tQK\x00K\x04\x85K\x01\x85"
        b"\x89ccollections\nOrderedDict\n)RtRu."
    )


class Danger:
    """Runs a program when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str, ...]]:
        import os

        return os.system, ("touch /tmp/codearch-was-here",)


def dangerous(protocol: int = 2) -> bytes:
    return pickle.dumps(OrderedDict(weight=Danger()), protocol)


def roberta(**changes: bytes | None) -> dict[str, bytes]:
    """The files of a published RoBERTa; a name with underscores for dots changes or removes one."""
    files = {
        "config.json": config(),
        "vocab.json": vocabulary(),
        "merges.txt": b"#version: 0.2\nd e\n",
        "tokenizer_config.json": b'{"model_max_length": 512}',
        "special_tokens_map.json": b"{}",
        "pytorch_model.bin": pytorch(),
        "README.md": b"# A model\n",
        "tf_model.h5": noise(20_000),
    }
    for name, content in changes.items():
        path = name.replace("__", ".")
        if content is None:
            files.pop(path, None)
        else:
            files[path] = content
    return files
