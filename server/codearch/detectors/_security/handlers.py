"""Functions that answer requests: which ones do, and which of their parameters a request gives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._security.calls import part
from codearch.languages._flows import Function

if TYPE_CHECKING:
    from tree_sitter import Node

    from codearch.detectors._security.functions import Functions
    from codearch.detectors._security.tables import Handler
    from codearch.facts import FileFacts, SymbolFact

_MOST_HEAD = 1_200  # bytes of a definition before its body


def handler_of(functions: Functions, function: Node) -> Handler | None:
    """Return what a function is as one that answers requests, None where it is none."""
    source = functions.program.source
    entries = [
        each
        for each in functions.table.handlers
        if re.search(each.file.encode(), source) is not None
    ]
    if not entries:
        return None
    name = function.child_by_field_name("name")
    index = functions.symbol_of(function)
    site = functions.handed_to(function.children[0]) if name is None and function.children else None
    for entry in entries:
        if entry.called:
            if site is not None and re.search(entry.called, site.name):
                return entry
        elif index >= 0 and answers(
            functions.facts, source, index, entry, _body(functions, function)
        ):
            return entry
    return None


def answers(facts: FileFacts, source: bytes, index: int, entry: Handler, body: int = -1) -> bool:
    """Say whether a function, whose body begins at a byte, is what a handler's patterns ask for."""
    symbol = facts.symbols[index]
    head = head_of(symbol, source, body)
    if not re.search(entry.head, head) or (entry.unless and re.search(entry.unless, head)):
        return False
    if not entry.around:
        return True
    above = facts.symbols[symbol.parent] if symbol.parent >= 0 else None
    return above is not None and re.search(entry.around, head_of(above, source)) is not None


def head_of(symbol: SymbolFact, source: bytes, body: int = -1) -> str:
    """Return the decorators of a definition, and its text up to its body."""
    start, end = (
        symbol.span.start_byte,
        min(symbol.span.end_byte, symbol.span.start_byte + _MOST_HEAD),
    )
    written = source[start : min(end, body) if body > start else end].decode(errors="replace")
    if body < 0:
        written = re.split(r"[{\n]", written, maxsplit=1)[0]
    return " ".join((*symbol.decorators, " ".join(written.split())))


def _body(functions: Functions, function: Node) -> int:
    shape = functions.sites.shape(function)
    body = part(function, shape.body) if isinstance(shape, Function) else None
    return body.start_byte if body is not None else -1


def takes(entry: Handler, parameter: str, name: str, head: str) -> bool:
    """Say whether a request gives a parameter of a function that answers requests."""
    if not re.search(entry.parameters, parameter):
        return False
    if entry.others and re.search(entry.others, parameter):
        return False
    return not (entry.plain and re.search(entry.plain.replace("NAME", re.escape(name)), head))
