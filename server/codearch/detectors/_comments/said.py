"""The quantities that a comment names."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from codearch.detectors._comments.units import UNITS, Unit

NUMBER_WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "sixty": 60,
}
NUMBER = re.compile(
    r"(?<![\w.$#&@/-])[-+]?(?:0[xX][\da-fA-F]+|\d+(?:[,_]\d{3})*(?:\.\d+)?)(?!\w*[\[(])"
)
_ATTACHED = {"s": "s", "S": "s", "h": "h", "k": "k", "K": "k", "M": "m", "G": "g"}  # 10s, 64K
_UNIT = "|".join(
    sorted(
        (re.escape(each) for each in UNITS if len(each) > 1 or each == "%"), key=len, reverse=True
    )
)
QUANTITY = re.compile(
    r"(?<![\w.$#&@/-])(?:(?P<number>\d+(?:[,_]\d{3})*(?:\.\d+)?)"
    rf"(?:(?P<attached>[sShkKMG])|[ -]?(?P<unit>{_UNIT}))"
    rf"|(?P<word>{'|'.join(NUMBER_WORDS)}|half an?|an)[ -](?P<named>{_UNIT}))"
    r"(?![\w/%]|-\w|\.\w)",
    re.IGNORECASE,
)


class Quantity(NamedTuple):
    """A number with a unit, and where the comment says it."""

    amount: Fraction
    unit: Unit
    text: str
    start: int
    end: int


def quantities(text: str) -> list[Quantity]:
    """Return the quantities of time, size and share that a text names in figures or words."""
    found = [_quantity(match) for match in QUANTITY.finditer(text)]
    return [each for each in found if each is not None]


def quantity_at(text: str, start: int) -> Quantity | None:
    """Return the quantity whose figure begins here, None where there is none."""
    match = QUANTITY.match(text, start)
    return _quantity(match) if match else None


def _quantity(match: re.Match[str]) -> Quantity | None:
    attached = match["attached"]
    name = _ATTACHED.get(attached) if attached else (match["unit"] or match["named"]).lower()
    amount = _amount(match)
    if name in {None, "bit", "bits", "fraction"} or amount is None:
        return None
    return Quantity(amount, UNITS[str(name)], match.group(), match.start(), match.end())


def _amount(match: re.Match[str]) -> Fraction | None:
    if match["number"]:
        return Fraction(match["number"].replace(",", "").replace("_", ""))
    word = match["word"].lower()
    if word.startswith("half"):
        return Fraction(1, 2)
    if word == "an":
        return Fraction(1) if match["named"].lower() == "hour" else None
    return Fraction(NUMBER_WORDS[word])
