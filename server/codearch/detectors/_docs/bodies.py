"""A function's body without comments, strings and the functions inside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codearch.detectors._detector import FileView

_STRINGS = re.compile(
    rb"\"{3}.*?\"{3}|'{3}.*?'{3}|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`",
    re.DOTALL,
)
_INNER = re.compile(rb"(?:=>|\bfunction\b\s*\*?\s*[\w$]*\s*\([^(){}]*\))\s*\{")
_REFUSES = re.compile(rb"(?:(?:throw|raise).*)?", re.DOTALL)
_IDLE = re.compile(rb"\"[^\"\n]*\"|\bpass\b|\.\.\.|[\s{};:]")
_BRACED = frozenset({"javascript", "typescript"})


def code_of(file: FileView, index: int) -> bytes | None:
    """Return a body of which only code is left; None where its braces do not match."""
    facts = file.facts
    symbol = facts.symbols[index]
    start, end = symbol.body_byte, symbol.span.end_byte
    body = bytearray(file.source[start:end])
    for comment in facts.comments:
        if start <= comment.span.start_byte < end:
            _blank(body, comment.span.start_byte - start, comment.span.end_byte - start)
    for other in facts.symbols[index + 1 :]:
        if other.span.start_byte >= end:
            break
        if other.parameters or other.metrics is not None:
            _blank(body, other.body_byte - start, other.span.end_byte - start)
    code = _STRINGS.sub(lambda match: b'"' + b" " * (len(match.group()) - 2) + b'"', bytes(body))
    return _without_inner(code) if facts.language in _BRACED else code


def is_stub(file: FileView, index: int) -> bool:
    """Say whether a function that takes nothing does nothing but refuse: others implement it.

    Only JavaScript's may leave out the parameters that they do not look at.
    """
    symbol = file.facts.symbols[index]
    if symbol.parameters or symbol.metrics is None or file.facts.language not in _BRACED:
        return False
    code = code_of(file, index) or b""
    return _REFUSES.fullmatch(_IDLE.sub(b"", code)) is not None


def is_idle(code: bytes) -> bool:
    """Say whether code does nothing."""
    return not _IDLE.sub(b"", code)


def _without_inner(code: bytes) -> bytes | None:
    """Blank the bodies of anonymous functions; None where braces do not match."""
    if code.count(b"{") != code.count(b"}"):
        return None
    left = bytearray(code)
    for inner in _INNER.finditer(code):
        depth = 0
        for place in range(inner.end() - 1, len(code)):
            depth += {0x7B: 1, 0x7D: -1}.get(code[place], 0)
            if depth == 0:
                _blank(left, inner.end() - 1, place + 1)
                break
    return bytes(left)


def _blank(text: bytearray, start: int, end: int) -> None:
    text[start:end] = re.sub(rb"[^\n]", b" ", bytes(text[start:end]))
