"""Comments and decorators that stand directly before a definition and so belong to it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Lead:
    """A comment or decorator that may belong to the definition after it."""

    start: int
    end: int
    comment: int = -1  # index of the comment
    decorator: str = ""


class Leads:
    """The unbroken run of comments and decorators before the present place of the walk."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self.all: list[Lead] = []

    def add(self, lead: Lead, *, own_line: bool) -> None:
        """Go on with the run, or begin a new one; a comment behind code begins none."""
        if not own_line or (self.all and not self._adjoins(self.all[-1], lead.start)):
            self.all = []
        if own_line:
            self.all.append(lead)

    def follow(self, before: list[Lead], lead: Lead) -> None:
        """Go on with a run that stood before a lead, whatever was found inside of the lead."""
        adjoins = bool(before) and self._adjoins(before[-1], lead.start)
        self.all = [*(before if adjoins else ()), lead]

    def take(self, outermost: int, start: int) -> list[Lead]:
        """Return the run directly before a definition, and be done with it.

        The definition begins at `start`, with its decorators and wrappers at `outermost`.
        """
        found, self.all = self.all, []
        if not found:
            return []
        inside = found[-1].end > outermost  # decorators that belong to a wrapper
        return found if self._adjoins(found[-1], start if inside else outermost) else []

    def _adjoins(self, lead: Lead, start: int) -> bool:
        """Say whether only white space, and after a comment no blank line, parts lead and start."""
        between = self._source[lead.end : start]
        if lead.end > start or between.strip():
            return False
        return lead.comment < 0 or between.count(b"\n") <= 1
