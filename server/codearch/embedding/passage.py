"""What of a symbol is embedded: container and name, signature, doc, body without comments.

Neither path, nor callers, nor callees: a copy, a move or an edited comment embeds nothing again.
A class is its header, doc, fields and members' signatures, so that an edited method does not touch
its class. What is too long becomes windows, which share name and signature.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from typing import TYPE_CHECKING

import msgspec

from codearch.facts import CALLABLE_KINDS, Passage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codearch.facts import FileFacts, SymbolFact

WINDOW = 3000  # characters of body (or doc) in one passage
SLACK = 200  # characters at a window's end in which a blank is looked for

_WORD = re.compile(r"\w+")
_LEADING_STRING = re.compile(
    r"""\s*[:{]?\s*[rRuUbB]{0,2}("{3}.*?"{3}|'{3}.*?'{3}|"[^"\n]*"|'[^'\n]*')""", re.DOTALL
)

Cut = tuple[int, int]


def key(passage: Passage, encoder_id: str) -> bytes:
    """Return the SHA-256 of exactly what the encoder gets, and of the encoder's id."""
    return hashlib.sha256(msgspec.msgpack.encode((encoder_id, passage))).digest()


def passages(facts: FileFacts, index: int, source: bytes) -> list[Passage]:
    """Return the passages of one symbol, in its order: one, or several where it is long."""
    symbol = facts.symbols[index]
    name = f"{symbol.container} {symbol.name}".strip() if symbol.container else symbol.name
    body = _normalised(" ".join((*symbol.decorators, _body(facts, index, source))))
    docs, bodies = _windows(_normalised(symbol.doc)), _windows(body)
    return [
        Passage(
            name=name,
            signature=symbol.signature,
            doc=docs[number] if number < len(docs) else "",
            body=bodies[number] if number < len(bodies) else "",
        )
        for number in range(max(len(docs), len(bodies), 1))
    ]


def embedded(symbol: SymbolFact, found: list[Passage]) -> list[Passage]:
    """Return a symbol's passages as encoders get them: without a doc that is of mere comments.

    So an edited comment embeds nothing again; words find it all the same.
    """
    if not symbol.remarked:
        return found
    return [msgspec.structs.replace(each, doc="") for each in found]


def unsaid(facts: FileFacts, index: int, source: bytes) -> str:
    """Return what stands before a symbol's body and no passage holds; of most symbols nothing.

    A long header is cut in the signature, and of broken code it may be most of what follows.
    """
    symbol = facts.symbols[index]
    if symbol.kind in ("module", "section"):
        return ""
    start = _extent(symbol)[0]
    header = _text(source, start, symbol.body_byte, _comments(facts, start, symbol.body_byte))
    said = set(_WORD.findall(" ".join((symbol.signature, *symbol.decorators))))
    for word in _WORD.finditer(header):
        if word.group() not in said:
            return header[word.start() :]
    return ""


def _body(facts: FileFacts, index: int, source: bytes) -> str:
    """Return what stands in the symbol besides its header and doc."""
    symbol = facts.symbols[index]
    if symbol.kind == "section":
        inner = [_extent(member) for _, member in _members(facts, index)]
        return _text(source, symbol.span.start_byte, symbol.span.end_byte, inner)
    if symbol.kind == "module":
        return _module(facts, index, source)
    start, end = symbol.body_byte, symbol.span.end_byte
    cuts = _comments(facts, start, end)
    if symbol.kind in CALLABLE_KINDS:
        return _without_docstring(symbol, _text(source, start, end, cuts))
    members = [member for _, member in _members(facts, index)]
    cuts += [_extent(member) for member in members]
    rest = _without_docstring(symbol, _text(source, start, end, cuts))
    return "\n".join([rest, *(member.signature or member.name for member in members)])


def _module(facts: FileFacts, index: int, source: bytes) -> str:
    """Return the file's code that belongs to no other symbol."""
    module = facts.symbols[index]
    outer = [
        _extent(symbol)
        for number, symbol in enumerate(facts.symbols)
        if number != index and symbol.parent in {-1, index}
    ]
    cuts = outer + _comments(facts, 0, len(source))
    return _without_docstring(module, _text(source, 0, len(source), cuts))


def _members(facts: FileFacts, index: int) -> Iterator[tuple[int, SymbolFact]]:
    """Yield the definitions directly inside a symbol; they follow it in the file's order."""
    end = facts.symbols[index].span.end_byte
    for number in range(index + 1, len(facts.symbols)):
        symbol = facts.symbols[number]
        if symbol.span.start_byte >= end:
            return
        if symbol.parent == index:
            yield number, symbol


def _extent(symbol: SymbolFact) -> Cut:
    return min(symbol.lead_byte, symbol.span.start_byte), symbol.span.end_byte


def _comments(facts: FileFacts, start: int, end: int) -> list[Cut]:
    """Return the extents of the comments that begin between two bytes."""
    first = bisect_left(facts.comments, start, key=lambda comment: comment.span.start_byte)
    found: list[Cut] = []
    for number in range(first, len(facts.comments)):
        comment = facts.comments[number]
        if comment.span.start_byte >= end:
            break
        found.append((comment.span.start_byte, comment.span.end_byte))
    return found


def _text(source: bytes, start: int, end: int, cuts: list[Cut]) -> str:
    """Return the source between two bytes without the cuts, which may overlap."""
    kept: list[bytes] = []
    at = start
    for cut_start, cut_end in sorted(cuts):
        if cut_start > at:
            kept.append(source[at : min(cut_start, end)])
        at = max(at, cut_end)
    kept.append(source[at:end])
    return b" ".join(kept).decode("utf-8", errors="replace")


def _without_docstring(symbol: SymbolFact, body: str) -> str:
    """Drop the string that a body begins with where the symbol's doc is that string."""
    found = _LEADING_STRING.match(body) if symbol.doc else None
    if found is None:
        return body
    first_word = symbol.doc.split(maxsplit=1)[0]
    return body[found.end() :] if first_word in found.group(1) else body


def _normalised(text: str) -> str:
    return " ".join(text.split())


def _windows(text: str) -> list[str]:
    """Cut a text into windows of at most WINDOW characters, at blanks where there are any."""
    found: list[str] = []
    at = 0
    while len(text) - at > WINDOW:
        blank = text.rfind(" ", at + WINDOW - SLACK, at + WINDOW)
        end = blank if blank > at else at + WINDOW
        found.append(text[at:end].strip())
        at = end
    rest = text[at:].strip()
    return [*found, rest] if rest else found
