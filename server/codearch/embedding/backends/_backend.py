"""What there is to know of a model: where its files are, what it wants to be given, what it gives.

A backend is data. Fetching, exporting and running are the same code for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Input = Literal["graph", "text", "sentence"]
Pooling = Literal["first", "mean", "own"]

SAFETENSORS = "model.safetensors"
PYTORCH = "pytorch_model.bin"


@dataclass(frozen=True)
class Wanted:
    """A file of a model: the first of `names` that is there is taken."""

    names: tuple[str, ...]
    required: bool = True


@dataclass(frozen=True)
class Lengths:
    """How much a model is given at once: tokens of code, and nodes of the data flow."""

    tokens: int
    nodes: int = 0


@dataclass(frozen=True)
class Backend:
    """One model. `title` and `licence` are for people, all else for the code that uses it.

    input: `graph` is code with the variables of its data flow as nodes, `text` is code alone,
    `sentence` is plain text for a tokenizer that adds its own marks.
    pooling: which hidden states of the last layer become the vector: that of the `first` token,
    the `mean` over the tokens, or `own`, what the model's folder says.
    dimension: numbers in a hidden state; 0 where only the model's own config.json says it.
    vector: numbers in a vector of the head that it was trained with here; 0 where it has none.
    lengths: presets, the usual one first; none may be longer than the model's positions.
    prefix, suffix: special tokens around the code, which `lengths` count.
    checksums: SHA-256 of files as they were published, whoever serves them.
    fallback: the model that is used while this one is not to be had.
    """

    name: str
    title: str
    licence: str
    input: Input
    pooling: Pooling
    dimension: int
    lengths: tuple[Lengths, ...]
    files: tuple[Wanted, ...]
    source: str
    repository: str = ""
    revision: str = ""
    checksums: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    model_type: str = ""
    prefix: tuple[str, ...] = ()
    suffix: tuple[str, ...] = ()
    fallback: str = "static"
    vector: int = 0


def required(name: str) -> Wanted:
    """Return a file without which the model cannot be used."""
    return Wanted((name,))


def optional(name: str) -> Wanted:
    """Return a file that is taken where it is there."""
    return Wanted((name,), required=False)


ROBERTA_FILES = (
    required("config.json"),
    required("vocab.json"),
    required("merges.txt"),
    optional("tokenizer.json"),
    optional("tokenizer_config.json"),
    optional("special_tokens_map.json"),
    Wanted((SAFETENSORS, PYTORCH)),
)
