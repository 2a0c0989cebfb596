"""Results of an expression that a comment gives otherwise than it comes out: `60 * 60  # 360`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codearch.detectors._comments.quantities import Contradiction
from codearch.detectors._comments.values import only_value

if TYPE_CHECKING:
    from codearch.detectors._comments.beside import Beside

_RESULT = re.compile(r"=?\s*(?P<number>\d+(?:[,_]\d{3})*|0[xX][\da-fA-F]+)")
_WORKED = re.compile(r"[*+/-]|<<")


def miscalculated(each: Beside) -> Contradiction | None:
    """Say how a comment that is nothing but a number differs from the expression before it."""
    match = _RESULT.fullmatch(each.text)
    if match is None or not each.trailing or _WORKED.search(each.code) is None:
        return None
    value = only_value(each.code)
    if value is None or value.unit or value.relation not in {"set", "return"}:
        return None
    if len(value.factors) < 2 or value.amount.denominator != 1:
        return None
    text = match["number"].replace(",", "").replace("_", "")
    if text.startswith("0") and not text.lower().startswith("0x"):
        return None  # octal, or a label
    if int(text, 0) == value.amount or _digits_of(text, int(value.amount)):
        return None
    return Contradiction(
        match["number"],
        f"the comment says {match['number']}, but `{value.text}` is {int(value.amount):,}",
    )


def _digits_of(text: str, amount: int) -> bool:
    """Say whether a number is written in another base than ten, as that of bits mostly is."""
    return amount >= 0 and text.lower() in {f"{amount:b}", f"{amount:o}", f"{amount:x}"}
