"""What is kept of one old file: its findings and the sizes of its symbols, and not a word of it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from codearch.index.compression import compress, decompress

if TYPE_CHECKING:
    from collections.abc import Sequence

_KEY_BYTES = 12
_encode = msgspec.msgpack.Encoder().encode


class OldSymbol(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One definition. `sketch` is a sample of its lines' hashes, by which it is known again."""

    name: str  # qualified
    kind: str
    code_lines: int  # -1 for what is no function
    cognitive: int
    cyclomatic: int
    body: int  # hash of its text apart from its own name, 0 where that is too short
    sketch: tuple[int, ...]


class OldFinding(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One finding. `mark` is by what it is known among others of its rule and symbol."""

    rule: str
    symbol: int  # place in the file's symbols, -1 for none
    mark: int
    hours: float


class OldFile(msgspec.Struct, frozen=True, array_like=True):
    """What there is to say of one old file."""

    symbols: tuple[OldSymbol, ...] = ()
    findings: tuple[OldFinding, ...] = ()


_decode = msgspec.msgpack.Decoder(OldFile).decode


def key_of(version: str, *parts: str) -> bytes:
    """Return the key under which something is kept: of a version of rules and settings."""
    digest = hashlib.blake2b("\0".join((version, *parts)).encode("utf-8", "surrogateescape"))
    return digest.digest()[:_KEY_BYTES]


def packed(file: OldFile) -> bytes:
    """Return what is kept of a file; b"" for one of which there is nothing to say."""
    return compress(_encode(file)) if file.symbols or file.findings else b""


def unpacked(data: bytes) -> OldFile:
    """Return what was kept of a file."""
    return _decode(decompress(data)) if data else OldFile()


def pack_rows(rows: Sequence[Sequence[str]]) -> bytes:
    """Return rows of texts in the form in which they are kept."""
    return compress(_encode(rows))


def unpack_rows(data: bytes) -> list[list[str]]:
    """Return rows that were kept."""
    return msgspec.msgpack.decode(decompress(data), type=list[list[str]])
