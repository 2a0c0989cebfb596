"""What a recipe for planting is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hosts import LANGUAGES, Change, Host, Names

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

SIZES = ("high-complexity", "long-function", "deep-nesting", "many-parameters", "large-class")


@dataclass(frozen=True)
class Recipe:
    """Plants one variant of what a rule reports, or of what looks alike, in one language."""

    rule: str
    variant: str
    alike: bool
    language: str
    make: Callable[[Host, random.Random], Change | None]
    lower: bool = False  # reported with a lower severity, not silent
    beside: tuple[str, ...] = ()  # rules that are right to speak up here, too

    @property
    def key(self) -> str:
        return f"{self.rule}/{self.language}/{'alike' if self.alike else 'hit'}/{self.variant}"


def for_all(
    rule: str,
    variant: str,
    make: Callable[[Host, random.Random], Change | None],
    *,
    alike: bool = False,
    languages: tuple[str, ...] = LANGUAGES,
    beside: tuple[str, ...] = (),
    lower: bool = False,
) -> list[Recipe]:
    """Return the recipe for each of these languages."""
    return [
        Recipe(rule, variant, alike, each, make, beside=beside, lower=lower) for each in languages
    ]


def appended(host: Host, block: list[str], marked: list[int], note: str = "") -> Change | None:
    """Return the host with a block, indented as its place needs, where a new function goes."""
    row = host.end_row()
    if row is None:
        return None
    outer = host.outer()
    lines = ["", *(f"{outer}{line}" if line.strip() else "" for line in block)]
    if host.language == "python":
        lines.insert(0, "")
    skipped = len(lines) - len(block)
    return host.inserted(row, lines, [at + skipped for at in marked], note)


def names_of(host: Host, draw: random.Random) -> Names:
    """Return a source of names for a host."""
    return Names(host, draw)
