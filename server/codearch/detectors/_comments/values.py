"""The numbers of a line of code, worked out, and what they are given to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from codearch.detectors._comments.arithmetic import LEVELS, may_begin, work_out
from codearch.detectors._comments.tokens import text_at, tokens_of

if TYPE_CHECKING:
    from fractions import Fraction

    from codearch.detectors._comments.arithmetic import Part
    from codearch.detectors._comments.tokens import Token
    from codearch.detectors._comments.units import Unit

Relation = Literal["set", "compare", "argument", "return", "length", "other"]
_GIVEN = frozenset({"=", ":=", ":"})
_COMPARING = frozenset({"<", ">", "<=", ">=", "==", "!=", "===", "!=="})
_GOES_ON = frozenset({"%", "&", "|", "^", ".", "[", "if", *LEVELS})
_CONTINUES = frozenset({"%", "&", "|", "^", "~", ".", "]", *LEVELS})
_COUNTS = frozenset({"len", "count", "sizeof", "strlen"})
_LONGEST = 60  # tokens
_MOST_COMMAS = 5  # beyond, a line is a row of a table


class Value(NamedTuple):
    """A number, worked out; `unit` where the code says it, `owner` what is given or compared to it.

    `factors` were multiplied. It is `whole` where nothing else has a part in what the owner gets.
    """

    amount: Fraction
    unit: Unit | None
    factors: tuple[Fraction, ...]
    owner: str
    relation: Relation
    text: str
    whole: bool = True


def values(code: str) -> list[Value]:
    """Return the numbers that a line of code is about, in its order."""
    if code.count(",") > _MOST_COMMAS:
        return []
    tokens = tokens_of(code)
    if len(tokens) > _LONGEST:
        return []
    found = []
    at = 0
    while at < len(tokens):
        part = work_out(tokens, at) if may_begin(tokens, at) else None
        if part is not None:
            found.append(_value(code, tokens, at, part))
        at = at + 1 if part is None else part.end
    return found


def only_value(code: str) -> Value | None:
    """Return the number of a line that has no other, where nothing else has a part in it."""
    found = values(code)
    return found[0] if len(found) == 1 and found[0].whole else None


def _value(code: str, tokens: list[Token], at: int, part: Part) -> Value:
    owner, relation = _owner(tokens, at)
    after = text_at(tokens, part.end)
    converted = part.unit is not None and after == "."  # TimeSpan.FromHours(2).Ticks
    whole = text_at(tokens, at - 1) not in _CONTINUES and (converted or after not in _GOES_ON)
    last = tokens[part.end - 1]
    text = code[tokens[at].start : last.start + len(last.text)]
    return Value(part.amount, part.unit, part.factors, owner, relation, text, whole)


def _owner(tokens: list[Token], at: int) -> tuple[str, Relation]:
    """Return what the number that begins at a token is given to, or compared to."""
    if at == 3 and tokens[0].text == "#" and tokens[1].text == "define":
        return tokens[2].text, "set"
    before = at - 1
    while text_at(tokens, before) == "(" and not (before and tokens[before - 1].is_name):
        before -= 1
    text = text_at(tokens, before)
    if text in _GIVEN:
        return given(tokens, before), "set"
    if text in {"(", ","}:
        return _called(tokens, before), "argument"
    name = tokens[before - 1].text if before > 0 and tokens[before - 1].is_name else ""
    if text in _COMPARING:
        return name or _measured(tokens, before - 1), "compare"
    if text == "[":
        return name, "length"
    return "", "return" if text == "return" else "other"


def _measured(tokens: list[Token], at: int) -> str:
    """Return what is counted before a comparison: `items` of `len(items) >`, `items.size() >`."""
    if text_at(tokens, at) != ")":
        return ""
    if text_at(tokens, at - 1) == "(" and at > 1 and tokens[at - 2].is_name:
        return tokens[at - 2].text
    counted = text_at(tokens, at - 2) == "(" and tokens[at - 1].is_name
    return tokens[at - 1].text if counted and text_at(tokens, at - 3) in _COUNTS else ""


def given(tokens: list[Token], at: int) -> str:
    """Return the name before a sign of assignment: of `x: int = 5`, `int x = 5` and `"x": 5`."""
    first, depth = at - 1, 0
    while first >= 0:
        text = tokens[first].text
        depth += (text in ")]}>") - (text in "([{<")
        if depth < 0 or (depth == 0 and text in {",", ";"}):
            break
        first -= 1
    own = tokens[first + 1 : at]
    for place, token in enumerate(own):
        if token.text == ":" and place and own[place - 1].kind == "name":
            return own[place - 1].text
    named = [token for token in own if token.kind in {"name", "string"}]
    return named[-1].text.strip("\"'`") if named else ""


def _called(tokens: list[Token], at: int) -> str:
    """Return what is called, whose argument stands behind a bracket or a comma."""
    depth = 0
    for place in range(at, -1, -1):
        text = tokens[place].text
        if text in ")]}":
            depth += 1
        elif text in "([{" and depth:
            depth -= 1
        elif text in "([{":
            called = text == "(" and place and tokens[place - 1].is_name
            return tokens[place - 1].text if called else ""
    return ""
