"""Numbers, strings and truth values, as code and prose write them."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Literal as OneOf
from typing import NamedTuple

from codearch.detectors._comments.values import only_value

_QUOTED = re.compile(r"""([rbuRBU]{0,2})(?P<quote>["'])(?P<text>[^"'\\\n]*)(?P=quote)""")
_TRUTH = {"true": True, "false": False, "True": True, "False": False, "TRUE": True, "FALSE": False}
_NONE = frozenset({"None", "null", "undefined", "nil", "nullptr", "NULL"})


class Constant(NamedTuple):
    """A value that is written out."""

    kind: OneOf["number", "text", "truth", "none"]
    value: Fraction | str | bool | None


def constant(text: str) -> Constant | None:
    """Return the value that a text consists of, None where it is something else."""
    text = text.strip()
    if text in _TRUTH:
        return Constant("truth", _TRUTH[text])
    if text in _NONE:
        return Constant("none", None)
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        return Constant("text", quoted["text"])
    number = text.removeprefix("-").strip()
    value = only_value(number)
    if value is None or value.unit is not None or value.text != number:
        return None
    return Constant("number", -value.amount if text.startswith("-") else value.amount)


def differ(said: Constant, given: Constant) -> bool:
    """Say whether two values are certainly not the same; what is given later is not known."""
    if given.kind == "none":
        return False
    if said.kind == given.kind == "text":
        one, other = _plain(str(said.value)), _plain(str(given.value))
        return not (one.startswith(other) or other.startswith(one))
    if said.kind == given.kind:
        return said.value != given.value
    if said.kind == "none":
        return bool(given.value) or given.kind == "number"
    return {said.kind, given.kind} == {"truth", "number"} and bool(said.value) != bool(given.value)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
