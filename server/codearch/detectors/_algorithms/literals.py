"""Numbers, texts and words that stand for values, as nine languages write them."""

from __future__ import annotations

import re

from codearch.detectors._algorithms.terms import NOTHING, Term, number
from codearch.detectors._algorithms.words import NOTHINGS, NUMBERS, TEXTS, TRUTHS

KINDS = frozenset({"true", "false", "none", "null", "nil", "number", "string", "integer", "float"})
_NUMBER = re.compile(
    r"(?P<hex>0[xX][0-9a-fA-F']+)|(?P<bin>0[bB][01']+)|(?P<oct>0[oO][0-7']+)"
    r"|(?P<dec>[0-9']*\.?[0-9']*(?:[eE][+-]?[0-9]+)?)"
)
_QUOTED = re.compile(
    r"^[a-zA-Z@$]{0,3}(?P<quotes>\"\"\"|'''|\"|'|`|#*\")(?P<text>.*?)(?P=quotes)$", re.DOTALL
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "\\": "\\", "'": "'", '"': '"'}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_BASES = {"hex": 16, "bin": 2, "oct": 8}
_LONGEST_TEXT = 60
_NAMED = {  # constants of libraries
    "maxint": "largest", "max_value": "largest", "maxvalue": "largest", "int_max": "largest",
    "infinity": "largest", "inf": "largest", "max": "largest", "maxsize": "largest",
    "maxint64": "largest", "maxint32": "largest", "max_safe_integer": "largest",
    "min_value": "smallest", "minvalue": "smallest", "int_min": "smallest", "minint": "smallest",
    "neg_infinity": "smallest", "negativeinfinity": "smallest", "positiveinfinity": "largest",
}  # fmt: skip


def word(written: str) -> Term | None:
    """Return what a word stands for, None where it is a name."""
    if written in NOTHINGS or written == "None":
        return NOTHING
    if written in TRUTHS:
        return Term("truth", TRUTHS[written])
    return None


def named(written: str) -> Term | None:
    """Return a library's constant."""
    found = _NAMED.get(written.lower())
    return Term("text", found) if found else None


def named_alone(written: str) -> Term | None:
    """Return a constant that is named without its library: `INT_MAX`, not a variable `max`."""
    return named(written) if written.isupper() or written == "Infinity" else None


def literal(kind: str, written: str) -> Term:
    """Return a literal's value, the same however it is written."""
    found = word(written)
    if found is not None:
        return found
    if written[:1].isdigit() or (written[:1] in "-." and any(map(str.isdigit, written[:3]))):
        return _number(written)
    if any(each in kind for each in TEXTS) or not any(each in kind for each in NUMBERS):
        return Term("text", _text(written))
    return _number(written)


def _number(written: str) -> Term:
    negative = written.startswith("-")
    match = _NUMBER.match(written.lstrip("-").replace("_", ""))
    if match is None:
        return NOTHING
    kind = match.lastgroup or "dec"
    digits = match[kind].replace("'", "")
    try:
        value = float(digits) if kind == "dec" else int(digits[2:], _BASES[kind])
    except ValueError:
        return NOTHING
    return number(-value if negative else value)


def _text(written: str) -> str:
    match = _QUOTED.match(written)
    text = match["text"] if match else written
    return _ESCAPE.sub(lambda each: _ESCAPES.get(each[1], each[0]), text)[:_LONGEST_TEXT]
