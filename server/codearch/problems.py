"""What is off: a problem with its mend, and the health that problems leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

ERROR, WARNING, NOTE = 5, 4, 3  # severities

Health = Literal["ok", "warning", "error"]


class Problem(msgspec.Struct, frozen=True):
    """Something that is off, and what to do; severity 5 is an error, 4 a warning, 3 a note."""

    severity: int
    message: str
    mend: str = ""


def health_of(problems: Iterable[Problem]) -> Health:
    """Return the health that problems leave: the worst one decides."""
    worst = max((problem.severity for problem in problems), default=0)
    if worst >= ERROR:
        return "error"
    return "warning" if worst == WARNING else "ok"
