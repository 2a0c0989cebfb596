"""An exported model on disk: one folder, described by `artifact.json`, known by its contents."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from codearch.checked import learnt
from codearch.embedding.backends import Lengths
from codearch.errors import EncoderError

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
READING = 2  # grows when the same graph is given something else of the same function
DESCRIPTION, GRAPH = "artifact.json", "model.onnx"
MEND = "Export it again: `codearch models export NAME`."


class Gate(msgspec.Struct, frozen=True, rename="camel"):
    """One check of an artifact: what was measured, and what it had to be."""

    name: str
    value: float
    bound: float
    at_most: bool  # else at least

    @property
    def passed(self) -> bool:
        """Return whether the value keeps the bound; NaN never does."""
        return self.value <= self.bound if self.at_most else self.value >= self.bound


class Projection(msgspec.Struct, frozen=True, rename="camel"):
    """Where the last layer comes from: `pca` of a named corpus, `trained`, or `none`."""

    kind: str
    corpus: str = ""
    texts: int = 0
    digest: str = ""  # SHA-256 of the texts that it was fitted on
    kept: float = 1.0  # share of the variance


class Artifact(msgspec.Struct, frozen=True, rename="camel"):
    """What `artifact.json` says."""

    format: int
    model: str  # the backend's name
    revision: str
    weights: str  # SHA-256 of the weights that it was exported from
    layout: str  # graph: code with its data flow; text: pieces alone
    precision: str
    dimension: int
    lengths: Lengths
    around: tuple[list[str], list[str]]  # special pieces before and behind the code
    vocabulary: str
    projection: Projection
    gates: list[Gate]
    exporter: dict[str, str]  # library -> version
    reduced_range: bool = False

    @property
    def passed(self) -> bool:
        """Return whether every gate was passed."""
        return all(gate.passed for gate in self.gates)


def write(folder: Path, artifact: Artifact) -> None:
    """Write the description beside the graph."""
    text = msgspec.json.format(msgspec.json.encode(artifact), indent=2)
    (folder / DESCRIPTION).write_bytes(text + b"\n")


def read(folder: Path) -> Artifact:
    """Read an artifact's description; raises EncoderError that says what is wrong with it."""
    path = folder / DESCRIPTION
    try:
        artifact = msgspec.json.decode(path.read_bytes(), type=learnt(Artifact))
    except (OSError, msgspec.MsgspecError) as error:
        message = f"The exported model in {folder} cannot be read: {error}."
        raise EncoderError(message, mend=MEND) from error
    if artifact.format != FORMAT:
        message = f"The exported model in {folder} is not of the form that this version reads."
        raise EncoderError(message, mend=MEND)
    return artifact


def identity(folder: Path, artifact: Artifact) -> str:
    """Return the name that tells these vectors from all others: everything that shapes them.

    Gates and library versions do not; the graph, which they may change, does.
    """
    shaping = (
        READING,
        artifact.weights,
        artifact.layout,
        artifact.lengths,
        artifact.around,
        artifact.vocabulary,
        artifact.projection,
    )
    seen = hashlib.sha256(msgspec.json.encode(shaping))
    with (folder / GRAPH).open("rb") as file:
        seen.update(hashlib.file_digest(file, "sha256").digest())
    return f"{artifact.model}-{artifact.precision}-{artifact.dimension}-{seen.hexdigest()[:16]}"


def folder_name(artifact: Artifact) -> str:
    """Return the name of an artifact's folder: one for each way to make it of one model."""
    lengths = f"{artifact.lengths.tokens}+{artifact.lengths.nodes}"
    return f"{artifact.precision}-{artifact.dimension}-{lengths}"
