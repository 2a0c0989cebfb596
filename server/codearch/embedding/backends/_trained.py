"""Models trained here: each is described by a file in its own folder, as others are by a module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from codearch.checked import learnt
from codearch.embedding.backends._backend import ROBERTA_FILES, Backend, Lengths

if TYPE_CHECKING:
    from pathlib import Path

DESCRIPTION = "backend.json"


class Trained(msgspec.Struct, frozen=True):
    """What `<models>/<name>/backend.json` says; the name is the folder's."""

    title: str
    licence: str
    input: Literal["graph", "text"]
    dimension: int  # numbers in a hidden state
    vector: int  # numbers in a vector of its head
    lengths: tuple[Lengths, ...]
    prefix: tuple[str, ...]
    suffix: tuple[str, ...]


def write(home: Path, name: str, trained: Trained) -> None:
    """Make a model known under a name."""
    path = home / name / DESCRIPTION
    beside = path.with_name(f".{DESCRIPTION}")
    beside.write_bytes(msgspec.json.format(msgspec.json.encode(trained)) + b"\n")
    beside.replace(path)


def read_all(home: Path) -> dict[str, Backend]:
    """Return the models that were trained here, by name; a file that cannot be read is none."""
    found = {}
    for path in sorted(home.glob(f"*/{DESCRIPTION}")):
        try:
            trained = msgspec.json.decode(path.read_bytes(), type=learnt(Trained))
        except (OSError, msgspec.MsgspecError):
            continue
        found[path.parent.name] = _backend(path.parent.name, trained)
    return found


def _backend(name: str, trained: Trained) -> Backend:
    return Backend(
        name=name,
        title=trained.title,
        licence=trained.licence,
        input=trained.input,
        pooling="mean",
        dimension=trained.dimension,
        vector=trained.vector,
        lengths=trained.lengths,
        files=ROBERTA_FILES,
        source="",
        model_type="roberta",
        prefix=trained.prefix,
        suffix=trained.suffix,
    )
