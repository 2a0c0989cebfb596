"""Whether two versions of a file mean the same to resolution: alike but for where things stand.

Most edits of comments, blank lines and layout leave a file's names, scopes and calls as they were,
each before and after the same others. What was resolved of it then holds as it is, and only the
places are other ones.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from codearch.parse.comments import without_comments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.facts import FileFacts, Span

_STRUCTURE_BYTES = 8
_PLACES_BYTES = 6
_CODE_BYTES = 6
_SILENCING = "gnore["  # in comments that silence findings
_encode = msgspec.msgpack.Encoder().encode


def shape_of(facts: FileFacts, source: bytes) -> bytes:
    """Return hashes of what resolution sees of a file, of where it stands, and of its code.

    Comments, sizes, metrics and errors are none of resolution's business. What else is written is,
    also where no fact tells of it: rules ask whether a file that imports another names something.
    Code is that with its lines and their indentation, but for lines that hold none.
    """
    order = np.unique(np.fromiter(_offsets(facts), np.int64), return_inverse=True)[1]
    structure = hashlib.blake2b(_encode(_structure(facts)), digest_size=_STRUCTURE_BYTES)
    structure.update(order.astype(np.int32).tobytes())
    code = without_comments(source, facts)
    structure.update(b" ".join(code.split()))
    kept = [(span.start_byte, span.line, span.column) for span in _kept(facts)]
    places = hashlib.blake2b(np.array(kept, np.int64).tobytes(), digest_size=_PLACES_BYTES)
    written = hashlib.blake2b(digest_size=_CODE_BYTES)
    lines = (line.rstrip() for line in code.splitlines())
    written.update(b"\n".join(line for line in lines if line))
    for comment in facts.comments:
        if _SILENCING in comment.text:
            written.update(comment.text.encode("utf-8", "surrogatepass"))
    return structure.digest() + places.digest() + written.digest()


def same_structure(shape: bytes, other: bytes) -> bool:
    """Say whether what was resolved of one version holds for the other."""
    return shape[:_STRUCTURE_BYTES] == other[:_STRUCTURE_BYTES]


def same_places(shape: bytes, other: bytes) -> bool:
    """Say whether calls and names stand where they did in a version of the same structure."""
    return shape[_STRUCTURE_BYTES:-_CODE_BYTES] == other[_STRUCTURE_BYTES:-_CODE_BYTES]


def code_of(shape: bytes) -> bytes:
    """Return what stands for the code of a version, and what resolution sees of it."""
    return shape[:_STRUCTURE_BYTES] + shape[-_CODE_BYTES:]


def same_code(shape: bytes, other: bytes) -> bool:
    """Say whether a rule that reads no comments finds the same in both versions, places apart."""
    return code_of(shape) == code_of(other)


def moved(before: FileFacts, now: FileFacts) -> dict[int, Span]:
    """Return where calls and symbols' names of a version stand in one of the same structure.

    By the byte at which they began.
    """
    old, new = _kept(before), _kept(now)
    return {span.start_byte: place for span, place in zip(old, new, strict=True)}


def _kept(facts: FileFacts) -> list[Span]:
    """Return the places that edges keep: those of calls, and of symbols' names."""
    return [call.span for call in facts.calls] + [each.name_span for each in facts.symbols]


def _structure(facts: FileFacts) -> list[Any]:
    return [
        (facts.language, facts.package, facts.exports, facts.generated),
        [
            (s.name, s.kind, s.container, s.parent, s.signature, s.parameters, s.returns,
             s.decorators, s.bases, s.exported, s.test, s.result)
            for s in facts.symbols
        ],
        [
            (i.kind, i.module, [(n.name, n.alias) for n in i.names], i.level, i.type_only,
             i.deferred, i.guarded, i.reexport, i.system)
            for i in facts.imports
        ],
        [(s.parent, s.symbol) for s in facts.scopes],
        [
            (d.name, d.kind, d.scope, d.symbol, d.imported, d.type, d.value)
            for d in facts.definitions
        ],
        [(u.name, u.scope, u.definition, u.kind) for u in facts.uses],
        [
            (c.name, c.receiver, c.caller, c.definition, c.arguments, c.kind, c.receiver_type)
            for c in facts.calls
        ],
    ]  # fmt: skip


def _offsets(facts: FileFacts) -> Iterator[int]:
    """Yield where everything begins and ends, in bytes, but for what is around all of it."""
    for symbol in facts.symbols:
        if symbol.kind != "module":
            yield from (symbol.span.start_byte, symbol.span.end_byte, symbol.body_byte)
            yield from (symbol.name_span.start_byte, symbol.name_span.end_byte)
    spans = [
        *(each.span for each in facts.imports),
        *(each.span for each in facts.scopes[1:]),
        *(each.span for each in facts.definitions),
        *(each.span for each in facts.calls),
    ]
    for span in spans:
        yield from (span.start_byte, span.end_byte)
    for use in facts.uses:
        yield use.start_byte
