"""Comparisons of two numbers, whose outcome never changes."""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LONGEST = 40  # characters
_NUMBER = r"(-?(?:0|[1-9]\d*))"
_COMPARED = re.compile(rf"{_NUMBER}\s*([=!]==?|[<>]=?)\s*{_NUMBER}")
_OPERATORS: Mapping[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "===": operator.eq,
    "!=": operator.ne,
    "!==": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compared(text: str) -> bool | None:
    """Return what a comparison of two whole numbers gives, None for any other text."""
    found = _COMPARED.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        return None
    left, sign, right = found.groups()
    return _OPERATORS[sign](int(left), int(right))
