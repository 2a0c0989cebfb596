"""What the index keeps of a file for the search for clones: its prints, and what was found by them.

So a process reads the sources of those files alone that have changed, and of their partners. What
was found is lines of code, and known by the code of the other file: edits of comments, moves and
renames have nothing compared again.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from codearch.detectors._clones.lexicons import LEXICONS
from codearch.detectors._clones.prints import kept, packed
from codearch.detectors._clones.sources import source_of
from codearch.detectors._clones.tokens import tokens_of
from codearch.facts import CALLABLE_KINDS
from codearch.lazy import Lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from codearch.detectors._clones.sources import Source
    from codearch.detectors._detector import FileView
    from codearch.facts import Symbol, SymbolFact
else:
    np = Lazy("numpy")

RULE = "clone"
_DIGEST = 12  # hexadecimal digits of a file's digest that tell it from its former texts
_CODE = 8  # bytes that tell a file's code from all others
_MARK = 4  # of them that tell the code of a file that was compared, and holds no clone

_STORED = ">u4"

Span = tuple[int, int, int, int, int, int]  # lines of code of both places, type, tokens
Spans = tuple[Span, ...]
Lines = tuple[int, int]  # the first and the last


class Kept(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """What is kept of one file."""

    digest: bytes
    code: bytes  # a hash of all that comparing it hangs on
    prints: bytes
    units: tuple[tuple[int, int], ...]  # of prints
    lines: bytes  # a bit for each: whether code begins there
    tests: tuple[Lines, ...] = ()
    clones: tuple[tuple[bytes, Spans], ...] = ()  # by the other file's code, b"" for its own
    others: bytes = b""  # marks of the codes with which it has no clone, ascending


_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Kept)


def extract(view: FileView) -> bytes:
    """Return what is kept of a file; what was found stands as long as the code does."""
    file = view.project.file(view.path) if view.project else None
    if file is None or view.project is None or view.generated:
        return b""
    made = made_of(view.source, view.facts.language, file.digest, view.facts.symbols)
    before = unpack(view.project.extract(RULE, view.path))
    if before is not None and before.code == made.code:
        made = msgspec.structs.replace(made, clones=before.clones, others=before.others)
    return pack(made)


def made_of(
    text: bytes, language: str, digest: str, symbols: Sequence[Symbol | SymbolFact]
) -> Kept:
    """Return what is kept of a file before it has been compared."""
    source = read(text, language, symbols)
    prints = kept(source.grams, source.innermost, [each.end - each.first for each in source.units])
    return Kept(
        short(digest),
        _code_of(source),
        packed(prints.numbers),
        prints.units,
        _packed_lines(source.tokens.lines),
        tests_of(symbols),
    )


def read(text: bytes, language: str, symbols: Iterable[Symbol | SymbolFact]) -> Source:
    """Return a file as it is compared."""
    functions = [
        (each.span.line, each.span.end_line) for each in symbols if each.kind in CALLABLE_KINDS
    ]
    return source_of(tokens_of(text, language), language, functions)


def _code_of(source: Source) -> bytes:
    """Return a hash of a file's tokens, of which begin a line, and of the functions among them."""
    made = hashlib.blake2b(LEXICONS[source.language].family.encode(), digest_size=_CODE)
    for part in (source.tokens.forms, source.tokens.texts, source.rows):
        made.update(part.tobytes())
    made.update(np.array(source.units, np.int32).tobytes())
    return made.digest()


def _packed_lines(lines: NDArray[np.int32]) -> bytes:
    begins = np.zeros(int(lines[-1]) + 1 if len(lines) else 0, np.bool_)
    begins[lines] = True
    return np.packbits(begins).tobytes()


def unpacked_lines(lines: bytes) -> list[int]:
    """Return the line of the text on which each line of code begins."""
    found: list[int] = np.flatnonzero(np.unpackbits(np.frombuffer(lines, np.uint8))).tolist()
    return found


def tests_of(symbols: Iterable[Symbol | SymbolFact]) -> tuple[Lines, ...]:
    """Return the lines of a file's tests: those that are in no other test."""
    found: list[Lines] = []
    for each in symbols:
        lines = each.span.line, each.span.end_line
        if each.test and not (found and found[-1][0] <= lines[0] <= lines[1] <= found[-1][1]):
            found.append(lines)
    return tuple(found)


def short(digest: str) -> bytes:
    """Return what the present text of a file is known by here."""
    return bytes.fromhex(digest[:_DIGEST])


def mark(code: bytes) -> int:
    """Return what tells a code that was compared."""
    return int.from_bytes(code[:_MARK])


def marks(others: bytes) -> list[int]:
    """Return the marks of the codes that a file was compared with without a clone, ascending."""
    return list(map(int, np.frombuffer(others, _STORED)))


def packed_marks(others: Iterable[int]) -> bytes:
    """Return marks as the index keeps them."""
    return np.fromiter(others, _STORED).tobytes()


def pack(made: Kept) -> bytes:
    """Return it as the index keeps it."""
    return _encode(made)


def unpack(data: bytes) -> Kept | None:
    """Return it as it was kept; None where there is nothing, or what another version kept."""
    if not data:
        return None
    try:
        return _decoder.decode(data)
    except msgspec.MsgspecError:
        return None


def counts(language: str) -> bool:
    """Say whether clones are looked for in a language."""
    return language in LEXICONS
