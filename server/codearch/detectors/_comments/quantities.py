"""Durations, sizes and shares that a comment gives otherwise than the code beside it."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._comments.said import NUMBER, Quantity, quantities
from codearch.detectors._comments.units import OF_DIMENSION, UNITS, Unit
from codearch.detectors._comments.values import Value, only_value
from codearch.detectors._comments.wording import leads, speaks_of_another, words_of
from codearch.languages._language import kinds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codearch.detectors._comments.beside import Beside
    from codearch.detectors._comments.units import Dimension

NAMES: Mapping[Dimension, frozenset[str]] = {  # words of names that hold such a quantity
    "time": kinds(
        "timeout delay interval ttl wait sleep duration period expiry expire expires expiration"
        " age lifetime elapsed deadline backoff pause cooldown debounce throttle grace alarm"
        " refresh retention keepalive time after lease timer"
    ),
    "size": kinds("size bytes buffer buf chunk memory mem quota capacity maxsize bufsize"),
    "share": kinds(
        "ratio percent percentage pct rate threshold factor fraction probability share opacity"
        " alpha tolerance margin load chance coverage"
    ),
}
_FACTORS: Mapping[Dimension, frozenset[int]] = {  # multiplied, they show what is worked out
    "time": frozenset({60, 24, 1000, 3600, 86400, 60_000, 7, 365}),
    "size": frozenset({1024, 1 << 20, 1 << 30, 1000, 1_000_000}),
    "share": frozenset(),
}
NAME_UNITS = {  # last words of names that say in which unit they are
    word: UNITS[word]
    for word in kinds(
        "ns nanos nanoseconds us usec usecs micros microseconds ms msec msecs millis milliseconds"
        " sec secs seconds mins minutes hours days bytes kb kib mb mib gb gib percent"
    )
}
_CALL_UNITS = {  # by the end of what is called
    "python": {"time.sleep": "s", "asyncio.sleep": "s"},
    "c": {"sleep": "s", "usleep": "us"},
    "cpp": {"sleep": "s", "usleep": "us", "Sleep": "ms"},
    "java": {"Thread.sleep": "ms"},
    "csharp": {"Thread.Sleep": "ms", "Task.Delay": "ms"},
    "javascript": {"setTimeout": "ms", "setInterval": "ms"},
    "typescript": {"setTimeout": "ms", "setInterval": "ms"},
}
_CONVERTS = kinds("to as in from of get")
_OF_BYTES = re.compile(r"\b(?:u?int8_t|byte|Byte|u8)\b")
_OF_CHARACTERS = re.compile(r"\b(?:u?int8_t|char|byte)\b")
_BYTES = {"c": _OF_CHARACTERS, "cpp": _OF_CHARACTERS}
_ABOUT = re.compile(r"\babout\b|\bapprox|\broughly\b|\baround\b|[~≈]", re.IGNORECASE)
_PART = re.compile(r"\s*of\b", re.IGNORECASE)  # so many bytes of something else
_EXACT, _ROUGH = Fraction(2, 100), Fraction(15, 100)
_LARGEST_EXPONENT = 64


class Contradiction(NamedTuple):
    """What the comment says, as characters of its words, and what the code says."""

    said: str
    message: str


def contradiction(each: Beside, language: str) -> Contradiction | None:
    """Say how the only quantity of a comment differs from the only number of the code."""
    named = quantities(each.text)
    if len(named) != 1 or len(NUMBER.findall(each.text)) > 1:
        return None
    said, value = named[0], only_value(each.code)
    if value is None or not value.amount or not _is_about(said, value, each.text):
        return None
    unit = value.unit or _unit_of(value, each.code, language)
    if unit is None:
        known = _is_of(said.unit.dimension, value)
    else:
        known = unit.dimension == said.unit.dimension
    if not known or _same(said, value, unit, _ROUGH if _ABOUT.search(each.text) else _EXACT):
        return None
    return Contradiction(said.text, _message(said, value, unit))


def _is_about(said: Quantity, value: Value, text: str) -> bool:
    before, after = text[: said.start], text[said.end :]
    if said.unit.dimension == "size" and _PART.match(after):
        return False
    parts = [each.group() for each in NUMBER.finditer(value.text)]
    if len(parts) > 1 and any(each == str(said.amount) for each in parts):
        return False  # it is said of one part of the sum
    compared = value.relation == "compare"
    return leads(before, value.owner) and not speaks_of_another(
        f"{before} {after}", compared=compared
    )


def _unit_of(value: Value, code: str, language: str) -> Unit | None:
    """Return the unit that the name says in which a number is given, or what takes it."""
    if value.relation == "argument":
        for name, unit in _CALL_UNITS.get(language, {}).items():
            if value.owner == name or value.owner.endswith(f".{name}"):
                return UNITS[unit]
    if value.relation == "length":
        return UNITS["bytes"] if _BYTES.get(language, _OF_BYTES).search(code) else None
    words = words_of(value.owner)
    converts = value.relation == "argument" and not _CONVERTS.isdisjoint(words)
    return NAME_UNITS.get(words[-1]) if words and not converts else None


def _is_of(dimension: Dimension, value: Value) -> bool:
    """Say whether a number without a unit is one of a dimension, by its name or how it is made."""
    if value.relation not in {"set", "compare", "argument"}:
        return False
    if not NAMES[dimension].isdisjoint(words_of(value.owner)):
        return True
    made = value.relation != "argument" and len(value.factors) > 1
    return made and any(each in _FACTORS[dimension] for each in value.factors)


def _same(said: Quantity, value: Value, unit: Unit | None, tolerance: Fraction) -> bool:
    """Say whether a reading of the number is what is said."""
    wanted = {said.amount * factor for factor in said.unit.factors}
    units = (unit,) if unit else OF_DIMENSION[said.unit.dimension]
    got = {value.amount * factor for each in units for factor in each.factors}
    if said.unit.dimension == "size" and 0 < value.amount <= _LARGEST_EXPONENT:
        got.add(Fraction(2) ** int(value.amount))  # its logarithm
    if said.unit.dimension == "share":
        got |= {1 - each for each in got} | {each - 1 for each in got}
    return any(abs(one - other) <= other * tolerance for one in got for other in wanted)


def _message(said: Quantity, value: Value, unit: Unit | None) -> str:
    verb = "compared to" if value.relation == "compare" else "given"
    what = f"`{value.owner}` is {verb}" if value.owner else "the code says"
    shown = f"`{value.text}`"
    if len(value.factors) > 1:
        shown += f" ({_shown(value.amount)})"
    units = f"in {unit.title}" if unit else "which is that in no unit"
    return f"the comment says {said.text}, but {what} {shown}, {units}"


def _shown(amount: Fraction) -> str:
    return f"{amount.numerator:,}" if amount.denominator == 1 else f"{float(amount):g}"
