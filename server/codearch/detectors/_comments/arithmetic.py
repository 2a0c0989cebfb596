"""Expressions of numbers, worked out: `5 * 60 * 1000`, `30 * time.Second`, `ofHours(2)`."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from codearch.detectors._comments.tokens import text_at
from codearch.detectors._comments.units import UNITS, Unit

if TYPE_CHECKING:
    from codearch.detectors._comments.tokens import Token

_NUMBER = re.compile(
    r"(?P<whole>0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|[\d_']*\.?[\d_]*(?:[eE][+-]?\d{1,2})?)"
    r"(?:[uU]?[lL]{0,2}|[lL]{1,2}[uU]|[fFdDmMnj]|[iuf](?:8|16|32|64|128|size))?"
)
_WITH_UNIT = re.compile(r"(\d[\d']*(?:\.\d+)?)(ns|us|ms|s|min|h)")  # literals of C++
_IN_STRING = re.compile(r"""["'`](\d{1,12}(?:\.\d{1,6})?)\s?([a-zA-Zµ]{1,7})["'`]""")
_UNIT_NAMES = {
    f"time.{word}": word.lower()
    for word in ("Nanosecond", "Microsecond", "Millisecond", "Second", "Minute", "Hour")
}
_UNIT_CALL = re.compile(
    r"(?:^|[.:_])(?:of|From|from_?|chrono::)?(nanoseconds|nanos|microseconds|micros|milliseconds"
    r"|millis|seconds|secs|minutes|mins|hours|days|weeks)$",
    re.IGNORECASE,
)
_CAST = re.compile(
    r"u?int|u?long|u?short|float|double|(?:u?int|float)\d+(?:_t)?|usize|s?size_t|time_t|off_t"
    r"|unsigned|byte"
)
_UNIT_MEMBER = re.compile(
    r"(?:^|\.)(NANOSECONDS|MICROSECONDS|MILLISECONDS|SECONDS|MINUTES|HOURS|DAYS)\.(?:to[A-Z]\w+|sleep)$"
)
LEVELS = {"<<": 0, "+": 1, "-": 1, "*": 2, "/": 2, "**": 3}
_LARGEST_POWER = 70
_MOST_BITS = 256  # beyond, nobody writes the number into a comment


class Part(NamedTuple):
    """A worked out expression, up to the token `end`; `factors` were multiplied."""

    amount: Fraction
    unit: Unit | None
    factors: tuple[Fraction, ...]
    end: int


def may_begin(tokens: list[Token], at: int) -> bool:
    """Say whether an expression of numbers may begin at a token."""
    token = tokens[at]
    if token.kind == "string":
        return _IN_STRING.fullmatch(token.text) is not None
    if token.kind == "name":
        return token.text in _UNIT_NAMES or _unit_of_call(tokens, at) is not None
    if token.text == "(":
        return at == 0 or not (tokens[at - 1].is_name or tokens[at - 1].text in ")]>")
    return token.kind == "number"


def work_out(tokens: list[Token], at: int, least: int = 0) -> Part | None:
    """Return the expression that begins at a token, as far as it is one of numbers."""
    left = _atom(tokens, at)
    while left is not None and LEVELS.get(text_at(tokens, left.end), -1) >= least:
        op = tokens[left.end].text
        right = work_out(tokens, left.end + 1, LEVELS[op] + 1)
        if right is None:
            break
        left = _joined(left, op, right)
    return left


def _joined(left: Part, op: str, right: Part) -> Part | None:
    unit = left.unit or right.unit
    factors = (*left.factors, *right.factors)
    amount = None
    match op:
        case "*" if not (left.unit and right.unit):
            amount = left.amount * right.amount
        case "/" if right.amount and not right.unit:
            amount = left.amount / right.amount
        case "+" | "-" if left.unit == right.unit:
            factors = ()
            amount = left.amount + (right.amount if op == "+" else -right.amount)
        case "<<" | "**" if not unit and _is_power(right.amount):
            power = int(right.amount)
            amount = left.amount * 2**power if op == "<<" else left.amount**power
            factors = (*left.factors, Fraction(2**power if op == "<<" else 1))
        case _:
            pass
    if amount is None or amount.numerator.bit_length() > _MOST_BITS:
        return None
    return Part(amount, unit, factors, right.end)


def _is_power(amount: Fraction) -> bool:
    return amount.denominator == 1 and 0 <= amount <= _LARGEST_POWER


def _atom(tokens: list[Token], at: int) -> Part | None:
    if at >= len(tokens):
        return None
    match tokens[at].kind:
        case "number":
            return _number(tokens[at].text, at + 1)
        case "string":
            return _quoted(tokens[at].text, at + 1)
        case "name":
            return _named(tokens, at)
        case _:
            return _in_brackets(tokens, at) if tokens[at].text == "(" else None


def _number(text: str, end: int) -> Part | None:
    unit = None
    literal = _WITH_UNIT.fullmatch(text)
    if literal:
        text, unit = literal[1], UNITS[literal[2]]
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    whole = match["whole"].replace("_", "").replace("'", "")
    based = whole[:2].lower() in {"0x", "0b", "0o"}
    try:
        amount = Fraction(int(whole, 0)) if based else Fraction(whole)
    except ValueError:
        return None
    return Part(amount, unit, (amount,), end)


def _quoted(text: str, end: int) -> Part | None:
    match = _IN_STRING.fullmatch(text)
    unit = UNITS.get(match[2].lower()) if match else None
    return Part(Fraction(match[1]), unit, (), end) if match and unit else None


def _named(tokens: list[Token], at: int) -> Part | None:
    """Return a unit by its name, or a call that makes a duration of numbers."""
    name = tokens[at].text
    if name in _UNIT_NAMES:
        return Part(Fraction(1), UNITS[_UNIT_NAMES[name]], (), at + 1)
    unit = _unit_of_call(tokens, at)
    part = work_out(tokens, at + 2) if unit else None
    if part is None or part.unit or text_at(tokens, part.end) != ")":
        return None
    return Part(part.amount, unit, part.factors, part.end + 1)


def _in_brackets(tokens: list[Token], at: int) -> Part | None:
    if text_at(tokens, at + 2) == ")" and _CAST.fullmatch(text_at(tokens, at + 1)):
        return _atom(tokens, at + 3)
    part = work_out(tokens, at + 1)
    if part is None or text_at(tokens, part.end) != ")":
        return None
    return part._replace(end=part.end + 1)


def _unit_of_call(tokens: list[Token], at: int) -> Unit | None:
    if text_at(tokens, at + 1) != "(":
        return None
    name = tokens[at].text
    match = _UNIT_MEMBER.search(name) or _UNIT_CALL.search(name)
    return UNITS.get(match[1].lower()) if match else None
