"""What is said of one algorithm in several languages: where, what corresponds, what does not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from codearch.detectors._algorithms.weights import bits
from codearch.detectors._detector import Draft
from codearch.facts import Related
from codearch.languages import by_name

if TYPE_CHECKING:
    from codearch.detectors._algorithms.comparing import Place, Reader, Same

_SHOWN = 4  # marks
_SHOWN_PLACES = 3
_LONGEST_TEXT = 16
_HOURS, _HOURS_A_PLACE = 1.0, 0.5
_OPERANDS = {
    "e": "element", "e+": "next element", "e*": "element", "i": "index", "x": "value",
    "?": "choice", "[]": "list", "()": "result", "null": "nothing", "+": "sum", "-": "difference",
    "*": "product", "/": "quotient", "%": "remainder", "~": "complement", "part": "part",
}  # fmt: skip
_CALLS = frozenset({"least", "most", "swap", "power"})


def draft_of(reader: Reader, same: Same) -> Draft:
    """Return the finding of an algorithm; it stands at its first place."""
    first, others = same.places[0], same.places[1:]
    marks = [reader.marks(each.path, each.function.at) for each in same.places]
    view = reader.view(first.path)
    symbol = view.facts.symbols[first.function.at]
    shown = [_named(each) for each in others[:_SHOWN_PLACES]]
    if len(others) > _SHOWN_PLACES:
        shown.append(f"{len(others) - _SHOWN_PLACES} more")
    common = marks[0].copy()
    for each in marks[1:]:
        common &= each
    return Draft(
        path=first.path,
        span=symbol.span,
        symbol=symbol,
        key=symbol.name,
        message=(
            f"`{first.function.name}` is the same algorithm as {' and '.join(shown)}"
            f": {100 * same.alike:.0f} % of what they do corresponds{_told(common)};"
            " what is mended in one has to be mended in all"
        ),
        confidence=round(same.alike, 2),
        effort_hours=_HOURS + _HOURS_A_PLACE * len(others),
        related=tuple(
            Related(
                each.path, each.function.line, each.function.end_line, _apart(first, marks[0], own)
            )
            for each, own in zip(others, marks[1:], strict=True)
        ),
    )


def _named(place: Place) -> str:
    title = by_name(place.language).title
    return f"`{place.function.name}` in {title} ({place.path}:{place.function.line + 1})"


def _told(common: Counter[str]) -> str:
    """Return what corresponds: what tells most, in words."""
    shown = _words(common)
    return f" (in all {', '.join(shown)})" if shown else ""


def _apart(first: Place, ours: Counter[str], theirs: Counter[str]) -> str:
    """Return what stands in one of two places alone, as it is said at the second one."""
    parts = []
    if here := _words(theirs - ours):
        parts.append(f"only here: {', '.join(here)}")
    if there := _words(ours - theirs):
        parts.append(f"only in `{first.function.name}`: {', '.join(there)}")
    return "; ".join(parts) or "the same operations"


def _words(marks: Counter[str]) -> list[str]:
    """Return the marks that tell most, in words."""
    ordered = sorted(marks, key=lambda each: (-bits(each), each))
    found: list[str] = []
    for mark in ordered:
        word = _word(mark)
        if word and word not in found:
            found.append(word)
        if len(found) == _SHOWN:
            break
    return found


def _word(mark: str) -> str:
    kind, _, rest = mark.partition(" ")
    rule = _WORDS.get(kind)
    return rule(rest) if rule else ""


def _operation(rest: str) -> str:
    operator, *labels = rest.split(" ")
    if not labels or any("'" in each for each in labels):
        return ""
    operands = [_OPERANDS.get(each, each.removesuffix("()")) for each in labels]
    if operator in _CALLS:
        return f"`{operator}({', '.join(operands)})`"
    if len(operands) == 1:
        return f"`{operator} {operands[0]}`"
    return f"`{f' {operator} '.join(_turned(operator, operands))}`"


def _text(rest: str) -> str:
    return f'"{rest}"' if len(rest) <= _LONGEST_TEXT and rest.isprintable() else ""


_WORDS = {
    "number": lambda rest: rest if rest not in {"0", "1", "-1"} else "",
    "text": _text,
    "call": lambda rest: f"`{rest[1:]}`" if rest.startswith(".") else "",
    "do": _operation,
    "if": _operation,
}


def _turned(operator: str, operands: list[str]) -> list[str]:
    """Return operands with a number last where their order says nothing."""
    return sorted(operands, key=_is_number) if operator in "+*==!=|&^" else operands


def _is_number(label: str) -> bool:
    return label.lstrip("-").replace(".", "", 1).isdigit()
