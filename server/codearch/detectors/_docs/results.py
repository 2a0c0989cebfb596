"""Functions of which it is certain that they return nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._docs.bodies import code_of, is_idle
from codearch.detectors._docs.signature import changes_signature

if TYPE_CHECKING:
    from codearch.detectors._detector import FileView

# What a declared type looks like that is none; "" where a declaration without a type means that.
_NOTHING = {
    "python": frozenset({"None"}),
    "typescript": frozenset({"void"}),
    "java": frozenset({"void"}),
    "csharp": frozenset({"void"}),
    "c": frozenset({"void"}),
    "cpp": frozenset({"void"}),
    "rust": frozenset({"", "()"}),
}
_BY_BODY = frozenset({"python", "javascript", "typescript"})  # whose declarations need no type
_SAID_NOTHING = re.compile(
    r"[\W_]*(?:none|nothing|void|undefined|null|nil|n/?a|no|never|unit|does(?:n't| not)|not used)\b"
    r"|\W*$|\(\)",
    re.IGNORECASE,
)
_GIVES = re.compile(rb"\breturn\b[ \t]*(?:\\\n\s*)?[^\s;}#]|\byield\b|\bNotImplemented|\bawait\b")
_ASYNC = re.compile(r"\basync\b|\*\s*[\w$]*\s*\(|\bget\b|\bconstructor\b")
_RAISES = re.compile(rb"[ \t]*(?:raise|throw)\b")
_CLOSES = re.compile(rb"[\])};,\s]*$")


def nothing_returned(file: FileView, index: int, said: str) -> str:
    """Return how a function shows that it returns nothing though its docs say what; else ""."""
    symbol = file.facts.symbols[index]
    language = file.facts.language
    if _SAID_NOTHING.match(said):
        return ""
    declared = symbol.returns.strip()
    if language in _NOTHING and declared in _NOTHING[language]:
        if language == "python" and changes_signature(symbol):
            return ""
        if not declared and (symbol.kind == "macro" or "->" in symbol.signature):
            return ""
        return f"its type is `{declared}`" if declared else "it has no return type"
    if language in _BY_BODY and not declared and _only_acts(file, index):
        return "no `return` in it has a value"
    return ""


def _only_acts(file: FileView, index: int) -> bool:
    """Say whether a body does something and gives nothing; stubs and hooks may be overridden."""
    symbol = file.facts.symbols[index]
    if symbol.metrics is None or symbol.test or changes_signature(symbol):
        return False
    if _ASYNC.search(symbol.signature) or symbol.name[:1].isupper():
        return False
    braced = file.facts.language != "python"
    code = code_of(file, index)
    if code is None or (braced and not code.lstrip().startswith(b"{")):
        return False
    if _GIVES.search(code) or _ends_by_raising(code):
        return False
    return not is_idle(code)


def _ends_by_raising(code: bytes) -> bool:
    """Say whether a body's last statement raises, over several lines or not."""
    lines = [line for line in code.splitlines() if not _CLOSES.match(line)]
    indent = None
    for line in reversed(lines):
        own = len(line) - len(line.lstrip())
        if _RAISES.match(line):
            return indent is None or own < indent
        indent = own if indent is None else min(own, indent)
        if own == 0:
            break
    return False
